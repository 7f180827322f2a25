"""A hash of everything that a rendered file depends on besides its document: libraries, templates,
style sheets, and code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates" / "document"
STYLE = ROOT / "static" / "css" / "document.css"

# The code of all formats; each format adds its own libraries and files.
_MODULES = (  # of `roles`, that the exporters import
    *("apply_address", "document", "document_encoding", "document_parts", "editions", "folding"),
    *("languages", "physical_demands", "placeholders", "text_formatting", "text_links"),
    "vocabulary",
)
_CODE = (
    *sorted(Path(__file__).parent.rglob("*.py")),
    *(ROOT / "roles" / f"{name}.py" for name in _MODULES),
    *sorted((ROOT / "roles" / "locale").rglob("*.po")),
)


def fingerprint(
    *, libraries: Iterable[str] = (), files: Iterable[Path] = (), more: str = ""
) -> str:
    """Returns the SHA-256 of the versions of these libraries, the contents of these files, and the
    code of the exporters. Callers cache it, because it reads all of them."""
    digest = hashlib.sha256(more.encode())
    for library in libraries:
        digest.update(f"{library}=={version(library)};".encode())
    for file in (*files, *_CODE):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
