"""One posted row: its fields as they were typed, and the change that they make.

Each kind of row has a function in ROW_PARSERS or NEW_ROW_PARSERS. It checks the fields with the
form of the kind and returns a change of `roles.drafts.changes`, or raises InvalidRow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from roles import vocabulary
from roles.assembly import DraftRows
from roles.drafts import changes
from roles.drafts.changes import Change
from roles.models.pay_range import PAY_FIELDS
from roles.web.shared.line_forms import LineForm
from roles.web.shared.post_data import Post, digest, number, single
from roles.web.wizard import paste_list_forms, pay_form
from roles.web.wizard.pay_form import PayForm
from roles.web.wizard.row_fields import Values, every_line, paired_prefix
from roles.web.wizard.step_forms import AnswerForm, SectionForm

# Hidden fields of a row that are not among its values.
NOT_VALUES = {"base", "parent", "placeholder", "line", "plain", "id"}


class InvalidRow(ValueError):  # noqa: N818  # the errors are those of a form
    """A row cannot be accepted as typed; `errors` are messages by field name."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(str(errors))
        self.errors = errors


@dataclass(frozen=True)
class LinePosition:
    """The uids of the section and of the parent that a line had when the page was made, and the
    snippet revision it came from."""

    section: str = ""
    parent: str = ""
    revision: int | None = None


@dataclass(frozen=True)
class PostedRow:
    """The fields of one row of a posted page."""

    post: Post
    prefix: str
    typed: Values

    @property
    def kind(self) -> str:
        return self.prefix.split("-", 1)[0]

    @property
    def uid(self) -> str:
        return self.prefix.partition("-")[2]

    @property
    def base(self) -> str:
        """The token and the digest, as the page was given them."""
        return str(self.post[f"{self.prefix}-base"])

    @property
    def token(self) -> int:
        """The edit token at which the page read the row."""
        return number(self.base.partition(".")[0])

    @property
    def is_changed(self) -> bool:
        """Whether the values differ from those that the page showed."""
        return digest(self.typed) != self.base.partition(".")[2]

    @property
    def position(self) -> LinePosition:
        parts = single(self.post, f"{self.prefix}-parent").split(":")
        section, parent, revision, *_rest = [*parts, "", ""]
        return LinePosition(section, parent, number(revision) or None)

    @property
    def is_restored(self) -> bool:
        """Whether a line that someone else removed is to come back: because the person chose
        so, or with the removed line that it is below."""
        if self.kind != "line":
            return False
        parent = self.position.parent
        return conflict_choice(self.post, self.prefix) == "mine" or (
            bool(parent) and single(self.post, f"pick-line-{parent}") == "mine"
        )


def posted_row(post: Post, prefix: str) -> PostedRow:
    return PostedRow(post, prefix, typed_values(post, prefix))


def typed_values(post: Post, prefix: str) -> Values:
    """The values typed into the fields of a row, by field name."""
    names = {name.removeprefix(f"{prefix}-") for name in post if name.startswith(f"{prefix}-")}
    typed: Values = {name: post.getlist(f"{prefix}-{name}") for name in names - NOT_VALUES}
    if "facts" in typed:  # an empty value says that the boxes were on the page
        typed["facts"] = [fact for fact in typed["facts"] if fact]
    kind = prefix.split("-", 1)[0]
    for name in {"answer": ("plain",), "references": ("id",)}.get(kind, ()):
        typed[name] = post.getlist(f"{prefix}-{name}")
    return typed


def conflict_choice(post: Post, prefix: str) -> str:
    """The choice between two versions of a row after a conflict: mine, theirs, or nothing."""
    line = paired_prefix(prefix) if prefix.startswith("more-") else prefix
    return single(post, f"pick-{line}")


# --- rows that the page showed


def _line(row: PostedRow, rows: DraftRows) -> Change:
    stored = next((line for line in every_line(rows) if line.uid == row.uid), None)
    is_entry = stored is None or stored.form == "entry"
    values = _cleaned(LineForm(_data(row.typed), is_entry=is_entry), row.typed)
    if stored is not None or not row.is_restored:
        return changes.ChangeLine(row.uid, values, row.token)
    old = row.position
    return changes.AddLine(
        old.section, values, parent=old.parent, uid=row.uid, revision=old.revision
    )


def _more(row: PostedRow, _rows: DraftRows) -> Change:
    form = LineForm(_data(row.typed))
    form.fields["text"].required = False
    return changes.ChangeLine(row.uid, _cleaned(form, row.typed), row.token)


def _section(row: PostedRow, rows: DraftRows) -> Change:
    # An audience that no one has chosen yet is posted empty.
    undecided = {section.uid for section in rows.sections if not section.audience}
    is_left = row.uid in undecided and not any(row.typed.get("audience", ()))
    typed = {name: v for name, v in row.typed.items() if name != "audience" or not is_left}
    values = _cleaned(_section_form(typed), typed)
    return changes.ChangeSection(row.uid, values, row.token)


def _pay(row: PostedRow, _rows: DraftRows) -> Change:
    values = _cleaned(PayForm(_data(row.typed)), row.typed)
    return changes.ChangePay(row.uid, values, row.token)


def _references(row: PostedRow, _rows: DraftRows) -> Change:
    chosen = tuple(number(item) for item in row.typed["id"])
    return changes.ShowReferences(row.uid, chosen, row.token)


def _answer(row: PostedRow, _rows: DraftRows) -> Change | None:
    values = _cleaned(AnswerForm(_data(row.typed)), row.typed)
    key = single(row.post, f"{row.prefix}-placeholder")[:90]
    if not key:
        return None
    line = single(row.post, f"{row.prefix}-line")
    return changes.AnswerPlaceholder(key, values.get("value", ""), values["plain"], line, row.token)


ROW_PARSERS: dict[str, Callable[[PostedRow, DraftRows], Change | None]] = {
    "line": _line,
    "more": _more,
    "section": _section,
    "pay": _pay,
    "references": _references,
    "answer": _answer,
}


# --- rows typed into the empty fields below a section or a line; None where nothing was typed


def _new_line(row: PostedRow, rows: DraftRows, is_pressed: bool) -> Change | None:
    values = _new_line_values(row, is_pressed)
    if values is None:
        return None
    section = next((section for section in rows.sections if section.uid == row.uid), None)
    if section and section.style != "table" and values.get("form") == "entry":
        values |= paste_list_forms.only_line("".join(row.typed["text"]), section.kind)
    return changes.AddLine(row.uid, values)


def _new_sub_line(row: PostedRow, rows: DraftRows, is_pressed: bool) -> Change | None:
    values = _new_line_values(row, is_pressed)
    parent = next((line for line in every_line(rows) if line.uid == row.uid), None)
    if values is None or parent is None:
        return None
    values |= paste_list_forms.only_line("".join(row.typed["text"]))
    return changes.AddLine(parent.section.uid, values, parent=row.uid)


def _new_line_values(row: PostedRow, is_pressed: bool) -> dict[str, Any] | None:
    if not (is_pressed or "".join(row.typed["text"]).strip()):
        return None
    return _cleaned(LineForm(_data(row.typed)), row.typed)


def _new_pay(row: PostedRow, rows: DraftRows, is_pressed: bool) -> Change | None:
    amounts = (row.typed.get(name, []) for name in ("minimum", "maximum"))
    if not (is_pressed or any("".join(amount).strip() for amount in amounts)):
        return None
    by_section = {section.uid: list(section.pay_ranges.all()) for section in rows.sections}
    before = by_section.get(row.uid) or [pay for pays in by_section.values() for pay in pays]
    form = PayForm(_data(row.typed), pay_form.offered_values(before))
    return changes.AddPay(row.uid, _cleaned(form, PAY_FIELDS))


NewRowParser = Callable[[PostedRow, DraftRows, bool], Change | None]
# Prefix of the fields -> the field that is always there, the button that adds, the parser.
NEW_ROW_PARSERS: dict[str, tuple[str, str, NewRowParser]] = {
    "new": ("text", "line-add", _new_line),
    "newsub": ("text", "sub-add", _new_sub_line),
    "newpay": ("minimum", "pay-add", _new_pay),
}


def new_section(kind: str, headings: list[str], after: str) -> Change:
    """The section to add after the one with the uid `after`; raises InvalidRow."""
    if kind not in vocabulary.SECTION_KINDS:
        raise InvalidRow({"kind": [_("Choose a section type.")]})
    typed = {"heading": headings} if any(headings) else {}
    values = _cleaned(_section_form(typed), ("heading",))
    heading = values["heading"] or vocabulary.SECTION_KINDS[kind].label
    return changes.AddSection(kind, heading, after)


# --- forms


def _cleaned(form: forms.Form, names: Iterable[str]) -> dict[str, Any]:
    """The cleaned values of the named fields, which are those that the page showed."""
    if not form.is_valid():
        raise InvalidRow(
            {name: [str(text) for text in texts] for name, texts in form.errors.items()}
        )
    return {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}


def _section_form(typed: Values) -> SectionForm:
    """A form that requires no more fields than the page showed."""
    form = SectionForm(_data(typed))
    for name in form.fields.keys() - typed.keys():
        form.fields[name].required = False
    return form


def _data(typed: Values) -> Post:
    return MultiValueDict(typed)
