// The editor of a template's section: keeps the focus when a button makes the page again, warns before
// unsaved changes are lost, and scrolls the preview to the section.

const editor = () => document.getElementById("section-editor");
let isDirty = editor().hasAttribute("data-unsaved");
let opened = []; // ids of the open folds, which stay open when the page is made again
let focused = ""; // id of the element that had the focus when a button was pressed

function showSection() {
  const pane = document.getElementById("template-preview");
  const section = pane.querySelector(`[data-section="${CSS.escape(editor().dataset.section)}"]`);
  if (section && pane.scrollHeight > pane.clientHeight) {
    pane.scrollTop += section.getBoundingClientRect().top - pane.getBoundingClientRect().top - 24;
  }
}
showSection();

document.addEventListener("input", (event) => { if (event.target.closest("#section-form")) isDirty = true; });
document.addEventListener("submit", (event) => { if (event.target.id === "section-form") isDirty = false; });
window.addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });

// Enter in the search field searches at once.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.id !== "q") return;
  event.preventDefault();
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
});

// Nothing can be typed between a press and its answer, because the answer replaces the form.
const isReplaced = (event) => event.detail.target?.id === "section-editor";
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isReplaced(event)) return;
  focused = document.activeElement?.id ?? "";
  opened = [...document.querySelectorAll("#section-form details[open]:not(.paste)")].map((fold) => fold.id);
  document.getElementById("section-form").inert = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (isReplaced(event) && !event.detail.successful) document.getElementById("section-form").inert = false;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "section-editor" || event.target.id === "section-editor") {
    isDirty = true;
    opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    document.dispatchEvent(new Event("wizard:redrawn"));
    const wanted = editor().querySelector("[autofocus]") ?? (focused && document.getElementById(focused));
    (wanted && !wanted.disabled ? wanted : document.getElementById("line-add")).focus();
  }
  showSection();
});
