"""The checks for what every job description should say: a summary, the pay, how to apply, and that
the employer gives equal opportunity.

Each reports only what appears nowhere. A section that is there and empty is an issue of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from roles import placeholders
from roles.document import Document, DocumentSection
from roles.quality import ways_to_apply
from roles.quality.issue import Issue, IssueAction

_SUMMARY_HEADING = re.compile(
    r"\b(?:summary|overview|job brief|(?:about|purpose of) (?:the|this) (?:role|job|position)"
    r"|zusammenfassung|überblick|résumé du poste|resumen)\b",
    re.IGNORECASE,
)
_PAY_WORD = re.compile(
    r"\b(?:pay|paid|salary|salaries|wages?|compensation|remuneration|gehalt|vergütung|lohn"
    r"|salaire|rémunération|salario|sueldo)\b",
    re.IGNORECASE,
)
_SIGN = "[$€£¥₹₩₪₫₱₺₴₦]"
_CODE = "(?:USD|EUR|GBP|CAD|AUD|NZD|CHF|JPY|CNY|INR|SGD|HKD|SEK|NOK|DKK|PLN|MXN|BRL|ZAR)"
_PER = r"(?:per|an?|/) ?(?:hr|hour|day|week|month|yr|year|annum)\b"
_AMOUNT = re.compile(
    rf"{_SIGN}\s?\d|\b{_CODE}\s?\d|\d\s?(?:{_SIGN}|{_CODE}\b|kr\b|zł\b|{_PER})"
    r"|(?<![\d.,])(?!401)\d{2,3}[kK]\b"
)
_APPLY_WORD = re.compile(
    r"\b(?:appl(?:y|ying|ications?|icants?)|resumes?|résumés?|cv|cover letters?|bewerb\w*"
    r"|postul\w*|candidat\w*|solicitud\w*)\b",
    re.IGNORECASE,
)
_APPLY_HEADING = re.compile(
    r"\b(?:how to apply|apply|application process|bewerbung|candidature|postuler|cómo aplicar"
    r"|solicitud)\b",
    re.IGNORECASE,
)
_EQUAL_OPPORTUNITY = re.compile(
    r"\bequal[- ](?:employment[- ])?opportunit|\bEEOC?\b|\bEOE\b|\bdoes not discriminate"
    r"|\b(?:do not|don[’']t|never) discriminate|\bfree (?:of|from) discrimination"
    r"|\baffirmative action|\bchancengleichheit|\bégalité des chances"
    r"|\bigualdad de oportunidades",
    re.IGNORECASE,
)
# Characteristics that such statements list. A text that names three of them is one.
_PROTECTED = re.compile(
    r"\b(?:race|colou?r|religio(?:n|us)|faith|sex|gender|age|disabilit(?:y|ies)|national origin"
    r"|ethnicity|ancestry|veteran|sexual orientation|identity|pregnancy|marital status|background"
    r"|geschlecht|alter|behinderung|religion|herkunft|sexuelle\w* identität|nationalität"
    r"|sexe|genre|âge|handicap|origine|orientation sexuelle"
    r"|género|sexo|edad|discapacidad|origen|religión|raza)\b",
    re.IGNORECASE,
)
_CHARACTERISTICS = 3


def no_summary(document: Document) -> Iterator[Issue]:
    """Yields an issue if nothing introduces the job."""
    if not _has(document, ("summary", "about_role"), _SUMMARY_HEADING):
        yield _missing(
            "no_summary", _("There is no summary of the job."), _("Add a summary."), "summary"
        )


def no_pay(document: Document) -> Iterator[Issue]:
    """Yields an issue if the document doesn't say what the job pays. Many places require it in
    postings (New York Labor Law § 194-b, Colorado C.R.S. 8-5-201)."""
    if _has(document, ("pay",)) or any(_states_pay(text) for text in document.texts()):
        return
    yield _missing("no_pay", _("The pay isn’t stated."), _("Add a pay section."), "pay")


def no_how_to_apply(document: Document) -> Iterator[Issue]:
    """Yields an issue if the document doesn't say how to apply."""
    shown = {name for section in document.sections for name in section.facts}
    if _has(document, ("apply",), _APPLY_HEADING) or (
        "apply_to" in shown and document.fact("apply_to")
    ):
        return
    if any(_says_where_to_apply(text) for text in document.texts()):
        return
    yield _missing(
        "no_how_to_apply",
        _("The document doesn’t say how to apply."),
        _("Add a section about it."),
        "apply",
        "apply",
    )


def no_address_to_apply(document: Document) -> Iterator[Issue]:
    """Yields an issue if there is a section about how to apply, and nothing in the document says
    where. Only for documents of an organization without an address of its own: it is a default
    for all. A blank placeholder there is an issue of its own."""
    shown = document.filled()
    about = [s for s in shown.sections if s.kind == "apply" or _is_about(s, _APPLY_HEADING)]
    texts = [text for section in about for text in section.texts()]
    if (
        all(shown.is_empty(section) for section in about)
        or document.fact("apply_to")
        or any(placeholders.find_placeholders(text) for text in texts)
        or any(ways_to_apply.says_where(text) for text in texts)
        or any(_says_where_to_apply(text) for text in shown.texts())
    ):
        return
    yield Issue(
        "no_address_to_apply",
        None,
        _("“%s” doesn’t say where to apply.") % about[0].heading,
        _("Enter a link or an email address, or add it to the text."),
        IssueAction("go_to_fact", ("apply_to",)),
    )


def no_equal_opportunity(document: Document) -> Iterator[Issue]:
    """Yields an issue if no text states equal opportunity."""
    if any(_states_equal_opportunity(text) for text in document.texts()):
        return
    yield _missing(
        "no_equal_opportunity",
        _("There is no equal opportunity statement."),
        _("Add the statement from the library, or write your own."),
        "legal",
        "equal_opportunity",
    )


def states_amount(text: str) -> bool:
    """Returns whether a text has an amount of money."""
    return bool(_AMOUNT.search(text))


def _missing(check: str, why: str, fix: str, kind: str, category: str = "") -> Issue:
    """An issue whose button adds a section of this kind, with a snippet of this category."""
    return Issue(check, None, why, fix, IssueAction("add_section", (kind, category)))


def _has(
    document: Document, kinds: tuple[str, ...], heading: re.Pattern[str] | None = None
) -> bool:
    """Returns whether there is a section of these kinds, even an empty one, or one with text under
    such a heading."""
    return any(
        section.kind in kinds or _is_about(section, heading) for section in document.sections
    )


def _is_about(section: DocumentSection, heading: re.Pattern[str] | None) -> bool:
    return bool(heading and section.lines and heading.search(section.heading))


def _states_pay(text: str) -> bool:
    return bool(_PAY_WORD.search(text)) and states_amount(text)


def _says_where_to_apply(text: str) -> bool:
    """Returns whether a text about applying has a link or an email address."""
    return bool(_APPLY_WORD.search(text)) and ways_to_apply.has_address(text)


def _states_equal_opportunity(text: str) -> bool:
    named = {found.casefold() for found in _PROTECTED.findall(text)}
    return bool(_EQUAL_OPPORTUNITY.search(text)) or len(named) >= _CHARACTERISTICS
