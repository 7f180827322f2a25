"""The documentation names files that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGES = ("README.md", "CONTRIBUTING.md", "fixtures/library/README.md")
PATH = re.compile(
    r"`((?:roles|templates|static|tests|bench|bin|docs|fixtures|jdbuilder)/[\w./-]+)`"
)


@pytest.mark.parametrize("page", PAGES)
def test_paths_in_the_documentation_exist(page: str) -> None:
    text = (ROOT / page).read_text()
    missing = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    assert not missing
