"""The form of a page, as a browser without JavaScript submits it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.html import find


class _Forms(HTMLParser):
    """Reads the forms of a page: their fields with values, and the names of their buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self.actions: dict[str, str] = {}
        self.buttons: dict[str, list[str]] = {}
        self._form = ""
        self._select: tuple[str, str] | None = None
        self._options: list[tuple[str, bool]] = []
        self._text: tuple[str, str] | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        owner = given.get("form", self._form)
        name = given.get("name", "")
        if tag == "form":
            self._form = given.get("id", "") or f"form{len(self.actions)}"
            self.actions[self._form] = given.get("action", "")
        elif tag == "input" and name and "disabled" not in given:
            self._input(owner, name, given)
        elif tag == "button" and name and "disabled" not in given:
            self.buttons.setdefault(owner, []).append(given.get("value", ""))
        elif tag == "textarea":
            self._text, self._words = (owner, name), []
        elif tag == "select":
            self._select, self._options = (owner, name), []
        elif tag == "option" and self._select:
            self._options.append((given.get("value", ""), "selected" in given))

    def _input(self, owner: str, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("checkbox", "radio"):
            if "checked" in given:
                self._add(owner, name, given.get("value", "on"))
        elif kind != "submit":
            self._add(owner, name, given.get("value", ""))

    def _add(self, owner: str, name: str, value: str) -> None:
        if name:
            self.forms.setdefault(owner, []).append((name, value))

    def handle_data(self, data: str) -> None:
        if self._text:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""
        elif tag == "textarea" and self._text:
            text = "".join(self._words).removeprefix("\n")  # as HTML does
            self._add(*self._text, text.replace("\n", "\r\n"))
            self._text = None
        elif tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            if self._options:
                self._add(*self._select, chosen[-1] if chosen else self._options[0][0])
            self._select = None


@dataclass
class Page:
    """An open page: change `data`, then `press` a button or `send` the form."""

    client: Any
    url: str
    response: Any
    data: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return str(self.response.text)

    def typed(self, name: str) -> str:
        """Returns the value of a field."""
        return self.data[name][-1]

    def press(self, button: str, **extra: Any) -> Page:
        """Submits the form with a button and follows a redirect."""
        assert button == "autosave" or not self.buttons or button in self.buttons, button
        response = self.client.post(self.url, {**self.data, **extra, "action": button})
        if response.status_code != 302:
            return read_page(self.client, self.url, response)
        return open_page(self.client, response.headers["Location"].partition("#")[0])

    def send(self, **extra: Any) -> Page:
        """Submits a form whose buttons have no names."""
        response = self.client.post(self.url, {**self.data, **extra})
        if response.status_code != 302:
            return read_page(self.client, self.url, response)
        return open_page(self.client, response.headers["Location"].partition("#")[0])


def read_page(client: Any, url: str, response: Any) -> Page:
    parser = _Forms()
    parser.feed(response.text)
    name = next(
        (n for n in ("step-form", "section-form", "conflict-form") if n in parser.forms), ""
    )
    if not name:
        name = next((n for n, a in parser.actions.items() if n in parser.forms and not a), "")
    data: dict[str, list[str]] = {}
    for key, value in parser.forms.get(name, []):
        data.setdefault(key, []).append(value)
    return Page(client, url, response, data, parser.buttons.get(name, []))


def next_page(client: Any, response: Any) -> Any:
    """Returns the next page of a list, by its link."""
    [link] = find(response, "a", rel="next")
    return client.get(response.request["PATH_INFO"] + link.attrib["href"])


def open_page(client: Any, url: str) -> Page:
    response = client.get(url)
    return read_page(client, url, response)
