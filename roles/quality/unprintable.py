"""The check for characters that PDFs can't show, because no installed font has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from roles import font_coverage
from roles.document import Document, DocumentSection
from roles.quality.issue import Issue

_NAMED = 10  # characters in a message


def unprintable(document: Document) -> Iterator[Issue]:
    """Yields an issue for each section and package of fonts that the machine lacks."""
    filled = document.filled()
    yield from _issues(None, _facts(filled))
    for section, shown in zip(document.sections, filled.sections, strict=True):
        yield from _issues(section, _texts(shown))


def export_note(document: Document) -> str:
    """Returns a sentence about the characters that PDFs of the document can't show, or ""."""
    filled = document.filled()
    texts = [*_facts(filled), *(text for part in filled.sections for text in _texts(part))]
    found = font_coverage.missing_characters(texts)
    if not found:
        return ""
    return _(
        "PDFs can’t show these characters and aren’t marked as accessible: %(characters)s."
        " Ask an administrator to install the font package %(packages)s."
    ) % {
        "characters": _listed(found),
        "packages": ", ".join(font_coverage.packages(found)),
    }


def _facts(filled: Document) -> list[str]:
    texts = [filled.title]
    for fact in filled.facts:
        texts += [fact.label, *fact.values, *map(str, fact.places)]
    return texts


def _texts(section: DocumentSection) -> Iterator[str]:
    yield from section.texts()
    for pay in section.pay_ranges:
        yield from (pay.location, pay.level)
    for reference in section.pay_references:
        yield from (reference.role, reference.location, reference.level, reference.source)


def _issues(section: DocumentSection | None, texts: Iterable[str]) -> Iterator[Issue]:
    found = font_coverage.missing_characters(texts)
    for package, characters in font_coverage.packages(found).items():
        yield Issue(
            "unprintable",
            section,
            _("No font on this server has these characters: %s. PDFs can’t show them.")
            % _listed(characters),
            _("Ask an administrator to install the font package %s, or change the text.") % package,
        )


def _listed(characters: list[str]) -> str:
    """Returns up to ten characters, marks on a dotted circle, and an ellipsis for more."""
    shown = [
        f"\N{DOTTED CIRCLE}{c}" if font_coverage.is_mark(c) else c for c in characters[:_NAMED]
    ]
    return " ".join([*shown, "…"] if len(characters) > _NAMED else shown)
