// The start page: a chosen card fills in its title, family and level where they are empty, and the
// bar below names it. Without this script the server does the same.

const form = document.getElementById("start-form");
const field = (name) => document.getElementById("id_" + name);
const proposed = {}; // values from a card that were not changed since
const chosen = () => form.querySelector("input[name=source]:checked");

function propose(card) {
  for (const name of ["title", "family", "level"]) {
    const input = field(name);
    // A template can be the nearest one for a job of another family: the page asks.
    const isAsked = name === "family" && card.value.startsWith("template:")
      && field("title").value !== card.dataset.title;
    const value = isAsked ? "" : card.dataset[name] ?? "";
    if (input.value && input.value !== proposed[name]) continue;
    input.value = value;
    proposed[name] = value;
  }
  form.dispatchEvent(new Event("proposed"));
}
function showChoice() {
  const output = form.querySelector(".start-chosen");
  const name = chosen()?.closest("label").querySelector("[data-name]")?.textContent;
  output.textContent = name ? `${output.dataset.begins} ${name}` : "";
}

form.addEventListener("change", (event) => {
  if (event.target.name !== "source") return;
  propose(event.target);
  showChoice();
});

// A card chosen during a search stays chosen in the results, and the focus stays on its card.
let oldChoice = "";
let oldFocus = "";
const card = (value) => [...form.querySelectorAll("input[name=source]")].find((radio) => radio.value === value);
document.addEventListener("htmx:beforeSwap", () => {
  const active = document.activeElement;
  oldChoice = chosen()?.value ?? "";
  oldFocus = active?.name === "source" ? active.value : "";
});
document.addEventListener("htmx:afterSettle", () => {
  const input = card(oldChoice);
  if (input) input.checked = true;
  if (oldFocus && document.activeElement === document.body) card(oldFocus)?.focus();
  showChoice();
});

// The page can have a chosen card from the start, with its values in the fields.
for (const [name, value] of Object.entries(chosen()?.dataset ?? {})) {
  if (field(name)?.value === value) proposed[name] = value;
}
showChoice();
