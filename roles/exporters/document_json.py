"""A document as JSON, without loss: importing it gives the same document and SHA-256.

The envelope names the edition that the file is a copy of; `document` is the value itself, as
`Document.from_dict` reads it. `importers/json_file` reads both.
"""

from __future__ import annotations

import json
from functools import lru_cache

from roles.document import Document
from roles.editions import DATA_FORMAT, Edition
from roles.exporters import render_fingerprint


def render(document: Document, edition: Edition) -> bytes:
    """Returns the document in its envelope, as indented JSON in UTF-8."""
    day = edition.day.isoformat() if edition.day else None
    envelope = {
        "format": DATA_FORMAT,
        "edition": {
            "reference": edition.reference,
            "number": edition.number,
            "day": day,
            "sha256": edition.sha256,
        },
        "document": document.to_dict(),
    }
    return (json.dumps(envelope, ensure_ascii=False, indent=2) + "\n").encode()


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Returns a hash that changes when the same document would give a different file."""
    return render_fingerprint.fingerprint()
