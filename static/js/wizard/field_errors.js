// The errors of an autosave of the facts arrive in one place below all of them. Each moves to its
// field, where the person is.

const LIST = "facts-errors";

let latest = document.getElementById(LIST);

// htmx sends this event several times for one answer.
document.addEventListener("htmx:oobAfterSwap", () => {
  const list = document.getElementById(LIST);
  if (list && list !== latest) placeErrors(list);
  latest = list;
});

function placeErrors(list) {
  const row = document.getElementById("row-facts");
  for (const old of row.querySelectorAll("[data-placed]")) remove(old);
  for (const error of list.querySelectorAll("[data-field]")) place(row, error);
}

function fieldsOf(row, error) {
  return row.querySelectorAll(`[name="${CSS.escape(error.dataset.field)}"]:not([type=hidden])`);
}

function place(row, error) {
  const fields = fieldsOf(row, error);
  const box = document.getElementById(`div_id_${error.dataset.field}`);
  if (!box || !fields.length) return; // it stays in the list
  error.id = `error-${error.dataset.field}`;
  error.dataset.placed = "";
  error.querySelector(".error-label")?.remove();
  box.append(error);
  for (const field of fields) {
    field.setAttribute("aria-invalid", "true");
    field.dataset.describedby = field.getAttribute("aria-describedby") ?? "";
    field.setAttribute("aria-describedby", `${field.dataset.describedby} ${error.id}`.trim());
  }
}

function remove(error) {
  for (const field of fieldsOf(document.getElementById("row-facts"), error)) {
    field.removeAttribute("aria-invalid");
    if (field.dataset.describedby) field.setAttribute("aria-describedby", field.dataset.describedby);
    else field.removeAttribute("aria-describedby");
  }
  error.remove();
}
