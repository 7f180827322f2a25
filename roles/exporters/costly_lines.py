"""Which line of a document takes the longest to print, for a document that exceeded the limits of
`bounded_work`. Each line is printed alone, the most suspicious first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from roles import bounded_work
from roles.document import Document, DocumentLine, DocumentSection
from roles.editions import Edition

PROBE_SECONDS = 2  # for one line; an ordinary one takes a hundredth
SEARCH_SECONDS = 10  # for all
_START_LENGTH = 60  # characters of a line or a heading in the message

Probe = Callable[[Document, Edition], object]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a document: its name in a message, its text, and a document with nothing else."""

    name: str
    text: str
    document: Document
    edition: Edition

    @property
    def suspicion(self) -> int:
        """Its length, in which characters of other scripts and line breaks count more."""
        return len(self.text.encode()) + 50 * self.text.count("\n")


def message(document: Document, edition: Edition, probe: Probe) -> str:
    """Returns the sentence for people that names the line. `probe` prints a document."""
    if not bounded_work.is_for_authors():
        return _("This job description takes too long to print.")
    parts = sorted(_parts(document, edition), key=lambda p: p.suspicion, reverse=True)
    part = _slowest(parts, probe)
    start = _start(part.text)
    values = {"part": part.name, "start": f": “{start}”." if start else "."}
    words = _("This job description takes too long to print. Simplify %(part)s%(start)s")
    return words % values


def _slowest(parts: list[_Part], probe: Probe) -> _Part:
    """Returns the first part that exceeds its limit alone, or the slowest of those that were tried
    in time."""
    start = time.monotonic()
    slowest, longest = parts[0], 0.0
    for part in parts:
        try:
            took = _seconds(part, probe)
            if took > longest:  # or the machine was busy, or a process started
                took = min(took, _seconds(part, probe))
        except bounded_work.LimitExceeded:
            return part
        except bounded_work.Busy:
            break
        if took > longest:
            slowest, longest = part, took
        if time.monotonic() - start > SEARCH_SECONDS:
            break
    return slowest


def _seconds(part: _Part, probe: Probe) -> float:
    """Returns how long the part takes alone. Raises LimitExceeded and Busy."""
    began = time.monotonic()
    bounded_work.run_within(PROBE_SECONDS, probe, part.document, part.edition)
    return time.monotonic() - began


def _parts(document: Document, edition: Edition) -> Iterator[_Part]:
    plain = Edition(edition.reference)
    head = replace(document, sections=())
    yield _Part(_("the title or the job details"), document.title, head, plain)
    if edition.logo:
        nothing = Document("")
        yield _Part(
            _("the logo of the organization"), "", nothing, replace(plain, logo=edition.logo)
        )
    for section in document.sections:
        heading = _start(section.heading)
        alone = replace(section, lines=())
        texts = (section.heading, *(r.location for r in section.pay_ranges))
        name = _("the heading or the table of “%s”") % heading
        yield _Part(name, " ".join(texts), _with_only(document, alone), plain)
        for number, line in enumerate(section.every_line(), 1):
            name = _("line %(number)d of “%(heading)s”") % {"number": number, "heading": heading}
            text = f"{line.text}\n{line.detail}".strip()
            yield _Part(name, text, _with_only(document, _of_one_line(section, line)), plain)


def _with_only(document: Document, section: DocumentSection) -> Document:
    return replace(document, title="", facts=(), sections=(section,))


def _of_one_line(section: DocumentSection, line: DocumentLine) -> DocumentSection:
    """Returns the section with only this line, without its sub-lines."""
    bare = replace(line, lines=(), group="")
    return replace(section, heading="", lines=(bare,), facts=(), pay_ranges=(), pay_references=())


def _start(text: str) -> str:
    """Returns the start of a text for a message, without invisible characters."""
    shown = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return shown if len(shown) <= _START_LENGTH else f"{shown[:_START_LENGTH].rstrip()}…"
