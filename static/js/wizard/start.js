// The start page's comfort: a chosen card proposes its title, family and level where they are
// empty, and the bar below says what was chosen. The server does the same without scripts.
"use strict";

(() => {
  const form = document.getElementById("start-form");
  const field = (name) => document.getElementById("id_" + name);
  const proposed = {}; // what a card proposed and nobody changed since
  const chosen = () => form.querySelector("input[name=source]:checked");

  function propose(card) {
    for (const name of ["title", "family", "level"]) {
      const place = field(name);
      const value = card.dataset[name];
      if (value === undefined || (place.value && place.value !== proposed[name])) continue;
      place.value = value;
      proposed[name] = value;
    }
    form.dispatchEvent(new Event("proposed"));
  }
  function tell() {
    const place = form.querySelector(".start-chosen");
    const name = chosen()?.closest("label").querySelector("[data-name]")?.textContent;
    place.textContent = name ? `${place.dataset.begins} ${name}` : "";
  }

  form.addEventListener("change", (event) => {
    if (event.target.name !== "source") return;
    propose(event.target);
    tell();
  });

  // What is chosen while a search is on its way stays chosen in the list that it brings.
  let kept = "";
  document.addEventListener("htmx:beforeSwap", () => { kept = chosen()?.value ?? ""; });
  document.addEventListener("htmx:afterSettle", () => {
    const card = [...form.querySelectorAll("input[name=source]")].find((one) => one.value === kept);
    if (card) card.checked = true;
    tell();
  });

  // The page may come with a choice, and with what it proposed in the fields.
  for (const [name, value] of Object.entries(chosen()?.dataset ?? {})) {
    if (field(name)?.value === value) proposed[name] = value;
  }
  tell();
})();
