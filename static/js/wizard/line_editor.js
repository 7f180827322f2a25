// The line editor: panels that open, keyboard shortcuts, suggested answers, sums of percentages.
// Without this script every button is a form post.

import { press } from "./redraw.js";

const form = () => document.getElementById("step-form");
const isText = (element) => element?.matches?.("textarea, input:not([type=checkbox]):not([type=radio]), select");

// --- panels that open

// The fields under "More" are loaded when they are opened.
document.addEventListener("toggle", (event) => {
  const details = event.target;
  if (details.matches?.("[data-remember-open]")) {
    localStorage.setItem(`jd-${details.dataset.rememberOpen}`, details.open ? "open" : "folded");
  }
  if (!details.matches?.(".line-more")) return;
  const place = details.querySelector("[data-more]");
  if (details.open && place) {
    const address = `${document.getElementById("wizard").dataset.linesUrl}${place.dataset.more}/`;
    htmx.ajax("GET", address, { source: place, target: place, swap: "outerHTML", select: "unset" })
      .catch(() => { details.open = false; });
  }
  const opened = details.querySelector("input[name=open]");
  if (opened) opened.disabled = !details.open;
}, true);

// Guidance is open or folded on every page as the person last left it.
function restoreGuidance() {
  document.querySelectorAll("[data-remember-open]").forEach((details) => {
    const state = localStorage.getItem(`jd-${details.dataset.rememberOpen}`);
    if (state) details.open = state === "open";
  });
}
restoreGuidance();
document.addEventListener("wizard:redrawn", restoreGuidance);

// The steps are always open in a wide window; only newer browsers can do this with CSS. In a narrow
// one the outline comes before the text, so it begins folded.
const isWide = window.matchMedia("(min-width: 1200px)");
const openSteps = () => { if (isWide.matches) document.getElementById("wizard-steps").open = true; };
openSteps();
document.addEventListener("wizard:redrawn", openSteps);
isWide.addEventListener("change", () => { document.getElementById("wizard-steps").open = isWide.matches; });
if (!isWide.matches) {
  ["outline", "placeholders-panel"].forEach((id) => document.getElementById(id)?.removeAttribute("open"));
}

// --- keyboard shortcuts

const LINE_ACTIONS = { ArrowUp: "line-up", ArrowDown: "line-down", ArrowRight: "line-in", ArrowLeft: "line-out" };
document.addEventListener("keydown", (event) => {
  const line = event.target.closest?.("li.line[data-row]");
  // Alt and Shift with an arrow key move a line, as in the outline of a word processor.
  if (line && event.altKey && event.shiftKey && LINE_ACTIONS[event.key]) {
    event.preventDefault();
    const isSub = line.classList.contains("is-sub");
    const action = LINE_ACTIONS[event.key];
    if ((action === "line-in" && isSub) || (action === "line-out" && !isSub)) return;
    press(`${action}:${line.id.slice(5)}`, event.target.id);
    return;
  }
  const isUndoOrRedo = (event.ctrlKey || event.metaKey) && !event.altKey && /^[zy]$/i.test(event.key);
  if (isUndoOrRedo && !isText(event.target)) {
    const isRedo = event.shiftKey || event.key.toLowerCase() === "y";
    event.preventDefault();
    document.getElementById(isRedo ? "redo" : "undo")?.click();
  }
  // Enter in the fields of a new row adds the row.
  const fields = ".pay-new-fields input, .outline-add input, .version-fields input";
  if (event.key === "Enter" && event.target.matches(fields)) {
    const add = event.target.closest(".pay-new-fields, .outline-add") ?? form();
    event.preventDefault();
    add.querySelector("button[name=action]:is([value^=pay-add], [value=section-add], [value=version])")?.click();
  }
  // Enter in "Write your own" adds the line; Shift and Enter begin a new line in a paragraph.
  if (event.key === "Enter" && !event.shiftKey && event.target.matches(".write-own textarea")) {
    const own = event.target.closest(".write-own");
    if (own.querySelector("select").value !== "entry" || !event.target.value.trim()) return;
    event.preventDefault();
    own.querySelector("button[value^='line-add:']").click();
  }
});

// --- lines

// A line from the library that is being reworded gets a button that restores its wording.
document.addEventListener("input", (event) => {
  const field = event.target;
  const line = field.matches("textarea.line-text[name^=line-]") && field.closest("li.line");
  if (!line) return;
  const own = (selector) => line.querySelector(`:scope > .line-body ${selector}`);
  const place = own(".from-library") ?? own("[data-library-wording]");
  if (!place) return;
  const wording = place.dataset.libraryWording ?? field.defaultValue;
  if (field.value === wording) place.replaceWith(...(place.matches("button") ? [templateOf("from-library")] : [place]));
  else if (place.matches(".from-library")) {
    const button = templateOf("reword");
    button.value = `line-reset:${line.id.slice(5)}`;
    button.id = button.value.replace(":", "-");
    button.title = button.dataset.libraryWording = wording;
    place.replaceWith(button);
  }
});
const templateOf = (name) => document.getElementById(`template-${name}`).content.firstElementChild.cloneNode(true);
// A panel that is opened at the foot of the window is scrolled into view.
document.addEventListener("toggle", (event) => {
  if (event.target.open && event.target.matches(".picker, .paste")) event.target.scrollIntoView({ block: "nearest" });
}, true);
document.addEventListener("click", (event) => {
  const chip = event.target.closest?.("[data-fill]");
  const field = chip && document.getElementById(chip.dataset.fill);
  if (!field) return;
  field.value = chip.textContent;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
document.addEventListener("input", (event) => {
  if (!/^line-.*-percent$/.test(event.target.name)) return;
  const card = event.target.closest(".section-card");
  const percents = [...card.querySelectorAll("[name$='-percent']")].map((field) => parseInt(field.value, 10) || 0);
  const sum = percents.reduce((total, percent) => total + percent, 0);
  const bar = card.querySelector("[data-percent-sum]");
  if (!bar) return;
  bar.hidden = false;
  bar.querySelector("progress").value = sum;
  bar.querySelector("output").textContent = sum;
  bar.classList.toggle("is-off", sum !== 100);
});
