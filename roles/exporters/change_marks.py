"""Changes in a text as HTML: insertions and deletions, marked and also named for screen readers."""

from __future__ import annotations

from itertools import zip_longest

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from roles.comparison import Pieces

_GAP = "\N{NO-BREAK SPACE}"  # doesn't collapse with the space next to it
TAGS = {"added": "ins", "removed": "del"}  # a piece's state to its element


def marked(pieces: Pieces, *, is_flat: bool = False) -> SafeString:
    """Returns the pieces escaped, with <ins> and <del>. Hidden text names each change and its end
    for screen readers. With `is_flat`, line breaks become spaces."""
    names = {"added": gettext("added:"), "removed": gettext("removed:")}
    parts = []
    for piece, following in zip_longest(pieces, pieces[1:]):
        words = escape(piece.text).replace("\n", " " if is_flat else "<br>")
        if tag := TAGS.get(piece.state):
            end = ""
            if following and following.state == "same":
                end = f'<span class="jd-said jd-end">{_GAP}{gettext("(end)")}</span>'
            start = f'<span class="jd-said">{names[piece.state]}{_GAP}</span>'
            words = f"<{tag}>{start}{words}{end}</{tag}>"
        parts.append(words)
    return SafeString("".join(parts))
