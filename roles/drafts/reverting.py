"""Rows of a draft put back to an earlier state, where nobody changed them since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from roles.drafts.draft import Draft
from roles.drafts.section_changes import set_facts
from roles.drafts.snapshot import Snapshot
from roles.models import (
    JobDescription,
    Line,
    Location,
    PayRange,
    PayReference,
    PlaceholderAnswer,
    Section,
)


def revert(draft: Draft, now: Snapshot, old: Snapshot, new: Snapshot) -> list[str]:
    """Make the draft's rows what `new` says, if they are what `old` says. Returns the keys
    of the rows that are in the way; nothing is changed where there are any."""
    orders = {
        key: merged(now.get(key), old[key], new[key])
        for key in old
        if _is_order(key) and new[key] is not None
    }
    in_the_way = [key for key in old if not _is_order(key) and now.get(key) != old[key]]
    in_the_way += [key for key, order in orders.items() if order is None]
    in_the_way += _would_be_lost(now, old, new)
    if in_the_way:
        return in_the_way
    _put_facts(draft, {key[5:]: value for key, value in new.items() if key.startswith("fact:")})
    for put in (_put_section, _put_line, _put_sub_line, _put_pay, _put_answer):
        for key, value in new.items():
            kind, _colon, uid = key.partition(":")
            if value is not None and PUT_BY[put] == kind:
                put(draft, uid, value)
    for kind in REMOVED_IN_ORDER:
        for key in new:
            if key.startswith(f"{kind}:") and new[key] is None:
                _remove(draft, kind, key.partition(":")[2])
    for key, order in orders.items():
        _put_order(draft, key, order or [])
    return []


def merged(now: list[str] | None, old: list[str] | None, new: list[str]) -> list[str] | None:
    """The order `now` with what `old` -> `new` did to it: removed, added, moved. None where
    that cannot be said, because the same was moved since."""
    if now is None or old is None:
        return new
    stays = [uid for uid in now if uid in new or uid not in old]
    both = [uid for uid in old if uid in new]
    if both != [uid for uid in new if uid in old]:
        if [uid for uid in stays if uid in both] != [uid for uid in both if uid in stays]:
            return None
        again = iter([uid for uid in new if uid in both and uid in stays])
        stays = [next(again) if uid in both else uid for uid in stays]
    before = ""
    for uid in new:
        if uid not in old and uid not in stays:
            stays.insert(stays.index(before) + 1 if before in stays else 0, uid)
        before = uid if uid in stays else before
    return stays


def _would_be_lost(now: Snapshot, old: Snapshot, new: Snapshot) -> list[str]:
    """Rows that someone added since to what is about to go."""
    going = {key.partition(":")[2] for key in new if new[key] is None and not _is_order(key)}
    lost = []
    for key, row in now.items():
        if key in old or not isinstance(row, dict):
            continue
        line = key[7:].partition("/")[0] if key.startswith("answer:") else None
        if not going.isdisjoint({line, row.get("section__uid"), row.get("parent__uid")} - {""}):
            lost.append(key)
    return lost


def _is_order(key: str) -> bool:
    return key == "outline" or key.startswith("order:")


# --- one row


def _put_facts(draft: Draft, values: dict[str, Any]) -> None:
    if not values:
        return
    places = values.pop("locations", None)
    facts = {name: _value(JobDescription, name, value) for name, value in values.items()}
    if places is not None:
        facts["locations"] = Location.objects.filter(pk__in=places)
    set_facts(draft.description, facts)
    draft.description.facts_changed_at = draft.next
    draft.touched.append("facts")


def _value(model: type[models.Model], name: str, plain: Any) -> Any:
    """A field's value from its JSON."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)  # noqa: S101  # narrows the type
    return field.to_python(plain)


def _put_section(draft: Draft, uid: str, value: dict[str, Any]) -> None:
    found = Section.objects.filter(description=draft.description, uid=uid).first()
    section = found or Section(description=draft.description, uid=uid)
    for name in value.keys() - {"references"}:
        setattr(section, name, value[name])
    draft.touch(section, "section", uid)
    section.pay_references.set(PayReference.objects.filter(pk__in=value["references"]))


def _put_line(draft: Draft, uid: str, value: dict[str, Any]) -> None:
    if value["parent__uid"] is None:
        _put(draft, uid, value, parent=None)


def _put_sub_line(draft: Draft, uid: str, value: dict[str, Any]) -> None:
    if value["parent__uid"] is not None:
        _put(draft, uid, value, parent=draft.line(value["parent__uid"]))


def _put(draft: Draft, uid: str, value: dict[str, Any], parent: Line | None) -> None:
    found = Line.objects.filter(description=draft.description, uid=uid).first()
    line = found or Line(description=draft.description, uid=uid)
    for name in value.keys() - {"section__uid", "parent__uid"}:
        setattr(line, name, value[name])
    line.section = draft.section(value["section__uid"])
    line.parent = parent
    draft.touch(line, "line", uid)


def _put_pay(draft: Draft, uid: str, value: dict[str, Any]) -> None:
    found = PayRange.objects.filter(section__description=draft.description, uid=uid).first()
    pay = found or PayRange(uid=uid)
    for name in value.keys() - {"section__uid"}:
        setattr(pay, name, _value(PayRange, name, value[name]))
    pay.section = draft.section(value["section__uid"])
    draft.touch(pay, "pay", uid)


def _put_answer(draft: Draft, uid: str, value: dict[str, Any]) -> None:
    line_uid, _slash, placeholder = uid.partition("/")
    line = draft.line(line_uid) if line_uid else None
    place = {"description": draft.description, "line": line, "placeholder": placeholder}
    answer = PlaceholderAnswer.objects.filter(**place).first() or PlaceholderAnswer(**place)
    answer.value, answer.plain = value["value"], value["plain"]
    draft.touch(answer, "answer", uid)


# In this order: what others stand in comes first, and goes last.
PUT_BY: dict[Callable[[Draft, str, dict[str, Any]], None], str] = {
    _put_section: "section",
    _put_line: "line",
    _put_sub_line: "line",
    _put_pay: "pay",
    _put_answer: "answer",
}
REMOVED_IN_ORDER = ("answer", "line", "pay", "section")


def _remove(draft: Draft, kind: str, uid: str) -> None:
    description = draft.description
    line, _slash, placeholder = uid.partition("/")
    rows: Any = {
        "answer": description.answers.filter(
            placeholder=placeholder, **({"line__uid": line} if line else {"line": None})
        ),
        "line": description.lines.filter(uid=uid),
        "pay": PayRange.objects.filter(section__description=description, uid=uid),
        "section": description.sections.filter(uid=uid),
    }[kind]
    rows.delete()
    draft.touched.append(f"{kind}:{uid}")


def _put_order(draft: Draft, key: str, order: list[str]) -> None:
    of_lines, _colon, uid = key.removeprefix("order:").partition(":")
    rows: Any = draft.description.sections if key == "outline" else draft.description.lines
    places = {one: number for number, one in enumerate(order, 1)}
    moved = [row for row in rows.filter(uid__in=order) if row.position != places[row.uid]]
    for row in moved:
        row.position = places[row.uid]
    rows.bulk_update(moved, ["position"])
    if key == "outline":
        draft.description.outline_changed_at = draft.next
    elif of_lines == "section":
        draft.description.sections.filter(uid=uid).update(order_changed_at=draft.next)
    draft.touched.append("outline" if key == "outline" else f"order:{uid}")


# --- in words

WORDS: dict[str, dict[str, str | Promise]] = {
    "section": {
        "added": _("adding a section"),
        "removed": _("removing a section"),
        "changed": _("changing a section"),
    },
    "line": {
        "added": _("adding a line"),
        "removed": _("removing a line"),
        "changed": _("changing a line"),
    },
    "pay": {
        "added": _("adding a pay range"),
        "removed": _("removing a pay range"),
        "changed": _("changing a pay range"),
    },
    "answer": {
        "added": _("answering a placeholder"),
        "removed": _("taking back an answer"),
        "changed": _("changing an answer"),
    },
    "fact": {"changed": _("changing the job details")},
    "outline": {"changed": _("moving a section")},
    "order": {"changed": _("moving a line")},
}


def in_words(before: Snapshot, after: Snapshot) -> str:
    """What a change did, such as "removing a line"."""
    for kind, words in WORDS.items():
        keys = [key for key in after if key.partition(":")[0] == kind]
        if not keys:
            continue
        was, now = (any(state[key] is not None for key in keys) for state in (before, after))
        done = "changed" if was and now else "added" if now else "removed"
        if kind == "line" and done != "changed" and len(keys) > 1:
            many = {
                "added": ngettext("adding %d line", "adding %d lines", len(keys)),
                "removed": ngettext("removing %d line", "removing %d lines", len(keys)),
            }
            return many[done] % len(keys)
        return str(words[done])
    return ""
