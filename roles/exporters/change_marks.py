"""Changes in a text as HTML: insertions and deletions, marked and also named for screen readers."""

from __future__ import annotations

from itertools import zip_longest

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
    addresses of the new text are links."""
    names = {"added": gettext("added:"), "removed": gettext("removed:")}
    parts = []
    texts = _with_links(pieces) if with_links else [escape(piece.text) for piece in pieces]
    for piece, following, text in zip_longest(pieces, pieces[1:], texts):
        words = text.replace("\n", " " if is_flat else "<br>")
        if tag := TAGS.get(piece.state):
            end = ""
            if following and following.state == "same":
                end = f'<span class="jd-said jd-end">{_GAP}{gettext("(end)")}</span>'
            start = f'<span class="jd-said">{names[piece.state]}{_GAP}</span>'
            words = f"<{tag}>{start}{words}{end}</{tag}>"
        parts.append(words)
    return SafeString("".join(parts))


def _with_links(pieces: Pieces) -> list[SafeString]:
    """Returns the text of each piece as HTML. Removed text has no links: it might be the rest of an
    address."""

    def searched(piece: Piece) -> str:
        return "" if piece.state == "removed" else piece.text

    parts = ((url, part) for url, group in spans.linked(pieces, searched) for part in group)
    texts = []
    for piece in pieces:
        text, length = "", 0
        while length < len(piece.text):
            url, part = next(parts)
            text += inline_html.link_html(url, escape(part.text))
            length += len(part.text)
        texts.append(SafeString(text))
    return texts
