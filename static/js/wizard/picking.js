// The library picker, with keys, and pasted lists.
"use strict";

(() => {
  // --- the library picker: from the search with the arrow keys to the results

  document.addEventListener("keydown", (event) => {
    const picker = event.target.closest?.(".picker");
    if (!picker || !["ArrowDown", "ArrowUp", "Enter", "Escape"].includes(event.key)) return;
    const buttons = [...picker.querySelectorAll(".pick-list button")];
    const here = buttons.indexOf(event.target);
    const isSearch = event.target.matches("input[type=search]");
    if (event.key === "Escape") {
      picker.open = false;
      picker.querySelector("summary").focus();
    } else if (isSearch && event.key !== "ArrowUp") buttons[0]?.focus();
    else if (here >= 0 && event.key === "ArrowDown") buttons[Math.min(here + 1, buttons.length - 1)].focus();
    else if (here >= 0 && event.key === "ArrowUp") (buttons[here - 1] ?? picker.querySelector("input[type=search]")).focus();
    else return;
    event.preventDefault();
  });
  // Its list is renewed after each action; whoever stood in it stays at the same text.
  let picking = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.target?.matches?.(".picked")) return;
    const list = event.detail.target;
    picking = { id: list.contains(document.activeElement) ? document.activeElement.id : "", top: list.scrollTop,
      ticked: [...list.querySelectorAll("input:checked")].map((box) => box.value) };
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const list = event.detail.target;
    if (!picking || !list?.matches?.(".picked")) return;
    list.querySelectorAll("input[name=picked]").forEach((box) => { box.checked = picking.ticked.includes(box.value); });
    list.scrollTop = picking.top;
    const stays = picking.id && (document.getElementById(picking.id) ?? list.closest(".picker").querySelector("input[type=search]"));
    if (stays) stays.focus({ preventScroll: true });
    picking = null;
  });
  // Each kind has categories of its own.
  function fitCategories(search) {
    const kind = search.querySelector("[name=kind]").value;
    const category = search.querySelector("[name=category]");
    for (const option of category.options) option.hidden = option.disabled = Boolean(option.value) && option.dataset.kind !== kind;
    const chosen = [...category.options].find((option) => !option.disabled && option.value === category.value);
    (chosen ?? category.options[0]).selected = true;
  }
  const fitAll = () => document.querySelectorAll(".picker-search").forEach(fitCategories);
  fitAll();
  document.addEventListener("wizard:redrawn", fitAll);
  document.addEventListener("input", (event) => {
    if (event.target.matches(".picker-search [name=kind]")) fitCategories(event.target.closest(".picker-search"));
  }, true);

  // --- pasted lists

  document.addEventListener("paste", (event) => {
    const field = event.target;
    if (!field.matches?.(".write-own textarea") || field.value.trim()) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.split(/\r?\n/).filter((line) => line.trim()).length < 2) return;
    if (field.closest(".write-own").querySelector("select").value !== "entry") return;
    const box = field.closest(".section-card").querySelector("details.paste");
    const place = box.querySelector("textarea[name=text]");
    if (!place) return;
    event.preventDefault();
    box.open = true;
    place.value = text;
    place.form.requestSubmit();
  });
  // What is far too long is not sent at all: the server would read none of it.
  document.addEventListener("submit", (event) => {
    const field = event.target.matches("[data-paste]") && event.target.elements.text;
    const limit = Number(field?.dataset?.limit);
    if (!field || field.value.length <= limit || (field.value.length <= 2 * limit && [...field.value].length <= limit)) return;
    event.preventDefault();
    event.stopPropagation();
    const panel = field.closest(".picker-body");
    const place = panel.querySelector(".row-errors");
    place.replaceChildren(panel.querySelector("[data-too-long]").content.cloneNode(true));
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby").split(" ")[0]} ${place.id}`);
    field.focus();
  }, true);
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest?.("[data-paste-cancel]");
    if (!cancel) return;
    event.preventDefault();
    const panel = cancel.closest("[id^=pasted-]");
    const address = document.getElementById(panel.id.replace("pasted-", "paste-form-")).getAttribute("action");
    htmx.ajax("GET", address, { source: panel, target: panel, swap: "innerHTML", select: "unset" }).catch(() => {});
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.requestConfig.elt.matches("[data-paste], [id^=pasted-]")) {
      event.detail.target.querySelector("textarea")?.focus();
    }
  });
})();
