"""The first run of an empty installation: a one-time code, and what it opens. The code is in the
log, so only who runs the server has it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from roles import mail
from roles.library import starter
from roles.models import Event, Organization, SetUpCode, User
from roles.people import addresses

log = logging.getLogger(__name__)

SALT = "roles.first_run"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without letters that look like others
GROUPS, GROUP_LENGTH = 4, 4  # ABCD-EFGH-JKMN-PQRS
VALID_HOURS = 24

_has_accounts = False  # of this process: accounts are never deleted, so it stays True


class AlreadySetUp(Exception):  # noqa: N818  # an outcome
    """Someone else has finished the first run."""


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    username: str
    email: str
    first_name: str
    last_name: str
    password: str


def is_needed() -> bool:
    """Whether the installation has no account yet. With DEBUG, the demonstration accounts are made
    instead."""
    global _has_accounts
    if not settings.FIRST_RUN or _has_accounts:
        return False
    _has_accounts = User.objects.exists()
    return not _has_accounts


def new_code() -> str:
    """Returns a new code; earlier ones stop working."""
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS)]
    code = "-".join(groups)
    expires_at = timezone.now() + timedelta(hours=VALID_HOURS)
    SetUpCode.objects.update_or_create(
        pk=1, defaults={"digest": _digest(code), "expires_at": expires_at}
    )
    return code


def log_code_if_none() -> None:
    """Writes a new code to the log, unless there is one that can still be used."""
    with transaction.atomic():
        Organization.objects.lock()  # two processes may get here at the same time
        if SetUpCode.objects.filter(expires_at__gt=timezone.now()).exists():
            return
        code = new_code()
    log.warning("Set up JD Builder at %s with the code %s", address(), code)


def address() -> str:
    """Returns the address of the page."""
    return mail.address(reverse("set_up"))


def is_right(code: str) -> bool:
    """Whether this is the code, in any case and with or without dashes, and not expired."""
    stored = SetUpCode.objects.filter(expires_at__gt=timezone.now()).first()
    return stored is not None and constant_time_compare(stored.digest, _digest(code))


def complete(
    *,
    administrator: FirstAdministrator,
    name: str,
    brand_color: str,
    paper: str,
    language: str,
    families: Collection[str],
) -> User:
    """Creates the first administrator, stores the organization's name, brand and language, and
    loads the starter library for these families (codes; none: nothing is loaded). Uses up the code.
    Raises AlreadySetUp."""
    with transaction.atomic():
        Organization.objects.lock()
        if User.objects.exists() or not SetUpCode.objects.exists():
            raise AlreadySetUp
        SetUpCode.objects.all().delete()
        organization = Organization.objects.the()
        organization.name, organization.brand_color = name, brand_color
        organization.paper, organization.language = paper, language
        organization.starter_families = sorted(families)
        organization.save()
        user = _create(administrator)
        starter.load()
        Event.objects.record(
            by=user, verb="organization.set_up", about=organization, families=sorted(families)
        )
    return user


def _create(administrator: FirstAdministrator) -> User:
    user = User(
        username=administrator.username,
        email=administrator.email,
        first_name=administrator.first_name,
        last_name=administrator.last_name,
        is_staff=True,
        is_superuser=True,
    )
    user.set_password(administrator.password)
    user.save()
    addresses.confirm(user)
    return user


def _digest(code: str) -> str:
    typed = "".join(letter for letter in code.upper() if letter in ALPHABET)
    return salted_hmac(SALT, typed, algorithm="sha256").hexdigest()
