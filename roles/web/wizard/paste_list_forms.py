"""A pasted list, shown line by line for confirmation before anything is added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from roles import folding, vocabulary
from roles.drafts.changes import NewLine
from roles.importers import pasted_list
from roles.models import SnippetRevision
from roles.web.shared.post_data import Post, number, single


class PasteForm(forms.Form):
    """The text as it was pasted. What is wrong with it is said by the parser's limits."""

    text = forms.CharField(
        strip=False,
        widget=forms.Textarea,
        error_messages={"required": gettext_lazy("Paste a list first.")},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        try:
            self.entries = pasted_list.entries(text)
        except pasted_list.TooLong as error:
            raise forms.ValidationError(_too_long(error)) from None
        if not self.entries:
            raise forms.ValidationError(_("There is no text in what you pasted."))
        return text


def _too_long(error: pasted_list.TooLong) -> str:
    words = (
        _("This is too long to be a list: %(length)s characters, and %(limit)s are read at once.")
        if error.limit == pasted_list.PASTE_LIMIT
        else _("This is too long to be a list: %(length)s lines, and %(limit)s are read at once.")
    )
    return words % {"length": f"{error.length:,}", "limit": f"{error.limit:,}"}


@dataclass
class PastedLine:
    """One line to confirm. `under` is the number of the line that it becomes a sub-line of."""

    number: int
    text: str
    under: int | None = None
    is_kept: bool = True
    revision: int | None = None  # of the library text that says the same
    library_text: str = ""
    like: str = ""  # a line of the job description that says nearly the same
    error: str = ""


def flat(entries: Iterable[pasted_list.PastedEntry]) -> list[PastedLine]:
    """The entries in reading order, each sub-entry behind its own."""
    lines: list[PastedLine] = []
    for entry in entries:
        here = len(lines)
        lines.append(PastedLine(here, entry.text))
        lines += [PastedLine(here + n, sub.text, here) for n, sub in enumerate(entry.entries, 1)]
    return lines


def compare(
    lines: Sequence[PastedLine], known: Sequence[SnippetRevision | None], existing: Sequence[str]
) -> None:
    """Say of each line what the library has for it, and which line here it nearly repeats:
    one of `existing`, or an earlier one of the list. What repeats is
    not ticked, nor what stands under it."""
    keys = [folding.likeness_key(text) for text in existing]
    texts = list(existing)
    for line, revision in zip(lines, known, strict=True):
        if revision is not None:
            line.revision, line.library_text = revision.pk, revision.text
        hit = folding.nearest(line.text, keys)
        if hit is not None:
            line.like, line.is_kept = texts[hit[0]], False
        if line.under is not None and not lines[line.under].is_kept:
            line.is_kept = False
        keys.append(folding.likeness_key(line.text))
        texts.append(line.text)
    check(lines)


def check(lines: Iterable[PastedLine]) -> bool:
    """Whether what is ticked can be added as it stands; messages beside what cannot."""
    for line in lines:
        length = len(line.text)
        if line.is_kept and length > vocabulary.LINE_LIMIT:
            line.error = _("An entry holds at most %(limit)d characters; this has %(length)d.") % {
                "limit": vocabulary.LINE_LIMIT,
                "length": length,
            }
        elif line.is_kept and (bad := folding.forbidden_character(line.text)):
            line.error = _("The character %s cannot be used.") % bad
    return not any(line.error for line in lines)


def posted(post: Post, section: str) -> list[PastedLine]:
    """The lines of the confirmation as a page sends them back."""
    lines = []
    for count in range(vocabulary.LINES_LIMIT):
        prefix = f"entry-{section}-{count}"
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
                single(post, f"{prefix}-like"),
            )
        )
    return lines


def new_lines(lines: Iterable[PastedLine]) -> tuple[NewLine, ...]:
    """What is ticked and not empty, sub-lines under theirs; a sub-line whose own line is not
    ticked becomes a line."""
    tops: dict[int, tuple[PastedLine, list[NewLine]]] = {}
    for line in lines:
        if not (line.is_kept and line.text):
            continue
        if line.under in tops:
            tops[line.under][1].append(NewLine(line.text, line.revision))
        else:
            tops[line.number] = (line, [])
    return tuple(NewLine(top.text, top.revision, tuple(subs)) for top, subs in tops.values())
