"""The generated organization of the benchmarks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.urls import reverse

from bench import make_scale_data
from roles import assembly, document, stored_values
from roles.audit import integrity
from roles.models import (
    Event,
    JobDescription,
    Line,
    Notification,
    PayRange,
    Review,
    Section,
    Snippet,
    SnippetRevision,
    Version,
)
from tests import builders, rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SNIPPETS, DESCRIPTIONS = 300, 30


@pytest.fixture(autouse=True)
def _development(settings: Any) -> None:
    settings.DEBUG = True


def generate(seed: int = 1) -> None:
    sizes = ("--snippets", str(SNIPPETS), "--descriptions", str(DESCRIPTIONS))
    make_scale_data.main([*sizes, "--seed", str(seed)])


@pytest.fixture(scope="module")
def _generated_rows(django_db_setup: None, django_db_blocker: Any) -> rows.Rows:
    with django_db_blocker.unblock(), override_settings(DEBUG=True):
        return rows.written_by(connection, generate)


@pytest.fixture
def generated(db: None, _generated_rows: rows.Rows) -> None:
    """The rows that the script creates, generated once per module."""
    rows.insert(connection, _generated_rows)


def generated_texts(seed: int) -> list[Any]:
    """Returns the texts of a seed; the transaction is rolled back."""
    with transaction.atomic():
        generate(seed)
        texts = [
            list(Snippet.objects.order_by("code").values_list("code", "text", "status")),
            list(Version.objects.order_by("pk").values_list("sha256", "note")),
            list(JobDescription.objects.order_by("reference").values_list("reference", "title")),
        ]
        transaction.set_rollback(True)
    return texts


def test_generates_the_requested_numbers_of_different_texts(generated):
    assert Snippet.objects.count() == SNIPPETS
    assert Snippet.objects.values("text").distinct().count() == SNIPPETS
    assert SnippetRevision.objects.count() > SNIPPETS
    assert JobDescription.objects.count() == DESCRIPTIONS
    for description in JobDescription.objects.all():
        assert 4 <= description.sections.count() <= 7
        assert 8 <= description.lines.count() <= 40
        assert description.versions.count() <= 3
    assert Line.objects.filter(revision=None).count() < Line.objects.count() / 2


def test_the_same_seed_generates_the_same_texts():
    assert generated_texts(7) == generated_texts(7)
    assert generated_texts(7) != generated_texts(8)


def test_rows_are_valid(generated):
    for model in (Snippet, JobDescription, Section, Line, PayRange):
        for row in model.objects.all():
            row.full_clean(validate_unique=False)


def test_versions_equal_those_of_actions(generated):
    """Each has a valid document, hash, and uses; the latest is equal to the draft."""
    versions = Version.objects.select_related("description")
    assert versions
    for version in versions:
        assert version.document.canonical_json().decode() == version.text
        assert document.sha256(version.text.encode()) == version.sha256
        whole = version.document
        assert not any(whole.is_empty(section) for section in whole.sections)
        uids = {
            line["uid"] for part in json.loads(version.text)["sections"] for line in part["lines"]
        }
        assert set(version.uses.values_list("line_uid", flat=True)) <= uids
        if version.description.status in ("approved", "current"):
            assert version.document.open_placeholders() == []
    for description in JobDescription.objects.filter(versions__isnull=False).distinct():
        newest = description.versions.order_by("-number")[0]
        draft = assembly.assemble(JobDescription.objects.get(pk=description.pk))
        assert document.sha256(draft.canonical_json()) == newest.sha256


def test_reviews_and_notifications_are_in_proportion(generated):
    """As lists show them, and with what actions store for lists."""
    in_review = JobDescription.objects.filter(status="in_review")
    assert {review.description for review in Review.objects.open()} == set(in_review)
    assert Review.objects.count() >= DESCRIPTIONS / 3
    assert Notification.objects.count() > Review.objects.count()
    for name, value in stored_values.STORED_VALUES.items():
        assert not value.wrong().exists(), name


def test_the_event_chains_are_valid_and_record_it(generated):
    assert list(integrity.problems()) == []
    assert Event.objects.count() > 3 * DESCRIPTIONS
    assert Event.objects.filter(verb="scale.made").count() == 1


def test_the_next_job_description_gets_a_free_reference(generated):
    assert builders.description().reference


def test_its_pages_open(generated, client_for):
    client = client_for("admin")
    description = JobDescription.objects.filter(versions__isnull=False, confidential=False)[0]
    addresses = [
        reverse("descriptions"),
        reverse("library"),
        reverse("description", args=[description.reference]),
        *(reverse(name) for name in ("home", "reviews", "activity", "catalog", "rollouts")),
        reverse("version", args=[description.reference, 1]),
        reverse("wizard_step", args=[description.reference, "responsibilities"]),
    ]
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)


def test_refuses_if_debug_is_off(settings):
    settings.DEBUG = False
    with pytest.raises(SystemExit):
        generate()
    assert not Snippet.objects.exists()
    make_scale_data.main(["--snippets", "5", "--descriptions", "1", "--force"])
    assert JobDescription.objects.count() == 1


def test_refuses_to_generate_twice(generated):
    with pytest.raises(SystemExit):
        generate()


def test_refuses_less_than_one():
    with pytest.raises(SystemExit):
        make_scale_data.main(["--snippets", "0"])
