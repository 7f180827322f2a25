"""Restoring a version loses no draft: one that no version has is saved first."""

from __future__ import annotations

import pytest
from django.urls import reverse

from roles import versions
from roles.drafts import changes
from roles.models import Event, JobDescription
from roles.reviews import approval_eligibility
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def jd() -> JobDescription:
    """Two versions; the draft is the same as the second."""
    made = builders.description()
    builders.version(made)
    add(made, "You negotiate.")
    builders.version(made)
    return made


def add(jd: JobDescription, text: str) -> None:
    builders.add_line(jd, jd.sections.get(kind="qualifications").uid, text)


def restore(jd: JobDescription, number: int = 1) -> None:
    jd.refresh_from_db()
    version = jd.versions.get(number=number)
    versions.restore(description=jd, version=version, by=jd.owner, token=jd.edit_token)


def test_a_changed_draft_is_saved_as_an_automatic_version(jd) -> None:
    add(jd, "You travel.")
    restore(jd)
    saved = jd.versions.get(number=3)
    assert "You travel." in saved.text
    assert saved.label == "Automatic"
    assert saved.note == "The draft before version 1 was restored"
    assert saved.author == jd.owner
    assert not jd.lines.filter(text="You travel.").exists()
    assert Event.objects.filter(chain=jd.reference, verb="version.saved").count() == 3
    assert not list(Event.objects.broken(jd.reference))
    restore(jd, 3)
    assert jd.lines.filter(text="You travel.").exists()


@pytest.mark.parametrize("number", [1, 2])
def test_a_draft_that_a_version_has_is_not_saved_again(jd, number) -> None:
    restore(jd, number)
    restore(jd, 3 - number)
    assert jd.versions.count() == 2


def test_a_draft_like_an_older_version_is_not_saved_again(jd) -> None:
    restore(jd, 1)
    restore(jd, 2)
    restore(jd, 1)
    assert jd.versions.count() == 2


def test_an_incomplete_draft_is_saved_too(jd) -> None:
    lines = [changes.RemoveLine(uid) for uid in jd.lines.values_list("uid", flat=True)]
    builders.change(jd, *lines)
    jd.sections.update(required=True)
    restore(jd)
    assert jd.versions.get(number=3).label == "Automatic"
    assert jd.lines.exists()


def test_a_changed_title_is_a_change(jd) -> None:
    builders.change(jd, changes.ChangeFacts({"title": "Key account manager"}))
    restore(jd)
    assert jd.versions.get(number=3).document.title == "Key account manager"


def test_the_approved_version_is_no_longer_the_newest(jd) -> None:
    builders.approved(jd.versions.get(number=2))
    JobDescription.objects.update(status="approved")
    add(jd, "You travel.")
    restore(jd)
    jd.refresh_from_db()
    assert jd.status == "draft"
    assert hasattr(jd.versions.get(number=2), "approval")


def test_the_person_who_restored_cannot_approve_what_follows(jd) -> None:
    add(jd, "You travel.")
    colleague = builders.user("hr")
    version = jd.versions.get(number=1)
    jd.refresh_from_db()
    versions.restore(description=jd, version=version, by=colleague, token=jd.edit_token)
    add(jd, "You write.")
    assert colleague.pk in approval_eligibility.authors(builders.version(jd))


@pytest.mark.slow
def test_the_confirmation_and_the_answer_say_it(jd, client_for) -> None:
    client = client_for(jd.owner)
    url = reverse("version_restore", args=[jd.reference, 1])
    assert "is saved as version" not in client.get(url).text
    add(jd, "You travel.")
    page = client.get(url).text
    assert "The draft has changes since version 2. It’s saved as version 3 first" in page
    jd.refresh_from_db()
    answer = client.post(url, {"token": jd.edit_token}, follow=True).text
    assert "Draft restored from version 1." in answer
    assert "The previous draft is version 3." in answer
    jd.refresh_from_db()
    answer = client.post(url, {"token": jd.edit_token}, follow=True).text
    assert "The previous draft is" not in answer
