"""What a posted wizard page changes.

A page, a part of a page (an autosave) and the answer to a conflict are read the same way:
only rows whose fields differ from what the page showed are touched, however much of the
page is sent along. Nothing typed is lost: what cannot be accepted comes back with messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from roles import vocabulary
from roles.assembly import DraftRows
from roles.drafting import changes
from roles.drafting.changes import Change
from roles.forms.rows import (
    PAY_FIELDS,
    RowView,
    Values,
    answer_uid,
    digest,
    pay_view,
    references_view,
    section_view,
    values_of,
)
from roles.forms.wizard import AnswerForm, LineForm, PayForm, SectionForm
from roles.models import Line

Post = MultiValueDict[str, str]


@dataclass
class Submitted:
    """What a posted page asks for. `errors` and `typed` are by row prefix."""

    changes: list[Change] = field(default_factory=list)
    errors: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    typed: dict[str, Values] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)  # rows that now stand as typed
    refused: bool = False  # nothing took effect: the page shows everything as typed

    def show(self, view: RowView) -> RowView:
        """The row with what was typed into it, and what is wrong with that."""
        view.typed = self.typed.get(view.prefix)
        view.was_typed = self.was.get(view.prefix, "")
        view.errors = self.errors.get(view.prefix, {})
        return view

    def saved(self, token: int) -> list[RowView]:
        """The rows that the page may from now on base on `token`: those it changed."""
        rows = [prefix.split("-", 1) for prefix in sorted(self.accepted)]
        return [RowView(k, uid, self.typed[f"{k}-{uid}"], token) for k, uid in rows]


def read(post: Post, rows: DraftRows) -> Submitted:
    """What the posted fields change. Rows whose conflict was answered with the other
    person's text (`pick-<prefix>=theirs`) are left out."""
    submitted = Submitted()
    stored = stored_values(rows)
    let_go = _answer_for_sections(submitted, post, stored)
    for name in post:
        prefix, is_row = name.removesuffix("-was"), name.endswith("-was")
        kind = prefix.split("-", 1)[0]
        if not is_row or kind not in READERS or one(post, f"pick-{prefix}") == "theirs":
            continue
        if _place(post, prefix).section in let_go:
            continue
        typed = shown_values(post, prefix)
        submitted.typed[prefix], submitted.was[prefix] = typed, str(post[name])
        base, _dot, was = str(post[name]).partition(".")
        now = stored.get(prefix)
        same = {n: now[n] for n in typed if n in now} if now is not None else None
        if digest(typed) == was and not _comes_back_with_its_line(post, prefix, now):
            continue
        submitted.accepted.add(prefix)
        if same is not None and digest(same) == digest(typed):
            continue
        READERS[kind](submitted, post, rows, prefix, typed, _number(base))
    if one(post, "do") != "autosave":
        _read_new(submitted, post, rows, let_go)
    submitted.changes.sort(key=_first_what_others_stand_in)
    return submitted


@dataclass(frozen=True)
class Place:
    """Where a line stood when the page was made: uids, and the revision it came from."""

    section: str = ""
    parent: str = ""
    revision: int | None = None


def _place(post: Post, prefix: str) -> Place:
    section, parent, revision, *_rest = [*one(post, f"{prefix}-in").split(":"), "", ""]
    return Place(section, parent, _number(revision) or None)


def _answer_for_sections(submitted: Submitted, post: Post, stored: dict[str, Values]) -> set[str]:
    """Sections that someone removed meanwhile are put back where the person wants them; the
    uids of those that they let go, with everything typed for them, are returned."""
    let_go = set()
    for name in post:
        prefix = name.removeprefix("pick-")
        if not name.startswith("pick-section-") or prefix in stored:
            continue
        uid, kind = prefix.removeprefix("section-"), one(post, f"{prefix}-in")
        if one(post, name) == "mine" and kind in vocabulary.SECTION_KINDS:
            heading = one(post, f"{prefix}-heading") or vocabulary.SECTION_KINDS[kind].label
            heading = heading[: vocabulary.HEADING_LIMIT]
            submitted.changes.append(changes.AddSection(kind, heading, uid=uid))
        else:
            let_go.add(uid)
    return let_go


def _comes_back_with_its_line(post: Post, prefix: str, now: Values | None) -> bool:
    """A sub-line nobody touched returns where its removed line is put back."""
    parent = _place(post, prefix).parent
    return now is None and bool(parent) and one(post, f"pick-line-{parent}") == "mine"


def _first_what_others_stand_in(change: Change) -> int:
    if isinstance(change, changes.AddSection) and change.uid:
        return 0
    return 1 if isinstance(change, changes.AddLine) and change.uid and not change.parent else 2


def one(post: Post, name: str) -> str:
    """The last value sent under a name, or an empty text. For what pages send, not for what
    people type: NUL, which PostgreSQL refuses, is left out."""
    return str(post.get(name) or "").replace("\0", "")


def shown_values(post: Post, prefix: str) -> Values:
    """What was typed into the fields of a row, by field name."""
    names = {name.removeprefix(f"{prefix}-") for name in post if name.startswith(f"{prefix}-")}
    hidden = {"was", "in", "placeholder", "line", "plain", "id"}
    typed: Values = {name: post.getlist(f"{prefix}-{name}") for name in names - hidden}
    if "facts" in typed:  # an empty value says that the boxes were on the page
        typed["facts"] = [fact for fact in typed["facts"] if fact]
    kind = prefix.split("-", 1)[0]
    for name in {"answer": ("plain",), "references": ("id",)}.get(kind, ()):
        typed[name] = post.getlist(f"{prefix}-{name}")
    return typed


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def stored_values(rows: DraftRows) -> dict[str, Values]:
    """What is stored now, by row prefix, with every field that a page could show."""
    views = [section_view(section, 0) for section in rows.sections]
    views += [references_view(section, 0) for section in rows.sections]
    for section in rows.sections:
        views += [pay_view(pay, 0) for pay in section.pay_ranges.all()]
    stored = {view.prefix: view.values for view in views}
    uids = {line.pk: line.uid for line in _every_line(rows)}
    for line_id, answers in rows.answers.items():
        uid = uids.get(line_id, "") if line_id is not None else ""
        for answer in answers:
            values = {"value": [answer.value], "plain": ["on"] if answer.plain else []}
            stored[f"answer-{answer_uid(f'{uid}/{answer.placeholder}')}"] = values
    every = (line for group in (rows.lines, rows.sub_lines) for ls in group.values() for line in ls)
    for line in every:
        stored[f"line-{line.uid}"] = values_of(line, LineForm.base_fields)
    return stored


def _check(
    submitted: Submitted, prefix: str, form: forms.Form, typed: Iterable[str]
) -> dict[str, Any] | None:
    """The cleaned values of the fields that the page showed, or None and the errors kept."""
    if form.is_valid():
        return {name: form.cleaned_data[name] for name in typed if name in form.cleaned_data}
    submitted.errors[prefix] = {
        name: [str(text) for text in texts] for name, texts in form.errors.items()
    }
    return None


def _data(typed: Values) -> Post:
    return MultiValueDict(typed)


def _read_line(
    submitted: Submitted, post: Post, rows: DraftRows, prefix: str, typed: Values, base: int
) -> None:
    uid = prefix.removeprefix("line-")
    row = next((ln for ln in _every_line(rows) if ln.uid == uid), None)
    is_entry = row is None or row.form == "entry"
    values = _check(submitted, prefix, LineForm(_data(typed), is_entry=is_entry), typed)
    if values is None:
        return
    place = _place(post, prefix)
    put_back = one(post, f"pick-{prefix}") == "mine" or _comes_back_with_its_line(
        post, prefix, None
    )
    if row is None and put_back:
        submitted.changes.append(
            changes.AddLine(
                place.section, values, parent=place.parent, uid=uid, revision=place.revision
            )
        )
    else:
        submitted.changes.append(changes.ChangeLine(uid, values, base))


def _read_section(
    submitted: Submitted, post: Post, rows: DraftRows, prefix: str, typed: Values, base: int
) -> None:
    values = _check(submitted, prefix, _section_form(typed), typed)
    if values is not None:
        uid = prefix.removeprefix("section-")
        submitted.changes.append(changes.ChangeSection(uid, values, base))


def _section_form(typed: Values) -> SectionForm:
    """A form that asks for no more than the page showed."""
    form = SectionForm(_data(typed))
    for name in form.fields.keys() - typed.keys():
        form.fields[name].required = False
    return form


def _read_pay(
    submitted: Submitted, post: Post, rows: DraftRows, prefix: str, typed: Values, base: int
) -> None:
    values = _check(submitted, prefix, PayForm(_data(typed)), typed)
    if values is not None:
        submitted.changes.append(changes.ChangePay(prefix.removeprefix("pay-"), values, base))


def _read_references(
    submitted: Submitted, post: Post, rows: DraftRows, prefix: str, typed: Values, base: int
) -> None:
    chosen = tuple(_number(item) for item in typed["id"])
    uid = prefix.removeprefix("references-")
    submitted.changes.append(changes.ShowReferences(uid, chosen, base))


def _read_answer(
    submitted: Submitted, post: Post, rows: DraftRows, prefix: str, typed: Values, base: int
) -> None:
    values = _check(submitted, prefix, AnswerForm(_data(typed)), typed)
    key = one(post, f"{prefix}-placeholder")[:90]
    if values is not None and key:
        line = one(post, f"{prefix}-line")
        answer = changes.AnswerPlaceholder(
            key, values.get("value", ""), values["plain"], line, base
        )
        submitted.changes.append(answer)


READERS = {
    "line": _read_line,
    "section": _read_section,
    "pay": _read_pay,
    "references": _read_references,
    "answer": _read_answer,
}


def _every_line(rows: DraftRows) -> Iterable[Line]:
    for group in (rows.lines, rows.sub_lines):
        for lines in group.values():
            yield from lines


def _read_new(submitted: Submitted, post: Post, rows: DraftRows, let_go: set[str]) -> None:
    """Lines and pay ranges typed into the empty fields below a section or a line, whichever
    button sent the page: nothing typed is lost."""
    asked = one(post, "do")
    for name in post:
        kind, _dash, rest = name.partition("-")
        uid, _dash, last = rest.rpartition("-")
        if not uid or uid in let_go:
            continue
        if kind in ("new", "newsub") and last == "text":
            is_asked = asked in (f"line-add:{uid}", f"sub-add:{uid}")
            _read_new_line(submitted, post, kind, uid, rows, is_asked=is_asked)
        elif kind == "newpay" and last == "minimum":
            _read_new_pay(submitted, post, uid, is_asked=asked == f"pay-add:{uid}")
    if asked == "section-add":
        _read_new_section(submitted, post)


def _read_new_line(
    submitted: Submitted, post: Post, kind: str, uid: str, rows: DraftRows, *, is_asked: bool
) -> None:
    prefix = f"{kind}-{uid}"
    typed = shown_values(post, prefix)
    submitted.typed[prefix] = typed
    if not (is_asked or "".join(typed["text"]).strip()):
        return
    values = _check(submitted, prefix, LineForm(_data(typed)), typed)
    if values is None:
        return
    parent = next((ln for ln in _every_line(rows) if ln.uid == uid), None)
    if kind == "new":
        submitted.changes.append(changes.AddLine(uid, values))
    elif parent is not None:
        submitted.changes.append(changes.AddLine(parent.section.uid, values, parent=uid))


def _read_new_pay(submitted: Submitted, post: Post, uid: str, *, is_asked: bool) -> None:
    prefix = f"newpay-{uid}"
    typed = shown_values(post, prefix)
    submitted.typed[prefix] = typed
    if is_asked or any("".join(typed.get(n, [])).strip() for n in ("minimum", "maximum")):
        values = _check(submitted, prefix, PayForm(_data(typed)), PAY_FIELDS)
        if values is not None:
            submitted.changes.append(changes.AddPay(uid, values))


def _read_new_section(submitted: Submitted, post: Post) -> None:
    kind = one(post, "new-section-kind")
    typed = {"kind": [kind], "heading": post.getlist("new-section-heading")}
    submitted.typed["new-section"] = typed
    if kind not in vocabulary.SECTION_KINDS:
        submitted.errors["new-section"] = {"kind": [_("Choose what kind of section it is.")]}
        return
    named = {"heading": typed["heading"]} if any(typed["heading"]) else {}
    values = _check(submitted, "new-section", _section_form(named), ("heading",))
    if values is not None:
        heading = values["heading"] or vocabulary.SECTION_KINDS[kind].label
        after = one(post, "new-section-after")
        submitted.changes.append(changes.AddSection(kind, heading, after))


def action(post: Post) -> Change | None:
    """The change that the pressed button asks for beyond what was typed; none where the
    person left it after a conflict (`pick-do=theirs`)."""
    name, _colon, rest = one(post, "do").partition(":")
    uid, _colon, extra = rest.partition(":")
    make = ACTIONS.get(name)
    row = f"{name.split('-')[0]}-{uid}"
    if make is None or one(post, "pick-do") == "theirs":
        return None
    if one(post, f"pick-{row}") == "theirs" and not name.endswith("-remove"):
        return None  # the move went with the line
    base = one(post, f"{row}-was").partition(".")[0]
    return make(uid, _number(extra), _number(base) if base else None)


ACTIONS: dict[str, Callable[[str, int, int | None], Change]] = {
    "line-up": lambda uid, extra, base: changes.MoveLine(uid, -1),
    "line-down": lambda uid, extra, base: changes.MoveLine(uid, 1),
    "line-remove": lambda uid, extra, base: changes.RemoveLine(uid, base),
    "snippet-add": lambda uid, extra, base: changes.AddSnippet(uid, extra),
    "section-up": lambda uid, extra, base: changes.MoveSection(uid, -1),
    "section-down": lambda uid, extra, base: changes.MoveSection(uid, 1),
    "section-remove": lambda uid, extra, base: changes.RemoveSection(uid),
    "pay-remove": lambda uid, extra, base: changes.RemovePay(uid, base),
}
