"""A draft as plain values by row: what two states of it differ in.

Keys: `fact:<name>`, `outline`, `section:<uid>`, `order:section:<uid>` and `order:line:<uid>`
(the uids of what stands in them), `line:<uid>`, `pay:<uid>`, `answer:<line uid>/<key>`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from roles.models import JobDescription, PayRange
from roles.models.pay_range import PAY_FIELDS
from roles.models.section_content import LINE_FIELDS

Snapshot = dict[str, Any]

FACT_FIELDS = (
    *("title", "similar_titles", "job_family_id", "job_level_id", "pay_grade", "job_code"),
    *("soc_code", "years_from", "years_to", "department_id", "work_mode", "employment_type"),
    *("weekly_hours", "flsa_status", "eeo_category", "reports_to", "language", "apply_by"),
    *("open_until_filled", "custom_facts"),
)
SECTION_FIELDS = (
    *("kind", "heading", "guidance", "audience", "style", "facts", "required", "locked"),
)


def take(description: JobDescription) -> Snapshot:
    """The state of the draft, as JSON values. A constant number of queries."""
    # From the table and not from the object, which may hold 40 where the table has 40.0.
    facts = JobDescription.objects.filter(pk=description.pk).values(*FACT_FIELDS).get()
    taken: Snapshot = {f"fact:{name}": _plain(value) for name, value in facts.items()}
    taken["fact:locations"] = sorted(description.locations.values_list("pk", flat=True))
    _take_sections(description, taken)
    _take_lines(description, taken)
    for pay in PayRange.objects.filter(section__description=description).values(
        "uid", "position", "section__uid", *PAY_FIELDS
    ):
        uid = pay.pop("uid")
        taken[f"pay:{uid}"] = {name: _plain(value) for name, value in pay.items()}
    for answer in description.answers.values("line__uid", "placeholder", "value", "plain"):
        key = f"answer:{answer['line__uid'] or ''}/{answer['placeholder']}"
        taken[key] = {"value": answer["value"], "plain": answer["plain"]}
    return taken


def _take_sections(description: JobDescription, taken: Snapshot) -> None:
    sections = description.sections.order_by("position", "pk")
    taken["outline"] = []
    for row in sections.values("uid", *SECTION_FIELDS):
        uid = row.pop("uid")
        taken["outline"].append(uid)
        taken[f"section:{uid}"] = row | {"references": []}
        taken[f"order:section:{uid}"] = []
    shown = sections.filter(pay_references__isnull=False).order_by("pay_references")
    for uid, reference in shown.values_list("uid", "pay_references"):
        taken[f"section:{uid}"]["references"].append(reference)


def _take_lines(description: JobDescription, taken: Snapshot) -> None:
    lines = description.lines.order_by("position", "pk")
    orders: dict[str, list[str]] = defaultdict(list)
    for row in lines.values("uid", "section__uid", "parent__uid", "revision_id", *LINE_FIELDS):
        uid, parent = row.pop("uid"), row["parent__uid"]
        taken[f"line:{uid}"] = row
        taken.setdefault(f"order:line:{uid}", [])
        orders[f"line:{parent}" if parent else f"section:{row['section__uid']}"].append(uid)
    for place, uids in orders.items():
        taken[f"order:{place}"] = uids


def differences(before: Snapshot, after: Snapshot) -> tuple[Snapshot, Snapshot]:
    """Of both states only what differs; None for what one of them does not have."""
    keys = [key for key in before | after if before.get(key) != after.get(key)]
    return {key: before.get(key) for key in keys}, {key: after.get(key) for key in keys}


def _plain(value: Any) -> Any:
    """Decimals and dates as the text that a model field reads back."""
    if value is None or isinstance(value, str | int | bool | list | dict):
        return value
    return DjangoJSONEncoder().default(value)
