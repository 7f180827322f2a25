"""Records that an imported document refers to and the organization does not have yet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _

from roles import folding, vocabulary
from roles.document import Document, DocumentPayReference
from roles.models import (
    CustomFact,
    Department,
    JobFamily,
    JobLevel,
    Location,
    PayReference,
)

PREFIX_LENGTHS = (3, 4, 5, 6)  # letters of a family's name in its references


def create(document: Document) -> list[str]:
    """Create the families, levels, departments, locations, facts and market figures that do not
    exist yet; returns labels of what was created. Runs in the caller's transaction."""
    return [
        *_by_name(document, "job_family", JobFamily),
        *_by_name(document, "job_level", JobLevel),
        *_by_name(document, "department", Department),
        *_locations(document),
        *_custom_facts(document),
        *_references(document),
    ]


def _by_name(document: Document, name: str, model: Any) -> Iterator[str]:
    fact = document.fact(name)
    for value in fact.values if fact else ():
        if value and not model.objects.filter(name=value).exists():
            model.objects.create(name=value, **_required_fields(model, value))
            yield f"{_(vocabulary.FACTS[name].label)}: {value}"


def _required_fields(model: Any, value: str) -> dict[str, Any]:
    if model is JobFamily:
        return {"code": _code(JobFamily, value, 50), "prefix": _prefix(value)}
    if model is JobLevel:
        return {"code": _code(JobLevel, value, 50), "position": _next(JobLevel)}
    return {}


def _locations(document: Document) -> Iterator[str]:
    fact = document.fact("locations")
    for place in fact.places if fact else ():
        row, is_new = Location.objects.get_or_create(
            city=place.city, region=place.region, country=place.country
        )
        if is_new:
            yield f"{_(vocabulary.FACTS['locations'].label)}: {row}"


def _custom_facts(document: Document) -> Iterator[str]:
    for fact in document.facts:
        if fact.name in vocabulary.FACTS or CustomFact.objects.filter(code=fact.name).exists():
            continue
        label = fact.label or fact.name
        position = _next(CustomFact)
        CustomFact.objects.create(
            code=fact.name, label=label, audience=fact.audience, position=position
        )
        yield _("Fact: %s") % label


def _references(document: Document) -> Iterator[str]:
    wanted = [r for section in document.sections for r in section.pay_references]
    known = {row.value() for row in PayReference.objects.all()} if wanted else set()
    for value in wanted:
        if value in known or not _is_figure(value):
            continue
        row = PayReference(code=_code(PayReference, value.role, 80), position=_next(PayReference))
        for field in DocumentPayReference.__dataclass_fields__:
            setattr(row, field, getattr(value, field))
        row.save()
        known.add(value)
        yield _("Market figure: %s") % row


def _is_figure(value: DocumentPayReference) -> bool:
    """Whether it can be stored: an amount, or a range in order."""
    if value.amount is not None:
        return True
    return value.low is not None and (value.high is None or value.high >= value.low)


def _code(model: type[models.Model], words: str, length: int) -> str:
    """A code that no row has yet."""
    stem = slugify(words)[: length - 5] or model._meta.model_name or "code"
    codes = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    taken = set(model._default_manager.values_list("code", flat=True))
    return next(code for code in codes if code not in taken)


def _prefix(name: str) -> str:
    """Capital letters of the name that no other family has as a prefix, if there are any."""
    letters = "".join(c for c in folding.fold(name).upper() if "A" <= c <= "Z") or "JOB"
    letters = letters if len(letters) > 1 else f"{letters}JD"
    taken = set(JobFamily.objects.values_list("prefix", flat=True))
    return next((p for n in PREFIX_LENGTHS if (p := letters[:n]) not in taken), letters[:6])


def _next(model: Any) -> int:
    last = model.objects.aggregate(last=models.Max("position"))["last"]
    return 1 if last is None else int(last) + 1
