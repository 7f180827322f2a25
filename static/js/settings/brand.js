// Shows a chosen logo before it is saved. The server checks it.

const input = document.getElementById("id_new_logo");
const preview = document.getElementById("logo-preview");

input?.addEventListener("change", () => {
  const [file] = input.files;
  if (!file) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    const image = preview.querySelector("img");
    const caption = preview.querySelector("figcaption");
    image.src = reader.result;
    caption.textContent = caption.dataset.new;
    preview.hidden = false;
    // The header of the sample page shows it as well.
    document.querySelectorAll("#brand-sample .jd-logo").forEach((logo) => { logo.src = reader.result; });
  });
  reader.readAsDataURL(file);
});
