// An action (add, move, remove) is answered with the wizard, without the lines that the page has. The page
// becomes the same. What was typed, opened, searched and focused since then is kept, and buttons pressed
// since then are pressed again.

import { morph } from "./morph.js";

const form = () => document.getElementById("step-form");
const wizard = () => document.getElementById("wizard");

// Submits the form with an action for which the page may have no button. The focus returns to
// the element with the id `from`.
export function press(value, from) {
  if (request) {
    if (pressed.length < 20) pressed.push(() => press(value, from));
    return;
  }
  const button = document.getElementById("scripted-action");
  button.value = value;
  button.dataset.from = from;
  form().requestSubmit(button);
}

// --- an action, and the page that it returns

let request = null; // the pending request whose answer changes the wizard
let pressed = []; // buttons to press once it is answered
let focusIds = []; // ids of elements that can take the focus
let sentFields = null;
let typedSince = new Map();
const key = (field) => (/^(checkbox|radio)$/.test(field.type) ? [field.name, field.value].join("\n") : field.name);

// The request comes from the wizard, not from the form: htmx would collect all fields of the form, of which
// autosave.js sends few. It might have to wait for an autosave. Removing a section asks for confirmation.
document.addEventListener("submit", (event) => {
  if (event.target !== form() || event.defaultPrevented) return;
  event.preventDefault();
  const question = event.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) return;
  request ??= "confirmed";
  const options = { source: wizard(), target: wizard(), swap: "none", select: "unset", event };
  htmx.ajax("POST", form().getAttribute("action"), options).catch(() => {});
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, xhr, requestConfig } = event.detail;
  if (elt !== wizard()) return;
  request = xhr;
  focusIds = focusIdsFor(requestConfig.triggeringEvent?.submitter ?? document.activeElement);
  sentFields = requestConfig.formData;
  typedSince = new Map();
  xhr.addEventListener("loadend", () => {
    if (request === xhr) request = null;
    if (xhr.status < 200 || xhr.status >= 400) pressed = [];
    while (pressed.length && !request) pressed.shift()();
  });
});

// Text typed before the answer arrives is put into the page that it returns.
document.addEventListener("input", (event) => {
  if (sentFields && event.target.name) typedSince.set(key(event.target), event.target);
});
function restoreTyped() {
  const typed = typedSince;
  typedSince = new Map();
  for (const [name, source] of typed) {
    const field = source.isConnected ? source : [...form().elements].find((one) => one.name && key(one) === name);
    if (!field) continue;
    if (name !== field.name) field.checked = source.checked;
    else {
      // If the field is empty now, its text was added as a new row: only what was typed since remains.
      const sent = String(sentFields?.get(field.name) ?? "");
      const isAdded = !(field.defaultValue ?? "") && source.value.startsWith(sent);
      const { value, selectionEnd } = source;
      const rest = isAdded ? value.slice(sent.length).trimStart() : value;
      if (field.value !== rest) field.value = rest;
      if (field === document.activeElement && field.matches("textarea, [type=text]")) {
        const from = Math.max(0, rest.length - value.length + selectionEnd);
        field.setSelectionRange(from, from);
      }
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// Buttons pressed before the answer arrives are replaced by it: press the new ones afterwards.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[name=action]");
  if (!request || !button?.id || button.form !== form()) return; // Next and the like have none
  event.preventDefault();
  event.stopImmediatePropagation();
  const isEmpty = (element) => !element?.closest(".write-own, .new-sub")?.querySelector("textarea").value.trim();
  const isAdding = !isEmpty(button);
  if (pressed.length < 20) pressed.push(() => {
    const newButton = document.getElementById(button.id);
    if (!isAdding || !isEmpty(newButton)) newButton?.click(); // otherwise the last action added the text
  });
}, true);

// Where the focus goes: to the same button, or else to the one that moves the other way, to the
// line, to its neighbors, to an element around it.
const FOCUSABLE = "textarea, input:not([type=hidden], [name=chosen]), select, summary, button";
function focusIdsFor(active) {
  if (active?.id === "scripted-action") active = document.getElementById(active.dataset.from) ?? active;
  if (!wizard().contains(active)) return [];
  const item = active.closest("li[id], fieldset[id]");
  const other = active.id.replace(/-(up|down)-/, (_, direction) => (direction === "up" ? "-down-" : "-up-"));
  const around = [];
  for (let parent = active.parentElement; parent && parent.id !== "wizard"; parent = parent.parentElement) {
    if (parent.id) around.push(parent.id);
  }
  return [active.id, other, active.closest(".picker")?.querySelector("input[type=search]")?.id,
    item?.id, item?.nextElementSibling?.id, item?.previousElementSibling?.id,
    active.closest(".ask-audience")?.parentElement.querySelector("[id^=newpay-]")?.id,
    active.closest(".section-card")?.querySelector(".write-own textarea")?.id, ...around]
    .filter(Boolean);
}
function focusOneOf(ids) {
  const { activeElement } = document;
  if (activeElement && activeElement !== document.body && !activeElement.disabled) return;
  for (const id of ids) {
    const found = document.getElementById(id);
    const candidates = !found ? [] : found.matches(FOCUSABLE) ? [found] : [...found.querySelectorAll(FOCUSABLE)];
    const target = candidates.find(
      (element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility?.() !== false,
    );
    if (!target) continue;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
    if (document.activeElement === target) return;
  }
}

// --- the answer

// What scripts show, and what a person chose in it: the search of the library, its results, a pasted list.
const OF_SCRIPTS = ".picker-search, .picked, #save-state";
const CHOSEN = "[name=chosen], [name=picked], [id^=pasted-] *, .version-fields .form-control";
const FOLDED_BY_HAND = ["outline", "placeholders-panel"];

function rulesFor(action) {
  const isPasted = action.startsWith("lines-add:");
  return {
    isKept: (old, fresh) => old.matches(OF_SCRIPTS)
      || (old.id.startsWith("pasted-") && !fresh.hasAttribute("data-offered")
        && old.id !== action.replace("lines-add:", "pasted-")),
    isOwn: (node) => Boolean(node.matches?.(".formatting")),
    // What a person opened stays open, apart from a list that was added.
    setOpen: (old, fresh) => {
      if (fresh.hasAttribute("open") && !FOLDED_BY_HAND.includes(old.id)) old.open = true;
      else if (isPasted && old.id.startsWith("paste-")) old.open = false;
    },
    settle: (field) => {
      if (![...typedSince.values()].includes(field) && !field.matches(CHOSEN)) settle(field);
    },
  };
}
function settle(field) {
  if (/^(checkbox|radio)$/.test(field.type)) field.checked = field.defaultChecked;
  else if (field.matches("select")) {
    const chosen = [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
    if (chosen && !chosen.selected) chosen.selected = true;
  } else if (field.value !== field.defaultValue) field.value = field.defaultValue;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig, shouldSwap } = event.detail;
  if (requestConfig.elt !== wizard() || !shouldSwap) return;
  event.detail.shouldSwap = false;
  const answer = document.createElement("template");
  answer.innerHTML = xhr.response;
  const fresh = answer.content.getElementById("wizard");
  if (!fresh) {
    location.assign(xhr.responseURL);
    return;
  }
  const said = answer.content.getElementById("messages");
  document.getElementById("messages").replaceChildren(...said.childNodes);
  redraw(fresh, String(requestConfig.formData.get("action")), xhr.status < 400);
});

// A line that moved below another is a new element.
function restoreCaret(id, [start, end]) {
  const { activeElement } = document;
  if (!id || activeElement.id !== id || typeof start !== "number" || activeElement.selectionStart === start) return;
  activeElement.setSelectionRange(start, end);
}
function redraw(fresh, action, isDone) {
  const root = wizard();
  const { activeElement } = document;
  const { scrollY } = window;
  const current = focusIdsFor(activeElement);
  if (current.length) focusIds = current;
  const caret = [activeElement.selectionStart, activeElement.selectionEnd];
  const isOffered = fresh.querySelector("[data-offered]");
  morph(root, fresh, rulesFor(isDone ? action : "")).forEach((element) => htmx.process(element));
  if (isDone && action.startsWith("snippets-add:")) {
    root.querySelectorAll("input[name=picked]").forEach((box) => { box.checked = false; });
  }
  request = null;
  restoreTyped();
  // A list in the field for one line is answered with its lines, to confirm them.
  if (isDone && isOffered) root.querySelector("[data-offered] textarea")?.focus();
  focusOneOf(focusIds);
  restoreCaret(activeElement.id, caret);
  document.dispatchEvent(new Event("wizard:redrawn"));
  root.querySelectorAll(".picker[open] .picker-search").forEach((search) => search.dispatchEvent(new Event("input")));
  // The window stays where it was, unless what has the focus went out of sight.
  window.scrollTo({ top: scrollY, behavior: "instant" });
  const { activeElement: focused } = document;
  if (focused.closest(".section-card")) focused.scrollIntoView({ block: "nearest", behavior: "instant" });
}

export const isBusy = () => Boolean(request);
