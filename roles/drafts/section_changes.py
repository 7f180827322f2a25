"""The handlers of changes of facts, sections, pay and answers (see `changes`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from roles import limits, placeholders, search_words, vocabulary
from roles.drafts import changes, fact_lists
from roles.drafts.draft import Draft, renumber
from roles.drafts.errors import ActionRefused, RowConflict
from roles.models import JobDescription, PayRange, PayReference, PlaceholderAnswer, Section
from roles.models.pay_range import PAY_FIELDS


def change_facts(draft: Draft, change: changes.ChangeFacts) -> None:
    draft.check(draft.description.facts_changed_at, "facts", base=change.base)
    set_facts(draft.description, dict(change.values))
    draft.description.facts_changed_at = draft.next
    draft.touched.append("facts")


def set_facts(description: JobDescription, values: dict[str, Any]) -> None:
    """Set facts (fields of JobDescription by name, `locations` as Location rows) and the search
    text; validates and saves. Raises ValidationError."""
    locations = values.pop("locations", None)
    for name, value in values.items():
        setattr(description, name, value)
    description.search_text = search_words.search_text(
        description.reference, description.title, *description.similar_titles
    )
    description.full_clean(validate_unique=False, validate_constraints=False)
    description.save()
    if locations is not None:
        description.locations.set(locations)


def add_section(draft: Draft, change: changes.AddSection) -> None:
    sections = _in_order(draft)
    if len(sections) >= limits.SECTIONS_LIMIT:
        raise ActionRefused(
            _("A job description can have up to %d sections.") % limits.SECTIONS_LIMIT
        )
    kind = vocabulary.SECTION_KINDS[change.kind]
    section = Section(
        description=draft.description,
        kind=change.kind,
        heading=change.heading,
        audience="" if change.kind == "pay" else kind.audience,  # its author is asked
        style=kind.style,
        facts=fact_lists.usual(change.kind, sections),
        position=sections[-1].position + 1 if sections else 1,
    )
    if change.uid:
        if change.uid in vocabulary.PARTS:
            raise ActionRefused(_("This isn’t a valid section ID."))
        if any(other.uid == change.uid for other in sections):
            raise RowConflict("section", change.uid)
        section.uid = change.uid
    draft.touch(section, "section", section.uid)
    _take_from_job_details(draft, sections, set(kind.facts))
    place = _place(change, sections)
    if place < len(sections):
        renumber([*sections[:place], section, *sections[place:]])


def _place(change: changes.AddSection, sections: list[Section]) -> int:
    """Returns how many sections come before the new one."""
    if change.after is not None:
        after = [n for n, section in enumerate(sections, 1) if section.uid == change.after]
        return after[0] if after else len(sections)
    order = list(vocabulary.SECTION_KINDS)
    rank = order.index(change.kind)
    earlier = [n for n, s in enumerate(sections, 1) if order.index(s.kind) <= rank]
    return earlier[-1] if earlier else 0


def _take_from_job_details(draft: Draft, sections: list[Section], names: set[str]) -> None:
    """Print facts that a new section is about in that section only."""
    for section in sections:
        if section.kind == "facts" and not names.isdisjoint(section.facts):
            section.facts = [name for name in section.facts if name not in names]
            draft.touch(section, "section", section.uid)


def change_section(draft: Draft, change: changes.ChangeSection) -> None:
    section = draft.section(change.uid)
    draft.check(section.changed_at, "section", section.uid, change.base)
    for name in ("heading", "audience", "style", "heading_display", "facts"):
        if name in change.values:
            setattr(section, name, change.values[name])
    draft.touch(section, "section", section.uid)


def move_section(draft: Draft, change: changes.MoveSection) -> None:
    sections, here = _open_outline(draft, change.uid)
    there = min(max(here + change.by, 0), len(sections) - 1)
    _move(draft, sections, here, there)


def place_section(draft: Draft, change: changes.PlaceSection) -> None:
    sections, here = _open_outline(draft, change.uid)
    others = [section.uid for section in sections if section.uid != change.uid]
    if change.after == change.uid:
        return
    if change.after and change.after not in others:
        raise RowConflict("section", change.after, gone=True)
    _move(draft, sections, here, others.index(change.after) + 1 if change.after else 0)


def _open_outline(draft: Draft, uid: str) -> tuple[list[Section], int]:
    """Returns the sections in order, and the index of the one to move. Raises RowConflict if it
    is gone, or if the outline has changed since."""
    draft.check(draft.description.outline_changed_at, "outline")
    sections = _in_order(draft)
    here = next((n for n, section in enumerate(sections) if section.uid == uid), None)
    if here is None:
        raise RowConflict("section", uid, gone=True)
    return sections, here


def _move(draft: Draft, sections: list[Section], here: int, there: int) -> None:
    if there == here:
        return
    sections.insert(there, sections.pop(here))
    renumber(sections)
    draft.description.outline_changed_at = draft.next
    draft.touched.append("outline")


def remove_section(draft: Draft, change: changes.RemoveSection) -> None:
    try:
        section = draft.section(change.uid)
    except RowConflict:
        return  # someone else has removed it already
    if section.locked:
        raise ActionRefused(_("The section “%s” is locked by the template.") % section.heading)
    if section.required and not change.is_confirmed:
        raise ActionRefused(
            _("The template requires the section “%s”. Confirm that you want to remove it.")
            % section.heading
        )
    newest = [section.changed_at, section.order_changed_at]
    for rows in (section.lines, section.pay_ranges):
        newest.append(rows.aggregate(newest=Max("changed_at"))["newest"] or 0)
    if any(draft.is_stale(changed_at) for changed_at in newest):
        raise RowConflict("section", section.uid)
    section.delete()
    draft.touched.append(f"section:{change.uid}")


def add_pay(draft: Draft, change: changes.AddPay) -> None:
    section = draft.open_section(change.section)
    last = section.pay_ranges.aggregate(last=Max("position"))["last"] or 0
    values = {name: change.values[name] for name in PAY_FIELDS if name in change.values}
    pay_range = PayRange(section=section, position=last + 1, **values)
    draft.touch(pay_range, "pay", pay_range.uid)


def change_pay(draft: Draft, change: changes.ChangePay) -> None:
    pay_range = draft.open_pay_range(change.uid)
    draft.check(pay_range.changed_at, "pay", pay_range.uid, change.base)
    for name in PAY_FIELDS:
        if name in change.values:
            setattr(pay_range, name, change.values[name])
    draft.touch(pay_range, "pay", pay_range.uid)


def remove_pay(draft: Draft, change: changes.RemovePay) -> None:
    try:
        pay_range = draft.open_pay_range(change.uid)
    except RowConflict:
        return  # someone else has removed it already
    draft.check(pay_range.changed_at, "pay", pay_range.uid, change.base)
    pay_range.delete()
    draft.touched.append(f"pay:{change.uid}")


def show_references(draft: Draft, change: changes.ShowReferences) -> None:
    section = draft.open_section(change.section)
    draft.check(section.changed_at, "section", section.uid, change.base)
    section.pay_references.set(PayReference.objects.filter(pk__in=change.references))
    draft.touch(section, "section", section.uid)


def answer_placeholder(draft: Draft, change: changes.AnswerPlaceholder) -> None:
    line = draft.line(change.line) if change.line else None
    key = placeholders.placeholder_key(change.placeholder)
    if not any(character.isalpha() for character in key):
        raise ActionRefused(_("This placeholder doesn’t exist."))
    uid = f"{change.line}/{key}"
    answer = PlaceholderAnswer.objects.filter(
        description=draft.description, line=line, placeholder=key
    ).first()
    if answer is not None:
        draft.check(answer.changed_at, "answer", uid, change.base)
    if not (change.value or change.plain):
        if answer is not None:
            answer.delete()
            draft.touched.append(f"answer:{uid}")
        return
    answer = answer or PlaceholderAnswer(description=draft.description, line=line, placeholder=key)
    answer.value, answer.plain = change.value, change.plain
    draft.touch(answer, "answer", uid)


def _in_order(draft: Draft) -> list[Section]:
    return list(draft.description.sections.order_by("position", "pk"))
