"""A posted page of the wizard: the changes that it makes to the draft.

A page, a part of a page (an autosave) and the answer to a conflict are read the same way: only
rows whose fields differ from what the page showed are changed, however much of the page is
posted along. Nothing typed is lost: what cannot be accepted is kept with its messages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from django.utils.translation import gettext as _

from roles import limits, vocabulary
from roles.assembly import DraftRows
from roles.drafts import changes
from roles.drafts.changes import Change
from roles.web.shared.post_data import Post, digest, number, single
from roles.web.wizard import line_selection, paste_list_forms, row_parsers
from roles.web.wizard.paste_list_forms import PastedLine
from roles.web.wizard.row_fields import (
    RowView,
    Values,
    every_line,
    paired_prefix,
    stored_values,
)
from roles.web.wizard.row_parsers import NEW_ROW_PARSERS, ROW_PARSERS, InvalidRow, PostedRow


@dataclass
class PostedPage:
    """The changes of a posted page, with everything that was typed into it. `errors`, `typed`,
    `bases` and `accepted` are by row prefix."""

    changes: list[Change] = field(default_factory=list)
    errors: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    typed: dict[str, Values] = field(default_factory=dict)
    bases: dict[str, str] = field(default_factory=dict)
    pasted: dict[str, list[PastedLine]] = field(default_factory=dict)  # by section
    accepted: set[str] = field(default_factory=set)  # rows that are now stored as typed
    offered: int = 0  # lines of a list that was typed into the field for one line
    refused: bool = False  # nothing was saved: the page shows everything as typed

    def show(self, view: RowView) -> RowView:
        """The row with the values typed into it and their errors."""
        view.typed = self.typed.get(view.prefix)
        view.typed_base = self.bases.get(view.prefix, "")
        view.errors = self.errors.get(view.prefix, {})
        return view

    def forget_unchanged(self) -> None:
        """Show rows in which nothing was typed as they are stored now."""
        for prefix in self.bases.keys() - self.accepted:
            del self.typed[prefix], self.bases[prefix]

    def saved(self, token: int) -> list[RowView]:
        """The rows that the page can base on `token` from now on: those that it changed."""
        pairs = {paired_prefix(prefix) for prefix in self.accepted} & self.typed.keys()
        rows = [prefix.split("-", 1) for prefix in sorted(self.accepted | pairs)]
        return [RowView(k, uid, self.typed[f"{k}-{uid}"], token) for k, uid in rows]

    def add(self, prefix: str, parse_change: Callable[[], Change | None]) -> None:
        """Add the change of a row, or the errors of one that is invalid."""
        try:
            change = parse_change()
        except InvalidRow as invalid:
            self.errors[prefix] = invalid.errors
            return
        if change is not None:
            self.changes.append(change)


def parse(post: Post, rows: DraftRows) -> PostedPage:
    """The changes that the posted fields make to the draft. Rows for which the other person's
    version was chosen after a conflict (`pick-<prefix>=theirs`) are left out."""
    page = PostedPage()
    stored = stored_values(rows)
    dropped = _parse_removed_sections(page, post, stored)
    _parse_rows(page, post, rows, stored, dropped)
    if single(post, "action") != "autosave":
        _parse_new_rows(page, post, rows, dropped)
        _parse_pasted_lines(page, post)
    page.changes.sort(key=_containers_first)
    return page


def _parse_removed_sections(page: PostedPage, post: Post, stored: dict[str, Values]) -> set[str]:
    """Restore the sections that someone else removed and this person chose to keep. Returns the
    uids of the discarded ones, with everything typed into them."""
    dropped = set()
    for name in post:
        prefix = name.removeprefix("pick-")
        if not name.startswith("pick-section-") or prefix in stored:
            continue
        uid, kind = prefix.removeprefix("section-"), single(post, f"{prefix}-parent")
        if single(post, name) == "mine" and kind in vocabulary.SECTION_KINDS:
            heading = single(post, f"{prefix}-heading") or vocabulary.SECTION_KINDS[kind].label
            heading = heading[: limits.HEADING_LIMIT]
            page.changes.append(changes.AddSection(kind, heading, uid=uid))
        else:
            dropped.add(uid)
    return dropped


def _parse_rows(
    page: PostedPage, post: Post, rows: DraftRows, stored: dict[str, Values], dropped: set[str]
) -> None:
    """The rows that the page showed: each has a hidden `<prefix>-base`."""
    for name in post:
        prefix = name.removesuffix("-base")
        if prefix == name or prefix.split("-", 1)[0] not in ROW_PARSERS:
            continue
        row = row_parsers.posted_row(post, prefix)
        is_dropped = row.position.section in dropped
        if is_dropped or row_parsers.conflict_choice(post, prefix) == "theirs":
            continue
        page.typed[prefix], page.bases[prefix] = row.typed, row.base
        values = stored.get(prefix)
        is_restored = values is None and row.is_restored
        if not (row.is_changed or is_restored):
            continue
        page.accepted.add(prefix)
        if values is None or _differs(row, values):
            page.add(prefix, partial(ROW_PARSERS[row.kind], row, rows))


def _differs(row: PostedRow, values: Values) -> bool:
    """Whether the typed values differ from the stored ones."""
    stored = {name: values[name] for name in row.typed if name in values}
    return digest(stored) != digest(row.typed)


def _parse_new_rows(page: PostedPage, post: Post, rows: DraftRows, dropped: set[str]) -> None:
    """Rows typed into the empty fields below a section or a line, whichever button was pressed,
    and the new section of the outline."""
    action = single(post, "action")
    for name in post:
        prefix, _dash, last = name.rpartition("-")
        kind, _dash, uid = prefix.partition("-")
        field_name, button, parser = NEW_ROW_PARSERS.get(kind, ("", "", None))
        if parser is None or last != field_name or not uid or uid in dropped:
            continue
        row = row_parsers.posted_row(post, prefix)
        if kind == "new" and _offer_list(page, row, rows):
            continue
        page.typed[prefix] = row.typed
        for one in _each_entry(row):
            page.add(prefix, partial(parser, one, rows, action == f"{button}:{uid}"))
    if action == "section-add":
        kind, headings = single(post, "new-section-kind"), post.getlist("new-section-heading")
        page.typed["new-section"] = {"kind": [kind], "heading": headings}
        after = single(post, "new-section-after")
        page.add("new-section", partial(row_parsers.new_section, kind, headings, after))


def _offer_list(page: PostedPage, row: PostedRow, rows: DraftRows) -> bool:
    """If a list was typed into the field for one line, offer its lines to confirm."""
    section = next((section for section in rows.sections if section.uid == row.uid), None)
    is_entry = single(row.post, f"{row.prefix}-form") == "entry"
    if section is None or not is_entry:
        return False
    found = paste_list_forms.several(single(row.post, f"{row.prefix}-text"), section.kind)
    if not found:
        return False
    texts = [line.text for line in every_line(rows)]
    page.pasted[row.uid] = paste_list_forms.to_confirm(found, section.kind, texts)
    page.offered += len(page.pasted[row.uid])
    return True


def _each_entry(row: PostedRow) -> list[PostedRow]:
    """A new sub-line for each entry of a list; one for any other text."""
    found = paste_list_forms.several("".join(row.typed["text"])) if row.kind == "newsub" else ()
    lines = paste_list_forms.flat(found)
    each = [{"text": [line.text], "detail": [line.detail]} for line in lines]
    return [replace(row, typed=row.typed | values) for values in each] or [row]


def _parse_pasted_lines(page: PostedPage, post: Post) -> None:
    """A confirmed list, as it was typed; with its messages if it cannot be added."""
    name, _colon, uid = single(post, "action").partition(":")
    if name == "lines-add":
        page.pasted[uid] = lines = paste_list_forms.posted(post, uid)
        if not paste_list_forms.check(lines):
            page.errors[f"paste-{uid}"] = {}


def _containers_first(change: Change) -> int:
    """Sort key: restored sections, then restored lines, come before what is inside them."""
    if isinstance(change, changes.AddSection) and change.uid:
        return 0
    return 1 if isinstance(change, changes.AddLine) and change.uid and not change.parent else 2


# --- the pressed button


@dataclass(frozen=True)
class PressedButton:
    """A pressed button: the uid of its row, a word beside it, the token of the row's page."""

    post: Post
    uid: str
    extra: str
    base: int | None


def pressed_actions(post: Post) -> list[Change]:
    """The changes that the pressed button asks for beyond the typed fields; none for buttons
    that change nothing else, and where the person canceled it after a conflict
    (`pick-action=theirs`). Raises ActionRefused for a button for several lines if none is
    selected."""
    name, _colon, rest = single(post, "action").partition(":")
    uid, _colon, extra = rest.partition(":")
    row = f"{name.split('-')[0]}-{uid}"
    if single(post, "pick-action") == "theirs":
        return []
    if name == "lines-add":
        return paste_list_forms.to_add(paste_list_forms.posted(post, uid), uid)
    if name in SELECTION_ACTIONS:
        return SELECTION_ACTIONS[name](post, uid, extra)
    if name not in ACTIONS:
        return []
    if row_parsers.conflict_choice(post, row) == "theirs" and not name.endswith("-remove"):
        return []  # the person discarded the line to move
    base = single(post, f"{row}-base").partition(".")[0]
    button = PressedButton(post, uid, extra, number(base) if base else None)
    change = ACTIONS[name](button)
    return [change] if change else []


def _place_line(button: PressedButton) -> Change:
    """The drop position of a line: the fields that the drag-and-drop script filled in."""
    section, after, parent, group = (
        single(button.post, f"place-{name}") for name in ("section", "after", "parent", "group")
    )
    return changes.PlaceLine(button.uid, section, after, parent, group[: limits.GROUP_LIMIT])


def _move_line_to_section(button: PressedButton) -> Change:
    return changes.PlaceLine(button.uid, single(button.post, f"to-{button.uid}"), None)


def _add_picked_snippets(button: PressedButton) -> Change:
    picked = map(number, button.post.getlist("picked"))
    return changes.AddSnippets(button.uid, tuple(dict.fromkeys(picked)))


def _start_section(button: PressedButton) -> Change | None:
    kind = vocabulary.SECTION_KINDS.get(button.uid)
    return changes.AddSection(button.uid, _(kind.label), after=None) if kind else None


def _choose_audience(button: PressedButton) -> Change | None:
    if button.extra not in vocabulary.AUDIENCES:
        return None
    return changes.ChangeSection(button.uid, {"audience": button.extra}, button.base)


ACTIONS: dict[str, Callable[[PressedButton], Change | None]] = {
    "line-up": lambda button: changes.MoveLine(button.uid, -1),
    "line-down": lambda button: changes.MoveLine(button.uid, 1),
    "line-in": lambda button: changes.IndentLine(button.uid),
    "line-out": lambda button: changes.OutdentLine(button.uid),
    "line-place": _place_line,
    "line-to": _move_line_to_section,
    "line-reset": lambda button: changes.TakeLibraryWording(button.uid, button.base),
    "line-newer": lambda button: changes.TakeRevision(
        button.uid, number(button.extra), button.base
    ),
    "line-remove": lambda button: changes.RemoveLine(button.uid, button.base),
    "snippet-add": lambda button: changes.AddSnippets(button.uid, (number(button.extra),)),
    "snippets-add": _add_picked_snippets,
    "section-start": _start_section,
    "section-audience": _choose_audience,
    "section-up": lambda button: changes.MoveSection(button.uid, -1),
    "section-down": lambda button: changes.MoveSection(button.uid, 1),
    "section-place": lambda b: changes.PlaceSection(b.uid, single(b.post, "place-after")),
    "section-remove": lambda b: changes.RemoveSection(b.uid, b.extra == "confirmed"),
    "pay-remove": lambda button: changes.RemovePay(button.uid, button.base),
}
# Buttons for the selected lines of a section.
SELECTION_ACTIONS: dict[str, Callable[[Post, str, str], list[Change]]] = {
    "lines-set": line_selection.set_mark,
    "lines-remove": lambda post, section, _extra: line_selection.remove(post, section),
}
