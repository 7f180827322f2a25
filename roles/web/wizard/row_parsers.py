"""What the typed fields of each kind of row change: checked by its form, made into changes.

Nothing typed is lost: what cannot be accepted is kept with its messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from roles import vocabulary
from roles.assembly import DraftRows
from roles.drafts import changes
from roles.models.pay_range import PAY_FIELDS
from roles.web.shared.post_data import Post, number, single
from roles.web.wizard.posted_rows import PostedPage, every_line, is_put_back, place_of, shown_values
from roles.web.wizard.row_fields import Values
from roles.web.wizard.step_forms import AnswerForm, LineForm, PayForm, SectionForm


def _check(
    submitted: PostedPage, prefix: str, form: forms.Form, typed: Iterable[str]
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
    submitted: PostedPage, post: Post, rows: DraftRows, prefix: str, typed: Values, base: int
) -> None:
    uid = prefix.removeprefix("line-")
    row = next((ln for ln in every_line(rows) if ln.uid == uid), None)
    is_entry = row is None or row.form == "entry"
    values = _check(submitted, prefix, LineForm(_data(typed), is_entry=is_entry), typed)
    if values is None:
        return
    place = place_of(post, prefix)
    if row is None and is_put_back(post, prefix, None):
        submitted.changes.append(
            changes.AddLine(
                place.section, values, parent=place.parent, uid=uid, revision=place.revision
            )
        )
    else:
        submitted.changes.append(changes.ChangeLine(uid, values, base))


def _read_more(
    submitted: PostedPage, post: Post, rows: DraftRows, prefix: str, typed: Values, base: int
) -> None:
    form = LineForm(_data(typed))
    form.fields["text"].required = False
    values = _check(submitted, prefix, form, typed)
    if values is not None:
        submitted.changes.append(changes.ChangeLine(prefix.removeprefix("more-"), values, base))


def _read_section(
    submitted: PostedPage, post: Post, rows: DraftRows, prefix: str, typed: Values, base: int
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
    submitted: PostedPage, post: Post, rows: DraftRows, prefix: str, typed: Values, base: int
) -> None:
    values = _check(submitted, prefix, PayForm(_data(typed)), typed)
    if values is not None:
        submitted.changes.append(changes.ChangePay(prefix.removeprefix("pay-"), values, base))


def _read_references(
    submitted: PostedPage, post: Post, rows: DraftRows, prefix: str, typed: Values, base: int
) -> None:
    chosen = tuple(number(item) for item in typed["id"])
    uid = prefix.removeprefix("references-")
    submitted.changes.append(changes.ShowReferences(uid, chosen, base))


def _read_answer(
    submitted: PostedPage, post: Post, rows: DraftRows, prefix: str, typed: Values, base: int
) -> None:
    values = _check(submitted, prefix, AnswerForm(_data(typed)), typed)
    key = single(post, f"{prefix}-placeholder")[:90]
    if values is not None and key:
        line = single(post, f"{prefix}-line")
        answer = changes.AnswerPlaceholder(
            key, values.get("value", ""), values["plain"], line, base
        )
        submitted.changes.append(answer)


ROW_PARSERS = {
    "line": _read_line,
    "more": _read_more,
    "section": _read_section,
    "pay": _read_pay,
    "references": _read_references,
    "answer": _read_answer,
}


def parse_new_rows(submitted: PostedPage, post: Post, rows: DraftRows, let_go: set[str]) -> None:
    """Lines and pay ranges typed into the empty fields below a section or a line, whichever
    button sent the page: nothing typed is lost."""
    asked = single(post, "action")
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
    submitted: PostedPage, post: Post, kind: str, uid: str, rows: DraftRows, *, is_asked: bool
) -> None:
    prefix = f"{kind}-{uid}"
    typed = shown_values(post, prefix)
    submitted.typed[prefix] = typed
    if not (is_asked or "".join(typed["text"]).strip()):
        return
    values = _check(submitted, prefix, LineForm(_data(typed)), typed)
    if values is None:
        return
    parent = next((ln for ln in every_line(rows) if ln.uid == uid), None)
    if kind == "new":
        submitted.changes.append(changes.AddLine(uid, values))
    elif parent is not None:
        submitted.changes.append(changes.AddLine(parent.section.uid, values, parent=uid))


def _read_new_pay(submitted: PostedPage, post: Post, uid: str, *, is_asked: bool) -> None:
    prefix = f"newpay-{uid}"
    typed = shown_values(post, prefix)
    submitted.typed[prefix] = typed
    if is_asked or any("".join(typed.get(n, [])).strip() for n in ("minimum", "maximum")):
        values = _check(submitted, prefix, PayForm(_data(typed)), PAY_FIELDS)
        if values is not None:
            submitted.changes.append(changes.AddPay(uid, values))


def _read_new_section(submitted: PostedPage, post: Post) -> None:
    kind = single(post, "new-section-kind")
    typed = {"kind": [kind], "heading": post.getlist("new-section-heading")}
    submitted.typed["new-section"] = typed
    if kind not in vocabulary.SECTION_KINDS:
        submitted.errors["new-section"] = {"kind": [_("Choose what kind of section it is.")]}
        return
    named = {"heading": typed["heading"]} if any(typed["heading"]) else {}
    values = _check(submitted, "new-section", _section_form(named), ("heading",))
    if values is not None:
        heading = values["heading"] or vocabulary.SECTION_KINDS[kind].label
        after = single(post, "new-section-after")
        submitted.changes.append(changes.AddSection(kind, heading, after))
