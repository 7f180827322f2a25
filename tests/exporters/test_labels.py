"""The labels of documents: catalogs in German, French, and Spanish, and what documents show."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

from roles import physical_demands, vocabulary
from roles.document import Document, DocumentPayRange, DocumentPlace, Fact
from roles.exporters import FORMATS, footer, pdf
from tests import samples
from tests.ui_copy import ROOT

Label = str | tuple[str, str]

LANGUAGES = ("de", "fr", "es")
LOCALE = ROOT / "roles" / "locale"
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_lazy": None, "ngettext_lazy": (1, 2)}
# Messages of these are for the person who exports, in English; so are those of CannotExport.
SCREENS = ("file_names.py", "costly_lines.py")
OF_REFUSALS = ("Can’t create a job posting", "This job description isn’t open")
TEMPLATES = (
    *sorted((ROOT / "templates" / "document").glob("*.html")),
    *(ROOT / "templates" / name for name in ("bare.html", "public/page.html")),
)
TABLES: tuple[Mapping[str, Label], ...] = (
    *(vocabulary.AUDIENCES, vocabulary.STYLES, vocabulary.HEADING_DISPLAYS),
    *(vocabulary.FORMS, vocabulary.REQUIREMENTS),
    *(vocabulary.ESSENTIALS, vocabulary.FREQUENCIES, vocabulary.PROFICIENCIES),
    *(physical_demands.FREQUENCIES, physical_demands.UNITS),
    *(vocabulary.PERIODS, vocabulary.STATISTICS, vocabulary.LINE_CATEGORIES),
    *(kind.choices for kind in vocabulary.FACTS.values() if kind.choices),
    {name: kind.label for name, kind in vocabulary.FACTS.items()},
    {name: kind.label for name, kind in vocabulary.SECTION_KINDS.items()},
)


def labels() -> Iterator[Label]:
    """Every label that a document or its public page can show."""
    for file in sorted((ROOT / "roles" / "exporters").rglob("*.py")):
        if file.name not in SCREENS:
            yield from of_source(file.read_bytes())
    for template in TEMPLATES:
        source = templatize(template.read_text(encoding="utf-8"))
        yield from of_source(" ".join(source.split("\n")).encode())
    for table in TABLES:
        yield from table.values()


def of_source(source: bytes) -> Iterator[Label]:
    for _line, message, _comments, _context in extract("python", io.BytesIO(source), KEYWORDS):
        if not str(message).startswith(OF_REFUSALS):
            yield message if isinstance(message, str) else (message[0], message[1])


def source_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def catalog(language: str) -> Catalog:
    with source_of(language).open("rb") as file:
        return pofile.read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_label_is_translated(language: str) -> None:
    found = catalog(language)
    wanted = {label: found.get(label) for label in labels()}
    assert len(wanted) > 150
    missing = [label for label, message in wanted.items() if message is None]
    assert not missing
    for message in found:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_translation_takes_the_same_values(language: str) -> None:
    def values(text: str) -> list[str]:
        return sorted(re.findall(r"%(?:\(\w+\))?[sd%]|\{\w+\}|</?\w+>", text))

    for message in catalog(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in texts:
            assert values(str(text)) == values(str(ids[-1])), message.id


def messages_of(file: Any) -> dict[Any, str]:
    """The messages of a compiled catalog, without its head, which names the compiler."""
    found: dict[Any, str] = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in found.items() if key}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalog_is_up_to_date(language: str) -> None:
    """Compile with `pybabel compile -D django -d roles/locale`."""
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalog(language))
    compiled.seek(0)
    with source_of(language).with_suffix(".mo").open("rb") as file:
        assert messages_of(file) == messages_of(compiled)


# --- documents


def document(language: str) -> Document:
    """A document with a fact, a tag, and pay."""
    facts = (
        Fact("weekly_hours", ("37.5",)),
        Fact("employment_type", ("part_time",)),
        Fact("apply_by", ("2026-03-01",)),
        Fact("years", ("2", "4")),
        Fact("locations", places=(DocumentPlace("Köln", "", "DE"),)),
    )
    pay = DocumentPayRange("p", Decimal("42000"), Decimal("55000.50"), "EUR")
    lines = (
        samples.line("A", requirement="required", percent=20),
        samples.line("B", requirement="preferred", frequency="weekly"),
    )
    names = tuple(fact.name for fact in facts)
    sections = (
        samples.section("facts", "1", facts=names, style="table"),
        samples.section("qualifications", "2", *lines),
        samples.section("pay", "3", pay_ranges=(pay,)),
    )
    return replace(
        samples.numbered(Document("Titel", sections=sections, facts=facts)), language=language
    )


SHOWN = {
    "en": (
        *("Weekly hours", "37.5", "Part-time", "March 1, 2026", "2 to 4 years", "per year"),
        *("Required, 20% of time", "Preferred, Weekly", "€42,000.00 – €55,000.50", "Pay range"),
    ),
    "de": (
        *("Wochenstunden", "37,5", "Teilzeit", "1. März 2026", "2 bis 4 Jahre", "pro Jahr"),
        *("Erforderlich, 20 % der Arbeitszeit", "Wünschenswert, Wöchentlich"),
        *("42.000,00 € – 55.000,50 €", "Gehaltsspanne", "Entwurf"),
    ),
    "fr": (
        *("Heures hebdomadaires", "37,5", "Temps partiel", "1 mars 2026", "2 à 4 ans", "par an"),
        *("Obligatoire, 20 % du temps de travail", "Souhaité, Hebdomadaire"),
        *("42 000,00 € – 55 000,50 €", "Fourchette de rémunération", "Brouillon"),
    ),
    "es": (
        *("Horas semanales", "37,5", "Jornada parcial", "1 de marzo de 2026", "al año"),
        *("De 2 a 4 años", "Obligatorio, 20 % del tiempo de trabajo", "Deseable, Semanal"),
        *("42 000,00 € – 55 000,50 €", "Rango salarial", "Borrador"),
    ),
}


@pytest.mark.parametrize("code", ["html", "md", "txt"])
@pytest.mark.parametrize("language", SHOWN)
def test_labels_dates_and_numbers_are_in_the_language_of_the_document(
    language: str, code: str
) -> None:
    content = FORMATS[code].render(document(language), samples.draft()).decode()
    plain = re.sub(r"<[^>]+>|[*|]", " ", content).replace(" · ", ", ").replace("\\", "")
    shown = " ".join(plain.split()).casefold()
    for label in SHOWN[language]:
        assert label.casefold() in shown, label


@pytest.mark.parametrize("language", LANGUAGES)
def test_regional_languages_have_the_labels_of_the_language(language: str) -> None:
    with override(f"{language}-CH"):
        assert gettext("Weekly hours") == SHOWN[language][0]


@pytest.mark.parametrize("language", ["ja", "pl", "xx", "haw"])
def test_other_languages_have_english_labels(language: str) -> None:
    content = FORMATS["txt"].render(document(language), samples.draft()).decode()
    assert "Weekly hours" in content
    assert "DRAFT" in content


def test_page_numbers_follow_the_language() -> None:
    assert [pdf.page_of_pages(language) for language in ("en", *LANGUAGES)] == [
        '"Page " counter(page) " of " counter(pages)',
        '"Seite " counter(page) " von " counter(pages)',
        '"Page " counter(page) " sur " counter(pages)',
        '"Página " counter(page) " de " counter(pages)',
    ]


def test_the_footer_follows_the_language() -> None:
    edition = replace(samples.version(), day=date(2026, 3, 12))
    with override("de"):
        assert " · Version 3 · 12. März 2026 · " in footer.edition_line(edition)
    with override("es"):
        assert " · Versión 3 · 12 de marzo de 2026 · " in footer.edition_line(edition)


def test_screens_stay_english() -> None:
    assert gettext("Weekly hours") == "Weekly hours"
