// Pasted lists: several lines pasted into "Write your own" go to the form that reads a list.

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
// A text that is far too long is not sent: the server would refuse it.
document.addEventListener("submit", (event) => {
  const field = event.target.matches("[data-paste]") && event.target.elements.text;
  const limit = Number(field?.dataset?.limit);
  if (!field || field.value.length <= limit) return;
  if (field.value.length <= 2 * limit && [...field.value].length <= limit) return;
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
