"""The instructions of a Dockerfile, and the image that they describe. For bin/clean-root, which
follows them, and for tests.

    python3 -m tests.deployment.dockerfile Dockerfile
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path

_CONTINUED = re.compile(r"\\\n\s*")
_COMMENT = re.compile(r"^\s*#.*\n", re.MULTILINE)
_VARIABLE = re.compile(r"\$\{?(\w+)\}?")
_DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Image:
    base: str = ""
    directory: str = "/"
    user: str = "0:0"
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": _DEFAULT_PATH})
    command: list[str] = field(default_factory=list)
    health_command: list[str] = field(default_factory=list)

    def apply(self, name: str, value: str) -> None:
        match name:
            case "FROM":
                self.base = value
            case "WORKDIR":
                self.directory = value
            case "USER":
                self.user = value
            case "ENV":
                key, quoted = value.split("=", 1)
                [text] = shlex.split(quoted)
                self.environment[key] = _VARIABLE.sub(lambda m: self.environment[m[1]], text)
            case "CMD":
                self.command = json.loads(value)
            case "HEALTHCHECK":
                self.health_command = json.loads(value.partition("CMD ")[2])


def instructions(text: str) -> list[tuple[str, str]]:
    """Returns the name and the value of each instruction."""
    lines = _CONTINUED.sub("", _COMMENT.sub("", text)).splitlines()
    rows = (line.split(None, 1) for line in lines if line.strip())
    return [(name, value.strip()) for name, value in rows]


def read_image(text: str) -> Image:
    image = Image()
    for name, value in instructions(text):
        image.apply(name, value)
    return image


if __name__ == "__main__":
    for row in instructions(Path(sys.argv[1]).read_text()):
        print(*row, sep="\t")
