"""A company whose job descriptions share a snippet with a new revision."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from django.db import connection

from roles import library
from roles.drafts import changes
from roles.models import JobDescription, Line, Rollout, SnippetRevision
from roles.rollouts import apply_rollout, impact
from tests import builders, rows

OLD = "We treat everyone alike."
NEW = "We give everyone the same chances, and mean it."


class Company:
    """Job descriptions whose approved version has an older revision, in a separate section."""

    def __init__(self, count: int = 2, kind: str = "boilerplate") -> None:
        builders.organization(name="Northwind")
        self.hr = builders.user("hr")
        self.lawyer = builders.user("no_group")
        self.snippet = builders.snippet(OLD, kind, by=self.hr)
        self.descriptions = [self.describe(n) for n in range(count)]
        self.revision = self.revise(NEW)

    def describe(self, number: int, **facts: Any) -> JobDescription:
        jd = builders.description(self.hr, f"Account manager {number}", **facts)
        section = builders.add_section(jd, "legal", "Equal opportunity")
        builders.change(jd, changes.AddSnippets(section, (self.snippet.pk,)))
        builders.approved(builders.version(jd))
        jd.refresh_from_db()
        return jd

    def revise(self, text: str, detail: str = "") -> SnippetRevision:
        newest = self.snippet.latest()
        revision = library.revise(
            snippet=self.snippet, text=text, detail=detail, by=self.hr, based_on=newest.number
        )
        assert revision is not None
        return revision

    def line(self, jd: JobDescription) -> Line:
        return jd.lines.get(section__kind="legal")

    def impact_on(self, jd: JobDescription) -> impact.Impact:
        impacts = {
            one.description.pk: one
            for one in impact.candidates(revision=self.revision, user=self.hr)
        }
        return impacts[jd.pk]

    def start_rollout(self, *jd: JobDescription, **values: Any) -> Rollout:
        given = {"by": self.hr, "approver": self.lawyer, "revision": self.revision, **values}
        started = apply_rollout.start(descriptions=jd or self.descriptions, **given)
        apply_rollout.run(started.pk)
        return started

    def reason(self, rollout: Rollout, jd: JobDescription) -> str:
        return rollout.entries.get(description=jd).reason


def ready() -> Company:
    """Returns a company with two job descriptions, created once per process and copied into the
    database of each test."""
    company, written = _company_with_rows()
    rows.insert(connection, written)
    return copy.deepcopy(company)


@cache
def _company_with_rows() -> tuple[Company, rows.Rows]:
    companies: list[Company] = []
    written = rows.written_by(connection, lambda: companies.append(Company()))
    return companies[0], written
