"""The rows of reviewers in a form: the person in each row, and its errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import folding, limits
from roles.comparison import approval_hashes
from roles.limits import REVIEWERS_LIMIT
from roles.models import User
from roles.models.text_fields import validate_text
from roles.reviews import section_names
from roles.reviews.assignments import ReviewerRequest
from roles.vocabulary import ROLES

SCOPES = {"all": gettext_lazy("All sections"), "some": gettext_lazy("Only selected sections")}
WHO_LIMIT = 320  # characters: an email address, perhaps with a name before it
KEY = re.compile(r"[0-9]{1,4}")


class ReviewerDirectory:
    """The accounts that can be reviewers, found by the name or address that was entered."""

    def __init__(self, accounts: Iterable[User], closed: Iterable[str] = ()) -> None:
        """`closed` are email addresses of deactivated accounts."""
        self.accounts = list(accounts)
        self.closed = {_folded(address) for address in closed}
        self._found: dict[str, list[User]] = {}
        for user in self.accounts:
            for name in {*map(_folded, (str(user), user.username, user.email))} - {""}:
                self._found.setdefault(name, []).append(user)
        for user in self.accounts:
            self._found.setdefault(_folded(self.label(user)), [user])

    def label(self, user: User) -> str:
        """Returns the unique name of an account in the list of suggestions."""
        name = str(user)
        is_plain = name == user.username and len(self.find(name)) == 1
        return name if is_plain else f"{name} ({user.username})"

    @property
    def labels(self) -> list[str]:
        return sorted((self.label(user) for user in self.accounts), key=str.casefold)

    def find(self, typed: str) -> list[User]:
        """Returns the accounts with that name, user name, email address or label."""
        return self._found.get(_folded(typed), [])


def directory() -> ReviewerDirectory:
    """Returns the accounts that can be reviewers."""
    closed = User.objects.filter(is_active=False).exclude(email="")
    return ReviewerDirectory(
        User.objects.filter(is_active=True).order_by("pk"), closed.values_list("email", flat=True)
    )


@dataclass
class ReviewerRow:
    """A reviewer as a form shows and sends them; `key` is in the names of the fields. `asked` is
    the person in the row, set by `read` if the row is valid."""

    who_limit: ClassVar = WHO_LIMIT

    key: str
    who: str = ""
    name: str = ""
    role: str = "approver"
    scope: str = "all"
    sections: tuple[str, ...] = ()
    errors: dict[str, str] = field(default_factory=dict)
    asked: ReviewerRequest | None = None
    note: str = ""

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
    return [
        ReviewerRow(
            key=key,
            who=_tidy(data.get(f"who-{key}", ""))[:WHO_LIMIT],
            name=_tidy(data.get(f"name-{key}", "")),
            role=_known(data.get(f"role-{key}", ""), ROLES),
            scope=_known(data.get(f"scope-{key}", ""), SCOPES),
            sections=tuple(data.getlist(f"section-{key}")[: limits.SECTIONS_LIMIT + 2]),
        )
        for key in keys[:REVIEWERS_LIMIT]
    ]


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
        row = replace(row, errors={}, asked=None)
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


def find_person(typed: str, name: str, directory: ReviewerDirectory) -> ReviewerRequest:
    """Returns the person that was entered: an account, or an email address with a name. Raises
    ValidationError if there is none."""
    accounts = directory.find(typed)
    if len(accounts) > 1:
        raise ValidationError(_("More than one person has that name. Choose one from the list."))
    if accounts:
        return ReviewerRequest(user=accounts[0])
    called, address = parseaddr(typed)
    try:
        validate_email(address)
    except ValidationError as error:
        message = _(
            "We couldn’t find “%s”. Choose someone from the list or enter an email address."
        )
        raise ValidationError(message % typed) from error
    by_address = directory.find(address)
    if by_address:
        return ReviewerRequest(user=by_address[0])
    if _folded(address) in directory.closed:
        raise ValidationError(_("The account with this email address is deactivated."))
    return ReviewerRequest(
        email=address.lower(), name=name or _tidy(called)[: limits.PERSON_NAME_LIMIT]
    )


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
        found = find_person(row.who, row.name, directory)
    except ValidationError as error:
        row.errors["who"] = " ".join(error.messages)
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


def _tidy(text: str) -> str:
    return folding.tidy(text, one_line=True)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
