// The snippet picker: keyboard, and the state that is kept when its list is replaced.

const searchField = (picker) => picker.querySelector("input[type=search]");

// The arrow keys lead from the search to the results.
document.addEventListener("keydown", (event) => {
  const picker = event.target.closest?.(".picker");
  if (!picker || !["ArrowDown", "ArrowUp", "Enter", "Escape"].includes(event.key)) return;
  const buttons = [...picker.querySelectorAll(".pick-list button")];
  const index = buttons.indexOf(event.target);
  const isSearch = event.target.matches("input[type=search]");
  if (event.key === "Escape") {
    picker.open = false;
    picker.querySelector("summary").focus();
  } else if (isSearch && event.key !== "ArrowUp") buttons[0]?.focus();
  else if (index >= 0 && event.key === "ArrowDown") buttons[Math.min(index + 1, buttons.length - 1)].focus();
  else if (index >= 0 && event.key === "ArrowUp") (buttons[index - 1] ?? searchField(picker)).focus();
  else return;
  event.preventDefault();
});
// The list is replaced after each action: focus, scroll position and ticks are restored.
let old = null; // the state of the list before it was replaced
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.target?.matches?.(".picked")) return;
  const list = event.detail.target;
  old = { id: list.contains(document.activeElement) ? document.activeElement.id : "", top: list.scrollTop,
    ticked: [...list.querySelectorAll("input:checked")].map((box) => box.value) };
});
document.addEventListener("htmx:afterSwap", (event) => {
  const list = event.detail.target;
  if (!old || !list?.matches?.(".picked")) return;
  list.querySelectorAll("input[name=picked]").forEach((box) => { box.checked = old.ticked.includes(box.value); });
  list.scrollTop = old.top;
  const focused = old.id && (document.getElementById(old.id) ?? searchField(list.closest(".picker")));
  if (focused) focused.focus({ preventScroll: true });
  old = null;
});
// Each kind of snippet has its own categories.
function filterCategories(search) {
  const kind = search.querySelector("[name=kind]").value;
  const category = search.querySelector("[name=category]");
  for (const option of category.options) {
    const isOther = Boolean(option.value) && option.dataset.kind !== kind;
    if (option.disabled !== isOther) option.hidden = option.disabled = isOther;
  }
  const chosen = [...category.options].find((option) => !option.disabled && option.value === category.value);
  (chosen ?? category.options[0]).selected = true;
}
const filterAllCategories = () => document.querySelectorAll(".picker-search").forEach(filterCategories);
filterAllCategories();
document.addEventListener("wizard:redrawn", filterAllCategories);
document.addEventListener("input", (event) => {
  if (event.target.matches(".picker-search [name=kind]")) filterCategories(event.target.closest(".picker-search"));
}, true);
