// The wizard's comfort: save state, queues, focus. Without it every button is a form post.
"use strict";

(() => {
  const state = () => document.getElementById("save-state");
  const form = () => document.getElementById("step-form");
  const unsaved = new Set(); // rows typed in and not sent yet
  const failed = new Set(); // rows sent in vain
  let busy = 0; // requests that write, on their way
  let deed = null; // the one of them that will redraw the wizard
  let pressed = []; // buttons pressed meanwhile, by id
  let places = []; // ids that may take the focus when the wizard is redrawn
  let waiting = null; // a plain submit that waits for autosaves on their way

  function tell(word) {
    const place = state();
    if (!place) return;
    place.textContent = place.dataset[word];
    place.classList.remove("is-saving", "is-saved", "is-failed");
    place.classList.add("is-" + word);
  }
  function tellHowItStands() {
    tell(unsaved.size || busy ? "saving" : failed.size ? "failed" : "saved");
  }

  const row = (element) => element?.closest?.("[data-row]");

  // What is typed while a button's answer is on its way is put into the page that answers.
  let sentFields = null;
  let typedSince = new Map();
  const key = (field) => (/^(checkbox|radio)$/.test(field.type) ? [field.name, field.value].join("\n") : field.name);
  function remember(fields) {
    sentFields = fields;
    typedSince = new Map();
  }
  function retype(wizard) {
    const typed = typedSince;
    typedSince = new Map();
    if (!typed.size) return;
    for (const field of wizard.querySelectorAll("input[name], textarea[name], select[name]")) {
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

  document.addEventListener("input", (event) => {
    if (sentFields && event.target.name) typedSince.set(key(event.target), event.target);
    const changed = row(event.target);
    if (changed) {
      unsaved.add(changed.id || changed);
      failed.delete(changed.id || changed);
      tellHowItStands();
    }
  });

  // An autosave sends its own row: what is wrong in another must not hold it up.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.matches(".autosave")) return;
    const names = [...row(event.detail.elt).querySelectorAll("[name]")].map((field) => field.name);
    const kept = new Set([...names, "token", "do"]);
    [...event.detail.formData.keys()].forEach((name) => {
      if (!kept.has(name)) event.detail.formData.delete(name);
    });
  });

  // Counted by the request itself: htmx's own events do not come when the element that sent
  // it was swapped away meanwhile (a button in a list that a search renews).
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.requestConfig.verb !== "post") return;
    const { elt, xhr, requestConfig } = event.detail;
    const sent = elt.matches(".autosave") ? [row(elt).id || row(elt)] : [...unsaved, ...failed];
    sent.forEach((one) => unsaved.delete(one) || failed.delete(one));
    busy += 1;
    if (!elt.matches(".autosave")) {
      deed = xhr;
      places = placesFor(elt); // a search answer may take the button away meanwhile
      remember(requestConfig.formData);
    }
    tellHowItStands();
    xhr.addEventListener("loadend", () => answered(elt, sent, xhr));
  });

  function answered(elt, sent, xhr) {
    const status = xhr.status;
    const isDone = status >= 200 && status < 400;
    busy -= 1;
    if (deed === xhr) deed = null;
    if (!isDone) {
      sent.forEach((one) => unsaved.has(one) || failed.add(one));
      pressed = [];
    }
    tellHowItStands();
    if (!isDone && !unsaved.size) tell("failed");
    // Someone else changed the same: send the whole page, so that the page with both texts
    // carries everything that was typed, and what the button asked for.
    if (status === 409) {
      waiting = null;
      form().requestSubmit(elt.matches("button") && elt.form === form() ? elt : null);
      return;
    }
    if (!status) waiting = null; // the server cannot be reached: stay, with all that was typed
    if (!busy && waiting) {
      const { button } = waiting;
      waiting = null;
      form().requestSubmit(button);
    }
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 409) event.detail.shouldSwap = false;
  });

  // Buttons pressed while a deed is on its way would be swapped away with it: press them after.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#wizard button[hx-post]");
    if (!deed || !button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (button.id && pressed.length < 20) pressed.push(button.id);
  }, true);
  function pressNext() {
    const button = document.getElementById(pressed.shift());
    if (button) button.click();
  }

  // A plain submit while an autosave is on its way would meet its own change: let it wait.
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    if (busy) {
      event.preventDefault();
      waiting = { button: event.submitter }; // none where the page sends itself
      return;
    }
    unsaved.clear();
    failed.clear();
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size || failed.size || busy) event.preventDefault();
  });

  // Removing a section asks first; without scripts the outline's menu is the second thought.
  document.addEventListener("htmx:confirm", (event) => {
    const question = event.detail.elt.dataset?.confirm;
    if (!question) return;
    event.preventDefault();
    if (window.confirm(question)) event.detail.issueRequest(true);
  });

  // On a narrow screen the outline would stand before the text: it opens on demand there.
  if (window.innerWidth < 1200) document.getElementById("outline")?.removeAttribute("open");

  // Where the focus goes when a deed redraws the wizard: to the same button, else to the one
  // that moves the other way, to the line, to its neighbours, to what stands around it.
  const FOCUSABLE = "textarea, input:not([type=hidden]), select, summary, button";
  function placesFor(active) {
    if (!document.getElementById("wizard").contains(active)) return [];
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
  function focusOneOf(places) {
    if (document.activeElement && document.activeElement !== document.body) return;
    for (const place of places) {
      const found = document.getElementById(place);
      const candidates = !found ? [] : found.matches(FOCUSABLE) ? [found] : [...found.querySelectorAll(FOCUSABLE)];
      const fit = candidates.find((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility?.() !== false);
      if (!fit) continue;
      fit.focus({ preventScroll: true });
      fit.scrollIntoView({ block: "nearest" });
      if (document.activeElement === fit) return;
    }
  }

  // Autosaves have the wizard as their target too, but swap nothing into it.
  const redraws = (event) =>
    event.detail.target?.id === "wizard" && !event.detail.requestConfig.elt.matches(".autosave");

  // What was open and where the person looked stays, when a deed redraws the wizard.
  let open = [];
  let searches = [];
  let scrolls = [];
  let view = "write";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!redraws(event) || !event.detail.shouldSwap) return;
    const now = placesFor(document.activeElement);
    if (now.length) places = now;
    const wizard = document.getElementById("wizard");
    open = [...wizard.querySelectorAll("details[open][id]")].map((one) => one.id);
    searches = [...wizard.querySelectorAll(".picker-search input, .picker-search select")].map(
      (one) => [one.name, one.getAttribute("form"), one.value]);
    scrolls = [".wizard-paper", ".wizard-steps"].map((one) => wizard.querySelector(one)?.scrollTop);
    view = wizard.dataset.view;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const wizard = document.getElementById("wizard");
    if (!wizard || !redraws(event)) return;
    searches.forEach(([name, owner, value]) => {
      const field = wizard.querySelector(`[name="${name}"][form="${owner}"]`);
      if (field) field.value = value;
    });
    if (!open.includes("outline")) document.getElementById("outline")?.removeAttribute("open");
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    wizard.dataset.view = view;
    [".wizard-paper", ".wizard-steps"].forEach((one, number) => {
      const place = wizard.querySelector(one);
      if (place && scrolls[number]) place.scrollTop = scrolls[number];
    });
    focusOneOf(places);
    deed = null;
    if (event.detail.xhr.status >= 400) pressed = [];
    retype(wizard);
  });
  // A moment later htmx listens to the new elements: what happened to them before counts now.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "wizard" || !redraws(event)) return;
    const again = new Event("input", { bubbles: true });
    typedSince.forEach((field) => field.isConnected && field.dispatchEvent(again));
    document.querySelectorAll(".picker[open] .picker-search").forEach((one) => one.dispatchEvent(new Event("input")));
    pressNext();
  });
})();
