// A action (adding, moving, removing) draws the wizard again: what was typed, opened, searched and
// focused meanwhile stays, and what is pressed meanwhile waits. `window.redraw` is what the other
// scripts of the wizard need of it.
"use strict";

(() => {
  const form = () => document.getElementById("step-form");
  const wizard = () => document.getElementById("wizard");

  // Presses a button that the page may not show: its value says what to do, and the focus goes
  // back to `from`.
  function press(value, from) {
    if (action) {
      if (pressed.length < 20) pressed.push(() => press(value, from));
      return;
    }
    const button = document.getElementById("place");
    button.value = value;
    button.dataset.from = from;
    form().requestSubmit(button);
  }

  // --- drawn again by a action

  let action = null; // the request that will redraw the wizard
  let pressed = []; // what was pressed meanwhile
  let places = []; // ids that may take the focus
  let kept = null; // what was open, searched and scrolled
  let sentFields = null;
  let typedSince = new Map();
  const key = (field) => (/^(checkbox|radio)$/.test(field.type) ? [field.name, field.value].join("\n") : field.name);

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, xhr, requestConfig } = event.detail;
    if (elt !== form()) return;
    action = xhr;
    places = placesFor(requestConfig.triggeringEvent?.submitter ?? document.activeElement);
    sentFields = requestConfig.formData;
    typedSince = new Map();
    xhr.addEventListener("loadend", () => {
      if (action === xhr) action = null;
      if (xhr.status < 200 || xhr.status >= 400) pressed = [];
    });
  });

  // What is typed while a button's answer is on its way is put into the page that answers.
  document.addEventListener("input", (event) => {
    if (sentFields && event.target.name) typedSince.set(key(event.target), event.target);
  });
  function retype() {
    const typed = typedSince;
    typedSince = new Map();
    if (!typed.size) return;
    for (const field of wizard().querySelectorAll("input[name], textarea[name], select[name]")) {
      const old = typed.get(key(field));
      if (!old) continue;
      if (key(field) !== field.name) field.checked = old.checked;
      else {
        // An empty field took what was sent as a new line: only what came after it remains.
        const sent = String(sentFields?.get(field.name) ?? "");
        field.value = !field.value && old.value.startsWith(sent) ? old.value.slice(sent.length).trimStart() : old.value;
        if (field === document.activeElement && field.matches("textarea, [type=text]")) {
          const from = Math.max(0, field.value.length - old.value.length + old.selectionEnd);
          field.setSelectionRange(from, from);
        }
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  // Buttons pressed while a action is on its way would be swapped away with it: press them after.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[name=action]");
    if (!action || !button?.id || button.form !== form()) return; // Next and the like have none
    event.preventDefault();
    event.stopImmediatePropagation();
    const isEmpty = (one) => !one?.closest(".write-own, .new-sub")?.querySelector("textarea").value.trim();
    const isAdding = !isEmpty(button);
    if (pressed.length < 20) pressed.push(() => {
      const again = document.getElementById(button.id);
      if (!isAdding || !isEmpty(again)) again?.click(); // else the action before took the text along
    });
  }, true);

  // Removing a section asks first; without scripts the outline's menu is the second thought.
  // From here on it is a action, even where it has to wait for an autosave.
  document.addEventListener("htmx:confirm", (event) => {
    const question = event.detail.triggeringEvent?.submitter?.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
    else if (event.detail.elt === form()) action ??= "asked";
  });

  // Where the focus goes: to the same button, else to the one that moves the other way, to the
  // line, to its neighbours, to what stands around it.
  const FOCUSABLE = "textarea, input:not([type=hidden]), select, summary, button";
  function placesFor(active) {
    if (active?.id === "place") active = document.getElementById(active.dataset.from) ?? active;
    if (!wizard().contains(active)) return [];
    const item = active.closest("li[id], fieldset[id]");
    const other = active.id.replace(/-(up|down)-/, (_, way) => (way === "up" ? "-down-" : "-up-"));
    const around = [];
    for (let one = active.parentElement; one && one.id !== "wizard"; one = one.parentElement) {
      if (one.id) around.push(one.id);
    }
    return [active.id, other, active.closest(".picker")?.querySelector("input[type=search]")?.id,
      item?.id, item?.nextElementSibling?.id, item?.previousElementSibling?.id,
      active.closest(".section-card")?.querySelector(".write-own textarea")?.id, ...around]
      .filter(Boolean);
  }
  function focusOneOf(ids) {
    if (document.activeElement && document.activeElement !== document.body) return;
    for (const id of ids) {
      const found = document.getElementById(id);
      const candidates = !found ? [] : found.matches(FOCUSABLE) ? [found] : [...found.querySelectorAll(FOCUSABLE)];
      const fit = candidates.find((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility?.() !== false);
      if (!fit) continue;
      fit.focus({ preventScroll: true });
      fit.scrollIntoView({ block: "nearest" });
      if (document.activeElement === fit) return;
    }
  }

  const SCROLLED = [".wizard-paper", ".wizard-steps"];
  const redraws = (event) => event.detail.target?.id === "wizard" && event.detail.requestConfig.elt.id === "step-form";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!redraws(event) || !event.detail.shouldSwap) return;
    const now = placesFor(document.activeElement);
    if (now.length) places = now;
    const here = wizard();
    kept = {
      open: [...here.querySelectorAll("details[open][id]")].map((one) => one.id),
      searches: [...here.querySelectorAll(".picker-search input, .picker-search select")].map(
        (one) => [one.name, one.getAttribute("form"), one.value]),
      picked: [...here.querySelectorAll(".picked, [id^=pasted-]")].map((one) => [one.id, [...one.childNodes], one.scrollTop]),
      written: [...here.querySelectorAll(".version-field .form-control")].map((one) => [one.id, one.value]),
      top: window.scrollY,
      scrolls: SCROLLED.map((one) => here.querySelector(one)?.scrollTop),
      view: here.dataset.view,
    };
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!redraws(event) || !wizard() || !kept) return;
    const here = wizard();
    kept.searches.forEach(([name, owner, value]) => {
      const field = here.querySelector(`[name="${name}"][form="${owner}"]`);
      if (field) field.value = value;
    });
    const asked = String(event.detail.requestConfig.formData.get("action"));
    kept.written.forEach(([id, value]) => { document.getElementById(id).value = value; });
    kept.picked.forEach(([id, nodes, top]) => {
      const list = document.getElementById(id);
      if (list && id !== asked.replace("lines-add:", "pasted-")) { list.replaceChildren(...nodes); list.scrollTop = top; }
    });
    ["outline", "placeholders-panel"].forEach((id) => {
      if (!kept.open.includes(id)) document.getElementById(id)?.removeAttribute("open");
    });
    const done = event.detail.xhr.status < 400 ? asked : "";
    const isPasted = done.startsWith("lines-add:");
    if (done.startsWith("snippets-add:")) here.querySelectorAll("input[name=picked]").forEach((box) => { box.checked = false; });
    kept.open.filter((id) => !(isPasted && id.startsWith("paste-")))
      .forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    here.dataset.view = kept.view;
    SCROLLED.forEach((one, number) => {
      const place = here.querySelector(one);
      if (place && kept.scrolls[number]) place.scrollTop = kept.scrolls[number];
    });
    focusOneOf(places);
    // The old page and the new one stood there together for a moment, and the window moved.
    window.scrollTo({ top: kept.top, behavior: "instant" });
    if (document.activeElement.closest(".section-card")) document.activeElement.scrollIntoView({ block: "nearest", behavior: "instant" });
    action = null;
    if (event.detail.xhr.status >= 400) pressed = [];
    retype();
    document.dispatchEvent(new Event("wizard:redrawn"));
  });
  // A moment later htmx listens to the new elements: what happened to them before counts now.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "wizard" || !redraws(event)) return;
    const again = new Event("input", { bubbles: true });
    typedSince.forEach((field) => field.isConnected && field.dispatchEvent(again));
    document.querySelectorAll(".picker[open] .picker-search").forEach((one) => one.dispatchEvent(new Event("input")));
    while (pressed.length && !action) pressed.shift()();
  });

  window.redraw = { press, isBusy: () => Boolean(action) };
})();
