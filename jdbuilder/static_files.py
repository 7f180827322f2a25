"""The static files of production: which are collected, and their storage."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from jdbuilder import screen_fonts

# What no page loads of the package that brings Bootstrap: compressing it takes four times as long
# as all the rest.
NOT_LOADED = [
    *("bootstrap-*", "bootstrap.css*", "bootstrap.rtl.*", "bootstrap*.js", "bootstrap*.js.map"),
]
ENDINGS = ("", ".br", ".gz")  # of a file, and of what WhiteNoise sends instead


class CollectedFiles(StaticFilesConfig):
    """Django's app of static files, which leaves out what no page loads."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, *NOT_LOADED]


class ScreenFonts(BaseFinder):
    """Finds the fonts of pages, which are made when they are first asked for."""

    def __init__(self, *_args: Any, **_options: Any) -> None:
        self.folder = Path(settings.DATA_DIR) / "screen_fonts"

    def find(self, path: str, find_all: bool = False, **_options: Any) -> Any:
        if path not in screen_fonts.names():
            return []
        made = str(screen_fonts.make(path, self.folder))
        return [made] if find_all else made

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        storage = FileSystemStorage(location=self.folder / screen_fonts.fingerprint())
        for name in screen_fonts.names():
            screen_fonts.make(name, self.folder)
            yield name, storage
        screen_fonts.remove_old(self.folder)


class WholeFiles(Compressor):  # type: ignore[misc]  # no types
    """Writes a compressed file as a whole or not at all, because it's never made again."""

    def write_data(self, path: str, data: bytes, suffix: str, stat_result: os.stat_result) -> str:
        part = super().write_data(path, data, f"{suffix}.part", stat_result)
        os.replace(part, path + suffix)
        return path + suffix


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types
    """Static files with a hash in their names, also in the imports of our own modules: comments of
    other packages' scripts look like imports of files that they don't have.

    A name with a hash always has the same content, so what was compressed before is kept, and files
    of earlier collections are removed."""

    _IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", _IMPORTS))
    keep_only_hashed_files = True

    def create_compressor(self, **options: Any) -> Compressor:
        return WholeFiles(**options)

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        self._remove_others(paths)
        yield from super().compress_files({p for p in paths if not self.exists(f"{p}.br")})

    def _remove_others(self, paths: set[str]) -> None:
        kept = {path + ending for path in paths for ending in ENDINGS} | {self.manifest_name}
        for file in Path(self.location).rglob("*"):
            if file.is_file() and str(file.relative_to(self.location)) not in kept:
                file.unlink()
