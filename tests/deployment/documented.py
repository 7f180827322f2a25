"""The commands of a chapter of the documentation, one per line, for bin/clean-root.

python3 tests/deployment/documented.py docs/operations.md "With Docker"
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

_BLOCK = re.compile(r"(?:^ {4,}\S.*\n)+", re.MULTILINE)


def chapter(page: str, heading: str) -> str:
    """Returns the text below a heading of the second level. Raises ValueError if there is none."""
    _before, found, rest = f"\n{page}".partition(f"\n## {heading}\n")
    if not found:
        raise ValueError(f"there is no chapter {heading}")
    return rest.partition("\n## ")[0]


def commands(page: str, heading: str) -> list[str]:
    """Returns the lines of the indented blocks of a chapter."""
    blocks = _BLOCK.findall(chapter(page, heading))
    return [line.strip() for block in blocks for line in block.splitlines()]


if __name__ == "__main__":
    print(*commands(Path(sys.argv[1]).read_text(), sys.argv[2]), sep="\n")
