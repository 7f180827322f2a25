"""Django and the libraries of the work, loaded once in the fork server, whose memory the children
share. Only child processes import this module.

The names are texts, because the modules are in higher layers.
"""

from __future__ import annotations

import gc
import os
from importlib import import_module

# Without tables and without the address of the real one: work is given all that it needs.
os.environ["DATABASE_URL"] = "sqlite://:memory:"

import django

django.setup()

LOADED = (
    "roles.exporters.docx.word_document",
    "roles.exporters.pdf_archive",
    "roles.exporters.redline",
    "roles.exporters.thumbnail",
    "roles.exporters.webpage",
    "roles.importers.json_file",
    "roles.importers.pdf_file",
    "PIL.Image",
    "pypdf",
    "pypdfium2",
    "weasyprint",
)
for _name in LOADED:
    import_module(_name)

gc.collect()
gc.freeze()  # collections in a child would copy the shared memory


def warm_up() -> None:
    """Loads what each child needs for itself: the fonts. Not in the fork server, because Pango
    starts a thread."""
    import_module("roles.exporters.pdf").warm_up()
