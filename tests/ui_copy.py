"""The strings that people read, found in the source: those of templates and of Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)

GETTEXT = {"gettext": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2, "_": 1, "_lazy": 1}

QUOTED = r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'"
TRANSLATE = re.compile(rf"{{%-?\s*translate\s+(?:{QUOTED})|\b_\((?:{QUOTED})\)")
BLOCK = re.compile(r"{%\s*blocktranslate\b.*?%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)
PLURAL = re.compile(r"{%\s*plural\s*%}")


@dataclass(frozen=True)
class Message:
    """A string that is translated, and where it is."""

    path: str  # relative to the repository
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def messages() -> list[Message]:
    """Returns every string that is translated, in templates and in Python."""
    collected: list[Message] = []
    for path in sorted((ROOT / "templates").rglob("*.*")):
        collected += template_messages(str(path.relative_to(ROOT)), path.read_text())
    for folder in ("roles", "jdbuilder"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.parent.name != "migrations":
                collected += python_messages(str(path.relative_to(ROOT)), path.read_text())
    return collected


def template_messages(path: str, source: str) -> Iterator[Message]:
    """Yields the strings of a template; the plural of a string is one of its own."""
    for match in TRANSLATE.finditer(source):
        text = next(group for group in match.groups() if group is not None)
        yield Message(path, _line(source, match.start()), text)
    for match in BLOCK.finditer(source):
        for text in PLURAL.split(match[1]):
            yield Message(path, _line(source, match.start()), " ".join(text.split()))


def python_messages(path: str, source: str) -> Iterator[Message]:
    """Yields the strings that a module hands to gettext."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for argument in node.args[: GETTEXT.get(node.func.id, 0)]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield Message(path, argument.lineno, argument.value)


def _line(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1


# What a button shows: its content without what only screen readers hear.
BUTTON = re.compile(
    r"<button\b(?:[^>\"]|\"[^\"]*\")*>(.*?)</button>"
    r"|<a (?:[^>\"]|\"[^\"]*\")*class=\"btn[ \"](?:[^>\"]|\"[^\"]*\")*>(.*?)</a>",
    re.DOTALL,
)
HIDDEN = re.compile(r"<span class=\"visually-hidden\">.*?</span>", re.DOTALL)


def button_messages() -> list[Message]:
    """Returns every string that is the text of a button, or of a link that looks like one."""
    collected = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = path.read_text()
        for match in BUTTON.finditer(source):
            content = HIDDEN.sub("", match[1] or match[2] or "")
            line = _line(source, match.start())
            collected += [
                Message(str(path.relative_to(ROOT)), line, message.text)
                for message in template_messages("", content)
            ]
    return collected


TEXT_SUFFIXES = (".py", ".html", ".txt", ".md", ".css", ".js", ".toml", ".sh", ".json", "")
