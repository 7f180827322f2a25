"""Collecting static files again: only what changed is compressed, and nothing old is left."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings
from whitenoise.compress import Compressor

FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
BACKEND = {"BACKEND": "jdbuilder.static_files.StaticFiles"}
LONG = "/* the same words again and again */\n" * 100


class Site:
    """Static files of three kinds, where they are collected, and the files that were compressed."""

    def __init__(self, folder: Path, compressed: list[str]) -> None:
        self.source, self.root = folder / "source", folder / "root"
        self._compressed = compressed
        self.write("css/page.css", LONG + 'body { background: url("../img/page.svg") }')
        self.write("js/page.js", LONG.replace("same", "other"))
        self.write("img/page.svg", f"<svg><!-- {LONG} --></svg>")

    def write(self, name: str, text: str) -> None:
        file = self.source / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def collect(self) -> set[str]:
        """Returns the names of the files that were compressed, without their hash."""
        self._compressed.clear()
        call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())
        return {name.split(".")[0] + Path(name).suffix for name in self._compressed}

    def files(self) -> set[str]:
        return {str(f.relative_to(self.root)) for f in self.root.rglob("*") if f.is_file()}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    compressed: list[str] = []
    compress = Compressor.compress

    def record(self: Compressor, path: str) -> list[str]:
        compressed.append(Path(path).name)
        written: list[str] = compress(self, path)
        return written

    monkeypatch.setattr(Compressor, "compress", record)
    made = Site(tmp_path, compressed)
    with override_settings(
        STATICFILES_DIRS=[str(made.source)],
        STATICFILES_FINDERS=FINDERS,
        STATIC_ROOT=str(made.root),
        STORAGES={"staticfiles": BACKEND},
    ):
        yield made


def test_nothing_is_compressed_again(site: Site) -> None:
    assert site.collect() == {"page.css", "page.js", "page.svg"}
    files = site.files()
    assert len(files) == 3 * len(["", ".br", ".gz"]) + len(["staticfiles.json"])
    assert site.collect() == set()
    assert site.files() == files


def test_a_changed_file_and_what_refers_to_it_are_compressed(site: Site) -> None:
    site.collect()
    site.write("img/page.svg", f"<svg><!-- {LONG} --><g/></svg>")
    assert site.collect() == {"page.css", "page.svg"}


def test_old_and_removed_files_leave_nothing_behind(site: Site) -> None:
    site.collect()
    before = site.files()
    site.write("css/page.css", LONG + "body { color: red }")
    (site.source / "js/page.js").unlink()
    site.collect()
    after = site.files()
    assert not [name for name in after if name.startswith("js/")]
    old = {name for name in before if name.startswith("css/")}
    assert old
    assert not old & after


def test_a_file_that_was_compressed_by_halves_is_compressed_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine stopped while the file was written."""

    def stop(*_arguments: object) -> None:
        raise OSError("stopped")

    with monkeypatch.context() as stopped:
        stopped.setattr("jdbuilder.static_files.os.replace", stop)
        with pytest.raises(OSError, match="stopped"):
            site.collect()
    assert site.collect() == {"page.css", "page.js", "page.svg"}
    assert not [name for name in site.files() if name.endswith(".part")]
