"""Changes in a text as HTML: insertions and deletions, marked and also named for screen readers."""

from __future__ import annotations

from itertools import groupby, zip_longest

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from roles.comparison import Piece, Pieces
from roles.exporters import inline_html, spans

_GAP = "\N{NO-BREAK SPACE}"  # doesn't collapse with the space next to it
TAGS = {"added": "ins", "removed": "del"}  # a piece's state to its element


def marked(pieces: Pieces, *, is_flat: bool = False, with_links: bool = False) -> SafeString:
    """Returns the pieces escaped, with <ins> and <del>. Hidden text names each change and its end
    for screen readers. With `is_flat`, line breaks become spaces; with `with_links`, web and email
    addresses of the new text are links. Paragraphs are in their formatting."""
    names = {"added": gettext("added:"), "removed": gettext("removed:")}
    parts = spans.with_urls(pieces, _searched) if with_links else pieces
    by_state = groupby(parts, key=lambda piece: piece.state)
    changes = [(state, list(together)) for state, together in by_state]
    shown = []
    for (state, together), following in zip_longest(changes, changes[1:]):
        words = _in_styles(together, is_changed=state in TAGS).replace(
            "\n", " " if is_flat else "<br>"
        )
        if tag := TAGS.get(state):
            end = ""
            if following and following[0] == "same":
                end = f'<span class="jd-said jd-end">{_GAP}{gettext("(end)")}</span>'
            start = f'<span class="jd-said">{names[state]}{_GAP}</span>'
            words = f"<{tag}>{start}{words}{end}</{tag}>"
        shown.append(words)
    return SafeString("".join(shown))


def _in_styles(pieces: list[Piece], *, is_changed: bool) -> SafeString:
    """Returns the pieces in their styles. A changed link says where it leads, because its words can
    be the same."""
    html = ""
    for url, together in groupby(pieces, key=lambda piece: piece.style.url):
        of_link = list(together)
        html += inline_html.styled_html(((p.style, p) for p in of_link), _joined, _joined)
        if is_changed and "".join(piece.text for piece in of_link) not in url:
            address = escape(url.removeprefix("mailto:"))
            html += f'<span class="jd-tags"> ({address})</span>' if url else ""
    return SafeString(html)


def _joined(pieces: list[Piece]) -> SafeString:
    return SafeString("".join(escape(piece.text) for piece in pieces))


def _searched(piece: Piece) -> str:
    """Returns the text to look for addresses in. Removed text has none but those of its formatting:
    it might be the rest of an address."""
    if piece.state == "removed":
        return ""
    return spans.searchable(piece.text, is_excluded=bool(piece.style.url))
