// Selecting rows of a list: the whole page at once, the count, and the bar of actions. Without
// scripts the bar is always shown. Checkboxes with data-counts are counted, but "select all"
// leaves them alone.

const selection = document.getElementById("selection");
if (selection?.querySelector(".selection-bar")) manage(selection);

function manage(form) {
  const name = form.dataset.selects ?? "jd"; // of the checkboxes
  const boxes = () => [...form.querySelectorAll(`input[type=checkbox][name=${name}]`)];
  const all = form.querySelector("[data-select-all]");
  const bar = form.querySelector(".selection-bar");
  const status = document.getElementById("selection-status");

  function update() {
    const count = boxes().filter((box) => box.checked).length;
    const total = count + form.querySelectorAll("[data-counts]:checked").length;
    const message = status.dataset.message.replace("COUNT", total);
    bar.classList.toggle("is-used", total > 0);
    bar.querySelector(".selection-count").textContent = message;
    all.checked = count > 0 && count === boxes().length;
    all.indeterminate = count > 0 && !all.checked;
    status.textContent = total || status.textContent ? message : "";
  }
  function select(value) {
    boxes().forEach((box) => { box.checked = value; });
    if (!value) form.querySelectorAll("[data-counts]").forEach((box) => { box.checked = false; });
    update();
  }

  // Shift selects the rows from the last clicked one to this one.
  let last = null;
  form.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.name !== name) return;
    const rows = boxes();
    const [from, to] = [rows.indexOf(last), rows.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) {
      rows.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
    }
    last = box;
  });
  form.addEventListener("change", (event) => {
    if (event.target === all) select(all.checked);
    else update();
  });
  form.querySelector("[data-clear-selection]").addEventListener("click", () => {
    select(false);
    all.focus();
  });

  // After "back", the browser may restore the checkboxes.
  window.addEventListener("pageshow", update);
  // A person may be faster than this script.
  if (all.checked) select(true);
  else update();
}
