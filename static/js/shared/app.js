// Behavior that every page uses. Pages also work without it.

const cookie = (name) =>
  document.cookie.split("; ").find((part) => part.startsWith(name + "="))?.slice(name.length + 1);

// After signing in again in another tab, an open page must send the new CSRF token.
function freshen(form) {
  const field = form.querySelector?.("input[name=csrfmiddlewaretoken]");
  const token = cookie("csrftoken");
  if (field && token) field.value = token;
}
document.addEventListener("submit", (event) => freshen(event.target), true);
document.addEventListener("htmx:configRequest", (event) => {
  const token = cookie("csrftoken");
  if (!token) return;
  event.detail.headers["X-CSRFToken"] = token;
  if ("csrfmiddlewaretoken" in event.detail.parameters) {
    event.detail.parameters["csrfmiddlewaretoken"] = token;
  }
});

// Shows a message in the live region; the messages are <template>s in base.html.
function say(template) {
  const words = document.getElementById(template);
  const region = document.getElementById("messages");
  if (!words || !region || region.querySelector(`[data-said="${template}"]`)) return;
  const note = words.content.firstElementChild.cloneNode(true);
  note.dataset.said = template;
  region.append(note);
}
function unsay() {
  document.querySelectorAll("#messages [data-said]").forEach((note) => note.remove());
}

// An expired session redirects to the sign-in page with status 200. Change it to 401, so that
// nothing is swapped or shown as saved, and typed text stays on the page.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const xhr = event.detail.xhr;
  const address = new URL(xhr.responseURL || location.href, location.href);
  if (address.pathname.startsWith("/sign-in/")) {
    Object.defineProperty(xhr, "status", { value: 401 });
  } else if (xhr.status < 400) {
    unsay();
  }
});
// Requests that poll for progress need no error message: they are repeated.
const polls = (event) => event.detail.elt?.hasAttribute?.("data-polls");
document.addEventListener("htmx:sendError", (event) => polls(event) || say("say-unreachable"));
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status >= 500 && !polls(event)) say(status === 503 ? "say-unavailable" : "say-failed");
  if ([401, 403].includes(status)) say("say-signed-out");
  if (status === 404 && !polls(event)) say("say-no-access");
});

// Menus are <details>: close them on Escape, on a click elsewhere, when focus leaves.
const menus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  menus().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  menus().forEach((menu) => {
    menu.removeAttribute("open");
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  });
});
document.addEventListener("focusin", (event) => {
  menus().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
});

// Filters apply when they are changed; the button beside them is for browsers without scripts.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-auto-submit]");
  if (form && event.target.matches("select, input[type=checkbox]")) form.requestSubmit();
});

// On wide screens filters are always open; only newer browsers can do this with CSS.
if (window.matchMedia("(min-width: 768px)").matches) {
  document.querySelectorAll("details.filters").forEach((filters) => { filters.open = true; });
}
