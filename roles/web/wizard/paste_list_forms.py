"""The forms of a pasted list: its text, and its lines to confirm before they are added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import folding, limits, search, vocabulary
from roles.comparison import normalized_text
from roles.drafts.changes import AddLines, AddPay, Change, NewLine
from roles.importers import pasted_list
from roles.models import JobLevel, SnippetRevision
from roles.web.shared import pasted_entries
from roles.web.shared.post_data import Post, number, single
from roles.web.wizard import pasted_pay


class PasteForm(forms.Form):
    """The pasted text for a section of a kind. The limits are those of `pasted_list`; `entries` is
    the parsed list."""

    text = forms.CharField(
        strip=False,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Paste a list first.")},
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, section_kind: str) -> None:
        super().__init__(data)
        self.section_kind = section_kind

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        try:
            self.entries = pasted_entries.read(text, self.section_kind)
        except pasted_list.TooLong as error:
            raise forms.ValidationError(pasted_entries.too_long(error)) from None
        if not self.entries:
            raise forms.ValidationError(_("The pasted text is empty. Paste a list."))
        return text


@dataclass
class PastedLine:
    """One line to confirm. `under` is the number of its parent, if it is a sub-line. `percent` is
    what was typed."""

    number: int
    text: str
    under: int | None = None
    is_checked: bool = True
    revision: int | None = None  # of the snippet with the same text
    library_text: str = ""
    repeated: str = ""  # a line of the job description that says the same
    like: str = ""  # one with nearly the same text
    detail: str = ""
    percent: str = ""
    is_pay: bool = False  # to be added as a pay range
    pay: dict[str, Any] | None = None  # the pay range that it states (fields of PayRange)
    requirement: str = ""
    error: str = ""

    @property
    def percent_error(self) -> bool:
        """Whether `percent` is filled in and invalid."""
        return bool(self.percent) and self.percent_number is None

    @property
    def percent_number(self) -> int | None:
        """The percent of time, or None if it is empty or invalid."""
        digits = self.percent.isascii() and self.percent.isdecimal() and len(self.percent) <= 3
        return int(self.percent) if digits and int(self.percent) <= 100 else None


def to_confirm(
    entries: Iterable[pasted_list.PastedEntry], section_kind: str, existing: Sequence[str]
) -> list[PastedLine]:
    """The lines of a list for a section of this kind, with the snippets and the `existing` texts
    of the job description that they repeat."""
    kind = vocabulary.SECTION_KINDS[section_kind]
    lines = flat(entries)
    known = search.in_library([line.text for line in lines], kind.offers)
    if section_kind == "table":  # rows have the same cells again and again
        check(lines)
    else:
        compare(lines, known, existing)
    if section_kind == "pay":
        read_pay(lines)
        for line in lines:
            line.is_pay = line.pay is not None
    return lines


def read_pay(lines: Iterable[PastedLine]) -> None:
    """Set the pay ranges that the lines state."""
    levels = list(JobLevel.objects.values_list("name", flat=True))
    for line in lines:
        line.pay = pasted_pay.values(line.text, line.detail, levels)


def several(text: str, section_kind: str = "") -> tuple[pasted_list.PastedEntry, ...]:
    """The entries of a text that was typed into the field for one line, if it is a list of two or
    more; else none. Sub-lines have no section kind and no percent of time."""
    found = _typed_entries(text, section_kind)
    return found if sum(1 + len(entry.entries) for entry in found) > 1 else ()


def only_line(text: str, section_kind: str = "") -> dict[str, Any]:
    """The values of a line whose text was pasted into the field for one line: without its bullet
    and marks, and with the detail, the percent of time, and the requirement that it states. Empty
    for any other text."""
    found = _typed_entries(text, section_kind)
    if len(found) != 1 or found[0].entries:
        return {}
    values = {
        name: getattr(found[0], name) for name in ("text", "detail", "percent", "requirement")
    }
    return {name: value for name, value in values.items() if value}


def _typed_entries(text: str, section_kind: str) -> tuple[pasted_list.PastedEntry, ...]:
    try:
        return pasted_entries.read(text, section_kind)
    except pasted_list.TooLong:
        return ()  # the field's own limit has a message


def flat(entries: Iterable[pasted_list.PastedEntry]) -> list[PastedLine]:
    """The entries in order, each followed by its sub-entries."""
    lines: list[PastedLine] = []
    for entry in entries:
        parent = len(lines)
        for under, one in [(None, entry), *((parent, sub) for sub in entry.entries)]:
            line = PastedLine(len(lines), one.text, under, detail=one.detail)
            line.requirement = one.requirement
            if one.percent is not None:
                line.percent = str(one.percent)
            lines.append(line)
    return lines


def compare(
    lines: Sequence[PastedLine], known: Sequence[SnippetRevision | None], existing: Sequence[str]
) -> None:
    """Set the snippet of each line (`known`, one for each), and the text that it repeats: one of
    `existing`, or an earlier line of the list. A line that says the same is not checked, and
    neither are its sub-lines; one that only looks alike stays checked."""
    keys = [folding.likeness_key(text) for text in existing]
    texts = list(existing)
    meanings = {normalized_text.normalize(text): text for text in reversed(texts)}
    for line, revision in zip(lines, known, strict=True):
        if revision is not None:
            line.revision, line.library_text = revision.pk, revision.text
        meaning = normalized_text.normalize(line.text)
        match = folding.nearest_repeat(line.text, keys)
        if meaning in meanings and not line.detail:
            line.repeated, line.is_checked = meanings[meaning], False
        elif match is not None:
            line.like = texts[match]
        if line.under is not None and not lines[line.under].is_checked:
            line.is_checked = False
        meanings.setdefault(meaning, line.text)
        keys.append(folding.likeness_key(line.text))
        texts.append(line.text)
    check(lines)


def check(lines: Iterable[PastedLine]) -> bool:
    """Whether all checked lines can be added; sets the errors of those that cannot."""
    for line in lines:
        line.error = _error(line) if line.is_checked else ""
    return not any(line.error for line in lines)


def _error(line: PastedLine) -> str:
    if len(line.text) > limits.LINE_LIMIT:
        message = _("A list item can have up to %(limit)d characters. This one has %(length)d.")
        return message % {"limit": limits.LINE_LIMIT, "length": len(line.text)}
    if len(line.detail) > limits.DETAIL_LIMIT:
        message = _("A detail can have up to %(limit)d characters. This one has %(length)d.")
        return message % {"limit": limits.DETAIL_LIMIT, "length": len(line.detail)}
    if bad := folding.forbidden_character(line.text + line.detail):
        return _("Remove the character %s, which isn’t allowed.") % bad
    if line.percent_error:
        return _("Enter a percentage from 0 to 100.")
    if line.is_pay and line.pay is None:
        return _("Enter a place and an amount, such as Denver: $60,000–70,000.")
    return ""


def posted(post: Post, section: str) -> list[PastedLine]:
    """The lines to confirm, as they were posted."""
    lines = []
    for count in range(limits.LINES_LIMIT):
        prefix = f"entry-{section}-{count}"
        requirement = single(post, f"{prefix}-requirement")
        if f"{prefix}-text" not in post:
            break
        under = single(post, f"{prefix}-under")
        lines.append(
            PastedLine(
                count,
                folding.tidy(str(post[f"{prefix}-text"]), one_line=True),
                number(under) if under else None,
                f"{prefix}-keep" in post,
                number(single(post, f"{prefix}-revision")) or None,
                single(post, f"{prefix}-library"),
                single(post, f"{prefix}-repeated"),
                single(post, f"{prefix}-like"),
                folding.tidy(single(post, f"{prefix}-detail"), one_line=False),
                single(post, f"{prefix}-percent").strip(),
                f"{prefix}-pay" in post,
                requirement=requirement if requirement in vocabulary.REQUIREMENTS else "",
            )
        )
    if any(line.is_pay for line in lines):
        read_pay(lines)
    return lines


def to_add(lines: Iterable[PastedLine], section: str) -> list[Change]:
    """The changes that add the checked lines to a section: pay ranges as such, all others as
    lines."""
    pay = [line for line in lines if line.is_checked and line.is_pay]
    texts = new_lines(line for line in lines if line not in pay)
    added = [AddPay(section, line.pay) for line in pay if line.pay is not None]
    return [*([AddLines(section, texts)] if texts or not added else []), *added]


def new_lines(lines: Iterable[PastedLine]) -> tuple[NewLine, ...]:
    """The checked lines that are not empty, with their sub-lines. A sub-line whose parent is not
    checked becomes a line."""
    tops: dict[int, tuple[PastedLine, list[NewLine]]] = {}
    for line in lines:
        if not (line.is_checked and line.text):
            continue
        if line.under in tops:
            tops[line.under][1].append(_new_line(line))
        else:
            tops[line.number] = (line, [])
    return tuple(_new_line(top, tuple(subs)) for top, subs in tops.values())


def _new_line(line: PastedLine, subs: tuple[NewLine, ...] = ()) -> NewLine:
    return NewLine(
        line.text, line.revision, subs, line.detail, line.percent_number, line.requirement
    )
