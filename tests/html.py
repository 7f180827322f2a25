"""Elements of a page, found by role, name, target or id rather than by the sentences of the screen.

A page is a response, a `tests.pages.Page`, a string, or an element that was found in one.
"""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, SubElement

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNSEEN = {"script", "style", "template"}  # not part of what a page shows


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("page")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = Element("unseen") if tag in UNSEEN else self._open[-1]
        element = SubElement(parent, tag, {name: value or "" for name, value in attrs})
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        SubElement(self._open[-1], tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        parent = self._open[-1]
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + data
        else:
            parent.text = (parent.text or "") + data


def parse(page: Any) -> Element:
    """Returns the page as a tree, without its scripts and templates."""
    if isinstance(page, Element):
        return page
    tree = _Tree()
    tree.feed(page if isinstance(page, str) else page.text)
    tree.close()
    return tree.root


def find(page: Any, tag: str = "", **attributes: str) -> list[Element]:
    """Returns the elements with this tag and these attributes, such as `aria_current="page"`.
    `class_` is one of the classes."""
    wanted_class = attributes.pop("class_", "")
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    return [
        element
        for element in parse(page).iter()
        if (not tag or element.tag == tag)
        and (not wanted_class or wanted_class in element.get("class", "").split())
        and all(element.get(name) == value for name, value in wanted.items())
    ]


def by_id(page: Any, id: str) -> Element:
    """Returns the element with this id, which must be on the page."""
    found = find(page, id=id)
    assert len(found) == 1, f"{len(found)} elements have the id {id}"
    return found[0]


def words(page: Any) -> str:
    """Returns the text, with single spaces."""
    return " ".join("".join(parse(page).itertext()).split())


def links(page: Any) -> dict[str, str]:
    """Returns the names of the links by their targets."""
    return {a.get("href", ""): words(a) for a in find(page, "a") if "href" in a.attrib}


def actions(page: Any) -> set[str]:
    """Returns where the forms go. A form that goes to its own page has no action."""
    return {form.get("action", "") for form in find(page, "form")}


def buttons(page: Any) -> set[str]:
    """Returns the values of the buttons that can be pressed."""
    pressable = (button for button in find(page, "button") if "disabled" not in button.attrib)
    return {button.get("value", "") for button in pressable} - {""}


def fields(page: Any) -> set[str]:
    """Returns the names of the fields."""
    controls = [e for tag in ("input", "select", "textarea") for e in find(page, tag)]
    return {control.get("name", "") for control in controls} - {""}


def notes(page: Any, kind: str = "") -> list[Element]:
    """Returns the notes in the page: of a kind (good, warning, danger), or all. Those that confirm
    what was just done are `messages`."""
    tree = parse(page)
    confirming = [note for region in find(tree, id="messages") for note in region.iter()]
    found = find(tree, class_=f"note-{kind}" if kind else "note")
    return [note for note in found if note not in confirming]


def messages(page: Any) -> str:
    """Returns the text of the live region, where a page confirms what was just done."""
    return words(by_id(page, "messages"))
