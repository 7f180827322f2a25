// The line editor's comfort: what stays open and focused when the wizard is drawn again, keys,
// dragging, the library picker, pasted lists. Without it every button is a form post.
"use strict";

(() => {
  const form = () => document.getElementById("step-form");
  const wizard = () => document.getElementById("wizard");
  const isText = (element) => element?.matches?.("textarea, input:not([type=checkbox]):not([type=radio]), select");

  // Presses a button that the page may not show: its value says what to do, and the focus goes
  // back to `from`.
  function press(value, from) {
    if (deed) {
      if (pressed.length < 20) pressed.push(() => press(value, from));
      return;
    }
    const button = document.getElementById("place");
    button.value = value;
    button.dataset.from = from;
    form().requestSubmit(button);
  }

  // --- drawn again by a deed

  let deed = null; // the request that will redraw the wizard
  let pressed = []; // what was pressed meanwhile
  let places = []; // ids that may take the focus
  let kept = null; // what was open, searched and scrolled
  let sentFields = null;
  let typedSince = new Map();
  const key = (field) => (/^(checkbox|radio)$/.test(field.type) ? [field.name, field.value].join("\n") : field.name);

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, xhr, requestConfig } = event.detail;
    if (elt !== form()) return;
    deed = xhr;
    places = placesFor(requestConfig.triggeringEvent?.submitter ?? document.activeElement);
    sentFields = requestConfig.formData;
    typedSince = new Map();
    xhr.addEventListener("loadend", () => {
      if (deed === xhr) deed = null;
      if (xhr.status < 200 || xhr.status >= 400) { pressed = []; putBack(); }
    });
  });

  // What is typed while a button's answer is on its way is put into the page that answers.
  document.addEventListener("input", (event) => {
    if (sentFields && event.target.name) typedSince.set(key(event.target), event.target);
  });
  function retype() {
    const typed = typedSince;
    typedSince = new Map();
    if (!typed.size) return;
    for (const field of wizard().querySelectorAll("input[name], textarea[name], select[name]")) {
      const old = typed.get(key(field));
      if (!old) continue;
      if (key(field) !== field.name) field.checked = old.checked;
      else {
        // An empty field took what was sent as a new line: only what came after it remains.
        const sent = String(sentFields?.get(field.name) ?? "");
        field.value = !field.value && old.value.startsWith(sent) ? old.value.slice(sent.length).trimStart() : old.value;
        if (field === document.activeElement && field.matches("textarea, [type=text]")) {
          const from = Math.max(0, field.value.length - old.value.length + old.selectionEnd);
          field.setSelectionRange(from, from);
        }
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  // Buttons pressed while a deed is on its way would be swapped away with it: press them after.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[name=do]");
    if (!deed || !button?.id || button.form !== form()) return; // Next and the like have none
    event.preventDefault();
    event.stopImmediatePropagation();
    if (pressed.length < 20) pressed.push(() => document.getElementById(button.id)?.click());
  }, true);

  // Removing a section asks first; without scripts the outline's menu is the second thought.
  // From here on it is a deed, even where it has to wait for an autosave.
  document.addEventListener("htmx:confirm", (event) => {
    const question = event.detail.triggeringEvent?.submitter?.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
    else if (event.detail.elt === form()) deed ??= "asked";
  });

  // Where the focus goes: to the same button, else to the one that moves the other way, to the
  // line, to its neighbours, to what stands around it.
  const FOCUSABLE = "textarea, input:not([type=hidden]), select, summary, button";
  function placesFor(active) {
    if (active?.id === "place") active = document.getElementById(active.dataset.from) ?? active;
    if (!wizard().contains(active)) return [];
    const item = active.closest("li[id], fieldset[id]");
    const other = active.id.replace(/-(up|down)-/, (_, way) => (way === "up" ? "-down-" : "-up-"));
    const around = [];
    for (let one = active.parentElement; one && one.id !== "wizard"; one = one.parentElement) {
      if (one.id) around.push(one.id);
    }
    return [active.id, other, active.closest(".picker")?.querySelector("input[type=search]")?.id,
      item?.id, item?.nextElementSibling?.id, item?.previousElementSibling?.id,
      active.closest(".section-card")?.querySelector(".write-own textarea")?.id, ...around]
      .filter(Boolean);
  }
  function focusOneOf(ids) {
    if (document.activeElement && document.activeElement !== document.body) return;
    for (const id of ids) {
      const found = document.getElementById(id);
      const candidates = !found ? [] : found.matches(FOCUSABLE) ? [found] : [...found.querySelectorAll(FOCUSABLE)];
      const fit = candidates.find((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility?.() !== false);
      if (!fit) continue;
      fit.focus({ preventScroll: true });
      fit.scrollIntoView({ block: "nearest" });
      if (document.activeElement === fit) return;
    }
  }

  const SCROLLED = [".wizard-paper", ".wizard-steps"];
  const redraws = (event) => event.detail.target?.id === "wizard" && event.detail.requestConfig.elt.id === "step-form";
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!redraws(event) || !event.detail.shouldSwap) return;
    const active = document.activeElement;
    const now = placesFor(active);
    if (now.length) places = now;
    const here = wizard();
    kept = {
      caret: [active.id, active.selectionStart, active.selectionEnd],
      open: [...here.querySelectorAll("details[open][id]")].map((one) => one.id),
      searches: [...here.querySelectorAll(".picker-search input, .picker-search select")].map(
        (one) => [one.name, one.getAttribute("form"), one.value]),
      picked: [...here.querySelectorAll(".picked, [id^=pasted-]")].map((one) => [one.id, [...one.childNodes], one.scrollTop]),
      written: [...here.querySelectorAll(".version-field .form-control")].map((one) => [one.id, one.value]),
      scrolls: SCROLLED.map((one) => here.querySelector(one)?.scrollTop),
      view: here.dataset.view,
    };
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!redraws(event) || !wizard() || !kept) return;
    const here = wizard();
    kept.searches.forEach(([name, owner, value]) => {
      const field = here.querySelector(`[name="${name}"][form="${owner}"]`);
      if (field) field.value = value;
    });
    const asked = String(event.detail.requestConfig.formData.get("do"));
    kept.written.forEach(([id, value]) => { document.getElementById(id).value = value; });
    kept.picked.forEach(([id, nodes, top]) => {
      const list = document.getElementById(id);
      if (list && id !== asked.replace("lines-add:", "pasted-")) { list.replaceChildren(...nodes); list.scrollTop = top; }
    });
    ["outline", "placeholders-panel"].forEach((id) => {
      if (!kept.open.includes(id)) document.getElementById(id)?.removeAttribute("open");
    });
    const done = event.detail.xhr.status < 400 ? asked : "";
    const isPasted = done.startsWith("lines-add:");
    if (done.startsWith("snippets-add:")) here.querySelectorAll("input[name=picked]").forEach((box) => { box.checked = false; });
    kept.open.filter((id) => !(isPasted && id.startsWith("paste-")))
      .forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    here.dataset.view = kept.view;
    SCROLLED.forEach((one, number) => {
      const place = here.querySelector(one);
      if (place && kept.scrolls[number]) place.scrollTop = kept.scrolls[number];
    });
    focusOneOf(places);
    const [writing, from, to] = kept.caret;
    if (Number.isInteger(from) && document.activeElement.id === writing) document.activeElement.setSelectionRange(from, to);
    deed = null;
    dragged = null;
    if (event.detail.xhr.status >= 400) pressed = [];
    retype();
    keepGuidance();
    here.querySelectorAll(".picker-search").forEach(fitCategories);
  });
  // A moment later htmx listens to the new elements: what happened to them before counts now.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "wizard" || !redraws(event)) return;
    const again = new Event("input", { bubbles: true });
    typedSince.forEach((field) => field.isConnected && field.dispatchEvent(again));
    document.querySelectorAll(".picker[open] .picker-search").forEach((one) => one.dispatchEvent(new Event("input")));
    pressed.shift()?.();
  });

  // --- what is opened

  // What stands under "More" comes when it is wanted.
  document.addEventListener("toggle", (event) => {
    const details = event.target;
    if (details.matches?.("[data-kept-open]")) {
      localStorage.setItem(`jd-${details.dataset.keptOpen}`, details.open ? "open" : "folded");
    }
    if (!details.matches?.(".line-more")) return;
    const place = details.querySelector("[data-more]");
    if (details.open && place) {
      htmx.ajax("GET", wizard().dataset.linesUrl + place.dataset.more + "/", { source: place, target: place, swap: "outerHTML", select: "unset" })
        .catch(() => { details.open = false; });
    }
    const opened = details.querySelector("input[name=open]");
    if (opened) opened.disabled = !details.open;
  }, true);

  // Guidance is folded or open as the person left it last, on every page.
  function keepGuidance() {
    document.querySelectorAll("[data-kept-open]").forEach((details) => {
      const was = localStorage.getItem(`jd-${details.dataset.keptOpen}`);
      if (was) details.open = was === "open";
    });
  }
  keepGuidance();

  // On a narrow screen the outline would stand before the text: it opens on demand there.
  if (window.innerWidth < 1200) {
    ["outline", "placeholders-panel"].forEach((id) => document.getElementById(id)?.removeAttribute("open"));
  }

  // --- keys

  const STEPS = { ArrowUp: "line-up", ArrowDown: "line-down", ArrowRight: "line-in", ArrowLeft: "line-out" };
  document.addEventListener("keydown", (event) => {
    const line = event.target.closest?.("li.line[data-row]");
    // As in a word processor's outline.
    if (line && event.altKey && event.shiftKey && STEPS[event.key]) {
      event.preventDefault();
      const isSub = line.classList.contains("is-sub");
      const deedName = STEPS[event.key];
      if ((deedName === "line-in" && isSub) || (deedName === "line-out" && !isSub)) return;
      press(`${deedName}:${line.id.slice(5)}`, event.target.id);
      return;
    }
    const isTurn = (event.ctrlKey || event.metaKey) && !event.altKey && /^[zy]$/i.test(event.key);
    if (isTurn && !isText(event.target)) {
      const again = event.shiftKey || event.key.toLowerCase() === "y";
      event.preventDefault();
      document.getElementById(again ? "redo" : "undo")?.click();
    }
    // Enter in the fields of something new adds it.
    if (event.key === "Enter" && event.target.matches(".pay-new-fields input, .outline-add input, .version-field input")) {
      const add = event.target.closest(".pay-new-fields, .outline-add") ?? form();
      event.preventDefault();
      add.querySelector("button[name=do]:is([value^=pay-add], [value=section-add], [value=version])")?.click();
    }
    // Enter in "Write your own" adds the line; Shift and Enter begin a new one in a paragraph.
    if (event.key === "Enter" && !event.shiftKey && event.target.matches(".write-own textarea")) {
      const own = event.target.closest(".write-own");
      if (own.querySelector("select").value !== "entry" || !event.target.value.trim()) return;
      event.preventDefault();
      own.querySelector("button[value^='line-add:']").click();
    }
  });

  // --- the library picker: from the search with the arrow keys to the results

  document.addEventListener("keydown", (event) => {
    const picker = event.target.closest?.(".picker");
    if (!picker || !["ArrowDown", "ArrowUp", "Enter", "Escape"].includes(event.key)) return;
    const buttons = [...picker.querySelectorAll(".pick-list button")];
    const here = buttons.indexOf(event.target);
    const isSearch = event.target.matches("input[type=search]");
    if (event.key === "Escape") {
      picker.open = false;
      picker.querySelector("summary").focus();
    } else if (isSearch && event.key !== "ArrowUp") buttons[0]?.focus();
    else if (here >= 0 && event.key === "ArrowDown") buttons[Math.min(here + 1, buttons.length - 1)].focus();
    else if (here >= 0 && event.key === "ArrowUp") (buttons[here - 1] ?? picker.querySelector("input[type=search]")).focus();
    else return;
    event.preventDefault();
  });
  // Its list is renewed after each deed; whoever stood in it stays at the same text.
  let picking = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.target?.matches?.(".picked")) return;
    const list = event.detail.target;
    picking = { id: list.contains(document.activeElement) ? document.activeElement.id : "", top: list.scrollTop,
      ticked: [...list.querySelectorAll("input:checked")].map((box) => box.value) };
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const list = event.detail.target;
    if (!picking || !list?.matches?.(".picked")) return;
    list.querySelectorAll("input[name=picked]").forEach((box) => { box.checked = picking.ticked.includes(box.value); });
    list.scrollTop = picking.top;
    const stays = picking.id && (document.getElementById(picking.id) ?? list.closest(".picker").querySelector("input[type=search]"));
    if (stays) stays.focus({ preventScroll: true });
    picking = null;
  });
  // Each kind has categories of its own.
  function fitCategories(search) {
    const kind = search.querySelector("[name=kind]").value;
    const category = search.querySelector("[name=category]");
    for (const option of category.options) option.hidden = option.disabled = Boolean(option.value) && option.dataset.kind !== kind;
    const chosen = [...category.options].find((option) => !option.disabled && option.value === category.value);
    (chosen ?? category.options[0]).selected = true;
  }
  document.querySelectorAll(".picker-search").forEach(fitCategories);
  document.addEventListener("input", (event) => {
    if (event.target.matches(".picker-search [name=kind]")) fitCategories(event.target.closest(".picker-search"));
  }, true);

  // --- pasted lists

  document.addEventListener("paste", (event) => {
    const field = event.target;
    if (!field.matches?.(".write-own textarea") || field.value.trim()) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.split(/\r?\n/).filter((line) => line.trim()).length < 2) return;
    if (field.closest(".write-own").querySelector("select").value !== "entry") return;
    const box = field.closest(".section-card").querySelector("details.paste");
    const place = box.querySelector("textarea[name=text]");
    if (!place) return;
    event.preventDefault();
    box.open = true;
    place.value = text;
    place.form.requestSubmit();
  });
  // What is far too long is not sent at all: the server would read none of it.
  document.addEventListener("submit", (event) => {
    const field = event.target.matches("[data-paste]") && event.target.elements.text;
    const limit = Number(field?.dataset?.limit);
    if (!field || field.value.length <= limit || (field.value.length <= 2 * limit && [...field.value].length <= limit)) return;
    event.preventDefault();
    event.stopPropagation();
    const panel = field.closest(".picker-body");
    const place = panel.querySelector(".row-errors");
    place.replaceChildren(panel.querySelector("[data-too-long]").content.cloneNode(true));
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby").split(" ")[0]} ${place.id}`);
    field.focus();
  }, true);
  document.addEventListener("click", (event) => {
    const cancel = event.target.closest?.("[data-paste-cancel]");
    if (!cancel) return;
    event.preventDefault();
    const panel = cancel.closest("[id^=pasted-]");
    const address = document.getElementById(panel.id.replace("pasted-", "paste-form-")).action;
    htmx.ajax("GET", address, { source: panel, target: panel, swap: "innerHTML", select: "unset" }).catch(() => {});
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.requestConfig.elt.matches("[data-paste], [id^=pasted-]")) {
      event.detail.target.querySelector("textarea")?.focus();
    }
  });

  // --- small things

  // An autosave renews the buttons of undo and redo, perhaps under the focus.
  let turning = "";
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target.id === "undo-buttons") turning = event.detail.target.contains(document.activeElement) ? document.activeElement.id : "";
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    if (!turning || !document.getElementById("undo-buttons")) return;
    document.getElementById(turning)?.focus({ preventScroll: true });
    turning = "";
  });
  // A line from the library that is being reworded: its own words are one click away.
  document.addEventListener("input", (event) => {
    const field = event.target;
    const line = field.matches("textarea.line-text[name^=line-]") && field.closest("li.line");
    const place = line && (line.querySelector(":scope > .line-body .from-library") ?? line.querySelector(":scope > .line-body [data-was-library]"));
    if (!place) return;
    const words = place.dataset.wasLibrary ?? field.defaultValue;
    if (field.value === words) place.replaceWith(...(place.matches("button") ? [templateOf("from-library")] : [place]));
    else if (place.matches(".from-library")) {
      const button = templateOf("reword");
      button.value = `line-reset:${line.id.slice(5)}`;
      button.id = button.value.replace(":", "-");
      button.title = button.dataset.wasLibrary = words;
      place.replaceWith(button);
    }
  });
  const templateOf = (name) => document.getElementById(`template-${name}`).content.firstElementChild.cloneNode(true);
  // What is opened at the foot of the window comes into view.
  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches(".picker, .paste")) event.target.scrollIntoView({ block: "nearest" });
  }, true);
  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("[data-fill]");
    const field = chip && document.getElementById(chip.dataset.fill);
    if (!field) return;
    field.value = chip.textContent;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  document.addEventListener("input", (event) => {
    if (!/^line-.*-percent$/.test(event.target.name)) return;
    const card = event.target.closest(".section-card");
    const sum = [...card.querySelectorAll("[name$='-percent']")].reduce((all, one) => all + (parseInt(one.value, 10) || 0), 0);
    const bar = card.querySelector("[data-percent-sum]");
    if (!bar) return;
    bar.hidden = false;
    bar.querySelector("progress").value = sum;
    bar.querySelector("output").textContent = sum;
    bar.classList.toggle("is-off", sum !== 100);
  });

  // --- dragging a line

  let drag = null; // { line, mark, pointer, kind, x, y }
  let dragged = null; // where a dropped line came from, until the server has taken it
  const SUB = 48; // pixels to the right of a line's edge: dropped there, it becomes a sub-line
  const EDGE = 96; // pixels from the edge of the window where the page scrolls

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.(".line-handle");
    if (!handle || event.button || deed) return;
    event.preventDefault();
    const line = handle.closest("li.line");
    const mark = document.createElement("li");
    mark.className = "drop-mark";
    drag = { line, mark, pointer: event.pointerId, kind: event.pointerType, x: event.clientX, y: event.clientY };
    handle.setPointerCapture(event.pointerId);
    line.classList.add("is-dragged");
    document.body.classList.add("is-dragging");
    scrollAtTheEdge();
  });
  document.addEventListener("pointermove", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    event.preventDefault();
    drag.x = event.clientX;
    drag.y = event.clientY;
    markAt(drag.x, drag.y);
  });
  // Held near the edge of the window, the page goes on scrolling.
  function scrollAtTheEdge() {
    if (!drag) return;
    const way = drag.y < EDGE ? -1 : drag.y > window.innerHeight - EDGE ? 1 : 0;
    const was = window.scrollY;
    if (way) window.scrollBy({ top: way * 10, behavior: "instant" });
    if (window.scrollY !== was) markAt(drag.x, Math.min(Math.max(drag.y, EDGE), window.innerHeight - EDGE));
    requestAnimationFrame(scrollAtTheEdge);
  }
  function markAt(x, y) {
    const { line, mark } = drag;
    const under = document.elementFromPoint(x, y);
    let over = under?.closest("ol[data-lines] li.line:not(.is-dragged), ol[data-lines] li.group-head");
    if (line.contains(over)) return;
    if (over?.matches(".is-sub") && !canBeSub(line)) over = over.parentElement.closest("li.line");
    mark.classList.remove("is-under");
    delete mark.dataset.parent;
    if (!over) {
      const list = under?.closest(".section-card")?.querySelector("ol[data-lines]");
      if (!list || under.closest("li.line")) return;
      const box = list.getBoundingClientRect();
      if (y > box.bottom || !list.querySelector(":scope > li:not(.drop-mark)")) list.append(mark);
      else if (y < box.top) list.prepend(mark);
      return;
    }
    const box = over.getBoundingClientRect();
    const isUpper = y < box.top + Math.min(box.height, 80) / 2;
    if (isUpper) over.before(mark);
    else if (canBeSub(line) && canHoldSubs(over) && x > box.left + SUB * 2) {
      over.after(mark);
      mark.classList.add("is-under");
      mark.dataset.parent = over.id.slice(5);
    } else over.after(mark);
  }
  const isEntry = (line) => line.querySelector(".line-text")?.rows < 4;
  const canBeSub = (line) => !line.querySelector(".sub-lines li") && isEntry(line);
  const canHoldSubs = (over) => !over.matches(".is-sub, .group-head") && isEntry(over);

  function endDrag() {
    drag.mark.remove();
    drag.line.classList.remove("is-dragged");
    document.body.classList.remove("is-dragging");
    drag = null;
  }
  document.addEventListener("pointercancel", () => { if (drag) endDrag(); });
  document.addEventListener("keydown", (event) => { if (drag && event.key === "Escape") endDrag(); });
  document.addEventListener("pointerup", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    const { line, mark, kind } = drag;
    const list = mark.closest("ol[data-lines]");
    if (!list) { endDrag(); return; }
    const place = placeOf(mark, list);
    const next = line.nextElementSibling === mark ? mark.nextElementSibling : line.nextElementSibling;
    const was = { line, parent: line.parentElement, next };
    if (!mark.dataset.parent) mark.before(line);
    endDrag();
    if (line.parentElement === was.parent && line.nextElementSibling === was.next && !place.parent) return;
    dragged = was;
    for (const [name, value] of Object.entries(place)) {
      const field = form().querySelector(`[name=place-${name}]`);
      field.disabled = false;
      field.value = value;
    }
    // A text with the focus would open the keyboard of a phone.
    const uid = line.id.slice(5);
    press(`line-place:${uid}`, kind === "touch" ? `line-up-${uid}` : `${line.id}-text`);
  });
  // Section, the line behind which it stands, the line it stands under, and its group.
  function placeOf(mark, list) {
    const uid = (item) => item?.id.slice(5) ?? "";
    const isLine = (item) => item?.matches("li.line:not(.is-dragged)");
    let before = mark.previousElementSibling;
    while (before && !isLine(before) && !before.matches(".group-head")) before = before.previousElementSibling;
    let parent = mark.dataset.parent ?? uid(mark.closest("ol.sub-lines")?.closest("li.line"));
    let after = isLine(before) ? uid(before) : "";
    if (mark.dataset.parent) after = uid([...document.querySelectorAll(`#line-${parent} .sub-lines > li:not(.is-dragged)`)].pop());
    const top = mark.closest("ol[data-lines] > li") ?? mark;
    let head = top;
    while (head && !head.matches(".group-head")) head = head.previousElementSibling;
    return { section: list.dataset.lines, after: after || lineBefore(top, parent), parent, group: head?.dataset.group ?? "" };
  }
  // At the head of a group: behind the last line of the group before.
  function lineBefore(top, parent) {
    if (parent) return "";
    let one = top.previousElementSibling;
    while (one && !one.matches("li.line:not(.is-dragged)")) one = one.previousElementSibling;
    return one?.id.slice(5) ?? "";
  }
  // The server was not reached, or refused: the line goes back to where it was.
  function putBack() {
    document.querySelectorAll("[name^=place-]").forEach((field) => { field.disabled = true; });
    if (!dragged) return;
    dragged.parent.insertBefore(dragged.line, dragged.next);
    dragged = null;
  }
})();
