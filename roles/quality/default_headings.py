"""The check for headings that the product gave to sections in another language than the text's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import override

from roles import languages, vocabulary
from roles.document import Document
from roles.quality.issue import Issue, IssueAction

LANGUAGES = ("en", "de", "fr", "es")  # of the labels of documents (roles/locale)


def default_headings(document: Document) -> Iterator[Issue]:
    """Yields an issue if sections still have their first heading, in another language than the
    document. Headings that someone chose stay as they are. The arguments of the action are pairs:
    the uid of a section, and its heading in the language of the document."""
    language = languages.base(document.language)
    if language not in LANGUAGES:
        return
    pairs: list[str] = []
    for section in document.sections:
        labels = _labels(section.kind)
        if section.heading in labels.values() and section.heading != labels[language]:
            pairs += (section.uid, labels[language])
    if pairs:
        headings = [s.heading for s in document.sections if s.uid in pairs[::2]]
        yield Issue(
            "default_headings",
            None,
            _("Headings aren’t in the document’s language, %(language)s: %(headings)s.")
            % {"language": languages.name(language), "headings": ", ".join(headings)},
            _("Translate them."),
            IssueAction("translate_headings", tuple(pairs)),
        )


@lru_cache
def _labels(kind: str) -> dict[str, str]:
    """Returns the first heading of a section of this kind by language."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = _(vocabulary.SECTION_KINDS[kind].label)
    return found
