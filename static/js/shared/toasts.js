// Toasts: messages that float above the page for some seconds. One moves up until it covers neither
// a primary button nor a bar of buttons at the bottom; without such a place it joins the page.

const SHOWN = 8000; // milliseconds
const EDGE = 16; // pixels to the end of the window, and half of it to what a toast would cover
const KEPT_FREE = ".btn-primary, .wizard-actions, .start-actions, .selection-bar, .decide, .pick-end";
const timed = new WeakSet();

function visibleRects(selector) {
  return [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility?.() ?? element.offsetParent)
    .map((element) => element.getBoundingClientRect());
}

function place(toast, taken) {
  const { left, right, height } = toast.getBoundingClientRect();
  let top = window.innerHeight - EDGE - height;
  const covered = (rect) => rect.left < right && rect.right > left
    && rect.top < top + height + EDGE / 2 && rect.bottom > top - EDGE / 2;
  for (let rect = taken.find(covered); rect && top > 0; rect = taken.find(covered)) {
    top = rect.top - EDGE / 2 - height;
  }
  const head = document.querySelector(".top")?.getBoundingClientRect().bottom ?? 0;
  if (top < Math.max(head, 0)) {
    toast.classList.remove("is-toast");
    return;
  }
  toast.style.insetBlockStart = `${top}px`;
  taken.push(toast.getBoundingClientRect());
}

function placeAll() {
  const toasts = document.querySelectorAll("#messages .is-toast");
  if (!toasts.length) return;
  const taken = visibleRects(KEPT_FREE);
  toasts.forEach((toast) => place(toast, taken));
}

new MutationObserver(() => {
  document.querySelectorAll("#messages :is(.is-toast, .is-quiet)").forEach((note) => {
    if (timed.has(note)) return;
    timed.add(note);
    setTimeout(() => note.remove(), SHOWN);
  });
  placeAll();
}).observe(document.body, { childList: true, subtree: true });
document.addEventListener("scroll", placeAll, { capture: true, passive: true });
window.addEventListener("resize", placeAll);
placeAll();
