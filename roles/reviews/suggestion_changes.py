"""The changes that an accepted suggestion makes to the draft, which might have changed since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from roles import document, drafts, vocabulary
from roles.drafts import changes
from roles.models import Line, Section, Suggestion
from roles.models.section_content import LINE_FIELDS


@dataclass(frozen=True, slots=True)
class AcceptedWording:
    """A suggestion with the wording in which it is accepted. `line` is the current line of the
    draft that it is about (for `add`, the one before the new line); `uid` is for a new line;
    `as_new`: whether a removed line is restored."""

    suggestion: Suggestion
    line: Line | None
    text: str
    detail: str
    uid: str
    as_new: bool = False


def draft_line(suggestion: Suggestion) -> Line | None:
    """Returns the current line of the draft that the suggestion is about, or None."""
    thread = suggestion.thread
    found = Line.objects.filter(description=thread.description_id, uid=thread.line)
    return found.select_related("section", "parent").first()


def is_changed(suggestion: Suggestion, line: Line) -> bool:
    """Whether the line has changed since the suggestion was made."""
    old = (suggestion.old_text, suggestion.old_detail)
    if suggestion.kind == "requirement" and line.requirement != suggestion.old_requirement:
        return True
    return (line.text, line.detail) != old


def proposed(suggestion: Suggestion, line: Line | None) -> tuple[str, str]:
    """Returns the text and detail of the line once the suggestion is accepted. Fields that it does
    not change stay as they are in the draft."""
    old, suggested = (
        (suggestion.old_text, suggestion.old_detail),
        (suggestion.text, suggestion.detail),
    )
    if suggestion.kind == "add":
        return suggested
    now = (line.text, line.detail) if line is not None else old
    if suggestion.kind != "reword":
        return now
    text, detail = (
        new if new != before else current
        for before, new, current in zip(old, suggested, now, strict=True)
    )
    return text, detail


def changes_of(final: AcceptedWording) -> list[changes.Change]:
    """Returns the changes to the draft. Raises drafts.ActionRefused if the place was removed or
    doesn't support the change."""
    if final.suggestion.kind in ("reword", "requirement") and final.line is None:
        if not final.as_new:
            raise drafts.ActionRefused(
                _(
                    "The line was removed from the draft."
                    " Accept the suggestion as a new line, or decline it."
                )
            )
        return _restore(final)
    return CHANGES[final.suggestion.kind](final)


def takes_requirement(kind: str, form: str, *, is_sub: bool) -> bool:
    """Whether lines of that form, in sections of that kind, can be required or preferred."""
    asks = vocabulary.SECTION_KINDS[kind].asks
    return form == "entry" and not is_sub and "requirement" in asks


def _reword(final: AcceptedWording) -> list[changes.Change]:
    values = {"text": _text_of(final), "detail": final.detail}
    return [changes.ChangeLine(uid=final.suggestion.thread.line, values=values)]


def _remove(final: AcceptedWording) -> list[changes.Change]:
    return [changes.RemoveLine(uid=final.suggestion.thread.line)]


def _require(final: AcceptedWording) -> list[changes.Change]:
    line = final.line
    if line is None or not takes_requirement(
        line.section.kind, line.form, is_sub=line.parent_id is not None
    ):
        raise drafts.ActionRefused(
            _("The line is now in a section without required or preferred lines.")
        )
    values = {"requirement": final.suggestion.requirement}
    return [changes.ChangeLine(uid=line.uid, values=values)]


def _add(final: AcceptedWording) -> list[changes.Change]:
    """Adds a line after its line, in the same form, or at the end of the section."""
    section, before = _section(final), final.line
    if before is not None and before.section_id != section.pk:
        before = None
    form = before.form if before is not None else vocabulary.SECTION_KINDS[section.kind].form
    values = {"text": _text_of(final), "detail": final.detail, "form": form}
    parent = before.parent if before is not None else None
    if before is not None and parent is None:
        values["group"] = before.group
    suggested = final.suggestion.requirement
    if suggested and takes_requirement(section.kind, form, is_sub=parent is not None):
        values["requirement"] = suggested
    return [
        changes.AddLine(
            section=section.uid,
            values=values,
            parent=parent.uid if parent else "",
            uid=final.uid,
            after=before.uid if before else "",
        )
    ]


def _restore(final: AcceptedWording) -> list[changes.Change]:
    """Restores the removed line from the version with the suggested change, under the same uid so
    that it keeps its comments."""
    section, thread = _section(final), final.suggestion.thread
    parent, beside = _parent_and_siblings(thread.version.document, thread.line)
    here = next((n for n, line in enumerate(beside) if line.uid == thread.line), None)
    values: dict[str, Any] = {}
    if here is not None:
        values = {name: getattr(beside[here], name) for name in LINE_FIELDS}
    if values.get("category") not in vocabulary.line_categories(section.kind):
        values.pop("category", None)
    values |= {"text": _text_of(final), "detail": final.detail}
    if final.suggestion.kind == "requirement":
        values["requirement"] = final.suggestion.requirement
    in_section = Line.objects.filter(section=section)
    left = set(in_section.values_list("uid", flat=True))
    before = [line.uid for line in beside[: here or 0] if line.uid in left]
    return [
        changes.AddLine(
            section=section.uid,
            values=values,
            parent=parent if parent in left else "",
            uid=thread.line,
            after=before[-1] if before else "",
        )
    ]


CHANGES: dict[str, Callable[[AcceptedWording], list[changes.Change]]] = {
    "reword": _reword,
    "remove": _remove,
    "add": _add,
    "requirement": _require,
}


def _text_of(final: AcceptedWording) -> str:
    if not final.text:
        raise drafts.ActionRefused(_("Enter the wording. To delete the line, remove it."))
    return final.text


def _section(final: AcceptedWording) -> Section:
    """Returns the section of a new line: that of the suggestion or, if it was removed, the current
    section of the line before."""
    thread = final.suggestion.thread
    found = Section.objects.filter(description=thread.description_id, uid=thread.section).first()
    if found is None and final.line is not None:
        found = final.line.section
    if found is None:
        raise drafts.ActionRefused(
            _("Its section was removed from the draft. Decline the suggestion.")
        )
    return found


def _parent_and_siblings(
    whole: document.Document, uid: str
) -> tuple[str, tuple[document.DocumentLine, ...]]:
    """Returns the uid of the parent of a version's line (empty if it has none) and the line's
    siblings."""
    for section in whole.sections:
        if any(line.uid == uid for line in section.lines):
            return "", section.lines
        for line in section.lines:
            if any(sub.uid == uid for sub in line.lines):
                return line.uid, line.lines
    return "", ()
