"""Compares the texts of two lines; those of paragraphs in their formatting."""

from __future__ import annotations

from roles import text_formatting
from roles.comparison import word_diff
from roles.comparison.nodes import Pieces, differs
from roles.document import DocumentLine
from roles.text_formatting import PLAIN, TextStyle


def pieces(state: str, old: DocumentLine, new: DocumentLine) -> Pieces:
    """Returns the pieces of the texts of a line in this state (see nodes.STATES)."""
    if old.plain_text == old.text and new.plain_text == new.text:
        return word_diff.in_state(state, old.text, new.text)
    (before, old_styles), (after, new_styles) = map(_styled, (old, new))
    found = word_diff.restyled(word_diff.in_state(state, before, after), old_styles, new_styles)
    if state in ("kept", "moved") and old.text != new.text and not differs(found):
        # Other marks for the same look: still a change of the document.
        return word_diff.whole(before, "removed") + word_diff.whole(after, "added")
    return found


def _styled(line: DocumentLine) -> tuple[str, list[TextStyle]]:
    """Returns the text without marks of formatting, and the style of each character."""
    if not line.is_paragraph:
        return line.text, [PLAIN] * len(line.text)
    found = text_formatting.stretches(line.text)
    text = "".join(line.text[start:end] for start, end, _style in found)
    return text, [style for start, end, style in found for _ in range(start, end)]
