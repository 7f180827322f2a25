"""The guides for users name the labels of the screens as they are."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from markdown_it import MarkdownIt

from tests.test_documentation import GUIDES
from tests.ui_copy import messages

ROOT = Path(settings.BASE_DIR)
LINES = range(80, 261)  # of a guide

# Labels of the Django admin that are made from the names of models and fields, or are Django's.
ADMIN_LABELS = {
    *("Email address", "First name", "Last name", "Staff status", "Username"),
    *("Password", "Password confirmation", "Change password", "Reset password"),
    *("Chosen departments", "Chosen groups"),
}
KEYS = {"B", "I", "K", "Enter", "Shift", "Alt", "Ctrl", "Cmd", "Esc", "Z"}

VARIABLE = re.compile(r"{{.*?}}|{\w+}|%\(\w+\)[sd]|%[sd]")
MIN_LETTERS = 6  # outside variables, because shorter messages match almost everything
TAG = re.compile(r"<[^>]+>")


def labels(markdown: str) -> list[str]:
    """Returns the texts in bold."""
    found: list[str] = []
    for block in MarkdownIt().enable("table").parse(markdown):
        depth = 0
        for token in block.children or ():
            if token.type == "strong_open":
                depth += 1
                found.append("")
            elif token.type == "strong_close":
                depth -= 1
            elif depth:
                found[-1] += token.content
    return found


@cache
def known_labels() -> tuple[frozenset[str], re.Pattern[str]]:
    """Returns the messages without variables, and a pattern of those with variables."""
    texts = {TAG.sub("", message.text).replace("%%", "%").strip() for message in messages()}
    varying = {text for text in texts if VARIABLE.search(text)}
    patterns = [
        _pattern(text)
        for text in sorted(varying)
        if len(re.sub(r"\W", "", VARIABLE.sub("", text))) >= MIN_LETTERS
    ]
    return frozenset(texts - varying), re.compile("|".join(patterns))


def _pattern(text: str) -> str:
    """Returns a regular expression of a message with variables; those with `d` are numbers."""
    parts = [re.escape(part) for part in VARIABLE.split(text)]
    values = [r"\d+" if name.endswith("d") else ".+" for name in VARIABLE.findall(text)]
    return "".join(part + value for part, value in zip(parts, [*values, ""], strict=True))


def is_label(text: str) -> bool:
    """Whether the product shows this text, with any values for its variables."""
    fixed, varying = known_labels()
    return text in fixed or varying.fullmatch(text) is not None


def guide_text(guide: str) -> str:
    return (ROOT / "docs" / f"{guide}.md").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("guide", GUIDES)
def test_labels_in_bold_are_on_the_screens(guide: str) -> None:
    allowed = KEYS | (ADMIN_LABELS if guide == "administrators" else set())
    unknown = [one for one in labels(guide_text(guide)) if one not in allowed and not is_label(one)]
    assert not unknown


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_is_short_and_has_labels(guide: str) -> None:
    assert len(guide_text(guide).splitlines()) in LINES
    assert len(labels(guide_text(guide))) > len(LINES) / 10


def test_labels_are_texts_in_bold() -> None:
    assert labels("1. Select **Save *now***, or *not*.\n\n| **A** |\n|---|\n| **B** |\n") == [
        "Save now",
        "A",
        "B",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Save version", True),
        ("Send version 3", True),
        ("Save a new version with the latest changes", False),
        ("Keep version", False),
        ("Make a wish", False),
    ],
)
def test_a_label_is_a_whole_message(text: str, expected: bool) -> None:
    assert is_label(text) is expected
