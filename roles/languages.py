"""The language of a document: detected from its text, and the languages to choose from.

Detection is in proportion to the text and gives the same result everywhere: half a millisecond for
2,000 characters, after the model (a second, 90 MB) is loaded. `load` does this ahead of time.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from operator import itemgetter
from typing import Any

from babel import Locale, UnknownLocaleError

from roles import folding
from roles.document import Document

# Languages in which organizations write job descriptions. Fewer candidates make short texts safer:
# Luxembourgish, Frisian, Galician, or Scots would win German, Dutch, Portuguese, or English ones.
CANDIDATES = (
    *("af", "ar", "az", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu"),
    *("fa", "fi", "fr", "ga", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka"),
    *("kk", "km", "kn", "ko", "lo", "lt", "lv", "mk", "ml", "mr", "ms", "mt", "my", "ne", "nl"),
    *("no", "pa", "pl", "pt", "ro", "ru", "si", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te"),
    *("th", "tl", "tr", "uk", "ur", "vi", "zh"),
)
_STANDARD_CODES = {"no": "nb"}  # a code for several languages, and the one that it means here

DEFAULT = "en"  # of documents without enough text
LETTERS = 50  # that a text needs; a character of an unspaced script or Korean counts as four
CONFIDENCE = 0.8  # of 1
_LINE_SAMPLE, _SAMPLE = 200, 8_000  # characters of a line and of all lines that are looked at
_NOT_PROSE = re.compile(r"\[[^\[\]]*\]|\S*(?:@|//|www\.)\S*")  # placeholders and addresses
_UNSPACED = re.compile(f"[{folding.UNSPACED_OR_KOREAN}]")

_loading = threading.Lock()


def detected(document: Document) -> str | None:
    """Returns the code of the language of the document's lines, or None if there is too little
    text or the language isn't clear. Title, facts, and headings don't count: they are often
    English in other languages, too."""
    sample: list[str] = []
    length = 0
    for section in document.sections:
        for line in section.every_line():
            for text in (line.text, line.detail):
                sample.append(_NOT_PROSE.sub(" ", text[:_LINE_SAMPLE]))
                length += len(sample[-1])
        if length > _SAMPLE:
            break
    return _language_of("\n".join(sample)[:_SAMPLE])


@lru_cache(maxsize=1_000)
def _language_of(text: str) -> str | None:
    letters = sum(unicodedata.category(c)[0] in "LM" for c in text)
    letters += 3 * len(_UNSPACED.findall(text))
    if letters < LETTERS:
        return None
    code, confidence = load().classify(text)
    return _STANDARD_CODES.get(code, code) if confidence >= CONFIDENCE else None


def load() -> Any:
    """Returns py3langid's identifier, loaded once."""
    with _loading:
        return _identifier()


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(CANDIDATES)
    return found


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """Returns the languages to choose from: English names by code, sorted by name. They are those
    of ISO 639-1, and the regional ones that CLDR knows by name."""
    english = Locale("en")
    places = {**english.territories, **english.scripts}
    offered = {}
    for code, name in english.languages.items():
        language, _, place = code.partition("_")
        if not place and len(code) == 2:
            offered[code] = name
        elif re.fullmatch("[a-z]{2}_([A-Z]{2}|Han[st])", code):
            offered[f"{language}-{place}"] = f"{english.languages[language]} ({places[place]})"
    return dict(sorted(offered.items(), key=itemgetter(1)))


def name(code: str) -> str:
    """Returns the English name of a language, or its code if it is unknown."""
    locale = locale_of(code)
    return (locale and locale.english_name) or code


def base(code: str) -> str:
    """Returns the language without its region: `de` of `de-AT`."""
    return code.replace("_", "-").split("-")[0].lower()


def locale_of(code: str) -> Locale | None:
    """Returns the locale of a language code, or of its language without region, or None."""
    for wanted in (code.replace("-", "_"), base(code)):
        try:
            return Locale.parse(wanted)
        except (UnknownLocaleError, ValueError):
            continue
    return None
