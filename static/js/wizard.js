// The wizard's comfort: save state, queues, focus. Without it every button is a form post.
"use strict";

(() => {
  const state = () => document.getElementById("save-state");
  const form = () => document.getElementById("step-form");
  const unsaved = new Set(); // rows typed in and not yet answered
  let busy = 0;
  let waiting = null; // a plain submit that waits for autosaves on their way

  function tell(word) {
    const place = state();
    if (!place) return;
    place.textContent = place.dataset[word];
    place.classList.remove("is-saving", "is-saved", "is-failed");
    place.classList.add("is-" + word);
  }

  const row = (element) => element?.closest?.("[data-row]");

  document.addEventListener("input", (event) => {
    const changed = row(event.target);
    if (changed) {
      unsaved.add(changed.id || changed);
      tell("saving");
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

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.requestConfig.verb === "post") busy += 1;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig.verb !== "post") return;
    busy -= 1;
    const sent = row(event.detail.elt);
    const status = event.detail.xhr.status;
    if (status >= 200 && status < 400) {
      if (sent) unsaved.delete(sent.id || sent);
      else unsaved.clear();
      tell(unsaved.size ? "saving" : "saved");
    } else {
      tell("failed");
    }
    // Someone else changed the same row: send the whole page, so that the page with both
    // texts carries everything that was typed.
    if (status === 409 && sent) {
      waiting = null;
      unsaved.clear();
      form().requestSubmit();
      return;
    }
    if (!busy && waiting) {
      const button = waiting;
      waiting = null;
      form().requestSubmit(button);
    }
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 409 && row(event.detail.elt)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:sendError", () => tell("failed"));

  // A plain submit while an autosave is on its way would meet its own change: let it wait.
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    if (busy) {
      event.preventDefault();
      waiting = event.submitter;
      return;
    }
    unsaved.clear();
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size) event.preventDefault();
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

  // What was open and where the person looked stays, when a deed redraws the wizard.
  let open = [];
  let searches = [];
  let scrolls = [];
  let view = "write";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "wizard") return;
    const wizard = document.getElementById("wizard");
    open = [...wizard.querySelectorAll("details[open][id]")].map((one) => one.id);
    searches = [...wizard.querySelectorAll(".picker-search input, .picker-search select")].map(
      (one) => [one.name, one.getAttribute("form"), one.value]);
    scrolls = [".wizard-paper", ".wizard-steps"].map((one) => wizard.querySelector(one)?.scrollTop);
    view = wizard.dataset.view;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const wizard = document.getElementById("wizard");
    if (!wizard || event.detail.target?.id !== "wizard") return;
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
  });
})();
