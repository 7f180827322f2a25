"""The rows of reviewers in a form: the person in each row, and its errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import limits
from roles.comparison import approval_hashes
from roles.limits import REVIEWERS_LIMIT
from roles.models.text_fields import validate_text
from roles.reviews import section_names
from roles.reviews.assignments import ReviewerRequest
from roles.vocabulary import ROLES
from roles.web.reviews import reviewer_directory
from roles.web.reviews.reviewer_directory import WHO_LIMIT, ReviewerDirectory

SCOPES = {"all": gettext_lazy("All sections"), "some": gettext_lazy("Only selected sections")}
KEY = re.compile(r"[0-9]{1,4}")


@dataclass
class ReviewerRow:
    """A reviewer as a form shows and sends them; `key` is in the names of the fields. `asked` is
    the person in the row, set by `read` if the row is valid; `choices` are the people they might
    mean instead."""

    key: str
    who: str = ""
    name: str = ""
    role: str = "approver"
    scope: str = "all"
    sections: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    asked: ReviewerRequest | None = None
    note: str = ""
    choices: list[str] = field(default_factory=list)
    typed: str = ""  # what the field of the person had, where `who` was chosen for it

    @property
    def who_field(self) -> str:
        """The name of the field of the person."""
        return f"who-{self.key}"

    @property
    def is_blank(self) -> bool:
        return not self.who and not self.name


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """A section that can be assigned to a reviewer."""

    key: str
    label: str
    is_restricted: bool


def section_choices(document: Any) -> list[SectionChoice]:
    """Returns the sections of a document as choices: the facts, the sections in order, the
    outline."""
    sections = approval_hashes.section_hashes(document)
    restricted = {one.uid for one in document.sections if one.audience == "restricted"}
    if any(fact.audience == "restricted" for fact in document.facts):
        restricted.add(approval_hashes.FACTS)
    keys = sorted(sections, key=lambda key: key != approval_hashes.FACTS)
    labels = section_names.names([sections[key] for key in keys])
    return [SectionChoice(k, label, k in restricted) for k, label in zip(keys, labels, strict=True)]


def sent_rows(data: MultiValueDict[str, str]) -> list[ReviewerRow]:
    """Returns the submitted rows, in order, not validated yet."""
    keys = [key for key in dict.fromkeys(data.getlist("row")) if KEY.fullmatch(key)]
    return [_sent_row(data, key) for key in keys[:REVIEWERS_LIMIT]]


def _sent_row(data: MultiValueDict[str, str], key: str) -> ReviewerRow:
    typed = reviewer_directory.tidy(data.get(f"who-{key}", ""))[:WHO_LIMIT]
    who = reviewer_directory.chosen(data, f"who-{key}")
    return ReviewerRow(
        key=key,
        who=who,
        name=reviewer_directory.tidy(data.get(f"name-{key}", "")),
        role=_known(data.get(f"role-{key}", ""), ROLES),
        scope=_known(data.get(f"scope-{key}", ""), SCOPES),
        sections=tuple(data.getlist(f"section-{key}")[: limits.SECTIONS_LIMIT + 2]),
        typed=typed if who != typed else "",
    )


def changed_rows(rows: Sequence[ReviewerRow], do: str) -> list[ReviewerRow]:
    """Returns the rows after a button: add, remove:<key>, up:<key>, down:<key>."""
    name, _colon, key = do.partition(":")
    found = list(rows)
    if name == "add" and len(found) < REVIEWERS_LIMIT:
        taken = [int(row.key) for row in found]
        return [*found, ReviewerRow(key=str(max(taken, default=-1) + 1))]
    place = next((n for n, row in enumerate(found) if row.key == key), None)
    if place is None:
        return found
    row = found.pop(place)
    if name == "remove":
        return found
    step = {"up": -1, "down": 1}.get(name, 0)
    found.insert(max(place + step, 0), row)
    return found


def read(
    rows: Sequence[ReviewerRow], directory: ReviewerDirectory, known: Mapping[str, Any]
) -> list[ReviewerRow]:
    """Returns the rows with their person or errors; the keys of `known` are those of the existing
    sections. Blank rows stay without either."""
    seen: set[tuple[int | None, str]] = set()
    found = []
    for row in rows:
        row = replace(row, errors={}, asked=None, choices=[])
        if not row.is_blank:
            _read(row, directory, known)
            _refuse_twice(row, seen)
        found.append(row)
    return found


def refuse_authors(rows: Iterable[ReviewerRow], authors: set[int]) -> None:
    """Adds an error to approvers who worked on the version themselves."""
    for row in rows:
        user = row.asked.user if row.asked else None
        if user is not None and row.role == "approver" and user.pk in authors:
            row.errors["role"] = (
                _(
                    "%s worked on this version, so they can’t approve it."
                    " Add them as a commenter or choose another approver."
                )
                % user
            )
            row.asked = None


def _read(row: ReviewerRow, directory: ReviewerDirectory, known: Mapping[str, Any]) -> None:
    """Sets `asked` or `errors`."""
    try:
        validate_text(row.name)
    except ValidationError as error:
        row.errors["name"] = " ".join(error.messages)
    if len(row.name) > limits.PERSON_NAME_LIMIT:
        row.errors["name"] = _("Names can have up to %d characters.") % limits.PERSON_NAME_LIMIT
    sections = tuple(key for key in row.sections if key in known) if row.scope == "some" else ()
    if row.scope == "some" and not sections:
        row.errors["scope"] = _("Select at least one section, or choose all sections.")
    if not row.who:
        row.errors["who"] = _("Choose someone from the list or enter an email address.")
        return
    try:
        found = reviewer_directory.find_person(row.who, row.name, directory)
    except reviewer_directory.PersonUnclear as unclear:
        row.errors["who"], row.choices = unclear.message, unclear.choices
        return
    if not row.errors:
        row.asked = replace(found, role=row.role, sections=sections)


def _refuse_twice(row: ReviewerRow, seen: set[tuple[int | None, str]]) -> None:
    if row.asked is None:
        return
    who = (row.asked.user.pk if row.asked.user else None, row.asked.email)
    if who in seen:
        row.errors["who"] = _("This person is already listed.")
        row.asked = None
    seen.add(who)


def _known(sent: str, table: Mapping[str, Any]) -> str:
    return sent if sent in table else next(iter(table))
