// Who else is editing the draft: asks every 20 seconds while the page is visible, and tells in which
// section this person is. Says nothing about failures, because autosave does.

const SECONDS = 20; // the server forgets who didn't ask for a minute (roles/drafts/presence.py)

let section = "";
document.addEventListener("focusin", (event) => {
  const place = event.target.closest?.("[data-section-card], #row-facts");
  if (place) section = place.dataset.sectionCard ?? "";
});

async function ask() {
  const { url } = document.getElementById("presence")?.dataset ?? {};
  if (!url || document.hidden) return;
  const query = new URLSearchParams({ section });
  try {
    const response = await fetch(`${url}?${query}`, { redirect: "manual" }); // not to the sign-in page
    show(response.ok ? await response.text() : "");
  } catch {
    show("");
  }
}
// A screen reader announces the note whenever it is replaced, so only if it says something else.
const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
function show(html) {
  const note = document.getElementById("presence");
  const next = document.createElement("template");
  next.innerHTML = html;
  if (note && words(note) !== words(next.content)) note.replaceChildren(next.content);
}

setInterval(ask, SECONDS * 1000);
document.addEventListener("visibilitychange", ask);
