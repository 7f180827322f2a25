"""The export menu says what each audience won't see."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles.models import JobDescription
from tests import builders
from tests.html import find, words

pytestmark = pytest.mark.django_db


def without(response: Any) -> dict[str, str]:
    """What the menu says is hidden, by audience."""
    found = {}
    for part in find(response, "section"):
        heads = find(part, class_="menu-audience")
        if heads:
            notes = find(heads[0], class_="menu-hidden")
            found[part.get("aria-label", "")] = words(notes[0]).strip() if notes else ""
    return found


@pytest.fixture
def jd() -> JobDescription:
    jd = builders.description(pay_grade="G7")
    for kind, heading, audience in (("pay", "Pay", "restricted"), ("other", "Notes", "internal")):
        uid = builders.add_section(jd, kind, heading, "Text")
        jd.sections.filter(uid=uid).update(audience=audience)
    empty = builders.add_section(jd, "benefits", "Benefits")
    jd.sections.filter(uid=empty).update(audience="restricted")
    return jd


def test_menu_names_hidden_sections_with_content(client_for: Any, jd: JobDescription) -> None:
    client = client_for(jd.owner)
    expected = {"Public": "Without Pay, Notes", "Internal": "Without Pay", "Restricted": ""}
    assert without(client.get(reverse("preview", args=[jd.reference]))) == expected
    assert without(client.get(reverse("description", args=[jd.reference]))) == expected
    number = builders.version(jd).number
    assert without(client.get(reverse("version", args=[jd.reference, number]))) == expected


def test_menu_names_hidden_facts_of_sections_that_are_shown(
    client_for: Any, jd: JobDescription
) -> None:
    builders.add_section(jd, "facts", "Details")
    found = without(client_for(jd.owner).get(reverse("preview", args=[jd.reference])))
    assert found["Public"] == "Without Pay, Notes, Pay grade"


def test_pay_that_no_one_has_decided_about_is_hidden(client_for: Any, jd: JobDescription) -> None:
    jd.sections.filter(kind="pay").update(audience="")
    found = without(client_for(jd.owner).get(reverse("preview", args=[jd.reference])))
    assert found["Internal"] == "Without Pay"
