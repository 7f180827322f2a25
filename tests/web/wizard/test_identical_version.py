"""Saving a version without a change is asked first."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from roles.models import JobDescription, Version
from tests import builders
from tests.html import by_id, words
from tests.pages import Page, open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
ASKED = "Nothing changed since version 1, so no version was saved."


@pytest.fixture
def client(client_for) -> Any:
    return client_for("hr")


@pytest.fixture
def jd(client) -> JobDescription:
    return builders.description(client.user)


def finish(client: Any, jd: JobDescription) -> Page:
    return open_page(client, reverse("wizard_step", args=[jd.reference, "finish"]))


@pytest.mark.slow
def test_the_first_version_is_saved_at_once(client, jd) -> None:
    assert "version:same" not in finish(client, jd).buttons
    finish(client, jd).press("version")
    assert Version.objects.count() == 1


@pytest.mark.slow
def test_an_identical_version_is_asked_first_and_then_saved(client, jd) -> None:
    builders.version(jd)
    page = finish(client, jd)
    assert "version:same" not in page.buttons
    back = page.press("version", note="Signed copy", label="2026")
    assert back.response.status_code == 200
    assert ASKED in words(by_id(back.response, "nothing-changed"))
    assert back.typed("note") == "Signed copy"
    assert back.typed("label") == "2026"
    assert Version.objects.count() == 1
    done = back.press("version:same")
    assert done.url == reverse("version", args=[jd.reference, 2])
    saved = jd.versions.get(number=2)
    assert (saved.note, saved.label) == ("Signed copy", "2026")
    assert saved.sha256 == jd.versions.get(number=1).sha256


@pytest.mark.slow
def test_a_change_on_the_same_page_is_a_change(client, jd) -> None:
    builders.version(jd)
    builders.add_line(jd, jd.sections.get(kind="summary").uid, "In [city]")
    builders.version(jd)
    page = finish(client, jd)
    [name] = [name for name in page.data if name.startswith("answer-") and name.endswith("-value")]
    page.data[name] = ["Denver"]
    page.press("version")
    assert Version.objects.count() == 3


@pytest.mark.slow
def test_a_change_that_was_undone_is_none(client, jd) -> None:
    builders.version(jd)
    builders.add_line(jd, jd.sections.get(kind="summary").uid, "More")
    page = finish(client, jd).press("undo")
    back = page.press("version")
    assert ASKED in back.text
    assert Version.objects.count() == 1


@pytest.mark.both_databases
def test_a_draft_like_an_older_version_is_saved(client, jd) -> None:
    builders.version(jd)
    builders.add_line(jd, jd.sections.get(kind="summary").uid, "More")
    builders.version(jd)
    jd.lines.filter(text="More").delete()
    finish(client, jd).press("version")
    assert Version.objects.count() == 3


def test_send_for_review_of_a_stale_page_uses_the_existing_version(client, jd) -> None:
    page = finish(client, jd)
    builders.version(jd)
    back = page.press("version:review")
    assert back.url == reverse("review_request", args=[jd.reference])
    assert "Nothing changed since version 1, so no other version was saved." in back.text
    assert Version.objects.count() == 1


def test_a_version_that_someone_saved_meanwhile_is_asked_about(client, jd) -> None:
    page = finish(client, jd)
    builders.version(jd)
    assert ASKED in page.press("version").text
    assert Version.objects.count() == 1


@pytest.mark.slow
def test_the_button_twice_saves_one(client, jd) -> None:
    builders.version(jd)
    back = finish(client, jd).press("version")
    assert {back.press("version:same").url for _ in range(3)} == {
        reverse("version", args=[jd.reference, 2])
    }
    assert Version.objects.count() == 2
