// Bold, italic, and links in paragraphs: buttons at fields with [data-formatted], and Ctrl with B, I
// or K. They put marks around the selected words (see roles/text_formatting.py).

const MARKS = { bold: "**", italic: "*" };
const KEYS = { b: "bold", i: "italic", k: "link" };
const ADDRESS = /^(?:https?:\/\/|www\.|mailto:)\S+$|^[^\s@]+@[^\s@]+\.[^\s@]+$/i;
const BLANK_LINES = /(\n[ \t]*\n\s*)/;

// Typed, so that the browser can undo it and the page saves it.
function replace(field, start, end, text, from, to) {
  field.focus();
  field.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, start, end);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(from, to);
}

// The selection without white space at its ends; without any, the word at the cursor.
function selected({ value, selectionStart: start, selectionEnd: end }) {
  if (start === end) {
    while (/[\p{L}\p{M}\p{N}]/u.test(value[start - 1] ?? "")) start -= 1;
    while (/[\p{L}\p{M}\p{N}]/u.test(value[end] ?? "")) end += 1;
  }
  while (start < end && /\s/.test(value[start])) start += 1;
  while (end > start && /\s/.test(value[end - 1])) end -= 1;
  return [start, end];
}

function toggleMark(field, mark) {
  const [start, end] = selected(field);
  const { value } = field;
  const size = mark.length;
  const before = /\**$/.exec(value.slice(0, start))[0].length;
  const behind = /^\**/.exec(value.slice(end))[0].length;
  const stars = Math.min(before, behind, 3);
  const words = value.slice(start, end);
  if (stars === 3 || stars === size) {
    replace(field, start - size, end + size, words, start - size, end - size);
    return;
  }
  const parts = words.split(BLANK_LINES); // marks are within a paragraph
  const marked = parts.map((part) => (part.trim() || parts.length === 1 ? mark + part + mark : part)).join("");
  const isOne = parts.length === 1;
  replace(field, start, end, marked, start + (isOne ? size : 0), start + marked.length - (isOne ? size : 0));
}

function addLink(field, { text }) {
  const [start, end] = selected(field);
  const words = field.value.slice(start, end);
  const isAddress = ADDRESS.test(words);
  const name = isAddress || !words ? text : words.replace(/\s+/g, " ");
  const address = isAddress ? words : "https://";
  const from = isAddress || !words ? start + 1 : start + name.length + 3;
  const to = from + (isAddress || !words ? name : address).length;
  replace(field, start, end, `[${name}](${address})`, from, to);
}

function format(field, kind) {
  if (MARKS[kind]) toggleMark(field, MARKS[kind]);
  else addLink(field, document.getElementById("template-formatting").dataset);
}

const toolsOf = new WeakMap(); // by field
const fieldOf = new WeakMap(); // by tools
function addTools() {
  const template = document.getElementById("template-formatting");
  document.querySelectorAll("textarea[data-formatted]").forEach((field) => {
    if (toolsOf.get(field)?.isConnected) return;
    const tools = template.content.firstElementChild.cloneNode(true);
    const marks = field.parentElement.querySelector(":scope > .line-marks");
    if (marks) marks.prepend(tools);
    else field.after(tools);
    toolsOf.set(field, tools);
    fieldOf.set(tools, field);
  });
}
addTools();
document.addEventListener("wizard:redrawn", addTools);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-format]");
  if (button) format(fieldOf.get(button.closest(".formatting")), button.dataset.format);
});
document.addEventListener("keydown", (event) => {
  const kind = KEYS[event.key.toLowerCase()];
  const isShortcut = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!kind || !isShortcut || !event.target.matches?.("textarea[data-formatted]")) return;
  if (!toolsOf.get(event.target)?.checkVisibility()) return;
  event.preventDefault();
  format(event.target, kind);
});
