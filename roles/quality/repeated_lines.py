"""The check for lines that are almost the same as another line."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from roles import folding
from roles.document import Document, DocumentLine
from roles.quality.issue import Issue, IssueAction


def repeated_lines(document: Document) -> Iterator[Issue]:
    """Yields an issue for each entry that is almost the same as an earlier one."""
    where = {line.uid: section for section in document.sections for line in section.every_line()}
    for line, earlier in repeats(document).values():
        yield Issue(
            "repeated_lines",
            where[line.uid],
            _("“%(line)s” is almost the same as “%(earlier)s”.")
            % {"line": line.plain_text, "earlier": earlier.plain_text},
            _("Remove one of them, or make the difference clear."),
            IssueAction("remove_line", (line.uid,)),
        )


def repeats(document: Document) -> dict[str, tuple[DocumentLine, DocumentLine]]:
    """Returns the entries that are almost the same as an earlier one: by the uid of the later one,
    that line and the earlier line."""
    found: dict[str, tuple[DocumentLine, DocumentLine]] = {}
    keys: list[str] = []
    seen: list[DocumentLine] = []
    for section in document.sections:
        for line in section.every_line():
            if line.form != "entry":
                continue
            match = folding.nearest_repeat(line.plain_text, keys)
            if match is not None:
                found[line.uid] = (line, seen[match])
            keys.append(folding.likeness_key(line.plain_text))
            seen.append(line)
    return found
