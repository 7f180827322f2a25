"""Web and email addresses in a text, for every format that has links.

These functions work on strings only, without Django or the document model.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from roles import folding

LENGTH_LIMIT = 2_000  # characters of an address; longer ones are no links

# Letters of scripts that are written without spaces, or with endings directly after a word; also
# as parts of Korean and Chinese characters.
_UNSPACED = rf"{folding.UNSPACED_OR_KOREAN}\u1100-\u11ff\u2e80-\u2fdf\u3100-\u318f"
# What ends an address: white space, quotation marks, dashes, punctuation of other scripts, marks
# of direction, and characters that no address has.
_END = (
    r"\s<>\"|\\^`«»‹›“”„‟‘’‚‛—–、。〈-】〔-〟！（），：；？［］｛｝｡-､"
    "\u061b\u061f\u060c\u200e\u200f\u202a-\u202e\u2066-\u2069"
)
_LOCAL = rf"(?![{_UNSPACED}])[\w.+%'&=\-]"
_FOUND = re.compile(
    rf"(?P<web>(?:(?<![a-z0-9+.\-])https?://|(?<![a-z0-9_.@/\-])www\.)[^{_END}]+)"
    rf"|(?P<other>(?<![a-z0-9+.\-])[a-z][a-z0-9+.\-]{{0,20}}://[^{_END}]+)"
    rf"|(?P<email>(?<!{_LOCAL})(?:{_LOCAL}){{1,64}}@[^{_END}!-,/:-@\[-`{{-~]+)",
    re.IGNORECASE,
)
_HINT = re.compile(r"://|www\.|@", re.IGNORECASE)
_OTHER_SCRIPT = re.compile(rf"(?<=[A-Za-z0-9])[{_UNSPACED}]")
# Before an email address: an opening mark, or a Hebrew or Arabic preposition.
_PREFIX = re.compile("['.+%&=\\-]+|[\u0590-\u08ff]+-?(?=[A-Za-z0-9])")
_QUERY = re.compile(rf"\?[^{_END}\[\]{{}}]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # of line breaks; no part of the address
_AT_END = frozenset(".,;:!?'…*_~؛،।॥")
_PAIRS = {")": "("}
_BLANK = re.compile(r"[\[\]{}]")  # a placeholder: the address isn't known yet
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,}|xn--[a-z0-9\-]+")
_LABEL_LIMIT = 63
_UNQUOTED = ":/?#[]@!$&'()*+,;=%-._~"


@dataclass(frozen=True, slots=True)
class TextLink:
    """An address in a text: its offsets, and the URL in ASCII (http, https, or mailto)."""

    start: int
    end: int
    url: str


def find_links(text: str) -> list[TextLink]:
    """Returns the web and email addresses in a text that has its placeholders filled in, in order.
    Punctuation around an address isn't part of it. An address with a blank in it is no link."""
    if not _HINT.search(text):
        return []
    links = []
    for found in _FOUND.finditer(text):
        link = None
        if found["web"]:
            link = _web_link(text, found)
        elif found["email"]:
            link = _email_link(text, found)
        if link:
            links.append(link)
    return links


def _web_link(text: str, found: re.Match[str]) -> TextLink | None:
    run = found["web"]
    if _BLANK.search(run) or text[found.end() : found.end() + 1] == "<":
        return None
    shown = _trimmed(run)
    plain = _INVISIBLE.sub("", shown)
    is_complete = plain[:4].lower() != "www."
    scheme, _, rest = plain.partition("://") if is_complete else ("https", "", plain)
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    host, colon, port = authority.partition(":")
    ascii_host = _ascii_host(host, is_public=not is_complete)
    if not ascii_host or (colon and not re.fullmatch("[0-9]{1,5}", port)):
        return None
    after = quote(rest[len(authority) :], safe=_UNQUOTED)
    url = f"{scheme.lower()}://{ascii_host}{colon}{port}{after}"
    start = found.start()
    return TextLink(start, start + len(shown), url) if len(url) <= LENGTH_LIMIT else None


def _email_link(text: str, found: re.Match[str]) -> TextLink | None:
    run = found["email"]
    before = text[max(found.start() - len("mailto:"), 0) : found.start()]
    after = text[found.end() : found.end() + 1]
    if before[-1:] in ("]", "}") or after in ("[", "{", "<", "@"):
        return None
    prefix = _PREFIX.match(run)
    skipped = prefix.end() if prefix else 0
    shown = _trimmed(run[skipped:])
    local, _, domain = shown.partition("@")
    ascii_host = _ascii_host(_INVISIBLE.sub("", domain.rstrip("-")), is_public=True)
    if not local or not ascii_host:
        return None
    start, end = found.start() + skipped, found.start() + skipped + len(shown.rstrip("-"))
    query = ""
    if before.lower() == "mailto:" and not skipped:
        start -= len(before)
        if (asked := _QUERY.match(text, end)) and end == found.end():
            query = _trimmed(asked[0])
            end += len(query)
    url = f"mailto:{quote(local, safe=_UNQUOTED)}@{ascii_host}{quote(query, safe=_UNQUOTED)}"
    return TextLink(start, end, url) if len(url) <= LENGTH_LIMIT else None


def _trimmed(run: str) -> str:
    """Returns the address without the text and the punctuation behind it. A bracket is part of it
    if it was opened in it."""
    if other := _OTHER_SCRIPT.search(run):
        run = run[: other.start()]
    surplus = {close: run.count(close) - run.count(opening) for close, opening in _PAIRS.items()}
    end = len(run)
    while end:
        last = run[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _AT_END and not _INVISIBLE.match(last):
            break
        end -= 1
    return run[:end]


def _ascii_host(host: str, *, is_public: bool) -> str:
    """Returns the name of a host with its labels in Punycode, or "" if it can't be one. A public
    one has a domain."""
    labels = []
    for label in host.lower().split("."):
        if not label.isascii():
            composed = unicodedata.normalize("NFKC", label)
            if not all(unicodedata.category(c)[0] in "LMN" or c == "-" for c in composed):
                return ""
            label = f"xn--{composed.encode('punycode').decode()}"
        if not _LABEL.fullmatch(label) or len(label) > _LABEL_LIMIT:
            return ""
        labels.append(label)
    if is_public and (len(labels) < 2 or not _TOP.fullmatch(labels[-1])):
        return ""
    return ".".join(labels)
