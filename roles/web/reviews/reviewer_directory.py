"""The accounts that can be reviewers, found by what someone typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from roles import folding, limits, search_words
from roles.models import User
from roles.reviews.assignments import ReviewerRequest

WHO_LIMIT = 320  # characters: an email address, perhaps with a name before it
CHOICES_SHOWN = 8  # people to choose from
SIMILAR = 80  # of 100: the score of a name that was probably meant
_PART = re.compile(r"[\s.@_()+-]+")


class PersonUnclear(Exception):  # noqa: N818  # it names an outcome
    """No account, or more than one, is what was typed; `choices` are labels of those that might
    be."""

    def __init__(self, message: str, choices: list[str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.choices = choices or []


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
        return self._labels(self.accounts)

    def find(self, typed: str) -> list[User]:
        """Returns the accounts with that name, user name, email address or label."""
        return self._found.get(_folded(typed), [])

    def find_partly(self, typed: str) -> list[User]:
        """Returns the accounts with parts of the name, user name or email address that begin with
        each of the typed words."""
        words = _parts(typed)
        return [user for user in self.accounts if words and _begin(words, _parts_of(user))]

    def similar(self, typed: str) -> list[User]:
        """Returns the accounts with a name or part of one that is like what was typed, the most
        similar first."""
        from rapidfuzz import fuzz

        def score(user: User) -> float:
            names = [_folded(str(user)), *_parts_of(user)]
            return max(fuzz.ratio(_folded(typed), name) for name in names)

        scored = [(score(user), user) for user in self.accounts]
        ranked = sorted(scored, key=lambda pair: -pair[0])
        return [user for found, user in ranked if found >= SIMILAR]

    def choices(self, users: Iterable[User]) -> list[str]:
        """Returns the labels of the first accounts, for a person to choose from."""
        return self._labels(users)[:CHOICES_SHOWN]

    def _labels(self, users: Iterable[User]) -> list[str]:
        return sorted((self.label(user) for user in users), key=str.casefold)


def directory() -> ReviewerDirectory:
    """Returns the accounts that can be reviewers."""
    closed = User.objects.filter(is_active=False).exclude(email="")
    return ReviewerDirectory(
        User.objects.filter(is_active=True).order_by("pk"), closed.values_list("email", flat=True)
    )


def find_person(typed: str, name: str, directory: ReviewerDirectory) -> ReviewerRequest:
    """Returns the person that was entered: an account, by all or the beginning of its name, or an
    email address with a name. Raises PersonUnclear if it isn't clear who is meant."""
    if accounts := directory.find(typed):
        return _only(typed, accounts, directory)
    called, address = parseaddr(typed)
    try:
        validate_email(address)
    except ValidationError:
        return _only(typed, directory.find_partly(typed), directory)
    by_address = directory.find(address)
    if by_address:
        return ReviewerRequest(user=by_address[0])
    if _folded(address) in directory.closed:
        raise PersonUnclear(_("The account with this email address is deactivated."))
    return ReviewerRequest(
        email=address.lower(), name=name or tidy(called)[: limits.PERSON_NAME_LIMIT]
    )


def chosen(data: Mapping[str, str], name: str) -> str:
    """Returns what was typed in the field `name`, or the person who was chosen from the list below
    it, unless the field was changed since that list was shown."""
    typed = tidy(data.get(name, ""))[:WHO_LIMIT]
    if tidy(data.get(f"{name}-asked", "")) == typed:
        return tidy(data.get(f"{name}-choice", ""))[:WHO_LIMIT] or typed
    return typed


def _folded(text: str) -> str:
    """Returns a name as people without its letters on their keyboard type it."""
    return search_words.fold_word(tidy(text))


def tidy(text: str) -> str:
    """Returns the text on one line."""
    return folding.tidy(text, one_line=True)


def _only(typed: str, accounts: list[User], directory: ReviewerDirectory) -> ReviewerRequest:
    """Returns the only account, or raises PersonUnclear."""
    if len(accounts) == 1:
        return ReviewerRequest(user=accounts[0])
    if accounts:
        message = _("More than one person matches “%s”. Choose one.")
        if len(accounts) > CHOICES_SHOWN:
            message = _("Many people match “%s”. Choose one or enter more of the name.")
        raise PersonUnclear(message % typed, directory.choices(accounts))
    message = _("We couldn’t find “%s”. Choose someone from the list or enter an email address.")
    raise PersonUnclear(message % typed, directory.choices(directory.similar(typed)))


def _parts(text: str) -> list[str]:
    return [part for part in _PART.split(_folded(text)) if part]


def _parts_of(user: User) -> list[str]:
    return _parts(f"{user} {user.username} {user.email.partition('@')[0]}")


def _begin(words: list[str], parts: list[str]) -> bool:
    """Whether each word begins a part."""
    return all(any(part.startswith(word) for part in parts) for word in words)
