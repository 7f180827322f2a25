// Autosave: each row is saved shortly after the last keystroke, again when the server is reachable
// again, and before a button leaves the page. Without this script every button is a form post.
"use strict";

(() => {
  const PAUSE = 500; // milliseconds after the last keystroke
  const RETRY_DELAYS = [2000, 5000, 10000, 30000]; // milliseconds until a failed row is sent again
  const LEAVES_PAGE = /^(go:|next$|back$|save$|version(:review)?$|$)/; // buttons that leave or reload the page

  const form = () => document.getElementById("step-form");
  const rowOf = (element) => element?.closest?.("[data-row]");
  const hasErrors = (row) => [...(row?.querySelectorAll(".field-errors, .invalid-feedback") ?? [])].some((error) => rowOf(error) === row);
  const unsaved = new Set(); // ids of rows that were typed in and are not sent yet
  const failed = new Set(); // ids of rows that did not reach the server: sent again later
  const refused = new Set(); // ids of rows with errors: sent again once they are changed
  const timers = new Map(); // row id -> timer until it is sent
  let pending = 0; // requests on their way that change the draft
  let outage = ""; // why the last request failed: "unreachable" or "signed-out"
  let submitLater = null; // { button } of a plain submit that waits for them
  let isOwnSubmit = false; // whether this script submits the form
  let isLeaving = false;
  let retries = 0;
  let retryTimer = 0;

  function showState(state) {
    const output = document.getElementById("save-state");
    if (!output || output.dataset.state === state) return;
    output.dataset.state = state;
    output.textContent = output.dataset[state];
    output.classList.remove("is-saving", "is-saved", "is-failed", "is-waiting");
    output.classList.add("is-" + state);
  }
  function updateState() {
    const isSaving = unsaved.size || pending;
    if (outage && (isSaving || failed.size)) showState(outage === "unreachable" ? "waiting" : "failed");
    else if (isSaving) showState("saving");
    else showState(failed.size || refused.size || isPageRefused() ? "failed" : "saved");
  }
  const isPageRefused = () => Boolean(document.querySelector("#refused > *"));

  // --- rows

  // Fields that a button adds to the draft belong to no row, even inside one.
  const isForButton = (field) => /^(new|entry-|feedback-)|^(text|note|label)$/.test(field.name);

  document.addEventListener("input", (event) => {
    isLeaving = false;
    const row = rowOf(event.target);
    if (!row || !event.target.name || isForButton(event.target)) return;
    unsaved.add(row.id);
    failed.delete(row.id);
    refused.delete(row.id);
    clearTimeout(timers.get(row.id));
    timers.set(row.id, setTimeout(save, PAUSE, row.id));
    updateState();
  });

  function save(id) {
    clearTimeout(timers.get(id));
    timers.delete(id);
    const row = document.getElementById(id);
    if (row) htmx.ajax("POST", form().getAttribute("action"), { source: row, target: "#wizard", swap: "none", select: "unset" }).catch(() => {});
    else { unsaved.delete(id); updateState(); }
  }

  // Enter in a short field saves its row instead of submitting the page.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-row] input:not([type=checkbox])")) return;
    event.preventDefault();
    const row = rowOf(event.target);
    if (unsaved.has(row.id)) save(row.id);
  });

  // A row sends its own fields only, so that errors in another don't prevent saving it. Sub-lines
  // are rows of their own.
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

  // --- pending requests, counted with events of the request: htmx sends none of its own if the
  // --- element that made the request was swapped away

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
    pending += 1;
    updateState();
    xhr.addEventListener("loadend", () => handleAnswer(isRow, sent, xhr.status, event.detail.requestConfig.triggeringEvent?.submitter));
  });

  // htmx drops the requests in its queue if their element was swapped away: send those rows.
  let queued = 0; // requests of that queue on their way
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt, xhr } }) => {
    if (elt.closest("[hx-sync]")?.id !== "wizard") return;
    queued += 1;
    xhr.addEventListener("loadend", () => { queued -= 1; setTimeout(sendDropped); });
  });
  function sendDropped() {
    if (!queued) [...unsaved].forEach((id) => timers.has(id) || save(id));
  }

  function handleAnswer(isRow, sent, status, button) {
    const isSaved = status >= 200 && status < 400;
    pending -= 1;
    outage = !status || status >= 500 ? "unreachable" : status === 401 ? "signed-out" : "";
    const unaccepted = isSaved ? [] : sent.filter((id) => !unsaved.has(id));
    // If the whole page was refused, rows without errors were not saved either.
    unaccepted.forEach((id) => (status === 422 && (isRow || hasErrors(document.getElementById(id))) ? refused : failed).add(id));
    // Someone else changed the same row: submit the whole page, so that the page that shows the
    // conflict has everything that was typed, and the action of the button.
    if (status === 409) submitLater ??= { button };
    if (outage === "unreachable") submitLater = null; // stay on the page with everything typed
    if (outage) retryLater();
    else {
      retries = 0;
      if ((isSaved || status === 422) && failed.size && !submitLater) retryNow();
    }
    updateState();
    if (!pending && submitLater) leave();
  }

  // Rows that are not saved yet are not swapped away.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    const hasUnsaved = [...unsaved, ...failed, ...refused].some((id) => target.contains(document.getElementById(id)));
    if (xhr.status === 409 || (hasUnsaved && target.id !== "wizard")) event.detail.shouldSwap = false;
  });

  // --- retries

  function retryLater() {
    if (retryTimer || !failed.size) return;
    retryTimer = setTimeout(retryNow, RETRY_DELAYS[Math.min(retries, RETRY_DELAYS.length - 1)]);
    retries += 1;
  }
  function retryNow() {
    clearTimeout(retryTimer);
    retryTimer = 0;
    const rows = [...failed];
    failed.clear();
    rows.forEach((id) => unsaved.add(id));
    rows.forEach(save);
  }
  const retryAfterOutage = () => { if (outage) retryNow(); };
  window.addEventListener("online", retryAfterOutage);
  window.addEventListener("focus", retryAfterOutage);
  document.addEventListener("visibilitychange", retryAfterOutage);

  // --- leaving the page

  // A plain submit during an autosave would conflict with its own change, and one while the server
  // is unreachable would end on the browser's error page. So it waits until everything is saved.
  document.addEventListener("submit", (event) => {
    if (event.target !== form()) return;
    if (!isOwnSubmit && !LEAVES_PAGE.test(event.submitter?.value ?? "")) return;
    event.stopPropagation(); // htmx leaves it to the browser
    isLeaving = isOwnSubmit || outage === "signed-out" || isAllSent();
    if (isLeaving) return;
    event.preventDefault();
    submitLater = { button: event.submitter };
    if (!pending) probe();
  }, true);
  const isAllSent = () => !pending && !outage && navigator.onLine && !unsaved.size && !failed.size && !hasUnsent();
  // Sends the unsaved rows, or an unchanged one, to find out whether the server is reachable.
  function probe() {
    unsaved.forEach((id) => failed.add(id));
    if (failed.size) { retryNow(); return; }
    const row = document.querySelector("#wizard [data-row]");
    if (row) save(row.id);
    else leave();
  }
  function leave() {
    let { button } = submitLater;
    submitLater = null;
    if (button && button.form !== form()) { // it was swapped away
      const { value } = button;
      button = document.getElementById("scripted-action");
      button.value = value;
    }
    isOwnSubmit = true;
    form().requestSubmit(button ?? null);
    isOwnSubmit = false;
  }

  // Whether something is typed that only a button sends.
  function hasUnsent() {
    const fields = document.querySelectorAll("#wizard textarea[name], #wizard input[type=text][name]");
    // The fields of a suggestion begin with its wording; the page marks those with other text.
    const isTyped = (field) => (field.name.startsWith("feedback-") ? field.closest("[data-unsent]") : isPageRefused());
    return [...fields].some((field) => isForButton(field) && field.value.trim() && (isTyped(field) || field.value !== field.defaultValue));
  }
  window.addEventListener("beforeunload", (event) => {
    const isUnsaved = unsaved.size || failed.size || refused.size || pending || hasUnsent();
    if (isUnsaved && !isLeaving) event.preventDefault();
  });
  // The browser restored the page as it was left: it is based on an old state of the draft.
  window.addEventListener("pageshow", (event) => { if (event.persisted && isLeaving) location.reload(); });

  document.querySelectorAll("#wizard [data-row]").forEach((row) => { if (hasErrors(row)) refused.add(row.id); });
})();
