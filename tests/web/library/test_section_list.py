"""Tests of the list of a template's sections: add, move, remove."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles import library
from roles.library import template_content, template_sections
from roles.models import Snippet, Template
from tests import builders
from tests.html import by_id, links, messages, words

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("curator")


@pytest.fixture
def template(client: Any) -> Template:
    return builders.template()


def address(template: Template, name: str = "template_sections", *args: Any) -> str:
    return reverse(name, args=[template.code, *args])


def headings(template: Template) -> list[str]:
    return [section.heading for section in template_content.stored(template)]


def uid(template: Template, kind: str) -> str:
    return str(template.sections.get(kind=kind).uid)


@pytest.mark.both_databases
def test_sections_are_listed_in_order_beside_a_preview(client: Any, template: Template) -> None:
    """With their type, the number of lines, and what authors must know."""
    template.sections.filter(kind="summary").update(locked=True, audience="internal")
    page = client.get(address(template))
    row = words(by_id(page, f"section-{uid(template, 'summary')}"))
    assert row.startswith("What it is about Summary · 1 line Required Locked Internal")
    assert page.text.index("What it is about</a>") < page.text.index("What you do</a>")
    assert "Visit the customers of Account manager, short." in words(by_id(page, "template-paper"))


def test_template_page_links_to_its_sections(client: Any, template: Template) -> None:
    found = links(client.get(template.get_absolute_url()))
    assert found[address(template)] == "Edit sections"
    assert found[address(template, "template_revisions")] == "Revisions"


def test_section_is_added_and_opened(client: Any, template: Template) -> None:
    first = uid(template, "summary")
    data = {"kind": "faq", "heading": " Questions ", "after": first, "action": "section-new"}
    response = client.post(address(template), data)
    added = uid(template, "faq")
    assert response.headers["Location"] == address(template, "template_section", added)
    assert headings(template) == ["What it is about", "Questions", "What you do"]
    assert "Section added." in messages(client.get(response.headers["Location"]))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choose a section type."),
        ({"kind": "moon"}, "Select a valid choice"),
        ({"kind": "faq", "after": "moon"}, "Select a valid choice"),
        ({"kind": "faq", "heading": "x" * 151}, "Use at most 150 characters"),
        ({"kind": "faq", "heading": "bell \x07"}, "U+0007"),
    ],
)
def test_invalid_section_keeps_what_was_typed(
    client: Any, template: Template, data: dict[str, str], message: str
) -> None:
    response = client.post(address(template), data)
    assert response.status_code == 422
    assert message in response.text
    assert response.context["form"]["heading"].value() == data.get("heading")
    assert len(headings(template)) == 2


def test_form_sent_twice_adds_one_section(client: Any, template: Template) -> None:
    data = {"kind": "faq", "nonce": "once"}
    answers = {client.post(address(template), data).headers["Location"] for _ in range(2)}
    assert len(answers) == 1
    assert len(headings(template)) == 3


def test_section_is_moved(client: Any, template: Template) -> None:
    """Unknown ones, such as those that someone else removed, change nothing."""
    up = {"action": f"section-up:{uid(template, 'responsibilities')}"}
    response = client.post(address(template), up, follow=True)
    assert "Section moved up." in response.text
    assert headings(template) == ["What you do", "What it is about"]
    assert client.post(address(template), {"action": "section-down:gone"}).status_code == 302
    assert template.revisions.count() == 2


def test_removal_is_confirmed(client: Any, template: Template) -> None:
    section = uid(template, "responsibilities")
    remove = address(template, "template_section_remove", section)
    page = client.get(remove)
    assert "“What you do” and its 1 line will be removed." in words(page)
    response = client.post(remove, {"base": page.context["base"]}, follow=True)
    assert "Section removed." in messages(response)
    assert headings(template) == ["What it is about"]
    again = client.post(remove, {"base": page.context["base"]}, follow=True)
    assert "Someone else already removed this section." in messages(again)
    assert client.get(remove).status_code == 404


def test_section_changed_since_is_not_removed(client: Any, template: Template) -> None:
    """The page says so, and asks about the section as it is now."""
    section = template_content.stored(template)[1]
    remove = address(template, "template_section_remove", section.uid)
    page = client.get(remove)
    other = builders.user("curator", first_name="Kim", last_name="Larsen")
    template_sections.change_section(
        template=template,
        section=template_content.SectionValue(section.uid, section.kind, "Theirs"),
        base=template_content.state_of(section),
        by=other,
    )
    response = client.post(remove, {"base": page.context["base"]})
    assert response.status_code == 409
    assert "The last change is by Kim Larsen." in words(response)
    assert "“Theirs” and its 0 lines" in words(response)
    assert len(headings(template)) == 2
    client.post(remove, {"base": response.context["base"]})
    assert len(headings(template)) == 1


def test_last_section_is_not_removed(client: Any, template: Template) -> None:
    template.sections.filter(kind="summary").delete()
    remove = address(template, "template_section_remove", uid(template, "responsibilities"))
    base = client.get(remove).context["base"]
    response = client.post(remove, {"base": base}, follow=True)
    assert "A template needs at least one section. Add another one first." in words(response)
    assert len(headings(template)) == 1


def test_template_without_sections_says_what_to_do(client: Any, template: Template) -> None:
    template.sections.all().delete()
    page = client.get(address(template))
    assert "No sections yet" in words(page)
    client.post(address(template), {"kind": "faq"})
    assert headings(template) == ["Frequently asked questions"]


def test_retired_snippets_are_counted(client: Any, template: Template) -> None:
    library.set_status(snippet=Snippet.objects.get(), status="retired", by=client.user)
    page = client.get(address(template))
    assert "1 retired snippet" in words(page)
    assert "Visit the customers" not in words(by_id(page, "template-paper"))
