// The page of a review: forms that open beside a line. The page works without it.

// An address with a line or a thread opens the folded sections around it.
function unfold() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (!target) return;
  let details = target.closest("details");
  for (; details; details = details.parentElement.closest("details")) details.open = true;
  target.querySelector("details")?.setAttribute("open", "");
  target.scrollIntoView({ block: "center" });
}
window.addEventListener("hashchange", unfold);
unfold();

// --- forms that open beside a line, and close again

let opener = null; // the link that opened the form
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.matches?.(".read-comment, .read-comment-general")) opener = event.target;
});
let decisionLinks = null; // the content of the decision bar before its form opened
document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  if (target?.id === "decide" && !target.querySelector("form")) decisionLinks = [...target.childNodes];
});
document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  const invalid = target?.querySelector?.("[aria-invalid=true]");
  const newThread = document.querySelector(".thread.is-new");
  if (invalid) invalid.focus();
  else if (target?.id?.startsWith("thread-")) document.getElementById(target.id)?.focus();
  else if (target?.id === "decide") {
    const chosen = target.querySelector("input[type=radio]:checked");
    (chosen ?? target.querySelector("textarea"))?.focus();
  }
  else if (newThread) {
    newThread.classList.remove("is-new");
    newThread.focus();
  }
});
document.addEventListener("click", (event) => {
  const cancel = event.target.closest?.("[data-cancel]");
  const decide = document.getElementById("decide");
  if (cancel?.closest(".read-threads")) {
    event.preventDefault();
    cancel.closest("form").remove();
    opener?.focus();
  } else if (cancel && decisionLinks && decide?.contains(cancel)) {
    event.preventDefault();
    decide.replaceChildren(...decisionLinks);
    decide.querySelector("a")?.focus();
  }
});

// --- a mention, inserted at the cursor

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-mention]");
  if (!button) return;
  const field = button.closest("form").querySelector("textarea[name=comment]");
  const at = field.selectionEnd;
  const before = field.value.slice(0, at);
  const mention = `${before && !/\s$/.test(before) ? " " : ""}${button.dataset.mention} `;
  field.setRangeText(mention, at, at, "end");
  field.focus();
});
