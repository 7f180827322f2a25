"""The handlers of changes of lines (see `changes`)."""

from __future__ import annotations

from django.db.models import Max
from django.utils.translation import gettext as _

from roles import limits, vocabulary
from roles.drafts import changes, ordering
from roles.drafts.draft import Draft, is_uid, renumber
from roles.drafts.errors import ActionRefused, RowConflict
from roles.models import Line, Section, Snippet, SnippetRevision
from roles.models.section_content import LINE_FIELDS


def add_line(draft: Draft, change: changes.AddLine) -> None:
    section = draft.open_section(change.section)
    parent = draft.line(change.parent) if change.parent else None
    if parent is not None and parent.parent_id is not None:
        raise ActionRefused(_("A sub-line can’t have its own sub-lines."))
    if parent is not None and parent.section_id != section.pk:
        raise ActionRefused(_("A sub-line must be in the same section as its line."))
    if parent is not None and section.kind == "table":
        ordering.check_columns(parent)
    values = {name: change.values[name] for name in LINE_FIELDS if name in change.values}
    if parent is None:
        values.setdefault("requirement", ordering.usual_requirement(section))
        values.setdefault("category", ordering.usual_category(section))
    line = Line(description=draft.description, section=section, parent=parent, **values)
    if change.uid:
        if not is_uid(change.uid):
            raise ActionRefused(_("This line can’t be restored."))
        if draft.description.lines.filter(uid=change.uid).exists():
            raise RowConflict("line", change.uid)
        line.uid = change.uid
        line.revision = SnippetRevision.objects.filter(pk=change.revision or 0).first()
    _insert(draft, line, change.after)


def add_lines(draft: Draft, change: changes.AddLines) -> None:
    section = draft.open_section(change.section)
    if not change.lines:
        raise ActionRefused(_("Select at least one line."))
    _check_line_limit(draft, sum(1 + len(new.lines) for new in change.lines))
    last = section.lines.filter(parent=None).aggregate(last=Max("position"))["last"] or 0
    requirement, category = ordering.usual_requirement(section), ordering.usual_category(section)
    for position, new in enumerate(change.lines, last + 1):
        line = _entry(draft, section, new, position)
        line.requirement = line.requirement or requirement
        line.category = line.category or category
        draft.touch(line, "line", line.uid)
        for number, sub in enumerate(new.lines, 1):
            sub_line = _entry(draft, section, sub, number)
            sub_line.parent = line
            draft.touch(sub_line, "line", sub_line.uid)


def _entry(draft: Draft, section: Section, new: changes.NewLine, position: int) -> Line:
    revision = SnippetRevision.objects.filter(pk=new.revision).first() if new.revision else None
    line = Line(description=draft.description, section=section, text=new.text, position=position)
    line.detail = new.detail
    for name in ("percent", "requirement"):
        if name in vocabulary.SECTION_KINDS[section.kind].asks:
            setattr(line, name, getattr(new, name))
    if revision is not None:
        line.revision = revision
        if revision.text == new.text and not new.detail:
            line.detail = revision.detail
        line.category = _fitting_category(revision.snippet, section)
    return line


def _fitting_category(snippet: Snippet, section: Section) -> str:
    """The snippet's category if lines of such a section can have it."""
    fits = snippet.category in vocabulary.line_categories(section.kind)
    return snippet.category if fits else ""


def add_snippets(draft: Draft, change: changes.AddSnippets) -> None:
    section = draft.open_section(change.section)
    offered = Snippet.objects.offered().in_bulk(change.snippets)
    if not change.snippets:
        raise ActionRefused(_("Select a snippet first."))
    for pk in change.snippets:
        if pk not in offered:
            raise ActionRefused(_("This snippet is no longer available. Choose another one."))
        snippet = offered[pk]
        revision = snippet.latest()
        line = Line(
            description=draft.description,
            section=section,
            revision=revision,
            form="paragraph" if snippet.kind == "boilerplate" else "entry",
            text=revision.text,
            detail=revision.detail,
            category=_fitting_category(snippet, section),
            requirement=ordering.usual_requirement(section),
        )
        _insert(draft, line)


def change_line(draft: Draft, change: changes.ChangeLine) -> None:
    line = draft.open_line(change.uid)
    draft.check(line.changed_at, "line", line.uid, change.base)
    group = line.group
    for name in LINE_FIELDS:
        if name in change.values:
            setattr(line, name, change.values[name])
    draft.touch(line, "line", line.uid)
    if line.group != group and line.parent_id is None:
        ordering.join_group(draft, line)


def take_library_wording(draft: Draft, change: changes.TakeLibraryWording) -> None:
    line = draft.open_line(change.uid)
    draft.check(line.changed_at, "line", line.uid, change.base)
    if line.revision is None:
        raise ActionRefused(_("This line isn’t from the library."))
    line.text = line.revision.text
    line.detail = line.revision.detail or line.detail
    draft.touch(line, "line", line.uid)


def take_revision(draft: Draft, change: changes.TakeRevision) -> None:
    line = draft.line(change.uid)
    draft.check(line.changed_at, "line", line.uid, change.base)
    revision = SnippetRevision.objects.filter(pk=change.revision).first()
    if revision is None or line.revision is None or revision.snippet_id != line.revision.snippet_id:
        raise ActionRefused(_("This line isn’t from that snippet."))
    if revision.number < line.revision.number:
        raise ActionRefused(_("This line already has a newer wording."))
    set_revision(line, revision)
    draft.touch(line, "line", line.uid)


def set_revision(line: Line, revision: SnippetRevision) -> None:
    """Give the row the wording of the revision, without saving it. The author's own detail stays
    if the library never had one."""
    old_detail = line.revision.detail if line.revision else ""
    line.text = revision.text
    line.detail = revision.detail or ("" if old_detail else line.detail)
    line.revision = revision


def remove_line(draft: Draft, change: changes.RemoveLine) -> None:
    try:
        line = draft.open_line(change.uid)
    except RowConflict:
        return  # someone else has removed it already
    newest = line.lines.aggregate(newest=Max("changed_at"))["newest"] or 0
    draft.check(line.changed_at, "line", line.uid, change.base)
    draft.check(newest, "line", line.uid, change.base)
    line.delete()
    draft.touched.append(f"line:{change.uid}")


def _insert(draft: Draft, line: Line, after: str = "") -> None:
    """Save a new line after the line with the uid `after`, else after the last one of its group
    and form, or at the end."""
    _check_line_limit(draft, 1)
    siblings = ordering.siblings(line.section, line.parent)
    before = [n for n, s in enumerate(siblings) if after and s.uid == after]
    like = (line.form, line.group)
    alike = before or [n for n, s in enumerate(siblings) if (s.form, s.group) == like]
    place = alike[-1] + 1 if before or (alike and line.form == "entry") else len(siblings)
    line.position = siblings[-1].position + 1 if siblings else 1
    draft.touch(line, "line", line.uid)
    order = [*siblings[:place], line, *siblings[place:]]
    draft.note_order(line.parent or line.section, siblings, order)
    draft.new_values[f"order:line:{line.uid}"] = []  # no sub-lines yet
    if place < len(siblings):
        renumber(order)


def _check_line_limit(draft: Draft, more: int) -> None:
    count = draft.description.lines.count()
    if count + more > limits.LINES_LIMIT:
        raise ActionRefused(
            _("A job description can have up to %(limit)d lines. This one has %(count)d.")
            % {"limit": limits.LINES_LIMIT, "count": count}
        )
