// Makes an element of the page the same as a new one, by as few changes as possible: what stays keeps its
// focus, caret, scroll position and listeners. Elements are recognized by their ids, others by their order.
//
// An element with data-known stands for the one of the page. The rules: `isKept(element, fresh)` leaves an
// element as it is; `isOwn(node)` tells that a script added it, so the new page doesn't have it;
// `setOpen(element, fresh)` opens or folds it; `settle(field)` gives a field its new value.

const FIELDS = "input[name], textarea[name], select[name]";
const OF_THE_PAGE = new Set(["open", "style", "data-view", "data-active", "data-state"]); // scripts change them

// Returns the elements that were added.
export function morph(old, fresh, rules) {
  const byId = new Map([...old.querySelectorAll("[id]")].map((element) => [element.id, element]));
  const work = { rules, byId, added: [] };
  morphElement(old, fresh, work);
  return work.added.filter((element) => element.isConnected);
}

function morphElement(old, fresh, work) {
  const { rules } = work;
  if (fresh.hasAttribute("data-known") || rules.isKept(old, fresh)) return;
  if (old.isEqualNode(fresh)) {
    if (old.matches(FIELDS)) rules.settle(old);
    else old.querySelectorAll(FIELDS).forEach(rules.settle);
    return;
  }
  copyAttributes(old, fresh);
  rules.setOpen(old, fresh);
  morphChildren(old, fresh, work);
  if (old.matches(FIELDS)) rules.settle(old);
}

function copyAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !OF_THE_PAGE.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value && !OF_THE_PAGE.has(name)) old.setAttribute(name, value);
  }
}

function morphChildren(old, fresh, work) {
  const { rules, byId } = work;
  const wanted = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
  for (const child of [...old.children]) {
    if (child.id && !wanted.has(child.id) && !rules.isOwn(child)) child.remove(); // it may come back elsewhere
  }
  const ahead = (node) => {
    let next = node;
    while (next && rules.isOwn(next)) next = next.nextSibling;
    return next;
  };
  let place = ahead(old.firstChild);
  for (const node of [...fresh.childNodes]) {
    const match = node.id ? matching(byId.get(node.id), node) : findAlike(place, node);
    if (!match) {
      old.insertBefore(node, place);
      if (node.nodeType === Node.ELEMENT_NODE) fillIn(node, work);
      continue;
    }
    if (match === place) place = ahead(place.nextSibling);
    else move(old, match, place);
    if (match.nodeType === Node.ELEMENT_NODE) morphElement(match, node, work);
    else if (match.data !== node.data && (match.data.trim() || node.data.trim())) match.data = node.data;
  }
  while (place) {
    const next = ahead(place.nextSibling);
    place.remove();
    place = next;
  }
}

function fillIn(node, { byId, added }) {
  node.querySelectorAll("[data-known]").forEach((hole) => hole.replaceWith(byId.get(hole.id)));
  added.push(node);
}
const matching = (old, node) => (old?.nodeName === node.nodeName ? old : null);
// The next node of the same kind without an id.
function findAlike(place, node) {
  let next = place;
  while (next && (next.nodeName !== node.nodeName || next.id)) next = next.nextSibling;
  return next;
}

// Newer browsers can move an element with the focus in it.
function move(parent, node, place) {
  if (parent.moveBefore && node.isConnected) parent.moveBefore(node, place);
  else parent.insertBefore(node, place);
}
