// The page of a review: forms that open beside a line. The page works without it.
"use strict";

(() => {
  // An address that names a line or a thread opens what it is folded into.
  function unfold() {
    const here = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!here) return;
    for (let box = here.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    here.querySelector("details")?.setAttribute("open", "");
    here.scrollIntoView({ block: "center" });
  }
  window.addEventListener("hashchange", unfold);
  unfold();

  // --- what opens beside a line, and closes again where one was

  let opener = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.matches?.(".read-comment, .read-comment-general")) opener = event.target;
  });
  let bar = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id === "decide" && !event.detail.target.querySelector("form")) bar = [...event.detail.target.childNodes];
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const place = event.detail.target;
    const wrong = place?.querySelector?.("[aria-invalid=true]");
    const fresh = document.querySelector(".thread.is-new");
    if (wrong) wrong.focus();
    else if (place?.id?.startsWith("thread-")) document.getElementById(place.id)?.focus();
    else if (place?.id === "decide") (place.querySelector("input[type=radio]:checked") ?? place.querySelector("textarea"))?.focus();
    else if (fresh) {
      fresh.classList.remove("is-new");
      fresh.focus();
    }
  });
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest?.("[data-cancel]");
    const decide = document.getElementById("decide");
    if (cancel?.closest(".read-threads")) {
      event.preventDefault();
      cancel.closest("form").remove();
      opener?.focus();
    } else if (cancel && bar && decide?.contains(cancel)) {
      event.preventDefault();
      decide.replaceChildren(...bar);
      decide.querySelector("a")?.focus();
    }
  });

  // --- somebody's name, where one was writing

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-mention]");
    if (!button) return;
    const field = button.closest("form").querySelector("textarea[name=comment]");
    const at = field.selectionEnd;
    const before = field.value.slice(0, at);
    const words = `${before && !/\s$/.test(before) ? " " : ""}${button.dataset.mention} `;
    field.setRangeText(words, at, at, "end");
    field.focus();
  });
})();
