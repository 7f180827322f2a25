// Autosave: each row is saved shortly after the last keystroke, again when the server is reachable
// again, and before a button leaves the page. Without this script every button is a form post.

import { SaveQueue } from "./save_queue.js";

const LEAVES_PAGE = /^(go:|fix:|next$|back$|save$|version(:review|:same)?$|$)/; // leave or reload the page

const form = () => document.getElementById("step-form");
const wizard = () => document.getElementById("wizard");
const rowOf = (element) => element?.closest?.("[data-row]");
const hasErrors = (row) =>
  [...(row?.querySelectorAll(".field-errors, .invalid-feedback") ?? [])].some((error) => rowOf(error) === row);
const isPageRefused = () => Boolean(document.querySelector("#refused > *"));

const queue = new SaveQueue({ send, changed: showState });
let submitLater = null; // { button } of a plain submit that waits for the queue
let isOwnSubmit = false; // whether this script submits the form
let isLeaving = false;

function showState() {
  const output = document.getElementById("save-state");
  const state = queue.state === "saved" && isPageRefused() ? "failed" : queue.state;
  if (!output || output.dataset.state === state) return;
  output.dataset.state = state;
  output.textContent = output.dataset[state];
  output.classList.remove("is-saving", "is-saved", "is-failed", "is-waiting");
  output.classList.add("is-" + state);
}

// --- rows

// Fields that a button adds to the draft belong to no row, even inside one.
const isForButton = (field) => /^(new|entry-|feedback-|all-)|^(text|note|label|chosen)$/.test(field.name);

document.addEventListener("input", (event) => {
  isLeaving = false;
  const row = rowOf(event.target);
  if (row && event.target.name && !isForButton(event.target)) queue.typed(row.id);
});

function send(id) {
  const row = document.getElementById(id);
  if (!row) {
    queue.forget(id);
    return;
  }
  const options = { source: row, target: "#wizard", swap: "none", select: "unset" };
  htmx.ajax("POST", form().getAttribute("action"), options).catch(() => {});
}

// Enter in a short field saves its row instead of submitting the page.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-row] input:not([type=checkbox])")) return;
  event.preventDefault();
  const row = rowOf(event.target);
  if (queue.unsaved.has(row.id)) queue.save(row.id);
});

// A row sends its own fields only, so that errors in another don't prevent saving it. Sub-lines
// are rows of their own.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, formData, triggeringEvent } = event.detail;
  const button = triggeringEvent?.submitter;
  if (elt === wizard()) fillForButton(formData, button);
  if (!elt.matches("[data-row]")) return;
  const own = [...elt.querySelectorAll("[name]")].filter((field) => rowOf(field) === elt);
  const names = new Set([...own.map((field) => field.name), "token"]);
  [...formData.keys()].forEach((name) => formData.delete(name));
  for (const [name, value] of new FormData(form())) if (names.has(name)) formData.append(name, value);
  formData.set("action", "autosave");
});

// A button sends the fields that its action may need, and the rows that the server doesn't have yet: those of
// the other rows are most of the page. Its answer leaves out the lines that are on the page.
const NEEDS_ALL = /^(lines-|suggestion-|thread-)/; // acts on several rows, or on the line beside it
const OF_ROW = /^(line|more|section|answer|pay|references|facts)(?:-(\w+))?-/;
const ROW_IDS = { more: "line-", section: "row-", references: "row-references-" };
let needsAll = isPageRefused(); // the page shows what was typed and not saved, in any row

function fillForButton(formData, button) {
  const action = button?.value ?? "save";
  const uid = action.split(":")[1];
  const rows = new Set([...queue.rows, rowOf(button)?.id, `line-${uid}`, `row-${uid}`]);
  const isWhole = needsAll || NEEDS_ALL.test(action);
  const idOf = ([, kind, row]) => (kind === "facts" ? "row-facts" : (ROW_IDS[kind] ?? `${kind}-`) + row);
  [...formData.keys()].forEach((name) => formData.delete(name));
  for (const [name, value] of new FormData(form())) {
    const found = !isWhole && OF_ROW.exec(name);
    if (!found || rows.has(idOf(found))) formData.append(name, value);
  }
  formData.set("action", action);
  const keys = [...document.querySelectorAll("#wizard [data-key]")].map((element) => element.dataset.key);
  formData.set("known", keys.join(" "));
}

// --- pending requests, counted with events of the request: htmx sends none of its own if the
// --- element that made the request was swapped away

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, xhr, requestConfig } = event.detail;
  const isRow = elt.matches("[data-row]");
  if (!isRow && elt !== wizard()) return;
  const sent = isRow ? [elt.id] : queue.rows;
  queue.sent(sent);
  const button = requestConfig.triggeringEvent?.submitter;
  xhr.addEventListener("loadend", () => handleAnswer(isRow, sent, xhr.status, button));
});

// htmx drops the requests in its queue if their element was swapped away: send those rows.
let queued = 0; // requests of that queue in progress
document.addEventListener("htmx:beforeRequest", ({ detail: { elt, xhr } }) => {
  if (elt.closest("[hx-sync]")?.id !== "wizard") return;
  queued += 1;
  xhr.addEventListener("loadend", () => {
    queued -= 1;
    setTimeout(() => queued || queue.sendDropped());
  });
});

function handleAnswer(isRow, sent, status, button) {
  queue.answered(sent, status, (id) => isRow || hasErrors(document.getElementById(id)));
  // Someone else changed the same row: submit the whole page, so that the page that shows the
  // conflict has everything that was typed, and the action of the button.
  if (status === 409) submitLater ??= { button };
  // Stay on the page with everything typed.
  if (queue.outage === "unreachable" || status === 404) submitLater = null;
  const isReached = (status >= 200 && status < 400) || status === 422;
  if (isReached && queue.failed.size && !submitLater) queue.retry();
  if (!isRow && isReached) needsAll = status === 422;
  if (!queue.pending && submitLater) leave();
}

// Rows that are not saved yet are not swapped away.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  const hasUnsaved = queue.rows.some((id) => target.contains(document.getElementById(id)));
  if (xhr.status === 409 || (hasUnsaved && target.id !== "wizard")) event.detail.shouldSwap = false;
});

for (const [target, type] of [[window, "online"], [window, "focus"], [document, "visibilitychange"]]) {
  target.addEventListener(type, () => queue.retryAfterOutage());
}

// --- leaving the page

// A plain submit during an autosave would conflict with its own change, and one while the server
// is unreachable would end on the browser's error page. So it waits until everything is saved.
document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  if (!isOwnSubmit && !LEAVES_PAGE.test(event.submitter?.value ?? "")) return;
  event.stopPropagation(); // htmx leaves it to the browser
  isLeaving = isOwnSubmit || queue.outage === "signed-out" || isAllSent();
  if (isLeaving) return;
  event.preventDefault();
  submitLater = { button: event.submitter };
  if (!queue.pending) probe();
}, true);
const isAllSent = () =>
  !queue.pending && !queue.outage && navigator.onLine && !queue.unsaved.size && !queue.failed.size && !hasUnsent();

// Sends the unsaved rows, or an unchanged one, to find out whether the server is reachable.
function probe() {
  if (queue.sendAll()) return;
  const row = document.querySelector("#wizard [data-row]");
  if (row) queue.save(row.id);
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

// Returns whether there is typed text that only a button sends.
function hasUnsent() {
  const fields = document.querySelectorAll("#wizard textarea[name], #wizard input[type=text][name]");
  // The fields of a suggestion begin with its wording; the page marks those with other text.
  const isTyped = (field) => (field.name.startsWith("feedback-") ? field.closest("[data-unsent]") : isPageRefused());
  return [...fields].some(
    (field) => isForButton(field) && field.value.trim()
      && (isTyped(field) || field.value !== field.defaultValue || field.closest("[data-offered]")),
  );
}
window.addEventListener("beforeunload", (event) => {
  if ((!queue.isSaved || hasUnsent()) && !isLeaving) event.preventDefault();
});
// The browser restored the page as it was left: it is based on an old state of the draft.
window.addEventListener("pageshow", (event) => { if (event.persisted && isLeaving) location.reload(); });

document.querySelectorAll("#wizard [data-row]").forEach((row) => { if (hasErrors(row)) queue.refuse(row.id); });
