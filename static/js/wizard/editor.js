// The line editor's small comforts: what is opened, keys, chips, sums. Without it every button is
// a form post.
"use strict";

(() => {
  const form = () => document.getElementById("step-form");
  const isText = (element) => element?.matches?.("textarea, input:not([type=checkbox]):not([type=radio]), select");

  // --- what is opened

  // What stands under "More" comes when it is wanted.
  document.addEventListener("toggle", (event) => {
    const details = event.target;
    if (details.matches?.("[data-kept-open]")) {
      localStorage.setItem(`jd-${details.dataset.keptOpen}`, details.open ? "open" : "folded");
    }
    if (!details.matches?.(".line-more")) return;
    const place = details.querySelector("[data-more]");
    if (details.open && place) {
      htmx.ajax("GET", document.getElementById("wizard").dataset.linesUrl + place.dataset.more + "/", { source: place, target: place, swap: "outerHTML", select: "unset" })
        .catch(() => { details.open = false; });
    }
    const opened = details.querySelector("input[name=open]");
    if (opened) opened.disabled = !details.open;
  }, true);

  // Guidance is folded or open as the person left it last, on every page.
  function keepGuidance() {
    document.querySelectorAll("[data-kept-open]").forEach((details) => {
      const was = localStorage.getItem(`jd-${details.dataset.keptOpen}`);
      if (was) details.open = was === "open";
    });
  }
  keepGuidance();
  document.addEventListener("wizard:redrawn", keepGuidance);

  // On a narrow screen the outline would stand before the text: it opens on demand there.
  if (window.innerWidth < 1200) {
    ["outline", "placeholders-panel"].forEach((id) => document.getElementById(id)?.removeAttribute("open"));
  }

  // --- keys

  const STEPS = { ArrowUp: "line-up", ArrowDown: "line-down", ArrowRight: "line-in", ArrowLeft: "line-out" };
  document.addEventListener("keydown", (event) => {
    const line = event.target.closest?.("li.line[data-row]");
    // As in a word processor's outline.
    if (line && event.altKey && event.shiftKey && STEPS[event.key]) {
      event.preventDefault();
      const isSub = line.classList.contains("is-sub");
      const actionName = STEPS[event.key];
      if ((actionName === "line-in" && isSub) || (actionName === "line-out" && !isSub)) return;
      window.redraw.press(`${actionName}:${line.id.slice(5)}`, event.target.id);
      return;
    }
    const isTurn = (event.ctrlKey || event.metaKey) && !event.altKey && /^[zy]$/i.test(event.key);
    if (isTurn && !isText(event.target)) {
      const again = event.shiftKey || event.key.toLowerCase() === "y";
      event.preventDefault();
      document.getElementById(again ? "redo" : "undo")?.click();
    }
    // Enter in the fields of something new adds it.
    if (event.key === "Enter" && event.target.matches(".pay-new-fields input, .outline-add input, .version-field input")) {
      const add = event.target.closest(".pay-new-fields, .outline-add") ?? form();
      event.preventDefault();
      add.querySelector("button[name=action]:is([value^=pay-add], [value=section-add], [value=version])")?.click();
    }
    // Enter in "Write your own" adds the line; Shift and Enter begin a new one in a paragraph.
    if (event.key === "Enter" && !event.shiftKey && event.target.matches(".write-own textarea")) {
      const own = event.target.closest(".write-own");
      if (own.querySelector("select").value !== "entry" || !event.target.value.trim()) return;
      event.preventDefault();
      own.querySelector("button[value^='line-add:']").click();
    }
  });

  // --- small things

  // A line from the library that is being reworded: its own words are one click away.
  document.addEventListener("input", (event) => {
    const field = event.target;
    const line = field.matches("textarea.line-text[name^=line-]") && field.closest("li.line");
    const place = line && (line.querySelector(":scope > .line-body .from-library") ?? line.querySelector(":scope > .line-body [data-was-library]"));
    if (!place) return;
    const words = place.dataset.wasLibrary ?? field.defaultValue;
    if (field.value === words) place.replaceWith(...(place.matches("button") ? [templateOf("from-library")] : [place]));
    else if (place.matches(".from-library")) {
      const button = templateOf("reword");
      button.value = `line-reset:${line.id.slice(5)}`;
      button.id = button.value.replace(":", "-");
      button.title = button.dataset.wasLibrary = words;
      place.replaceWith(button);
    }
  });
  const templateOf = (name) => document.getElementById(`template-${name}`).content.firstElementChild.cloneNode(true);
  // What is opened at the foot of the window comes into view.
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
    const sum = [...card.querySelectorAll("[name$='-percent']")].reduce((all, one) => all + (parseInt(one.value, 10) || 0), 0);
    const bar = card.querySelector("[data-percent-sum]");
    if (!bar) return;
    bar.hidden = false;
    bar.querySelector("progress").value = sum;
    bar.querySelector("output").textContent = sum;
    bar.classList.toggle("is-off", sum !== 100);
  });
})();
