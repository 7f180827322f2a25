"""Actions on the organization itself: its name and address, brand, the audiences of facts, and the
prefixes of references."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from roles import organization, vocabulary
from roles.exporters import logo_formats
from roles.models import CustomFact, Event, JobFamily, Organization, User
from roles.models.organization import PREFIX, Logo

OF_ORGANIZATION = ("name", "apply_to", "language", "hr_adds_to_lists")
OF_BRAND = ("brand_color", "paper", "logo")
CHANGED = "organization.changed"


def change_organization(*, values: Mapping[str, Any], base: str, by: User) -> None:
    """Changes the fields of OF_ORGANIZATION. `base` is the state that the page showed."""
    _change(OF_ORGANIZATION, dict(values), base, by)


def change_brand(
    *,
    brand_color: str,
    paper: str,
    new_logo: bytes | None = None,
    removes_logo: bool = False,
    base: str,
    by: User,
) -> None:
    """Changes color, paper, and logo. Logos are stored by digest, so that versions keep theirs.
    Raises ValidationError for a logo that can't be printed."""
    with transaction.atomic():
        values: dict[str, Any] = {"brand_color": brand_color, "paper": paper}
        if new_logo is not None:
            values["logo"] = _stored_logo(new_logo)
        elif removes_logo:
            values["logo"] = None
        _change(OF_BRAND, values, base, by)


def _stored_logo(content: bytes) -> Logo:
    if logo_formats.checked_type(content) is None:
        message = _("This file can’t be printed. Choose a PNG, a JPEG, or a simple SVG.")
        raise ValidationError({"logo": message})
    digest = hashlib.sha256(content).hexdigest()
    return Logo.objects.get_or_create(digest=digest, defaults={"content": content})[0]


def _change(names: tuple[str, ...], values: dict[str, Any], base: str, by: User) -> None:
    with transaction.atomic():
        Organization.objects.lock()
        row = Organization.objects.the()
        organization.refuse_stale(row, names, base)
        changed = [name for name, value in values.items() if getattr(row, name) != value]
        if not changed:
            return
        for name in changed:
            setattr(row, name, values[name])
        row.full_clean()
        row.save()
        Event.objects.record(by=by, verb=CHANGED, about=row, fields=changed)


# --- audiences of facts


def audiences() -> dict[str, str]:
    """Returns the audience of each fact, built-in ones first, by name."""
    chosen = Organization.objects.the().fact_audiences
    found = {name: kind.audience for name, kind in vocabulary.FACTS.items()}
    for name, audience in chosen.items():
        if name in found and audience in vocabulary.AUDIENCES:
            found[name] = audience
    return found | dict(CustomFact.objects.values_list("code", "audience"))


def state_of_audiences() -> str:
    """Returns the state of all audiences, to find out whether someone else changed them."""
    return _digest(audiences())


def change_audiences(*, chosen: Mapping[str, str], base: str, by: User) -> None:
    """Sets the audiences of facts by name; the others stay. The drafts follow, versions don't."""
    with transaction.atomic():
        Organization.objects.lock()
        row = Organization.objects.the()
        before = audiences()
        if _digest(before) != base:
            raise organization.StaleSettings(row)
        changed = {name: new for name, new in chosen.items() if before.get(name, new) != new}
        if not changed:
            return
        usual = {name: kind.audience for name, kind in vocabulary.FACTS.items()}
        built_in = {n: a for n, a in (before | changed).items() if n in usual and a != usual[n]}
        row.fact_audiences = built_in
        row.full_clean()
        row.save()
        for own in CustomFact.objects.filter(code__in=changed.keys() - usual.keys()):
            own.audience = changed[own.code]
            own.full_clean()
            own.save()
        Event.objects.record(by=by, verb="organization.audiences", about=row, audiences=changed)


# --- prefixes of references


def prefixes() -> dict[str, str]:
    """Returns the prefix of each family by code, and of job descriptions without one by ""."""
    families = dict(JobFamily.objects.values_list("code", "prefix"))
    return {"": Organization.objects.the().prefix, **families}


def state_of_prefixes() -> str:
    """Returns the state of all prefixes, to find out whether someone else changed them."""
    return _digest(prefixes())


def change_prefixes(*, chosen: Mapping[str, str], base: str, by: User) -> None:
    """Sets the prefixes of families by code, and of job descriptions without one by "". References
    that exist stay as they are."""
    with transaction.atomic():
        Organization.objects.lock()
        row = Organization.objects.the()
        before = prefixes()
        if _digest(before) != base:
            raise organization.StaleSettings(row)
        changed = {code: new for code, new in chosen.items() if before.get(code, new) != new}
        for prefix in changed.values():
            PREFIX(prefix)
        if not changed:
            return
        row.prefix = changed.get("", row.prefix)
        row.save(update_fields=["prefix"])
        for family in JobFamily.objects.filter(code__in=changed):
            family.prefix = changed[family.code]
            family.save(update_fields=["prefix"])
        Event.objects.record(by=by, verb="organization.prefixes", about=row, prefixes=changed)


def _digest(values: Mapping[str, str]) -> str:
    pairs = sorted(f"{name}={value}" for name, value in values.items())
    return hashlib.sha256("\n".join(pairs).encode()).hexdigest()[:16]
