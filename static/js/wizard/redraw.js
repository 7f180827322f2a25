// An action (add, move, remove) replaces the wizard with the server's response. What was typed,
// opened, searched and focused since then is restored, and buttons pressed since then are pressed
// again.

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

let request = null; // the pending request whose answer replaces the wizard
let pressed = []; // buttons to press once it is answered
let focusIds = []; // ids of elements that can take the focus
let old = null; // what was open, searched and scrolled
let sentFields = null;
let typedSince = new Map();
const key = (field) => (/^(checkbox|radio)$/.test(field.type) ? [field.name, field.value].join("\n") : field.name);

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, xhr, requestConfig } = event.detail;
  if (elt !== form()) return;
  request = xhr;
  focusIds = focusIdsFor(requestConfig.triggeringEvent?.submitter ?? document.activeElement);
  sentFields = requestConfig.formData;
  typedSince = new Map();
  xhr.addEventListener("loadend", () => {
    if (request === xhr) request = null;
    if (xhr.status < 200 || xhr.status >= 400) pressed = [];
  });
});

// Text typed before the answer arrives is put into the page that it returns.
document.addEventListener("input", (event) => {
  if (sentFields && event.target.name) typedSince.set(key(event.target), event.target);
});
function restoreTyped() {
  const typed = typedSince;
  typedSince = new Map();
  if (!typed.size) return;
  for (const field of wizard().querySelectorAll("input[name], textarea[name], select[name]")) {
    const source = typed.get(key(field));
    if (!source) continue;
    if (key(field) !== field.name) field.checked = source.checked;
    else {
      // If the field is empty, its text was added as a new row: only what was typed since remains.
      const sent = String(sentFields?.get(field.name) ?? "");
      const isAdded = !field.value && source.value.startsWith(sent);
      field.value = isAdded ? source.value.slice(sent.length).trimStart() : source.value;
      if (field === document.activeElement && field.matches("textarea, [type=text]")) {
        const from = Math.max(0, field.value.length - source.value.length + source.selectionEnd);
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

// Removing a section asks for confirmation. From here on the request is pending, even if it has
// to wait for an autosave.
document.addEventListener("htmx:confirm", (event) => {
  const question = event.detail.triggeringEvent?.submitter?.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
  else if (event.detail.elt === form()) request ??= "confirmed";
});

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
  if (document.activeElement && document.activeElement !== document.body) return;
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

const SCROLLED = [".wizard-paper", ".wizard-steps"];
const redraws = (event) => event.detail.target?.id === "wizard" && event.detail.requestConfig.elt.id === "step-form";
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!redraws(event) || !event.detail.shouldSwap) return;
  const current = focusIdsFor(document.activeElement);
  if (current.length) focusIds = current;
  const root = wizard();
  old = {
    open: [...root.querySelectorAll("details[open][id]")].map((details) => details.id),
    searches: [...root.querySelectorAll(".picker-search input, .picker-search select")].map(
      (field) => [field.name, field.getAttribute("form"), field.value]),
    picked: [...root.querySelectorAll(".picked, [id^=pasted-]")].map(
      (list) => [list.id, [...list.childNodes], list.scrollTop]),
    selected: [...root.querySelectorAll("input[name=chosen]:checked")].map((box) => box.value),
    written: [...root.querySelectorAll(".version-fields .form-control")].map((field) => [field.id, field.value]),
    top: window.scrollY,
    scrolls: SCROLLED.map((selector) => root.querySelector(selector)?.scrollTop),
    view: root.dataset.view,
  };
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (!redraws(event) || !wizard() || !old) return;
  const root = wizard();
  old.searches.forEach(([name, owner, value]) => {
    const field = root.querySelector(`[name="${name}"][form="${owner}"]`);
    if (field) field.value = value;
  });
  const action = String(event.detail.requestConfig.formData.get("action"));
  root.querySelectorAll("input[name=chosen]").forEach((box) => { box.checked = old.selected.includes(box.value); });
  old.written.forEach(([id, value]) => { document.getElementById(id).value = value; });
  old.picked.forEach(([id, nodes, top]) => {
    const list = document.getElementById(id);
    if (!list || list.hasAttribute("data-offered") || id === action.replace("lines-add:", "pasted-")) return;
    list.replaceChildren(...nodes);
    list.scrollTop = top;
  });
  ["outline", "placeholders-panel"].forEach((id) => {
    if (!old.open.includes(id)) document.getElementById(id)?.removeAttribute("open");
  });
  const done = event.detail.xhr.status < 400 ? action : "";
  const isPasted = done.startsWith("lines-add:");
  if (done.startsWith("snippets-add:")) {
    root.querySelectorAll("input[name=picked]").forEach((box) => { box.checked = false; });
  }
  old.open.filter((id) => !(isPasted && id.startsWith("paste-")))
    .forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  root.dataset.view = old.view;
  SCROLLED.forEach((selector, number) => {
    const pane = root.querySelector(selector);
    if (pane && old.scrolls[number]) pane.scrollTop = old.scrolls[number];
  });
  // A list in the field for one line is answered with its lines, to confirm them.
  if (event.detail.xhr.status < 400) root.querySelector("[data-offered] textarea")?.focus();
  focusOneOf(focusIds);
  // The old and the new page were both there for a moment, and the window scrolled.
  window.scrollTo({ top: old.top, behavior: "instant" });
  const { activeElement } = document;
  if (activeElement.closest(".section-card")) activeElement.scrollIntoView({ block: "nearest", behavior: "instant" });
  request = null;
  if (event.detail.xhr.status >= 400) pressed = [];
  restoreTyped();
  document.dispatchEvent(new Event("wizard:redrawn"));
});
// Only now htmx listens to the new elements: repeat the events that they had before.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "wizard" || !redraws(event)) return;
  const input = new Event("input", { bubbles: true });
  typedSince.forEach((field) => field.isConnected && field.dispatchEvent(input));
  const searches = document.querySelectorAll(".picker[open] .picker-search");
  searches.forEach((search) => search.dispatchEvent(new Event("input")));
  while (pressed.length && !request) pressed.shift()();
});

export const isBusy = () => Boolean(request);
