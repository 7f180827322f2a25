"""The answer to a button for a script that has the page: the wizard, without what the page has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, tostring

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roles import library
from roles.drafts import changes
from roles.models import JobDescription
from tests import builders
from tests.html import by_id, find, messages, parse, words
from tests.pages import Page, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
STEP = "responsibilities"


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(client: Any) -> JobDescription:
    """A draft with eight responsibilities, one with a sub-line."""
    jd = builders.description(client.user)
    for number in range(2, 9):
        builders.add_line(jd, _section(jd), f"Duty {number}")
    builders.change(jd, changes.AddLine(_section(jd), {"text": "Part"}, parent=_lines(jd)[1]))
    return jd


def _section(jd: JobDescription) -> str:
    return jd.sections.get(kind=STEP).uid


def _lines(jd: JobDescription) -> list[str]:
    rows = jd.sections.get(kind=STEP).lines.filter(parent=None).order_by("position")
    return list(rows.values_list("uid", flat=True))


def _open(client: Any, jd: JobDescription) -> Page:
    return open_page(client, reverse("wizard_step", args=[jd.reference, STEP]))


def _keys(page: Any) -> dict[str, str]:
    """The keys by the ids of what has one."""
    found = (element for element in parse(page).iter() if element.get("data-key"))
    return {element.get("id", ""): element.get("data-key", "") for element in found}


def _answer(page: Page, action: str, **fields: Any) -> Any:
    data = {**page.data, "action": [action], "known": " ".join(_keys(page).values()), **fields}
    return page.client.post(page.url, data, headers={"HX-Request": "true"})


def _shown(answer: Any) -> set[str]:
    """The uids of the lines that the answer has in full."""
    lines = find(answer, "li", class_="line")
    return {line.get("id", "").removeprefix("line-") for line in lines}


def _left_out(answer: Any) -> set[str]:
    held = (element for element in parse(answer).iter() if "data-known" in element.attrib)
    return {element.get("id", "").removeprefix("line-") for element in held}


def _look(line: Element) -> str:
    """The HTML of a line, without its key and the token that its fields are based on."""
    line.attrib.pop("data-key", None)
    for field in line.iter("input"):
        if field.get("name", "").endswith("-base"):
            field.set("value", field.get("value", "").partition(".")[2])
    line.tail = ""
    return tostring(line, encoding="unicode")


def test_it_is_the_wizard_with_the_lines_that_changed(client, jd):
    page = _open(client, jd)
    lines = _lines(jd)
    response = _answer(page, f"line-down:{lines[3]}")
    assert response.status_code == 200
    answer = response.text
    assert not find(answer, "head")
    assert _shown(answer) == {lines[3], lines[4]}
    assert _left_out(answer) == set(lines) - {lines[3], lines[4]}
    in_order = [one.get("id") for one in find(answer, "ol", data_lines=_section(jd))[0]]
    assert in_order == [f"line-{uid}" for uid in _lines(jd)]
    assert "is now line 5 of 8" in messages(answer)
    assert by_id(answer, "token").get("value") != page.typed("token")
    assert not find(by_id(answer, f"picker-{_section(jd)}"), "select")


def test_it_is_a_small_part_of_the_page(client, jd):
    whole = len(_open(client, jd).text)
    assert len(_answer(_open(client, jd), f"line-down:{_lines(jd)[0]}").text) < whole / 2


ACTIONS = {
    "up": lambda jd: f"line-up:{_lines(jd)[2]}",
    "nest": lambda jd: f"line-in:{_lines(jd)[4]}",
    "remove": lambda jd: f"line-remove:{_lines(jd)[5]}",
    "undo": lambda _jd: "undo",
}


@pytest.mark.parametrize("name", ACTIONS)
def test_what_is_left_out_looks_the_same(client, jd, name):
    page = _open(client, jd)
    old = {line.get("id"): _look(line) for line in find(page.text, "li", class_="line")}
    response = _answer(page, ACTIONS[name](jd))
    assert response.status_code == 200
    left_out = {f"line-{uid}" for uid in _left_out(response.text)}
    fresh = _open(client, jd)
    new = {line.get("id"): _look(line) for line in find(fresh.text, "li", class_="line")}
    assert left_out
    assert {line: old[line] for line in left_out} == {line: new[line] for line in left_out}


EDITS: dict[str, Callable[[JobDescription], changes.Change]] = {
    "text": lambda jd: changes.ChangeLine(_lines(jd)[3], {"text": "Other words"}),
    "mark": lambda jd: changes.ChangeLine(_lines(jd)[3], {"essential": "essential"}),
    "percent": lambda jd: changes.ChangeLine(_lines(jd)[3], {"percent": 20}),
    "detail": lambda jd: changes.ChangeLine(_lines(jd)[3], {"detail": "In detail"}),
    "sub-line": lambda jd: changes.AddLine(_section(jd), {"text": "New"}, parent=_lines(jd)[3]),
    "repeat": lambda jd: changes.AddLine(_section(jd), {"text": "Duty 4"}),
}


@pytest.mark.parametrize("name", EDITS)
def test_what_someone_else_changed_is_shown(client, jd, name):
    """Whatever it is: the next answer has every line that looks different."""
    page = _open(client, jd)
    old = {line.get("id"): _look(line) for line in find(page.text, "li", class_="line")}
    builders.change(jd, EDITS[name](jd))
    answer = _answer(page, "save").text
    new = {
        line.get("id"): _look(line) for line in find(_open(client, jd).text, "li", class_="line")
    }
    changed = {line for line in new if new[line] != old.get(line)}
    assert changed
    shown = {one.get("id") for one in find(answer, "li", class_="line")}
    assert changed <= shown
    assert len(shown) < len(new)


def test_a_line_that_was_changed_back_has_a_new_base(client, jd):
    """The page that has the old one would conflict with its own changes."""
    page = _open(client, jd)
    uid = _lines(jd)[3]
    builders.change(jd, changes.ChangeLine(uid, {"text": "Other words"}))
    builders.change(jd, changes.ChangeLine(uid, {"text": "Duty 4"}))
    assert uid in _shown(_answer(page, "save").text)


def test_a_line_with_a_newer_wording_is_shown_again(client, jd):
    author = builders.user("curator")
    snippet = builders.snippet("Answer letters")
    builders.change(jd, changes.AddSnippets(_section(jd), (snippet.pk,)))
    page = _open(client, jd)
    library.revise(snippet=snippet, text="Answer all letters", by=author, based_on=1)
    answer = _answer(page, "save").text
    assert _lines(jd)[-1] in _shown(answer)
    assert "Answer all letters" in words(answer)


def test_open_lines_stay_open(client, jd):
    uid = _lines(jd)[3]
    page = _open(client, jd)
    answer = _answer(page, f"open:{uid}").text
    assert find(answer, id=f"more-{uid}")
    answer = _answer(page, f"line-up:{_lines(jd)[6]}", open=[uid]).text
    assert find(answer, id=f"more-{uid}")


def test_errors_are_in_the_answer(client, jd):
    page = _open(client, jd)
    uid = _lines(jd)[3]
    response = _answer(page, f"line-up:{uid}", **{f"line-{uid}-text": ""})
    assert response.status_code == 422
    assert uid in _shown(response.text)
    assert by_id(response.text, f"line-{uid}-text").get("aria-invalid") == "true"
    assert words(by_id(response.text, "refused"))
    assert not _keys(response.text).get(f"line-{uid}")  # so the next answer has it as it is stored


def test_a_page_that_asks_for_nothing_special_is_redirected(client, jd):
    page = _open(client, jd)
    data = {**page.data, "action": f"line-up:{_lines(jd)[3]}"}
    assert client.post(page.url, data).status_code == 302


def test_a_button_that_leads_elsewhere_still_does(client, jd):
    response = _answer(_open(client, jd), "go:summary")
    assert response.status_code == 302
    assert "/summary/" in response["Location"]


def test_a_nonce_counts_once_and_the_answer_has_another(client, jd):
    page = _open(client, jd)
    first = _answer(page, f"line-up:{_lines(jd)[3]}")
    order = _lines(jd)
    again = _answer(page, f"line-up:{order[3]}")
    assert again.status_code == 200
    assert _lines(jd) == order
    nonces = {find(one.text, "input", name="nonce")[0].get("value") for one in (first, again)}
    assert page.typed("nonce") not in nonces


def test_only_rows_that_are_posted_are_compared(client, jd):
    """A button sends its own row and those that were edited."""
    page = _open(client, jd)
    uid = _lines(jd)[3]
    other = _lines(jd)[6]
    kept = ("csrfmiddlewaretoken", "nonce", "token", f"line-{uid}-", f"line-{other}-")
    page.data = {name: value for name, value in page.data.items() if name.startswith(kept)}
    response = _answer(page, f"line-up:{uid}", **{f"line-{other}-text": "Typed"})
    assert response.status_code == 200
    assert other in _shown(response.text)
    texts = dict(jd.lines.values_list("uid", "text"))
    assert texts[other] == "Typed"
    assert texts[_lines(jd)[0]] != ""


def test_more_lines_need_no_more_queries(client, jd):
    counts = []
    for _size in range(2):
        page = _open(client, jd)
        with CaptureQueriesContext(connection) as captured:
            _answer(page, f"line-down:{_lines(jd)[0]}")
        counts.append(len(captured))
        for number in range(20):
            builders.add_line(jd, _section(jd), f"Another duty {number}")
    assert counts[0] == counts[1]
