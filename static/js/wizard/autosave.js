// The wizard saves by itself: each row shortly after the last keystroke, again when the server
// is back, and everything before a button leads elsewhere. Without it every button is a form post.
"use strict";

(() => {
  const PAUSE = 500; // milliseconds after the last keystroke
  const AGAIN = [2000, 5000, 10000, 30000]; // milliseconds until a failed row is sent again
  const LEADS_AWAY = /^(go:|next$|back$|save$|version(:review)?$|$)/; // buttons that leave or reload the page

  const form = () => document.getElementById("step-form");
  const rowOf = (element) => element?.closest?.("[data-row]");
  const isWrong = (row) => [...(row?.querySelectorAll(".field-errors, .invalid-feedback") ?? [])].some((one) => rowOf(one) === row);
  const unsaved = new Set(); // ids of rows typed in and not sent yet
  const failed = new Set(); // ids of rows that the server did not take: sent again
  const refused = new Set(); // ids of rows with a mistake: sent again once they are changed
  const timers = new Map(); // row id -> timer until it is sent
  let busy = 0; // requests that write, on their way
  let away = ""; // why the last one was not taken: "gone" or "signed-out"
  let waiting = null; // a plain submit that waits for them
  let isMeant = false; // a submit of our own
  let isLeaving = false;
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
    const isOnItsWay = unsaved.size || busy;
    if (away && (isOnItsWay || failed.size)) tell(away === "gone" ? "waiting" : "failed");
    else if (isOnItsWay) tell("saving");
    else tell(failed.size || refused.size || isRefused() ? "failed" : "saved");
  }
  const isRefused = () => Boolean(document.querySelector("#refused > *"));

  // --- rows

  // What a button adds is no part of a row, even where it stands in one.
  const isNew = (field) => /^(new|entry-|say-)|^(text|note|label)$/.test(field.name);

  document.addEventListener("input", (event) => {
    isLeaving = false;
    const row = rowOf(event.target);
    if (!row || !event.target.name || isNew(event.target)) return;
    unsaved.add(row.id);
    failed.delete(row.id);
    refused.delete(row.id);
    clearTimeout(timers.get(row.id));
    timers.set(row.id, setTimeout(save, PAUSE, row.id));
    tellHowItStands();
  });

  function save(id) {
    clearTimeout(timers.get(id));
    timers.delete(id);
    const row = document.getElementById(id);
    if (row) htmx.ajax("POST", form().getAttribute("action"), { source: row, target: "#wizard", swap: "none", select: "unset" }).catch(() => {});
    else { unsaved.delete(id); tellHowItStands(); }
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
    if (elt === form() && button) formData.set("action", button.value);
    if (!elt.matches("[data-row]")) return;
    const own = [...elt.querySelectorAll("[name]")].filter((field) => rowOf(field) === elt);
    const names = new Set([...own.map((field) => field.name), "token"]);
    [...formData.keys()].forEach((name) => formData.delete(name));
    for (const [name, value] of new FormData(form())) if (names.has(name)) formData.append(name, value);
    formData.set("action", "autosave");
  });

  // --- what is on its way, counted by the request itself: htmx's own events do not come when
  // --- the element that sent it was swapped away meanwhile

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, xhr } = event.detail;
    const isRow = elt.matches("[data-row]");
    if (!isRow && elt !== form()) return;
    const sent = isRow ? [elt.id] : [...unsaved, ...failed, ...refused];
    sent.forEach((id) => {
      [unsaved, failed, refused].forEach((rows) => rows.delete(id));
      clearTimeout(timers.get(id));
      timers.delete(id);
    });
    busy += 1;
    tellHowItStands();
    xhr.addEventListener("loadend", () => answered(isRow, sent, xhr.status, event.detail.requestConfig.triggeringEvent?.submitter));
  });

  // htmx forgets what waits in its queue behind an element that was swapped away.
  let queued = 0; // requests of that queue, on their way
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt, xhr } }) => {
    if (elt.closest("[hx-sync]")?.id !== "wizard") return;
    queued += 1;
    xhr.addEventListener("loadend", () => { queued -= 1; setTimeout(sendForgotten); });
  });
  function sendForgotten() {
    if (!queued) [...unsaved].forEach((id) => timers.has(id) || save(id));
  }

  function answered(isRow, sent, status, button) {
    const isDone = status >= 200 && status < 400;
    busy -= 1;
    away = !status || status >= 500 ? "gone" : status === 401 ? "signed-out" : "";
    const left = isDone ? [] : sent.filter((id) => !unsaved.has(id));
    // A page refused as a whole keeps back rows with nothing wrong in them.
    left.forEach((id) => (status === 422 && (isRow || isWrong(document.getElementById(id))) ? refused : failed).add(id));
    // Someone else changed the same: send the whole page, so that the page with both texts
    // carries everything that was typed, and what the button asked for.
    if (status === 409) waiting ??= { button };
    if (away === "gone") waiting = null; // stay, with all that was typed
    if (away) sendAgainLater();
    else {
      tries = 0;
      if ((isDone || status === 422) && failed.size && !waiting) sendAgain();
    }
    tellHowItStands();
    if (!busy && waiting) leave();
  }

  // What nobody has saved yet is not swapped away.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    const isWritten = [...unsaved, ...failed, ...refused].some((id) => target.contains(document.getElementById(id)));
    if (xhr.status === 409 || (isWritten && target.id !== "wizard")) event.detail.shouldSwap = false;
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
  const sendIfAway = () => { if (away) sendAgain(); };
  window.addEventListener("online", sendIfAway);
  window.addEventListener("focus", sendIfAway);
  document.addEventListener("visibilitychange", sendIfAway);

  // --- leaving

  // A plain submit while an autosave is on its way would meet its own change; one while the
  // server is away would leave the text to the browser's error page. So it goes last, alone.
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    if (!isMeant && !LEADS_AWAY.test(event.submitter?.value ?? "")) return;
    event.stopPropagation(); // htmx leaves it to the browser
    isLeaving = isMeant || away === "signed-out" || isAllSent();
    if (isLeaving) return;
    event.preventDefault();
    waiting = { button: event.submitter };
    if (!busy) probe();
  }, true);
  const isAllSent = () => !busy && !away && navigator.onLine && !unsaved.size && !failed.size && !isWriting();
  // Sends what is unsaved, or a row as it is, to learn whether the server is there.
  function probe() {
    unsaved.forEach((id) => failed.add(id));
    if (failed.size) { sendAgain(); return; }
    const row = document.querySelector("#wizard [data-row]");
    if (row) save(row.id);
    else leave();
  }
  function leave() {
    let sender = waiting.button;
    waiting = null;
    if (sender && sender.form !== form()) { // it was swapped away meanwhile
      const value = sender.value;
      sender = document.getElementById("place");
      sender.value = value;
    }
    isMeant = true;
    form().requestSubmit(sender ?? null);
    isMeant = false;
  }

  // Whether something is typed that only a button will send.
  function isWriting() {
    const fields = document.querySelectorAll("#wizard textarea[name], #wizard input[type=text][name]");
    // Beside a suggestion its words are offered; the page says where others were typed.
    const isTyped = (field) => (field.name.startsWith("say-") ? field.closest("[data-unsent]") : isRefused());
    return [...fields].some((field) => isNew(field) && field.value.trim() && (isTyped(field) || field.value !== field.defaultValue));
  }
  window.addEventListener("beforeunload", (event) => {
    const isUnsaved = unsaved.size || failed.size || refused.size || busy || isWriting();
    if (isUnsaved && !isLeaving) event.preventDefault();
  });
  // Back to a page as it was left: what it was based on is not the latest any more.
  window.addEventListener("pageshow", (event) => { if (event.persisted && isLeaving) location.reload(); });

  document.querySelectorAll("#wizard [data-row]").forEach((row) => { if (isWrong(row)) refused.add(row.id); });
})();
