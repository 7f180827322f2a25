"""Newer wording of a snippet: shown in drafts, and what to do about each that a rollout skips."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from roles import drafts
from roles.drafts import changes
from roles.library import newer_wording
from roles.models import JobDescription, Snippet
from roles.rollouts import impact
from tests import builders, sharing
from tests.html import by_id, find, words
from tests.pages import open_page
from tests.sharing import NEW, OLD, Company

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def company() -> Company:
    return sharing.ready()


@pytest.fixture
def client(company) -> Any:
    made = Client()
    made.force_login(company.hr)
    return made


def step(jd: JobDescription) -> str:
    return reverse("wizard_step", args=[jd.reference, "closing"])


@pytest.mark.slow
def test_the_draft_shows_newer_wording_and_takes_it(client, company) -> None:
    jd = company.descriptions[0]
    line = company.line(jd)
    page = open_page(client, step(jd))
    assert f"Newer wording available: “{NEW}”" in page.text
    assert NEW in page.text
    page.press(f"line-newer:{line.uid}:{company.revision.pk}")
    line.refresh_from_db()
    assert (line.text, line.revision) == (NEW, company.revision)
    assert "Newer wording available" not in client.get(step(jd)).text
    open_page(client, step(jd)).press("undo")
    line.refresh_from_db()
    assert line.text == OLD


def test_the_page_of_the_job_description_counts_them(client, company) -> None:
    jd = company.descriptions[0]
    assert "Newer wording available for 1 line." in client.get(jd.get_absolute_url()).text
    company.line(jd).delete()
    assert "Newer wording available" not in client.get(jd.get_absolute_url()).text


def reword(company: Company, jd: JobDescription) -> None:
    builders.change(jd, changes.ChangeLine(company.line(jd).uid, {"text": "Ours."}))


def take(company: Company, jd: JobDescription) -> None:
    builders.change(jd, changes.TakeRevision(company.line(jd).uid, company.revision.pk))


def type_the_new_wording(company: Company, jd: JobDescription) -> None:
    builders.change(jd, changes.ChangeLine(company.line(jd).uid, {"text": NEW}))


def retire(company: Company, jd: JobDescription) -> None:
    Snippet.objects.update(status="retired")


def revise_again(company: Company, jd: JobDescription) -> None:
    take(company, jd)
    company.revise("The third wording.")


@pytest.mark.parametrize(
    ("happens", "count"),
    [
        (lambda company, jd: None, 1),
        (reword, 1),
        (take, 0),
        (type_the_new_wording, 0),
        (retire, 0),
        (revise_again, 1),
    ],
    ids=["older", "reworded", "taken", "typed", "retired", "revised again"],
)
def test_which_lines_have_newer_wording(company, happens, count) -> None:
    jd = company.descriptions[0]
    happens(company, jd)
    assert newer_wording.count_in_draft(jd) == count


def test_an_older_revision_is_refused(company) -> None:
    jd = company.descriptions[0]
    line = company.line(jd)
    old = line.revision
    take(company, jd)
    with pytest.raises(drafts.ActionRefused, match="already has a newer wording"):
        builders.change(jd, changes.TakeRevision(line.uid, old.pk))
    line.refresh_from_db()
    assert line.text == NEW


def test_a_locked_section_takes_it_too(client, company) -> None:
    jd = company.descriptions[0]
    jd.sections.filter(kind="legal").update(locked=True)
    line = company.line(jd)
    open_page(client, step(jd)).press(f"line-newer:{line.uid}:{company.revision.pk}")
    line.refresh_from_db()
    assert line.text == NEW


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow(company, client) -> None:
    jd = company.descriptions[0]

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(step(jd))
        return len(queries)

    count()
    before = count()
    section = jd.sections.get(kind="legal").uid
    for number in range(5):
        snippet = builders.snippet(f"Statement {number}.", "boilerplate", by=company.hr)
        builders.change(jd, changes.AddSnippets(section, (snippet.pk,)))
    assert count() == before


# --- what a rollout skips


def unsaved(company: Company, jd: JobDescription) -> None:
    builders.add_line(jd, jd.sections.get(kind="summary").uid, "Not saved.")


def in_review(company: Company, jd: JobDescription) -> None:
    builders.version(jd)
    builders.review(jd, builders.user("manager"))


def changed_since(company: Company, jd: JobDescription) -> None:
    unsaved(company, jd)
    builders.version(jd)


def never_approved(company: Company, jd: JobDescription) -> None:
    jd.versions.get().approval.delete()


SKIPPED = [
    (unsaved, "aren’t in a version yet", "Save and approve a version, then roll out again."),
    (in_review, "It’s in review.", "Finish or withdraw the review, then roll out again."),
    (changed_since, "Changed since the last approval", "Get these changes approved"),
    (never_approved, "None of its versions is approved.", "Get a version approved"),
    (take, "aren’t in a version yet", "Save and approve a version"),
]


@pytest.mark.parametrize(("happens", "reason", "advice"), SKIPPED)
def test_the_start_page_says_what_to_do(client, company, happens, reason, advice) -> None:
    happens(company, company.descriptions[0])
    page = client.get(f"{reverse('rollout_new')}?snippet={company.snippet.pk}")
    text = words(by_id(page, "main"))
    assert reason in text
    assert advice in text
    assert "Their authors see “Newer wording available” next to the line in the draft." in text


def test_the_page_of_a_rollout_says_what_to_do(client, company) -> None:
    unsaved(company, company.descriptions[0])
    rollout = company.start_rollout()
    page = client.get(rollout.get_absolute_url())
    [table] = find(page, "table", aria_labelledby="left-out")
    assert "Save and approve a version, then roll out again." in words(table)


def test_every_reason_has_advice() -> None:
    for begin, what in impact.ADVICE:
        assert impact.advice(str(begin)) == str(what)
    assert impact.advice("Someone changed it during the rollout.") == str(impact.OTHER_ADVICE)
    assert impact.advice("") == ""
