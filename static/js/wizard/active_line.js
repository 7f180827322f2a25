// Which line shows its controls: the one with the focus or that was clicked last, and those that are
// selected. Without this script every line shows all of them.

let active = null;
let isPressed = false; // while a pointer is down, nothing may move below it
let next = null;

function activate(line) {
  next = line;
  if (isPressed) return;
  if (line !== active) active?.removeAttribute("data-active");
  line?.setAttribute("data-active", "");
  active = line;
}
const lineOf = (element) => element?.closest?.("li.line[data-row]") ?? null;

document.addEventListener("focusin", (event) => activate(lineOf(event.target)));
document.addEventListener("pointerdown", (event) => {
  isPressed = true;
  next = lineOf(event.target);
});
for (const type of ["pointerup", "pointercancel"]) {
  // The click comes after the pointer was released.
  document.addEventListener(type, () => setTimeout(() => { isPressed = false; activate(next); }));
}
document.addEventListener("wizard:redrawn", () => activate(lineOf(document.activeElement)));

// --- the selection of a section

const boxesOf = (card) => [...card.querySelectorAll("input[name=chosen]")];

function showAll(card) {
  const all = card.querySelector("[data-all-lines]");
  if (!all) return;
  const boxes = boxesOf(card);
  const count = boxes.filter((box) => box.checked).length;
  all.checked = count > 0 && count === boxes.length;
  all.indeterminate = count > 0 && !all.checked;
}
// The buttons are for the lines of one section.
function clearOthers(card) {
  document.querySelectorAll(".section-card").forEach((other) => {
    if (other === card) return;
    boxesOf(other).forEach((box) => { box.checked = false; });
    showAll(other);
  });
}
document.addEventListener("change", (event) => {
  const box = event.target;
  const card = box.closest?.(".section-card");
  if (box.checked && (box.matches("[data-all-lines]") || box.name === "chosen")) clearOthers(card);
  if (box.matches?.("[data-all-lines]")) boxesOf(card).forEach((one) => { one.checked = box.checked; });
  else if (box.name === "chosen") showAll(card);
});
// Shift selects the lines from the last clicked one to this one.
let last = null;
document.addEventListener("click", (event) => {
  const box = event.target;
  if (box.name !== "chosen") return;
  const boxes = boxesOf(box.closest(".section-card"));
  const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) boxes.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
  last = box;
});
document.addEventListener("wizard:redrawn", () => document.querySelectorAll(".section-card").forEach(showAll));
document.querySelectorAll(".section-card").forEach(showAll);
