// The paper beside the editor: follows the cursor, and shows what is typed at once. The server
// draws it anew as soon as that is saved.
"use strict";

(() => {
  const paper = () => document.getElementById("preview");
  const part = (name, uid) => (uid ? paper()?.querySelector(`[data-${name}="${CSS.escape(uid)}"]`) : null);

  // --- the section, and the line, that are being edited

  let here = { section: "", line: "" };
  function mark(isNew) {
    paper()?.querySelectorAll(".is-edited, .is-edited-line").forEach((one) => one.classList.remove("is-edited", "is-edited-line"));
    const section = part("section", here.section);
    section?.classList.add("is-edited");
    const line = part("line", here.line);
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
    if (card.dataset.sectionCard === here.section && line === here.line) return;
    here = { section: card.dataset.sectionCard, line };
    mark(true);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (["preview", "wizard"].includes(event.detail.target?.id)) mark(false);
  });

  // --- at once: words of lines, headings, answers

  document.addEventListener("input", (event) => {
    const { name, value } = event.target;
    const found = /^(line|section)-(.+)-(text|heading)$/.exec(name ?? "");
    if (found?.[3] === "text") showLine(part("line", found[2]), value);
    else if (found?.[1] === "section") showWords(part("section", found[2])?.querySelector("h2"), value);
    else if (name === "facts-title") showWords(paper()?.querySelector("h1"), value);
    else if (/^answer-.*-(value|plain)$/.test(name ?? "")) showAnswer(event.target.closest("li.question"));
  });
  function showWords(place, text) {
    place?.replaceChildren(...pieces(text, place.closest("[data-line]")?.dataset.line));
  }
  // The text with its placeholders marked as the server will: open ones with their brackets,
  // answered ones with the answer that stands in the panel.
  function pieces(text, line) {
    return text.split(/(\[[^[\]\n]{1,80}\])/).filter(Boolean).map((one) => {
      if (!/^\[.*\p{L}.*\]$/u.test(one)) return one;
      const row = rowFor(one.slice(1, -1).trim().toLowerCase(), line);
      if (row?.querySelector("[name$=-plain]").checked) return one;
      const value = row?.querySelector("[name$=-value]").value.trim();
      const mark = document.createElement(value ? "span" : "mark");
      mark.className = value ? "jd-answered" : "jd-open";
      mark.textContent = value || one;
      if (row) mark.dataset.placeholder = row.dataset.placeholder;
      return mark;
    });
  }
  const rowFor = (words, line) => [...document.querySelectorAll("li.question")].find((row) =>
    (!row.dataset.atLine || row.dataset.atLine === line) && row.dataset.words.split("|").includes(words));
  function showLine(line, text) {
    if (!line) return;
    if (line.matches(".jd-question")) showWords(line.querySelector(".jd-asked"), text);
    else if (line.matches(".jd-paragraph")) showParagraphs(line, text);
    else {
      const place = line.matches("tr") ? line.cells[0] : line;
      const term = place.querySelector(":scope > .jd-term");
      if (term) showWords(term, text + (/[.!?:…]$/.test(text.trim()) ? "" : ":"));
      else {
        // The words stand before the marks, the detail and the sub-lines.
        const isWords = (node) => node.nodeType === Node.TEXT_NODE || node.matches?.("mark, br, .jd-answered");
        while (place.firstChild && isWords(place.firstChild)) place.firstChild.remove();
        place.prepend(...pieces(text, line.dataset.line));
      }
    }
  }
  function showParagraphs(line, text) {
    line.querySelectorAll(":scope > p:not(.jd-detail)").forEach((one) => one.remove());
    const parts = text.split(/\n[ \t]*(?:\n[ \t]*)+/).filter((one) => one.trim());
    line.prepend(...parts.map((one) => {
      const paragraph = document.createElement("p");
      paragraph.append(...pieces(one, line.dataset.line));
      return paragraph;
    }));
  }
  function showAnswer(row) {
    const value = row.querySelector("[name$=-value]").value.trim();
    const isPlain = row.querySelector("[name$=-plain]").checked;
    const scope = row.dataset.atLine ? part("line", row.dataset.atLine) : paper();
    const marks = scope?.querySelectorAll(`[data-placeholder="${CSS.escape(row.dataset.placeholder)}"]`) ?? [];
    marks.forEach((one) => {
      one.dataset.raw ??= one.matches(".jd-open") ? one.textContent : row.querySelector("label").textContent;
      one.textContent = (!isPlain && value) || one.dataset.raw;
      one.className = value || isPlain ? "jd-answered" : "jd-open";
    });
    row.classList.toggle("is-open", !value && !isPlain);
    countOpen();
  }
  // How many are open is said in several places.
  function countOpen() {
    const count = document.querySelectorAll("li.question.is-open").length;
    document.querySelectorAll("[data-open-count]").forEach((place) => { place.textContent = count; });
    document.querySelectorAll("[data-open-words]").forEach((place) => { place.hidden = !count; });
  }

  // --- the panel of placeholders is renewed with the paper, unless someone writes in it

  let isBehind = false; // until the focus leaves it
  function renewPanel() {
    const panel = document.getElementById("placeholders-panel");
    isBehind = Boolean(panel?.contains(document.activeElement));
    if (!panel || isBehind) return;
    htmx.ajax("GET", panel.dataset.panel, { source: panel, target: panel, swap: "innerHTML", select: "#placeholders-panel > *" }).catch(() => {});
  }
  document.addEventListener("draft-changed", renewPanel);
  document.addEventListener("focusout", (event) => {
    // A click beside its fields may still be on its way to something in it.
    if (isBehind && event.relatedTarget && event.target.closest("#placeholders-panel")) setTimeout(renewPanel);
  });
  // Since it was asked for, someone may have begun to write.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target } = event.detail;
    if (target.id === "placeholders-panel" && target.contains(document.activeElement)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "placeholders-panel") countOpen();
  });
})();
