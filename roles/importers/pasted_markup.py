"""Marks of Markdown and HTML in a pasted text: entities, tags, links, emphasis, escapes.

Removes the marks and keeps the words. The address of a link is left out, because lines have no
links. A mark that has no partner stays: `5 * 3`, `snake_case`, `<Company Name>`.
"""

from __future__ import annotations

import html
import re

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,31}\d{0,2});", re.IGNORECASE)
_ITEM_TAG = re.compile(r"<li\b[^<>]{0,300}>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--[^<>]{0,300}-->")
_BREAK_TAG = re.compile(
    r"<(?:br|hr)\b[^<>]{0,300}>|</?(?:p|div|ul|ol|tr|table|h[1-6]|section)\b[^<>]{0,300}>",
    re.IGNORECASE,
)
_OTHER_TAG = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|font|small|sup|sub|code|li|td|th|tbody|thead)\b[^<>]{0,300}>",
    re.IGNORECASE,
)
# The target of a link, not any text in parentheses: "[years](or more)" is no link.
_TARGET = r"(?:[a-z][a-z0-9+.-]{1,20}:|[./#])[^\s()]{0,2000}(?:\s\"[^\"\n]{0,300}\")?"
_LINK = re.compile(rf"!?\[([^\[\]\n]{{0,500}})\]\({_TARGET}\)", re.IGNORECASE)
# `[text][name]`, and `[name]: https://example.org` on a line of its own.
_REFERENCE = re.compile(r"\[([^\[\]\n]{1,500})\]\[([^\[\]\n]{0,100})\]")
_DEFINITION = re.compile(
    r"^ {0,3}\[([^\[\]\n]{1,100})\]:[ \t]{1,9}<?(?:https?://|mailto:|[/#])[^\s]{1,2000}"
    r"(?:[ \t]{1,9}\"[^\"\n]{0,300}\")?[ \t]{0,9}\r?$",
    re.IGNORECASE | re.MULTILINE,
)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)?[^\s<>@]{1,300}[@/][^\s<>]{1,2000})>")
_EMPHASIS = re.compile(
    r"(?<![\w*_~`])(\*{1,3}|_{1,3}|~~|`{1,2})(?=[^\s*_~`])([^\n*_~`]{1,1000})(?<=\S)\1(?![\w*_~`])"
)
_ESCAPE = re.compile(r"\\([*_#\[\]`~@:.!>|<-])")
_HEADING = re.compile(r"#{2,6}[ \t]+(?=\S)|#[ \t]+(?=[^\W\d_])(?![a-z])")  # not "# of reports"
_BOLD_LINE = re.compile(r"(\*\*|__)(?=\S)([^\n*_]{1,200})(?<=\S)\1:?$")
_CLOSING_MARKS = re.compile(r"[ \t]+#{1,6}[ \t]*$")


def to_plain_text(text: str) -> str:
    """Returns the text without entities and tags of HTML and without links of Markdown. An item
    of an HTML list becomes a line with a bullet, and a row of a table becomes cells with tabs
    between them."""
    if "<" in text:
        text = _COMMENT.sub("", text)
        text = _OTHER_TAG.sub("", _BREAK_TAG.sub("\n", _ITEM_TAG.sub("\n• ", text)))
        text = _AUTOLINK.sub(r"\1", text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    return _table_rows(_without_references(text))


def _without_references(text: str) -> str:
    """Returns the text with the words of the links whose address is on a line of its own, and
    without such lines."""
    names = {match[1].casefold() for match in _DEFINITION.finditer(text)}
    if not names:
        return text

    def words(match: re.Match[str]) -> str:
        return match[1] if (match[2] or match[1]).casefold() in names else match[0]

    return _REFERENCE.sub(words, _DEFINITION.sub("", text))


def _table_rows(text: str) -> str:
    """Returns the text with the rows of Markdown tables as cells with tabs between them, without
    the rules below their heads. Without such a rule, the text is unchanged."""
    lines = text.split("\n")
    if not any(map(_is_table_rule, lines)):
        return text
    return "\n".join(
        "\t".join(cell.strip() for cell in line.strip().strip("|").split("|"))
        if line.lstrip().startswith("|")
        else line
        for line in lines
        if not _is_table_rule(line)
    )


def _is_table_rule(line: str) -> bool:
    return line.lstrip().startswith("|") and "---" in line and not line.strip("|-: \t\r")


def without_emphasis(line: str) -> str:
    """Returns a line, whose bullet is removed, without marks of emphasis and code, and without
    the backslash before a character that would be one."""
    for _level in range(3):  # bold inside italic inside strikethrough
        plain = _EMPHASIS.sub(r"\2", line)
        if plain == line:
            break
        line = plain
    return _ESCAPE.sub(r"\1", line)


def heading(line: str) -> str | None:
    """Returns the text of a Markdown heading or of a line in bold, such as `## You bring` or
    `**You bring**`, or None."""
    match = _HEADING.match(line)
    if match:
        return _CLOSING_MARKS.sub("", line[match.end() :])
    match = _BOLD_LINE.match(line.rstrip())
    return match[2] if match else None
