// Drag and drop: a line is dragged by its handle within its section, into another, into a group, or
// under a line.

import { isBusy, press } from "./redraw.js";

const form = () => document.getElementById("step-form");

let drag = null; // { line, mark, pointer, kind, x, y } of the line that is being dragged
let dropped = null; // the old place of a dropped line, until the server has saved it
const SUB_INDENT = 48; // pixels; a line dropped twice as far from the edge becomes a sub-line
const EDGE = 96; // pixels from the edge of the window where the page scrolls

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.(".line-handle");
  if (!handle || event.button || isBusy()) return;
  event.preventDefault();
  const line = handle.closest("li.line");
  const mark = document.createElement("li");
  mark.className = "drop-mark";
  drag = { line, mark, pointer: event.pointerId, kind: event.pointerType, x: event.clientX, y: event.clientY };
  handle.setPointerCapture(event.pointerId);
  line.classList.add("is-dragged");
  document.body.classList.add("is-dragging");
  scrollAtEdge();
});
document.addEventListener("pointermove", (event) => {
  if (drag?.pointer !== event.pointerId) return;
  event.preventDefault();
  drag.x = event.clientX;
  drag.y = event.clientY;
  markAt(drag.x, drag.y);
});
// While the pointer is near the edge of the window, the page scrolls.
function scrollAtEdge() {
  if (!drag) return;
  const direction = drag.y < EDGE ? -1 : drag.y > window.innerHeight - EDGE ? 1 : 0;
  const oldTop = window.scrollY;
  if (direction) window.scrollBy({ top: direction * 10, behavior: "instant" });
  if (window.scrollY !== oldTop) markAt(drag.x, Math.min(Math.max(drag.y, EDGE), window.innerHeight - EDGE));
  requestAnimationFrame(scrollAtEdge);
}
function markAt(x, y) {
  const { line, mark } = drag;
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
  drag.line.classList.remove("is-dragged");
  document.body.classList.remove("is-dragging");
  drag = null;
}
document.addEventListener("pointercancel", () => { if (drag) endDrag(); });
document.addEventListener("keydown", (event) => { if (drag && event.key === "Escape") endDrag(); });
document.addEventListener("pointerup", (event) => {
  if (drag?.pointer !== event.pointerId) return;
  const { line, mark, kind } = drag;
  const list = mark.closest("ol[data-lines]");
  if (!list) { endDrag(); return; }
  const position = positionOf(mark, list);
  const next = line.nextElementSibling === mark ? mark.nextElementSibling : line.nextElementSibling;
  const old = { line, parent: line.parentElement, next };
  if (!mark.dataset.parent) mark.before(line);
  endDrag();
  if (line.parentElement === old.parent && line.nextElementSibling === old.next && !position.parent) return;
  dropped = old;
  for (const [name, value] of Object.entries(position)) {
    const field = form().querySelector(`[name=place-${name}]`);
    field.disabled = false;
    field.value = value;
  }
  // Focus in a text field would open the keyboard of a phone.
  const uid = line.id.slice(5);
  press(`line-place:${uid}`, kind === "touch" ? `line-up-${uid}` : `${line.id}-text`);
});
// The drop position: section, the line before it, its parent line, and its group.
function positionOf(mark, list) {
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
// If the server was not reached or refused the move, the line returns to its old place.
function restoreOldPlace() {
  document.querySelectorAll("[name^=place-]").forEach((field) => { field.disabled = true; });
  if (!dropped) return;
  dropped.parent.insertBefore(dropped.line, dropped.next);
  dropped = null;
}
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, xhr } = event.detail;
  if (elt !== form()) return;
  xhr.addEventListener("loadend", () => { if (xhr.status < 200 || xhr.status >= 400) restoreOldPlace(); });
});
document.addEventListener("wizard:redrawn", () => { dropped = null; });
