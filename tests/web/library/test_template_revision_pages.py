"""Tests of the revisions of a template: the list, what changed, and restoring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from roles.library import template_content, template_sections
from roles.library.template_content import LineValue
from roles.models import Template
from tests import builders
from tests.html import find, messages, words
from tests.pages import open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("curator")


@pytest.fixture
def template(client: Any) -> Template:
    return builders.template()


def change(template: Template, by: Any, **values: Any) -> None:
    """Changes the responsibilities."""
    section = template_content.stored(template)[1]
    template_sections.change_section(
        template=template,
        section=replace(section, **values),
        base=template_content.state_of(section),
        by=by,
    )


def address(template: Template, *number: int) -> str:
    name = "template_revision" if number else "template_revisions"
    return reverse(name, args=[template.code, *number])


@pytest.mark.both_databases
def test_revisions_say_who_did_what(client: Any, template: Template) -> None:
    assert "No revisions yet" in words(client.get(address(template)))
    uid = template_content.stored(template)[0].uid
    change(template, client.user, heading="Duties")
    template_sections.move_section(template=template, uid=uid, steps=1, by=client.user)
    template_sections.restore_revision(template=template, number=1, latest=3, by=client.user)
    rows = [words(row) for row in find(client.get(address(template)), "tr")][1:]
    name = str(client.user)
    expected = [
        ("Revision 4 Restored revision 1", name),
        ("Revision 3 Moved “What it is about”", name),
        ("Revision 2 Changed “Duties”", name),
        ("Revision 1 Before it was edited here", "–"),
    ]
    for row, (start, author) in zip(rows, expected, strict=True):
        assert row.startswith(f"{start} {author}")


@pytest.mark.both_databases
def test_revision_shows_what_changed(client: Any, template: Template) -> None:
    """Also what no document has: guidance, what is required or locked, and links."""
    section = template_content.stored(template)[1]
    detached = replace(section.lines[0], snippet=None, text="Visit all customers.")
    added = LineValue(uid="new", text="Answer calls.")
    change(
        template,
        client.user,
        guidance="Begin with a verb.",
        required=True,
        locked=True,
        lines=(detached, added),
    )
    page = client.get(address(template, 2))
    text = words(page)
    assert "“What you do” is required now." in text
    assert "“What you do” is locked now." in text
    assert "Links to the library changed in “What you do”." in text
    assert "Guidance of “What you do” added: Begin with a verb." in text
    assert "Answer calls." in "".join(map(words, find(page, "ins")))
    assert "What it is about" not in text
    whole = words(client.get(address(template, 2), {"show": "all"}))
    assert "You look after" in whole


def test_first_revision_shows_the_whole_template(client: Any, template: Template) -> None:
    change(template, client.user, heading="Duties")
    text = words(client.get(address(template, 1)))
    assert "What you do" in text
    assert "Duties" not in text
    assert client.get(address(template, 9)).status_code == 404


def test_revision_is_restored(client: Any, template: Template) -> None:
    before = template_content.stored(template)
    change(template, client.user, heading="Duties")
    page = open_page(client, address(template, 1))
    restored = page.send()
    assert "Revision 1 restored." in messages(restored.response)
    assert template_content.stored(template) == before
    again = client.get(address(template, 1))
    assert "The template is the same as this revision." in words(again)
    assert "Restore this revision" not in words(again)


def test_template_changed_since_is_not_replaced(client: Any, template: Template) -> None:
    change(template, client.user, heading="Duties")
    page = open_page(client, address(template, 1))
    change(template, builders.user("curator"), heading="Theirs")
    refused = page.send()
    assert refused.response.status_code == 409
    assert "Someone else changed this template since you opened this page." in refused.text
    assert template_content.stored(template)[1].heading == "Theirs"
    refused.send()
    assert template_content.stored(template)[1].heading == "What you do"


def test_restoring_what_is_stored_changes_nothing(client: Any, template: Template) -> None:
    change(template, client.user, heading="Duties")
    response = client.post(address(template, 2), {"latest": "2"}, follow=True)
    assert "already the same" in messages(response)
    assert template.revisions.count() == 2
