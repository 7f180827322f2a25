// Adds a family, department, or location in a dialog, and chooses it in its field. Without this
// script the button leads to a page that returns here.

const FIELDS = {
  families: ["id_facts-job_family", "id_family"],
  departments: ["id_facts-department"],
  locations: ["div_id_facts-locations"],
};

const dialog = document.createElement("dialog");
dialog.id = "list-dialog";
dialog.className = "list-dialog";
dialog.setAttribute("aria-labelledby", "list-dialog-title");
document.body.append(dialog);
let opener = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-add-to-list]");
  if (!button) return;
  event.preventDefault();
  opener = button.dataset.addToList;
  const options = { source: dialog, target: dialog, swap: "innerHTML" };
  htmx.ajax("GET", opener, options).then(() => {
    if (dialog.firstElementChild && !dialog.open) dialog.showModal();
    dialog.querySelector("input:not([type=hidden]), select")?.focus();
  });
});
dialog.addEventListener("click", (event) => { if (event.target.closest("[data-close]")) dialog.close(); });
dialog.addEventListener("close", () => {
  dialog.replaceChildren();
  document.querySelector(`[data-add-to-list="${opener}"]`)?.focus();
});

document.addEventListener("list-added", (event) => {
  const { list, value, label } = event.detail;
  dialog.close();
  const field = FIELDS[list].map((id) => document.getElementById(id)).find(Boolean);
  const input = field?.matches("select") ? choose(field, value, label) : check(field, value, label);
  input?.focus();
  for (const type of ["input", "change"]) input?.dispatchEvent(new Event(type, { bubbles: true }));
});

function choose(select, value, label) {
  select.add(new Option(label, value));
  select.value = value;
  return select;
}

// A new checkbox at the end of the others.
function check(group, value, label) {
  const box = group?.querySelector("fieldset > div, :scope > div");
  if (!box) return null;
  const row = document.createElement("div");
  row.className = "form-check";
  const input = Object.assign(document.createElement("input"), {
    type: "checkbox", className: "form-check-input", name: "facts-locations", value, checked: true,
    id: `id_facts-locations_new_${value}`,
  });
  const words = Object.assign(document.createElement("label"), {
    className: "form-check-label", htmlFor: input.id, textContent: label,
  });
  row.append(input, " ", words);
  box.append(row);
  return input;
}
