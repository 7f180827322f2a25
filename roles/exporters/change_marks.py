"""Changes in a text as HTML: what was added and removed, marked and said in words."""

from __future__ import annotations

from itertools import zip_longest

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from roles.comparison import Pieces

_GAP = "\N{NO-BREAK SPACE}"  # which does not swallow the space beside it


TAGS = {"added": "ins", "removed": "del"}  # a piece's state to its element


def marked(pieces: Pieces, *, is_flat: bool = False) -> SafeString:
    """The pieces escaped: what came in <ins>, what went in <del>, each said in words, too, for
    those who do not see them; and the end, where the same text goes on. `is_flat`: line breaks
    become spaces."""
    result = {"added": gettext("added:"), "removed": gettext("removed:")}
    parts = []
    for piece, following in zip_longest(pieces, pieces[1:]):
        words = escape(piece.text).replace("\n", " " if is_flat else "<br>")
        if tag := TAGS.get(piece.state):
            end = ""
            if following and following.state == "same":
                end = f'<span class="jd-said jd-end">{_GAP}{gettext("(end)")}</span>'
            start = f'<span class="jd-said">{result[piece.state]}{_GAP}</span>'
            words = f"<{tag}>{start}{words}{end}</{tag}>"
        parts.append(words)
    return SafeString("".join(parts))
