// Drag and drop: a line is dragged by its handle within its section, into another, into a group, or
// under a line; a section is dragged in the outline.

import { isBusy, press } from "./redraw.js";

const form = () => document.getElementById("step-form");

let drag = null; // { item, move, mark, scroller, pointer, kind, x, y } of what is being dragged
let dropped = null; // the old place of a dropped item, until the server has saved it
const SUB_INDENT = 48; // pixels; a line dropped twice as far from the edge becomes a sub-line
const EDGE = 96; // pixels from the edge of the window where the page scrolls

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.(".line-handle");
  if (!handle || event.button || isBusy()) return;
  event.preventDefault();
  const item = handle.closest("li.line, li[data-section]");
  const mark = document.createElement("li");
  mark.className = "drop-mark";
  const move = item.matches("[data-section]") ? OF_SECTIONS : OF_LINES;
  drag = { item, move, mark, scroller: scrollerOf(item), pointer: event.pointerId, kind: event.pointerType,
    x: event.clientX, y: event.clientY };
  handle.setPointerCapture(event.pointerId);
  item.classList.add("is-dragged");
  document.body.classList.add("is-dragging");
  scrollAtEdge();
});
document.addEventListener("pointermove", (event) => {
  if (drag?.pointer !== event.pointerId) return;
  event.preventDefault();
  drag.x = event.clientX;
  drag.y = event.clientY;
  drag.move.markAt(drag.x, drag.y);
});
// While the pointer is near the edge of the window, the page scrolls, or the pane of the outline.
function scrollerOf(item) {
  const pane = item.closest(".wizard-steps");
  const isScrolled = pane && getComputedStyle(pane).overflowY === "auto" && pane.scrollHeight > pane.clientHeight;
  return isScrolled ? pane : document.scrollingElement;
}
function scrollAtEdge() {
  if (!drag) return;
  const direction = drag.y < EDGE ? -1 : drag.y > window.innerHeight - EDGE ? 1 : 0;
  const oldTop = drag.scroller.scrollTop;
  if (direction) drag.scroller.scrollBy({ top: direction * 10, behavior: "instant" });
  if (drag.scroller.scrollTop !== oldTop) {
    drag.move.markAt(drag.x, Math.min(Math.max(drag.y, EDGE), window.innerHeight - EDGE));
  }
  requestAnimationFrame(scrollAtEdge);
}

// --- sections of the outline

function markSection(x, y) {
  const { item, mark } = drag;
  const over = document.elementFromPoint(x, y)?.closest("li[data-section]");
  if (!over || over === item) return;
  const box = over.getBoundingClientRect();
  if (y < box.top + box.height / 2) over.before(mark);
  else over.after(mark);
}
function sectionPosition(mark) {
  let before = mark.previousElementSibling;
  while (before && !before.matches("[data-section]:not(.is-dragged)")) before = before.previousElementSibling;
  return { after: before?.id.slice("section-".length) ?? "" };
}

// --- lines

function markLine(x, y) {
  const { item: line, mark } = drag;
  const under = document.elementFromPoint(x, y);
  let over = under?.closest("ol[data-lines] li.line:not(.is-dragged), ol[data-lines] li.group-head");
  if (line.contains(over)) return;
  if (over?.matches(".is-sub") && !canBeSub(line)) over = over.parentElement.closest("li.line");
  mark.classList.remove("is-under");
  delete mark.dataset.parent;
  if (!over) {
    const list = under?.closest(".section-card")?.querySelector("ol[data-lines]");
    if (!list || under.closest("li.line")) return;
    const box = list.getBoundingClientRect();
    if (y > box.bottom || !list.querySelector(":scope > li:not(.drop-mark)")) list.append(mark);
    else if (y < box.top) list.prepend(mark);
    return;
  }
  const box = over.getBoundingClientRect();
  const isUpper = y < box.top + Math.min(box.height, 80) / 2;
  if (isUpper) over.before(mark);
  else if (canBeSub(line) && canHoldSubs(over) && x > box.left + SUB_INDENT * 2) {
    over.after(mark);
    mark.classList.add("is-under");
    mark.dataset.parent = over.id.slice(5);
  } else over.after(mark);
}
const isEntry = (line) => line.querySelector(".line-text")?.rows < 4;
const canBeSub = (line) => !line.querySelector(".sub-lines li") && isEntry(line);
const canHoldSubs = (over) => !over.matches(".is-sub, .group-head") && isEntry(over);

function endDrag() {
  drag.mark.remove();
  drag.item.classList.remove("is-dragged");
  document.body.classList.remove("is-dragging");
  drag = null;
}
document.addEventListener("pointercancel", () => { if (drag) endDrag(); });
document.addEventListener("keydown", (event) => { if (drag && event.key === "Escape") endDrag(); });
document.addEventListener("pointerup", (event) => {
  if (drag?.pointer !== event.pointerId) return;
  const { item, move, mark, kind } = drag;
  if (!mark.isConnected) { endDrag(); return; }
  const position = move.positionOf(mark);
  const next = item.nextElementSibling === mark ? mark.nextElementSibling : item.nextElementSibling;
  const old = { item, parent: item.parentElement, next };
  if (!mark.dataset.parent) mark.before(item);
  endDrag();
  if (item.parentElement === old.parent && item.nextElementSibling === old.next && !position.parent) return;
  dropped = old;
  for (const [name, value] of Object.entries(position)) {
    const field = form().querySelector(`[name=place-${name}]`);
    field.disabled = false;
    field.value = value;
  }
  const uid = item.id.slice(move.prefix.length);
  press(`${move.action}:${uid}`, move.focusIdFor(uid, kind));
});
// The drop position: section, the line before it, its parent line, and its group.
function linePosition(mark) {
  const list = mark.closest("ol[data-lines]");
  const uid = (item) => item?.id.slice(5) ?? "";
  const isLine = (item) => item?.matches("li.line:not(.is-dragged)");
  let before = mark.previousElementSibling;
  while (before && !isLine(before) && !before.matches(".group-head")) before = before.previousElementSibling;
  let parent = mark.dataset.parent ?? uid(mark.closest("ol.sub-lines")?.closest("li.line"));
  let after = isLine(before) ? uid(before) : "";
  if (mark.dataset.parent) {
    after = uid([...document.querySelectorAll(`#line-${parent} .sub-lines > li:not(.is-dragged)`)].pop());
  }
  const top = mark.closest("ol[data-lines] > li") ?? mark;
  let head = top;
  while (head && !head.matches(".group-head")) head = head.previousElementSibling;
  const group = head?.dataset.group ?? "";
  return { section: list.dataset.lines, after: after || lineBefore(top, parent), parent, group };
}
// At the head of a group, the line before is the last one of the previous group.
function lineBefore(top, parent) {
  if (parent) return "";
  let line = top.previousElementSibling;
  while (line && !line.matches("li.line:not(.is-dragged)")) line = line.previousElementSibling;
  return line?.id.slice(5) ?? "";
}

const OF_LINES = {
  prefix: "line-",
  action: "line-place",
  markAt: markLine,
  positionOf: linePosition,
  // Focus in a text field would open the keyboard of a phone.
  focusIdFor: (uid, kind) => (kind === "touch" ? `line-up-${uid}` : `line-${uid}-text`),
};
const OF_SECTIONS = {
  prefix: "section-",
  action: "section-place",
  markAt: markSection,
  positionOf: sectionPosition,
  focusIdFor: (uid) => `section-go-${uid}`,
};

// If the server was not reached or refused the move, the line returns to its old place.
function restoreOldPlace() {
  document.querySelectorAll("[name^=place-]").forEach((field) => { field.disabled = true; });
  if (!dropped) return;
  dropped.parent.insertBefore(dropped.item, dropped.next);
  dropped = null;
}
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, xhr } = event.detail;
  if (elt.id !== "wizard") return;
  xhr.addEventListener("loadend", () => { if (xhr.status < 200 || xhr.status >= 400) restoreOldPlace(); });
});
document.addEventListener("wizard:redrawn", () => { dropped = null; });
