"""The rows of a draft as plain JSON values: read from the database and written back, for undo.

Keys: `fact:<name>`, `outline` (the uids of the sections in order), `section:<uid>`, `line:<uid>`,
`pay:<uid>`, `answer:<line uid>/<placeholder>`, and the uids of the lines in a section or below a
line in order: `order:section:<uid>`, `order:line:<uid>`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from roles.drafts.draft import Draft, plain_amount
from roles.drafts.section_changes import set_facts
from roles.models import (
    JobDescription,
    Line,
    Location,
    PayRange,
    PayReference,
    PlaceholderAnswer,
    Section,
)
from roles.models.pay_range import PAY_FIELDS
from roles.models.section_content import LINE_FIELDS

RowValues = dict[str, Any]

FACT_FIELDS = (
    *("title", "similar_titles", "job_family_id", "job_level_id", "pay_grade", "job_code"),
    *("soc_code", "years_from", "years_to", "department_id", "work_mode", "employment_types"),
    *("weekly_hours", "flsa_status", "eeo_category", "reports_to", "language", "apply_by"),
    *("shifts", "open_until_filled", "apply_to", "custom_facts"),
)
SECTION_FIELDS = (
    *("kind", "heading", "guidance", "audience", "style", "heading_display", "facts"),
    *("required", "locked"),
)


# --- read


def read(description: JobDescription, kinds: Collection[str]) -> RowValues:
    """Returns the values of the draft's rows of these kinds (keys of READERS), from the database.
    A constant number of queries for each kind."""
    values: RowValues = {}
    for kind, reader in READERS.items():
        if kind in kinds:
            values |= reader(description)
    return values


def _read_facts(description: JobDescription) -> RowValues:
    # From the database, because the object can have 40 where the database has 40.0.
    facts = JobDescription.objects.filter(pk=description.pk).values(*FACT_FIELDS).get()
    locations = sorted(description.locations.values_list("pk", flat=True))
    return {f"fact:{name}": _json(value) for name, value in facts.items()} | {
        "fact:locations": locations
    }


def _read_sections(description: JobDescription) -> RowValues:
    sections = description.sections.order_by("position", "pk")
    found: RowValues = {"outline": []}
    for row in sections.values("uid", *SECTION_FIELDS):
        uid = row.pop("uid")
        found["outline"].append(uid)
        found[f"section:{uid}"] = row | {"references": []}
        found[f"order:section:{uid}"] = []
    shown = sections.filter(pay_references__isnull=False).order_by("pay_references")
    for uid, reference in shown.values_list("uid", "pay_references"):
        found[f"section:{uid}"]["references"].append(reference)
    return found


def _read_lines(description: JobDescription) -> RowValues:
    lines = description.lines.order_by("position", "pk")
    found: RowValues = {}
    orders: dict[str, list[str]] = defaultdict(list)
    for row in lines.values("uid", "section__uid", "parent__uid", "revision_id", *LINE_FIELDS):
        uid, parent = row.pop("uid"), row["parent__uid"]
        found[f"line:{uid}"] = row | {"amount": plain_amount(row["amount"])}
        found[f"order:line:{uid}"] = []
        orders[f"line:{parent}" if parent else f"section:{row['section__uid']}"].append(uid)
    return found | {f"order:{parent}": uids for parent, uids in orders.items()}


def _read_pay(description: JobDescription) -> RowValues:
    ranges = PayRange.objects.filter(section__description=description)
    return {
        f"pay:{row.pop('uid')}": {name: _json(value) for name, value in row.items()}
        for row in ranges.values("uid", "position", "section__uid", *PAY_FIELDS)
    }


def _read_answers(description: JobDescription) -> RowValues:
    return {
        f"answer:{row['line__uid'] or ''}/{row['placeholder']}": {
            "value": row["value"],
            "plain": row["plain"],
        }
        for row in description.answers.values("line__uid", "placeholder", "value", "plain")
    }


READERS: dict[str, Callable[[JobDescription], RowValues]] = {
    "fact": _read_facts,
    "section": _read_sections,
    "line": _read_lines,
    "pay": _read_pay,
    "answer": _read_answers,
}


def _json(value: Any) -> Any:
    """Returns the value of a field as JSON: decimals and dates as text, which the field reads
    back."""
    if value is None or isinstance(value, str | int | bool | list | dict):
        return value
    return DjangoJSONEncoder().default(value)


def is_order(key: str) -> bool:
    """Returns whether the value of this key is an order of sections or lines."""
    return key == "outline" or key.startswith("order:")


# --- write

# A row is written after those that it belongs to, and removed before them.
WRITTEN_IN_ORDER = ("section", "line", "pay", "answer")


def write(draft: Draft, values: RowValues) -> None:
    """Write the values of facts and rows into the draft; None removes the row. Orders are written
    by `write_order`."""
    facts = [key for key in values if key.startswith("fact:")]
    _write_facts(draft, {key.removeprefix("fact:"): values[key] for key in facts})
    rows = {key: value for key, value in values.items() if _rank(key) >= 0}
    written = [key for key in rows if rows[key] is not None]
    for key in sorted(written, key=lambda key: (_rank(key), bool(rows[key].get("parent__uid")))):
        _write_row(draft, key, rows[key])
    for key in sorted(rows.keys() - set(written), key=_rank, reverse=True):
        _rows(draft.description, key).delete()
        draft.touched.append(key)


def _rank(key: str) -> int:
    kind = key.partition(":")[0]
    return WRITTEN_IN_ORDER.index(kind) if kind in WRITTEN_IN_ORDER else -1


def _rows(description: JobDescription, key: str) -> models.QuerySet[Any]:
    """Returns the row of a key; empty if there is none."""
    kind, _colon, uid = key.partition(":")
    if kind == "pay":
        return PayRange.objects.filter(section__description=description, uid=uid)
    if kind == "answer":
        line, _slash, placeholder = uid.partition("/")
        of_line: dict[str, Any] = {"line__uid": line} if line else {"line": None}
        return description.answers.filter(placeholder=placeholder, **of_line)
    return (description.sections if kind == "section" else description.lines).filter(uid=uid)


def _new_row(draft: Draft, key: str) -> Any:
    kind, _colon, uid = key.partition(":")
    if kind == "pay":
        return PayRange(uid=uid)
    if kind == "answer":
        line, _slash, placeholder = uid.partition("/")
        return PlaceholderAnswer(
            description=draft.description,
            line=draft.line(line) if line else None,
            placeholder=placeholder,
        )
    model = Section if kind == "section" else Line
    return model(description=draft.description, uid=uid)


def _write_row(draft: Draft, key: str, values: dict[str, Any]) -> None:
    kind, _colon, uid = key.partition(":")
    row = _rows(draft.description, key).first() or _new_row(draft, key)
    for name in values.keys() - {"references", "section__uid", "parent__uid"}:
        setattr(row, name, _field_value(type(row), name, values[name]))
    if "section__uid" in values:
        row.section = draft.section(values["section__uid"])
    if "parent__uid" in values:
        row.parent = draft.line(values["parent__uid"]) if values["parent__uid"] else None
    # With its foreign keys, which `touch` takes for granted.
    row.full_clean(validate_unique=False, validate_constraints=False)
    draft.touch(row, kind, uid)
    if "references" in values:
        row.pay_references.set(PayReference.objects.filter(pk__in=values["references"]))


def _write_facts(draft: Draft, values: dict[str, Any]) -> None:
    if not values:
        return
    locations = values.pop("locations", None)
    facts = {name: _field_value(JobDescription, name, value) for name, value in values.items()}
    if locations is not None:
        facts["locations"] = Location.objects.filter(pk__in=locations)
    set_facts(draft.description, facts)
    draft.description.facts_changed_at = draft.next
    draft.touched.append("facts")


def _field_value(model: type[models.Model], name: str, plain: Any) -> Any:
    """Returns the value of a field from its JSON."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)  # noqa: S101  # narrows the type
    return field.to_python(plain)


def write_order(draft: Draft, key: str, uids: list[str]) -> None:
    """Give the sections, or the lines of a section or below a line, these positions."""
    of_lines, _colon, uid = key.removeprefix("order:").partition(":")
    rows: Any = draft.description.sections if key == "outline" else draft.description.lines
    places = {one: number for number, one in enumerate(uids, 1)}
    moved = [row for row in rows.filter(uid__in=uids) if row.position != places[row.uid]]
    for row in moved:
        row.position = places[row.uid]
    rows.bulk_update(moved, ["position"])
    if key == "outline":
        draft.description.outline_changed_at = draft.next
    elif of_lines == "section":
        draft.description.sections.filter(uid=uid).update(order_changed_at=draft.next)
    draft.touched.append("outline" if key == "outline" else f"order:{uid}")
