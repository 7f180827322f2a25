"""The check for a language that isn't the text's."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from roles import languages
from roles.document import Document
from roles.quality.issue import Issue, IssueAction

# Languages that are too alike to tell apart, or codes of the same one.
_ALIKE = (
    frozenset({"nb", "nn", "no"}),
    frozenset({"bs", "hr", "sh", "sr"}),
    frozenset({"id", "ms"}),
    frozenset({"fil", "tl"}),
)


def language_mismatch(document: Document) -> Iterator[Issue]:
    """Yields an issue if the text is clearly in another language than the document."""
    found = languages.detected(document)
    if found is None or _is_alike(found, languages.base(document.language)):
        return
    stated, read = languages.name(document.language), languages.name(found)
    yield Issue(
        "language_mismatch",
        None,
        _("The language is %(stated)s, but the text is in %(read)s.")
        % {"stated": stated, "read": read},
        _("Set the language to %s or Automatic in the job details.") % read,
        IssueAction("set_language", (found, read)),
    )


def _is_alike(one: str, other: str) -> bool:
    return one == other or any({one, other} <= group for group in _ALIKE)
