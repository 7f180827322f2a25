// Loaded in the head, before the page is rendered: marks that scripts run.
document.documentElement.classList.add("js");
