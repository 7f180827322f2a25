"""What a rendered file depends on besides its document: the libraries, templates, style sheets
and code that make it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates" / "document"
STYLE = ROOT / "static" / "css" / "document.css"

# What every format says in the same words: its own module comes on top.
_COMMON = (
    *sorted(Path(__file__).parent.rglob("*.py")),
    ROOT / "roles" / "vocabulary.py",
    ROOT / "roles" / "placeholders.py",
    ROOT / "roles" / "folding.py",
)


def fingerprint(
    *, libraries: Iterable[str] = (), files: Iterable[Path] = (), more: str = ""
) -> str:
    """The SHA-256 over the versions of these libraries and the contents of these files, and
    over the code of the exporters. Callers keep it: it reads them all."""
    digest = hashlib.sha256(more.encode())
    for library in libraries:
        digest.update(f"{library}=={version(library)};".encode())
    for file in (*files, *_COMMON):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
