"""Readable colors: contrast as defined by WCAG 2.2, and the brand color adjusted until it has
enough. Pure functions on `#rrggbb`."""

from __future__ import annotations

import re

from roles.editions import Brand

READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3, normal text
FALLBACK = Brand().color
WHITE, BLACK = "#ffffff", "#000000"
WATERMARK = "#eff1f4"

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_STEPS = 50


def contrast(one: str, other: str) -> float:
    """Returns the contrast ratio of two colors, from 1 (none) to 21 (black on white)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    """Returns the relative luminance in sRGB, from 0 (black) to 1 (white)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (part / 255 for part in rgb(color))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def readable(color: str, ground: str = WHITE) -> str:
    """Returns the color, darkened on a light background or lightened on a dark one until text has a
    contrast of READABLE. Returns FALLBACK, darkened or lightened, if it isn't a valid color."""
    if not _COLOR.fullmatch(color):
        color = FALLBACK
    goal = BLACK if contrast(ground, BLACK) > contrast(ground, WHITE) else WHITE
    for step in range(_STEPS + 1):
        found = mixed(color, goal, step / _STEPS)
        if contrast(found, ground) >= READABLE:
            return found
    return goal


def text_on(ground: str) -> str:
    """Returns black or white, whichever has more contrast with the background."""
    return max((WHITE, BLACK), key=lambda color: contrast(color, ground))


def mixed(color: str, other: str, share: float) -> str:
    """Returns the color mixed with a share (0 to 1) of the other."""
    parts = (round(a + (b - a) * share) for a, b in zip(rgb(color), rgb(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def rgb(color: str) -> tuple[int, int, int]:
    """Returns red, green, and blue of `#rrggbb`, 0 to 255."""
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
