"""What a posted wizard page changes.

A page, a part of a page (an autosave) and the answer to a conflict are read the same way:
only rows whose fields differ from what the page showed are touched, however much of the
page is sent along.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from roles import vocabulary
from roles.assembly import DraftRows
from roles.drafts import changes
from roles.drafts.changes import Change
from roles.web.shared.post_data import Post, digest, number, single
from roles.web.wizard import paste_list_forms
from roles.web.wizard.posted_rows import (
    PostedPage,
    every_line,
    is_put_back,
    picked,
    place_of,
    shown_values,
)
from roles.web.wizard.row_fields import (
    Values,
    answer_uid,
    pay_view,
    references_view,
    section_view,
    values_of,
)
from roles.web.wizard.row_parsers import ROW_PARSERS, parse_new_rows
from roles.web.wizard.step_forms import LineForm


def parse(post: Post, rows: DraftRows) -> PostedPage:
    """What the posted fields change. Rows whose conflict was answered with the other
    person's text (`pick-<prefix>=theirs`) are left out."""
    submitted = PostedPage()
    stored = stored_values(rows)
    let_go = _answer_for_sections(submitted, post, stored)
    for name in post:
        prefix, is_row = name.removesuffix("-base"), name.endswith("-base")
        kind = prefix.split("-", 1)[0]
        if not is_row or kind not in ROW_PARSERS or picked(post, prefix) == "theirs":
            continue
        if place_of(post, prefix).section in let_go:
            continue
        typed = shown_values(post, prefix)
        submitted.typed[prefix], submitted.bases[prefix] = typed, str(post[name])
        token, _dot, shown = str(post[name]).partition(".")
        now = stored.get(prefix)
        same = {n: now[n] for n in typed if n in now} if now is not None else None
        if digest(typed) == shown and not is_put_back(post, prefix, now):
            continue
        submitted.accepted.add(prefix)
        if same is not None and digest(same) == digest(typed):
            continue
        ROW_PARSERS[kind](submitted, post, rows, prefix, typed, number(token))
    if single(post, "action") != "autosave":
        parse_new_rows(submitted, post, rows, let_go)
        _read_pasted(submitted, post)
    submitted.changes.sort(key=_first_what_others_stand_in)
    return submitted


def _answer_for_sections(submitted: PostedPage, post: Post, stored: dict[str, Values]) -> set[str]:
    """Sections that someone removed meanwhile are put back where the person wants them; the
    uids of those that they let go, with everything typed for them, are returned."""
    let_go = set()
    for name in post:
        prefix = name.removeprefix("pick-")
        if not name.startswith("pick-section-") or prefix in stored:
            continue
        uid, kind = prefix.removeprefix("section-"), single(post, f"{prefix}-parent")
        if single(post, name) == "mine" and kind in vocabulary.SECTION_KINDS:
            heading = single(post, f"{prefix}-heading") or vocabulary.SECTION_KINDS[kind].label
            heading = heading[: vocabulary.HEADING_LIMIT]
            submitted.changes.append(changes.AddSection(kind, heading, uid=uid))
        else:
            let_go.add(uid)
    return let_go


def _read_pasted(submitted: PostedPage, post: Post) -> None:
    """A confirmed list: kept as it was typed, and refused with its messages."""
    name, _colon, uid = single(post, "action").partition(":")
    if name == "lines-add":
        submitted.pasted[uid] = lines = paste_list_forms.posted(post, uid)
        if not paste_list_forms.check(lines):
            submitted.errors[f"paste-{uid}"] = {}


def _first_what_others_stand_in(change: Change) -> int:
    if isinstance(change, changes.AddSection) and change.uid:
        return 0
    return 1 if isinstance(change, changes.AddLine) and change.uid and not change.parent else 2


def stored_values(rows: DraftRows) -> dict[str, Values]:
    """What is stored now, by row prefix, with every field that a page could show."""
    views = [section_view(section, 0) for section in rows.sections]
    views += [references_view(section, 0) for section in rows.sections]
    for section in rows.sections:
        views += [pay_view(pay, 0) for pay in section.pay_ranges.all()]
    stored = {view.prefix: view.values for view in views}
    uids = {line.pk: line.uid for line in every_line(rows)}
    for line_id, answers in rows.answers.items():
        uid = uids.get(line_id, "") if line_id is not None else ""
        for answer in answers:
            values = {"value": [answer.value], "plain": ["on"] if answer.plain else []}
            stored[f"answer-{answer_uid(f'{uid}/{answer.placeholder}')}"] = values
    for line in every_line(rows):
        values = values_of(line, LineForm.base_fields)
        stored[f"line-{line.uid}"] = stored[f"more-{line.uid}"] = values
    return stored


def pressed_action(post: Post) -> Change | None:
    """The change that the pressed button asks for beyond what was typed; none where the
    person left it after a conflict (`pick-action=theirs`)."""
    name, _colon, rest = single(post, "action").partition(":")
    uid, _colon, extra = rest.partition(":")
    make = ACTIONS.get(name)
    row = f"{name.split('-')[0]}-{uid}"
    if make is None or single(post, "pick-action") == "theirs":
        return None
    if picked(post, row) == "theirs" and not name.endswith("-remove"):
        return None  # the move went with the line
    base = single(post, f"{row}-base").partition(".")[0]
    return make(PressedButton(post, uid, number(extra), number(base) if base else None))


@dataclass(frozen=True)
class PressedButton:
    """A pressed button: the row it is about, a number beside it, what the page was based on."""

    post: Post
    uid: str
    extra: int
    base: int | None


def _place(asked: PressedButton) -> Change:
    """Where a line was dropped: the fields that the editor's script filled in."""
    section, after, parent, group = (
        single(asked.post, f"place-{name}") for name in ("section", "after", "parent", "group")
    )
    return changes.PlaceLine(asked.uid, section, after, parent, group[: vocabulary.GROUP_LIMIT])


def _place_at_end(asked: PressedButton) -> Change:
    return changes.PlaceLine(asked.uid, single(asked.post, f"to-{asked.uid}"), None)


def _add_ticked(asked: PressedButton) -> Change:
    chosen = map(number, asked.post.getlist("picked"))
    return changes.AddSnippets(asked.uid, tuple(dict.fromkeys(chosen)))


ACTIONS: dict[str, Callable[[PressedButton], Change]] = {
    "line-up": lambda asked: changes.MoveLine(asked.uid, -1),
    "line-down": lambda asked: changes.MoveLine(asked.uid, 1),
    "line-in": lambda asked: changes.IndentLine(asked.uid),
    "line-out": lambda asked: changes.OutdentLine(asked.uid),
    "line-place": _place,
    "line-to": _place_at_end,
    "line-reset": lambda asked: changes.TakeLibraryWording(asked.uid, asked.base),
    "line-remove": lambda asked: changes.RemoveLine(asked.uid, asked.base),
    "lines-add": lambda asked: changes.AddLines(
        asked.uid, paste_list_forms.new_lines(paste_list_forms.posted(asked.post, asked.uid))
    ),
    "snippet-add": lambda asked: changes.AddSnippets(asked.uid, (asked.extra,)),
    "snippets-add": _add_ticked,
    "section-up": lambda asked: changes.MoveSection(asked.uid, -1),
    "section-down": lambda asked: changes.MoveSection(asked.uid, 1),
    "section-remove": lambda asked: changes.RemoveSection(asked.uid),
    "pay-remove": lambda asked: changes.RemovePay(asked.uid, asked.base),
}
