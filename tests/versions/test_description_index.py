"""What the list of job descriptions in effect keeps of a version."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from roles.drafts import changes, lifecycle
from roles.models import JobDescription, JobDescriptionIndex, Location, Version
from roles.versions import effective_periods, purge
from tests import builders

pytestmark = pytest.mark.django_db


def make_current(jd: JobDescription) -> Version:
    version = builders.approved(builders.version(jd))
    effective_periods.make_effective(version=version, since=timezone.localdate(), by=jd.owner)
    return version


@pytest.fixture
def jd() -> JobDescription:
    """One with a placeholder in its title, two places, and a restricted fact."""
    builders.organization(fact_audiences={"department": "restricted"})
    facts: dict[str, Any] = {
        "title": "Seller for [Region]",
        "similar_titles": ["Hunter in [Region]"],
        "department": builders.department("Acquisitions"),
        "work_mode": "remote",
        "locations": [Location.objects.create(city=city) for city in ("Denver", "Bergen")],
    }
    jd = builders.description()
    builders.change(
        jd, changes.ChangeFacts(facts), changes.AnswerPlaceholder("region", "the North")
    )
    return jd


def values() -> list[Any]:
    return list(JobDescriptionIndex.objects.order_by("pk").values())


def test_has_the_internal_content(jd: JobDescription) -> None:
    version = make_current(jd)
    kept = JobDescriptionIndex.objects.get()
    assert kept.version == version
    assert kept.title == "Seller for the North"
    assert (kept.family, kept.level) == ("Account management", "Mid level")
    assert kept.department == ""  # restricted
    assert kept.places == ["Bergen", "Denver"]
    assert kept.work_mode_words == "Remote"
    assert " hunter " in kept.search_text
    assert "acquisit" not in kept.search_text


def test_is_saved_once_per_version(jd: JobDescription) -> None:
    """Not of those that never held; one that holds again has its row already."""
    first = make_current(jd)
    builders.version(jd)
    second = make_current(jd)
    effective_periods.make_effective(version=first, since=timezone.localdate(), by=jd.owner)
    assert set(JobDescriptionIndex.objects.values_list("version", flat=True)) == {
        first.pk,
        second.pk,
    }


def test_is_deleted_with_its_version(jd: JobDescription) -> None:
    make_current(jd)
    purge.purge(description=lifecycle.archive(description=jd, by=jd.owner), by=None)
    assert not JobDescriptionIndex.objects.exists()
