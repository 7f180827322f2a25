"""The handlers of changes in the order and nesting of lines (see `changes`)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from roles import limits, physical_demands, vocabulary
from roles.drafts import changes
from roles.drafts.draft import Draft, renumber
from roles.drafts.errors import ActionRefused
from roles.models import Line, Section


def move_line(draft: Draft, change: changes.MoveLine) -> None:
    line = draft.line(change.uid)
    section = _open_order(draft, line.section.uid)
    neighbors = siblings(section, line.parent)
    here = next(n for n, sibling in enumerate(neighbors) if sibling.pk == line.pk)
    there = min(max(here + change.by, 0), len(neighbors) - 1)
    next_one = here + (1 if change.by > 0 else -1)
    group = neighbors[next_one].group if 0 <= next_one < len(neighbors) else ""
    if line.parent_id is None and line.group != group:
        # Into the neighbor's group, or out of the last one, without passing a line.
        neighbors[here].group = group
        draft.touch(neighbors[here], "line", line.uid)
    elif there != here:
        neighbors.insert(there, neighbors.pop(here))
        renumber(neighbors)
    else:
        return
    order_changed(draft, section)


def place_line(draft: Draft, change: changes.PlaceLine) -> None:
    line = draft.line(change.uid)
    source = _open_order(draft, line.section.uid)
    target = _open_order(draft, change.section)
    parent = draft.line(change.parent) if change.parent else None
    _check_position(line, target, parent)
    if parent is not None and target.kind == "table" and line.parent_id != parent.pk:
        check_columns(parent)
    neighbors = [s for s in siblings(target, parent) if s.pk != line.pk]
    here = next((n for n, s in enumerate(neighbors, 1) if s.uid == change.after), 0)
    here = len(neighbors) if change.after is None else here
    group = change.group
    if group is None:
        group = neighbors[here - 1].group if here else neighbors[0].group if neighbors else ""
    old = (line.section_id, line.parent_id, line.group)
    if source.pk != target.pk:
        _fit_to_section(draft, line, source, target)
    line.section, line.parent, line.group = target, parent, "" if parent else group
    if old != (line.section_id, line.parent_id, line.group):
        draft.touch(line, "line", line.uid)
    renumber([*neighbors[:here], line, *neighbors[here:]])
    for section in {source.pk: source, target.pk: target}.values():
        order_changed(draft, section)


def indent_line(draft: Draft, change: changes.IndentLine) -> None:
    line = draft.line(change.uid)
    section = _open_order(draft, line.section.uid)
    neighbors = siblings(section, line.parent)
    above = [s for s in neighbors if s.form == "entry" and s.position < line.position]
    if line.parent_id is not None or not above or line.form != "entry":
        raise ActionRefused(_("There’s no line above to nest this one under."))
    last = siblings(line.section, above[-1])
    place_line(
        draft,
        changes.PlaceLine(
            line.uid, line.section.uid, last[-1].uid if last else "", parent=above[-1].uid
        ),
    )


def check_columns(row: Line) -> None:
    """Raises ActionRefused if a row of a table section has all the cells that it can have: its
    text, its detail, and sub-lines."""
    if 2 + row.lines.count() >= limits.TABLE_COLUMNS_LIMIT:
        raise ActionRefused(_("A table can have up to %d columns.") % limits.TABLE_COLUMNS_LIMIT)


def outdent_line(draft: Draft, change: changes.OutdentLine) -> None:
    line = draft.line(change.uid)
    if line.parent is None:
        raise ActionRefused(_("This line isn’t nested under another line."))
    place_line(
        draft,
        changes.PlaceLine(line.uid, line.section.uid, line.parent.uid, group=line.parent.group),
    )


def join_group(draft: Draft, line: Line) -> None:
    """Move a line whose group changed after the others of that group."""
    old = siblings(line.section, None)
    others = [sibling for sibling in old if sibling.pk != line.pk]
    alike = [n for n, sibling in enumerate(others) if sibling.group == line.group]
    if line.group and alike:
        others.insert(alike[-1] + 1, line)
        renumber(others)
        draft.note_order(line.section, old, others)
        order_changed(draft, line.section)


def siblings(section: Section, parent: Line | None) -> list[Line]:
    """Returns the lines of a section, or the sub-lines of one of them, in order."""
    return list(section.lines.filter(parent=parent).order_by("position", "pk"))


def order_changed(draft: Draft, section: Section) -> None:
    Section.objects.filter(pk=section.pk).update(order_changed_at=draft.next)
    draft.touched.append(f"order:{section.uid}")


def _open_order(draft: Draft, uid: str) -> Section:
    """Returns a section whose lines can be moved and whose order hasn't changed since."""
    section = draft.open_section(uid)
    draft.check(section.order_changed_at, "order", section.uid)
    return section


def _check_position(line: Line, target: Section, parent: Line | None) -> None:
    if parent is None:
        return
    if parent.parent_id is not None or parent.pk == line.pk:
        raise ActionRefused(_("A sub-line can’t have its own sub-lines."))
    if parent.section_id != target.pk:
        raise ActionRefused(_("A sub-line must be in the same section as its line."))
    if line.form != "entry" or parent.form != "entry":
        raise ActionRefused(_("Only a list item can be nested under a list item."))
    if line.lines.exists():
        raise ActionRefused(_("This line has sub-lines. Move them out first."))


def _fit_to_section(draft: Draft, line: Line, source: Section, target: Section) -> None:
    """Fit a line to its new section: required or preferred like the other lines there, and a
    category that exists there. Its sub-lines move with it."""
    asks = vocabulary.SECTION_KINDS[target.kind].asks
    usual = usual_requirement(target)
    if "requirement" not in asks:
        line.requirement = ""
    elif usual and line.requirement == usual_requirement(source):
        line.requirement = usual
    if line.category not in vocabulary.line_categories(target.kind):
        line.category = ""
    for sub in line.lines.all():
        sub.section = target
        draft.touch(sub, "line", sub.uid)


def usual_category(section: Section) -> str:
    """Returns the category of physical demands if the section is about them: its heading says so,
    or all its lines have it."""
    if physical_demands.CATEGORY not in vocabulary.line_categories(section.kind):
        return ""
    entries = section.lines.filter(parent=None, form="entry")
    stated = set(entries.values_list("category", flat=True))
    says_so = physical_demands.CATEGORY in section.heading.casefold() and not stated
    return physical_demands.CATEGORY if says_so or stated == {physical_demands.CATEGORY} else ""


def usual_requirement(section: Section) -> str:
    """Returns what all lines of the section are, required or preferred, if they agree."""
    if "requirement" not in vocabulary.SECTION_KINDS[section.kind].asks:
        return ""
    stated = set(section.lines.filter(parent=None, form="entry").values_list("requirement"))
    return str(stated.pop()[0]) if len(stated) == 1 else ""
