// The wizard saves by itself: each row shortly after the last keystroke, again when the server
// is back, and everything before a button leads elsewhere. Without it every button is a form post.
"use strict";

(() => {
  const PAUSE = 500; // milliseconds after the last keystroke
  const AGAIN = [2000, 5000, 10000, 30000]; // milliseconds until a failed row is sent again
  const LEADS_AWAY = /^(go:|next$|back$|save$|version$|$)/; // buttons that leave or reload the page

  const form = () => document.getElementById("step-form");
  const rowOf = (element) => element?.closest?.("[data-row]");
  const unsaved = new Set(); // ids of rows typed in and not sent yet
  const failed = new Set(); // ids of rows sent in vain
  const timers = new Map(); // row id -> timer until it is sent
  let busy = 0; // requests that write, on their way
  let waiting = null; // a plain submit that waits for them
  let isLeaving = false;
  let isUnreachable = false; // the server did not answer the last one
  let tries = 0;
  let retry = 0;

  function tell(word) {
    const place = document.getElementById("save-state");
    if (!place || place.dataset.said === word) return;
    place.dataset.said = word;
    place.textContent = place.dataset[word];
    place.classList.remove("is-saving", "is-saved", "is-failed", "is-waiting");
    place.classList.add("is-" + word);
  }
  function tellHowItStands() {
    if (unsaved.size || busy) tell("saving");
    else if (failed.size) tell(retry ? "waiting" : "failed");
    else tell("saved");
  }

  // --- rows

  document.addEventListener("input", (event) => {
    const row = rowOf(event.target);
    if (!row || !event.target.name) return;
    unsaved.add(row.id);
    failed.delete(row.id);
    clearTimeout(timers.get(row.id));
    timers.set(row.id, setTimeout(save, PAUSE, row.id));
    tellHowItStands();
  });

  function save(id) {
    clearTimeout(timers.get(id));
    timers.delete(id);
    const row = document.getElementById(id);
    if (row) htmx.ajax("POST", form().action, { source: row, target: "#wizard", swap: "none", select: "unset" }).catch(() => {});
    else { unsaved.delete(id); failed.delete(id); }
  }

  // Enter in a short field means "done", not "send the page".
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-row] input:not([type=checkbox])")) return;
    event.preventDefault();
    const row = rowOf(event.target);
    if (unsaved.has(row.id)) save(row.id);
  });

  // A row sends its own fields: what is wrong in another must not hold it up. Lines within a
  // line are rows of their own.
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, formData, triggeringEvent } = event.detail;
    const button = triggeringEvent?.submitter;
    if (elt === form() && button) formData.set("do", button.value);
    if (!elt.matches("[data-row]")) return;
    const own = [...elt.querySelectorAll("[name]")].filter((field) => rowOf(field) === elt);
    const names = new Set([...own.map((field) => field.name), "token", "csrfmiddlewaretoken"]);
    [...formData.keys()].forEach((name) => formData.delete(name));
    for (const [name, value] of new FormData(form())) if (names.has(name)) formData.append(name, value);
    formData.set("do", "autosave");
  });

  // --- what is on its way, counted by the request itself: htmx's own events do not come when
  // --- the element that sent it was swapped away meanwhile

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, xhr } = event.detail;
    const isRow = elt.matches("[data-row]");
    if (!isRow && elt !== form()) return;
    const sent = isRow ? [elt.id] : [...unsaved, ...failed];
    sent.forEach((id) => {
      unsaved.delete(id);
      failed.delete(id);
      clearTimeout(timers.get(id));
    });
    busy += 1;
    tellHowItStands();
    xhr.addEventListener("loadend", () => answered(elt, sent, xhr, event.detail.requestConfig.triggeringEvent?.submitter));
  });

  function answered(elt, sent, xhr, button) {
    const status = xhr.status;
    const isDone = status >= 200 && status < 400;
    busy -= 1;
    isUnreachable = !status || status >= 500 || status === 401;
    if (!isDone) sent.forEach((id) => unsaved.has(id) || failed.add(id));
    if (isUnreachable) sendAgainLater();
    else { tries = 0; if (isDone && failed.size) sendAgain(); }
    tellHowItStands();
    // Someone else changed the same: send the whole page, so that the page with both texts
    // carries everything that was typed, and what the button asked for.
    if (status === 409) {
      waiting = null;
      leave(button);
    } else if (isUnreachable) {
      waiting = null; // stay, with all that was typed
    } else if (!busy && waiting) {
      leave(waiting.button);
    }
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 409) event.detail.shouldSwap = false;
  });

  // --- sent again when the server is back

  function sendAgainLater() {
    if (retry || !failed.size) return;
    retry = setTimeout(sendAgain, AGAIN[Math.min(tries, AGAIN.length - 1)]);
    tries += 1;
  }
  function sendAgain() {
    clearTimeout(retry);
    retry = 0;
    const rows = [...failed];
    failed.clear();
    rows.forEach((id) => unsaved.add(id));
    rows.forEach(save);
  }
  window.addEventListener("online", sendAgain);
  window.addEventListener("focus", () => { if (isUnreachable && failed.size) sendAgain(); });

  // --- leaving

  // A plain submit while an autosave is on its way would meet its own change: let it wait. So
  // does one while the server is away: the browser's own error page would take the text along.
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    if (!isLeaving && !LEADS_AWAY.test(event.submitter?.value ?? "")) return;
    event.stopPropagation(); // htmx leaves it to the browser
    if (isLeaving) isLeaving = false;
    else if (busy || isUnreachable || !navigator.onLine) {
      event.preventDefault();
      waiting = { button: event.submitter };
      if (!busy) probe();
      return;
    }
    unsaved.clear();
    failed.clear();
  }, true);
  // Sends what is unsaved, or nothing at all, to learn whether the server is there.
  function probe() {
    unsaved.forEach((id) => failed.add(id));
    unsaved.clear();
    if (failed.size) sendAgain();
    else {
      const row = document.querySelector("#wizard [data-row]");
      if (row) save(row.id);
      else leave(waiting.button);
    }
  }
  function leave(button) {
    waiting = null;
    isUnreachable = false;
    isLeaving = true;
    let sender = button;
    if (button && button.form !== form()) { // it was swapped away meanwhile
      sender = document.getElementById("place");
      sender.value = button.value;
    }
    form().requestSubmit(sender ?? null);
  }
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size || failed.size || busy) event.preventDefault();
  });
})();
