"""A company whose job descriptions share a text of the library, which has new words."""

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
    """Some job descriptions whose approved version holds an older wording, `extra` in a section
    of their own."""

    def __init__(self, count: int = 2, kind: str = "boilerplate") -> None:
        builders.organization(name="Northwind")
        self.hr = builders.user("hr")
        self.lawyer = builders.user("no_group")
        self.snippet = builders.snippet(OLD, kind, by=self.hr)
        self.made = [self.describe(n) for n in range(count)]
        self.revision = self.revise(NEW)

    def describe(self, number: int, **facts: Any) -> JobDescription:
        made = builders.description(self.hr, f"Account manager {number}", **facts)
        section = builders.add_section(made, "legal", "Equal opportunity")
        builders.change(made, changes.AddSnippets(section, (self.snippet.pk,)))
        builders.approved(builders.version(made))
        made.refresh_from_db()
        return made

    def revise(self, text: str, detail: str = "") -> SnippetRevision:
        newest = self.snippet.latest()
        return library.revise(
            snippet=self.snippet, text=text, detail=detail, by=self.hr, based_on=newest.number
        )

    def line(self, made: JobDescription) -> Line:
        return made.lines.get(section__kind="legal")

    def reached(self, made: JobDescription) -> impact.Impact:
        found = {
            one.description.pk: one
            for one in impact.candidates(revision=self.revision, user=self.hr)
        }
        return found[made.pk]

    def start_rollout(self, *made: JobDescription, **values: Any) -> Rollout:
        given = {"by": self.hr, "approver": self.lawyer, "revision": self.revision, **values}
        started = apply_rollout.start(descriptions=made or self.made, **given)
        apply_rollout.run(started.pk)
        return started

    def reason(self, rollout: Rollout, made: JobDescription) -> str:
        return rollout.entries.get(description=made).reason


def ready() -> Company:
    """One with two job descriptions, the same for every test: made once in a process, and put
    into the database of each."""
    made, written = _made()
    rows.insert(connection, written)
    return copy.deepcopy(made)


@cache
def _made() -> tuple[Company, rows.Rows]:
    made: list[Company] = []
    written = rows.written_by(connection, lambda: made.append(Company()))
    return made[0], written
