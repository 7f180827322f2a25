"""What the changes of lines do."""

from __future__ import annotations

from django.db.models import Max, Sum
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from roles import vocabulary
from roles.drafting import changes
from roles.drafting.draft import Draft, is_uid
from roles.drafting.errors import Conflict, Refused
from roles.models import Line, Section, Snippet, SnippetRevision
from roles.models.content import LINE_FIELDS


def add_line(draft: Draft, change: changes.AddLine) -> None:
    section = draft.open_section(change.section)
    parent = draft.line(change.parent) if change.parent else None
    if parent is not None and parent.parent_id is not None:
        raise Refused(_("A sub-line cannot have sub-lines of its own."))
    if parent is not None and parent.section_id != section.pk:
        raise Refused(_("A sub-line stands in the section of its line."))
    values = {name: change.values[name] for name in LINE_FIELDS if name in change.values}
    line = Line(description=draft.description, section=section, parent=parent, **values)
    if change.uid:
        if not is_uid(change.uid):
            raise Refused(_("This line cannot be put back."))
        if draft.description.lines.filter(uid=change.uid).exists():
            raise Conflict("line", change.uid)
        line.uid = change.uid
        line.revision = SnippetRevision.objects.filter(pk=change.revision or 0).first()
    _insert(draft, line)


def add_snippet(draft: Draft, change: changes.AddSnippet) -> None:
    section = draft.open_section(change.section)
    snippet = Snippet.objects.offered().filter(pk=change.snippet).first()
    if snippet is None:
        raise Refused(_("This library text is no longer offered. Choose another."))
    revision = snippet.latest()
    categories = vocabulary.line_categories(section.kind)
    line = Line(
        description=draft.description,
        section=section,
        revision=revision,
        form="paragraph" if snippet.kind == "boilerplate" else "entry",
        text=revision.text,
        detail=revision.detail,
        group=change.group,
        category=snippet.category if snippet.category in categories else "",
        requirement=_usual_requirement(section),
    )
    _insert(draft, line)


def change_line(draft: Draft, change: changes.ChangeLine) -> None:
    line = draft.line(change.uid)
    draft.open_section(line.section.uid)
    draft.check(line.changed_at, "line", line.uid, change.base)
    group = line.group
    for name in LINE_FIELDS:
        if name in change.values:
            setattr(line, name, change.values[name])
    draft.touch(line, "line", line.uid)
    if line.group != group and line.parent_id is None:
        _join_group(draft, line)


def move_line(draft: Draft, change: changes.MoveLine) -> None:
    line = draft.line(change.uid)
    section = draft.open_section(line.section.uid)
    draft.check(section.order_changed_at, "order", section.uid)
    siblings = _siblings(line)
    here = next(n for n, sibling in enumerate(siblings) if sibling.pk == line.pk)
    there = min(max(here + change.by, 0), len(siblings) - 1)
    if there != here:
        siblings.insert(there, siblings.pop(here))
        _renumber(siblings)
        _order_changed(draft, section)


def remove_line(draft: Draft, change: changes.RemoveLine) -> None:
    try:
        line = draft.line(change.uid)
    except Conflict:
        return  # somebody else wanted the same
    draft.open_section(line.section.uid)
    newest = line.lines.aggregate(newest=Max("changed_at"))["newest"] or 0
    draft.check(line.changed_at, "line", line.uid, change.base)
    draft.check(newest, "line", line.uid, change.base)
    line.delete()
    draft.touched.append(f"line:{change.uid}")


def check_total(draft: Draft) -> None:
    """Refuse a job description whose lines together are longer than a print can be."""
    lengths = draft.description.lines.aggregate(
        text=Sum(Length("text"), default=0), detail=Sum(Length("detail"), default=0)
    )
    if lengths["text"] + lengths["detail"] > vocabulary.TEXT_LIMIT:
        raise Refused(
            _("All texts together may hold at most %s characters. Shorten some first.")
            % f"{vocabulary.TEXT_LIMIT:,}"
        )


def _insert(draft: Draft, line: Line) -> None:
    """Save a new line behind the last of its group and form, or at the end."""
    if draft.description.lines.count() >= vocabulary.LINES_LIMIT:
        raise Refused(
            _("A job description holds at most %d lines. Remove one first.")
            % vocabulary.LINES_LIMIT
        )
    siblings = _siblings(line)
    alike = [n for n, s in enumerate(siblings) if (s.form, s.group) == (line.form, line.group)]
    place = alike[-1] + 1 if alike and line.form == "entry" else len(siblings)
    line.position = siblings[-1].position + 1 if siblings else 1
    draft.touch(line, "line", line.uid)
    if place < len(siblings):
        _renumber([*siblings[:place], line, *siblings[place:]])


def _join_group(draft: Draft, line: Line) -> None:
    """Put a line whose group changed behind the others of that group."""
    siblings = [sibling for sibling in _siblings(line) if sibling.pk != line.pk]
    alike = [n for n, sibling in enumerate(siblings) if sibling.group == line.group]
    if line.group and alike:
        siblings.insert(alike[-1] + 1, line)
        _renumber(siblings)
        _order_changed(draft, line.section)


def _siblings(line: Line) -> list[Line]:
    lines = Line.objects.filter(section=line.section, parent=line.parent)
    return list(lines.order_by("position", "pk"))


def _renumber(lines: list[Line]) -> None:
    moved = []
    for number, line in enumerate(lines, 1):
        if line.position != number:
            line.position = number
            moved.append(line)
    Line.objects.bulk_update(moved, ["position"])


def _order_changed(draft: Draft, section: Section) -> None:
    Section.objects.filter(pk=section.pk).update(order_changed_at=draft.next)
    draft.touched.append(f"order:{section.uid}")


def _usual_requirement(section: Section) -> str:
    """What every line of the section is, required or preferred, if they agree."""
    stated = set(section.lines.filter(parent=None, form="entry").values_list("requirement"))
    return str(stated.pop()[0]) if len(stated) == 1 else ""
