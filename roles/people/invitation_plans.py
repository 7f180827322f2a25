"""What will happen to each row of a list of people to invite, before anything is done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from roles import permissions
from roles.importers.people_list import PersonRow
from roles.limits import PERSON_NAME_LIMIT
from roles.models import Department, User
from roles.models.text_fields import validate_text
from roles.people import addresses
from roles.people.account_access import Access
from roles.people.invitations import Invitee

EMAIL_LIMIT = 254  # characters
_ADMINISTRATORS = ("administrator", "administrators", "admin", "admins")
# How names can be separated in a cell: the first that gives only known ones.
_SEPARATORS = (r"[\n;|]", r"[\n;|,]")
_is_address = EmailValidator()


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row with the person that it invites, and with what is wrong. `account` is the one that
    already has the address. Rows without problems can be sent."""

    row: PersonRow
    invitee: Invitee
    departments: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    account: User | None = None


def plan(rows: Iterable[PersonRow], default: Access) -> list[PlannedRow]:
    """Returns what each row will do. Rows without groups of their own get those of `default`, and
    the same for departments."""
    rows = list(rows)
    known = _Known.load(rows)
    lines: dict[str, int] = {}
    return [_planned(row, default, known, lines) for row in rows]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows can name, by its name in lower case: kinds, departments, and addresses that are
    taken."""

    kinds: Mapping[str, str]
    departments: Mapping[str, Department]
    taken: frozenset[str]
    accounts: Mapping[str, User]

    @classmethod
    def load(cls, rows: Iterable[PersonRow]) -> _Known:
        kinds = {name.casefold(): kind for kind, name in permissions.GROUPS.items()}
        kinds |= {name.removesuffix("s"): kind for name, kind in kinds.items()}
        # Other addresses might have characters that a database refuses.
        wanted = {_lower(row) for row in rows if not any(_wrong_values(row, _lower(row)))}
        accounts = User.objects.filter(email__in=wanted).select_related("invitation")
        return cls(
            kinds | dict.fromkeys(_ADMINISTRATORS, "admin"),
            {department.name.casefold(): department for department in Department.objects.all()},
            frozenset(addresses.taken(wanted)),
            {account.email: account for account in accounts},
        )


def _planned(row: PersonRow, default: Access, known: _Known, lines: dict[str, int]) -> PlannedRow:
    email = _lower(row)
    kinds, unknown_groups = _named(row.groups, known.kinds)
    departments, unknown_departments = _named(row.departments, known.departments)
    problems = [
        *_wrong_values(row, email),
        *(_("Unknown group: %s") % name for name in unknown_groups),
        *(_("Unknown department: %s") % name for name in unknown_departments),
    ]
    account = known.accounts.get(email)
    if not problems:
        problems += _taken(email, account, known, lines.get(email))
        lines.setdefault(email, row.line)
    ids = frozenset(department.pk for department in departments)
    access = Access(
        frozenset(kinds) if row.groups else default.kinds,
        ids if row.departments else default.departments,
    )
    names = {department.pk: department.name for department in known.departments.values()}
    return PlannedRow(
        row,
        Invitee(email, row.first_name, row.last_name, access),
        tuple(names[key] for key in sorted(access.departments) if key in names),
        tuple(problems),
        account,
    )


def _lower(row: PersonRow) -> str:
    return row.email.lower()


def _wrong_values(row: PersonRow, email: str) -> Iterator[str]:
    try:
        validate_text(row.text)
    except ValidationError as error:
        yield from error.messages
        return
    if not email:
        yield _("No email address")
    elif not is_address(email):
        yield _("Not an email address")
    if len(row.first_name) > PERSON_NAME_LIMIT or len(row.last_name) > PERSON_NAME_LIMIT:
        yield _("The name has more than %d characters") % PERSON_NAME_LIMIT
    if row.has_extra:
        yield _("More values than columns. Put quotation marks around values with commas.")


def is_address(email: str) -> bool:
    """Whether this is an email address that an account can have."""
    try:
        _is_address(email)
    except ValidationError:
        return False
    return len(email) <= EMAIL_LIMIT


def _taken(email: str, account: User | None, known: _Known, line: int | None) -> Iterator[str]:
    if line is not None:
        yield _("Repeats line %d") % line
    elif account is None and email in known.taken:
        yield _("Another account has this email address")
    elif account is not None and not account.is_active:
        yield _("The account is deactivated")
    elif account is not None and account.is_invited:
        yield _("Already invited")
    elif account is not None:
        yield _("Already has an account")


def _named(cell: str, known: Mapping[str, Any]) -> tuple[list[Any], list[str]]:
    """Returns what a cell names, and the names that are unknown. The cell can be one name with a
    comma in it."""
    names = [cell.strip()] if cell.strip() else []
    for separator in ("", *_SEPARATORS):
        if separator:
            names = [part.strip() for part in re.split(separator, cell) if part.strip()]
        unknown = [name for name in names if name.casefold() not in known]
        if not unknown:
            break
    return [known[name.casefold()] for name in names if name.casefold() in known], unknown
