// The live preview beside the editor: it follows the cursor and shows at once what is typed. The
// server renders it again as soon as that is saved. Below 1200 pixels, one of both is shown.

const preview = () => document.getElementById("preview");
const elementOf = (name, uid) => (uid ? preview()?.querySelector(`[data-${name}="${CSS.escape(uid)}"]`) : null);

// --- the section and the line that are being edited

let edited = { section: "", line: "" };
function highlight(isNew) {
  const marked = preview()?.querySelectorAll(".is-edited, .is-edited-line") ?? [];
  marked.forEach((element) => element.classList.remove("is-edited", "is-edited-line"));
  const section = elementOf("section", edited.section);
  section?.classList.add("is-edited");
  const line = elementOf("line", edited.line);
  line?.classList.add("is-edited-line");
  const desk = document.getElementById("paper");
  const goal = line ?? section;
  if (!isNew || !goal || !desk || desk.scrollHeight <= desk.clientHeight) return;
  const box = goal.getBoundingClientRect();
  const frame = desk.getBoundingClientRect();
  if (box.top < frame.top + 8 || box.bottom > frame.bottom - 8) {
    desk.scrollTop += box.top - frame.top - Math.min(96, frame.height / 4);
  }
}
document.addEventListener("focusin", (event) => {
  const card = event.target.closest?.("[data-section-card]");
  if (!card) return;
  const line = event.target.closest("li.line[data-row]")?.id.slice(5) ?? "";
  if (card.dataset.sectionCard === edited.section && line === edited.line) return;
  edited = { section: card.dataset.sectionCard, line };
  highlight(true);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "preview") highlight(false);
});
document.addEventListener("wizard:redrawn", () => highlight(false));

// --- lines, headings and answers, as they are typed

document.addEventListener("input", (event) => {
  const { name, value } = event.target;
  const found = /^(line|section)-(.+)-(text|heading)$/.exec(name ?? "");
  if (found?.[3] === "text") showLine(elementOf("line", found[2]), value);
  else if (found?.[1] === "section") showText(elementOf("section", found[2])?.querySelector("h2"), value);
  else if (name === "facts-title" && value.trim()) showText(preview()?.querySelector("h1"), value);
  else if (/^answer-.*-(value|plain)$/.test(name ?? "")) showAnswer(event.target.closest("li.question"));
});
function showText(place, text) {
  place?.replaceChildren(...pieces(text, place.closest("[data-line]")?.dataset.line));
}
// The text with its placeholders marked as the server marks them: blank ones with their brackets,
// filled-in ones with the answer from the panel.
function pieces(text, line) {
  return text.split(/(\[[^[\]\n]{1,80}\])/).filter(Boolean).map((piece) => {
    if (!/^\[.*\p{L}.*\]$/u.test(piece)) return piece;
    const row = rowFor(piece.slice(1, -1).trim().toLowerCase(), line);
    if (row?.querySelector("[name$=-plain]").checked) return piece;
    const value = row?.querySelector("[name$=-value]").value.trim();
    const mark = document.createElement(value ? "span" : "mark");
    mark.className = value ? "jd-answered" : "jd-open";
    mark.textContent = value || piece;
    if (row) mark.dataset.placeholder = row.dataset.placeholder;
    return mark;
  });
}
const rowFor = (words, line) => [...document.querySelectorAll("li.question")].find((row) =>
  (!row.dataset.atLine || row.dataset.atLine === line) && row.dataset.words.split("|").includes(words));
function showLine(line, text) {
  if (!line) return;
  if (line.matches(".jd-question")) showText(line.querySelector(".jd-asked"), text);
  else if (line.matches(".jd-paragraph")) showParagraphs(line, text);
  else {
    const place = line.matches("tr") ? line.cells[0] : line;
    const term = place.querySelector(":scope > .jd-term");
    if (term) showText(term, text + (/[.!?:…]$/.test(text.trim()) ? "" : ":"));
    else {
      // The text comes before the marks, the detail and the sub-lines.
      const isText = (node) => node.nodeType === Node.TEXT_NODE || node.matches?.("mark, br, a, .jd-answered");
      while (place.firstChild && isText(place.firstChild)) place.firstChild.remove();
      place.prepend(...pieces(text, line.dataset.line));
    }
  }
}
function showParagraphs(line, text) {
  line.querySelectorAll(":scope > p:not(.jd-detail)").forEach((paragraph) => paragraph.remove());
  const parts = text.split(/\n[ \t]*(?:\n[ \t]*)+/).filter((part) => part.trim());
  line.prepend(...parts.map((part) => {
    const paragraph = document.createElement("p");
    paragraph.append(...pieces(part, line.dataset.line));
    return paragraph;
  }));
}
function showAnswer(row) {
  const value = row.querySelector("[name$=-value]").value.trim();
  const isPlain = row.querySelector("[name$=-plain]").checked;
  const scope = row.dataset.atLine ? elementOf("line", row.dataset.atLine) : preview();
  const marks = scope?.querySelectorAll(`[data-placeholder="${CSS.escape(row.dataset.placeholder)}"]`) ?? [];
  marks.forEach((mark) => {
    mark.dataset.raw ??= mark.matches(".jd-open") ? mark.textContent : row.querySelector("label").textContent;
    mark.textContent = (!isPlain && value) || mark.dataset.raw;
    mark.className = value || isPlain ? "jd-answered" : "jd-open";
  });
  row.classList.toggle("is-open", !value && !isPlain);
  countOpen();
}
// The number of blank placeholders appears in several places.
function countOpen() {
  const count = document.querySelectorAll("li.question.is-open").length;
  document.querySelectorAll("[data-open-count]").forEach((place) => { place.textContent = count; });
  document.querySelectorAll("[data-open-words]").forEach((place) => { place.hidden = !count; });
}

// --- the panel of placeholders is updated with the preview, unless someone types in it

let isOutdated = false; // until the focus leaves the panel
function updatePanel() {
  const panel = document.getElementById("placeholders-panel");
  isOutdated = Boolean(panel?.contains(document.activeElement));
  if (!panel || isOutdated) return;
  const options = { source: panel, target: panel, swap: "innerHTML", select: "#placeholders-panel > *" };
  htmx.ajax("GET", panel.dataset.panel, options).catch(() => {});
}
document.addEventListener("draft-changed", updatePanel);
document.addEventListener("focusout", (event) => {
  // A click on another element of the panel comes after this event.
  if (isOutdated && event.relatedTarget && event.target.closest("#placeholders-panel")) setTimeout(updatePanel);
});
// Someone may have begun to type in the panel since it was requested.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  if (target.id === "placeholders-panel" && target.contains(document.activeElement)) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "placeholders-panel") countOpen();
});

// --- write or preview

const wizard = () => document.getElementById("wizard");
function show(view) {
  wizard().dataset.view = view;
  wizard().querySelectorAll("[data-view-is]").forEach((link) => {
    if (link.dataset.viewIs === view) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  const step = wizard().querySelector(".step.is-current");
  const steps = step.closest(".steps");
  steps.scrollLeft = step.offsetLeft - steps.offsetLeft - 16;
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-view-is]");
  if (!link) return;
  event.preventDefault();
  show(link.dataset.viewIs);
  window.scrollTo(0, 0);
});
document.addEventListener("wizard:redrawn", () => show(wizard().dataset.view));
show(location.hash === "#paper" ? "preview" : wizard().dataset.view);
