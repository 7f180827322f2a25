// Loaded in the head, before the page is drawn: says that scripts run.
document.documentElement.classList.add("js");
