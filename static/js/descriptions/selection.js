// Selecting rows of a list: all of the page at once, how many they are, and the bar of what can
// be done to them. Without scripts the bar is always there. Boxes with data-counts are counted,
// and only ever ticked one by one.
"use strict";

(() => {
  const form = document.getElementById("selection");
  if (!form) return;
  const boxes = () => [...form.querySelectorAll("input[name=jd]")];
  const all = form.querySelector("[data-select-all]");
  const bar = form.querySelector(".selection-bar");
  const said = document.getElementById("selection-said");

  function tell() {
    const count = boxes().filter((box) => box.checked).length;
    const apart = form.querySelectorAll("[data-counts]:checked").length;
    const words = said.dataset.words.replace("COUNT", count + apart);
    bar.classList.toggle("is-used", count + apart > 0);
    bar.querySelector(".selection-count").textContent = words;
    all.checked = count > 0 && count === boxes().length;
    all.indeterminate = count > 0 && !all.checked;
    const before = said.textContent;
    said.textContent = count + apart || before ? words : "";
  }
  function select(value) {
    boxes().forEach((box) => { box.checked = value; });
    if (!value) form.querySelectorAll("[data-counts]").forEach((box) => { box.checked = false; });
    tell();
  }

  // Shift selects everything from the row that was pressed last to this one.
  let last = null;
  form.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.name !== "jd") return;
    const every = boxes();
    const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) {
      every.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
    }
    last = box;
  });
  form.addEventListener("change", (event) => {
    if (event.target === all) select(all.checked);
    else tell();
  });
  form.querySelector("[data-select-none]").addEventListener("click", () => {
    select(false);
    all.focus();
  });

  // Going back, the browser may put the ticks back where they were.
  window.addEventListener("pageshow", tell);
  tell();
})();
