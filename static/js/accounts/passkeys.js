// Passkeys: shows the button of a page where the browser can use them, and connects it to
// allauth's script, which talks to the browser and submits the form.

const failure = document.getElementById("passkey-error");

document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // it is said on the page, not in the console
  failure.hidden = false;
});

if (window.PublicKeyCredential) {
  for (const hidden of document.querySelectorAll("[data-passkey-only]")) hidden.hidden = false;
  for (const button of document.querySelectorAll("[data-passkey]")) {
    const { passkey, credential, passwordless } = button.dataset;
    const ids = { [passkey]: button.id, credential };
    if (passkey !== "login") ids.data = "passkey-data";
    if (passwordless) ids.passwordless = passwordless;
    window.allauth.webauthn.forms[`${passkey}Form`]({ ids });
    button.hidden = false;
    button.addEventListener("click", () => { failure.hidden = true; });
  }
  const missing = document.getElementById("passkey-missing");
  if (missing) missing.hidden = true;
}
