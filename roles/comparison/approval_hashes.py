"""Hashes of the parts of a document that an approval covers.

Each section is a part; the facts (with title and language) and the outline (order and headings
of the sections) are two more. An editorial change (see `normalized_text`; also bold and italic
words in paragraphs, but not where a link leads) leaves the `normalized_hash` as it is. Every other
change alters it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from roles import text_formatting
from roles.comparison import normalized_text
from roles.document import Document
from roles.vocabulary import PARTS

FACTS, OUTLINE = PARTS

# Fields with text that people write; all others are codes, numbers, amounts, and ids.
_WORDS = frozenset(
    {"title", "heading", "text", "detail", "group", "values", "city", "region", "label", "role"}
)


@dataclass(frozen=True, slots=True)
class SectionHash:
    """The hashes of one part, SHA-256 in hexadecimal. `key` is a section's uid, FACTS, or OUTLINE;
    `heading` is empty for the last two."""

    key: str
    heading: str
    content_hash: str
    normalized_hash: str

    def is_approved_by(self, content_hash: str, normalized_hash: str) -> bool:
        """Returns whether an approval of content with these hashes covers this part too. Identical
        content stays approved when the rules of editorial changes change."""
        return self.content_hash == content_hash or self.normalized_hash == normalized_hash


def section_hashes(document: Document) -> dict[str, SectionHash]:
    """Returns the hashes of a document by key: its sections in order, then facts and outline.
    Line uids aren't hashed, so retyping the same text doesn't change a part."""
    filled = document.filled().to_dict()
    sections = filled.get("sections", [])
    found = {s["uid"]: _section(s["uid"], s["heading"], _content(s)) for s in sections}
    facts = {name: filled.get(name) for name in ("title", "language", "facts")}
    found[FACTS] = _section(FACTS, "", facts)
    outline = [{"uid": s["uid"], "heading": s["heading"]} for s in sections]
    found[OUTLINE] = _section(OUTLINE, "", outline)
    return found


def changed(old: Mapping[str, SectionHash], new: Iterable[SectionHash]) -> tuple[SectionHash, ...]:
    """Returns the new sections whose normalized hash isn't the same in `old`."""
    return tuple(
        section
        for section in new
        if section.key not in old or old[section.key].normalized_hash != section.normalized_hash
    )


def _content(value: Any) -> Any:
    """Returns the value without any uids."""
    if isinstance(value, dict):
        return {name: _content(item) for name, item in value.items() if name != "uid"}
    return [_content(item) for item in value] if isinstance(value, list) else value


def _folded(value: Any, name: str = "") -> Any:
    """Returns the value with every text that people write normalized."""
    if isinstance(value, dict):
        if value.get("form") == "paragraph":
            value = value | {"text": text_formatting.plain(value["text"])}
        return {key: _folded(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_folded(item, name) for item in value]
    return normalized_text.normalize(value) if isinstance(value, str) and name in _WORDS else value


def _section(key: str, heading: str, content: Any) -> SectionHash:
    folded = [normalized_text.VERSION, _folded(content)]
    return SectionHash(key, heading, _hash(content), _hash(folded))


def _hash(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
