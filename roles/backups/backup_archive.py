"""The file of a backup: a ZIP with the database, the stored files, and a manifest with the SHA-256
of each."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

FORMAT = 1
MANIFEST = "manifest.json"
FOLDERS = ("database", "media")
CHUNK = 1024 * 1024
# What zipfile raises for a file that isn't a whole ZIP, besides OSError for impossible positions.
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, NotImplementedError, RuntimeError, ValueError, OverflowError),
)
DAMAGED = "The backup is damaged: {}. Use another one."


class BackupRefused(Exception):  # noqa: N818  # its message is for the person
    """The backup can't be written or restored."""


@dataclass
class Manifest:
    """What a backup has. `files` is filled in by the writer: size and SHA-256 by name. `details`
    are for the kind of database; `missing` are stored files that the database names and that
    didn't exist."""

    format: int
    created_at: str
    database: str
    migrations: list[list[str]]
    missing: list[str]
    details: dict[str, Any]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


class ArchiveWriter:
    """A new archive, complete after `finish`."""

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.file = os.fdopen(descriptor, "wb")
        self.archive = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.files: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        with suppress(OSError, ValueError):  # after an error, it can't be completed
            self.archive.close()
        with suppress(OSError):
            self.file.close()

    def add(self, name: str, path: Path) -> None:
        """Adds a file of the disk. Raises FileNotFoundError."""
        with path.open("rb") as source, self.writing(name) as write:
            while block := source.read(CHUNK):
                write(block)

    @contextmanager
    def writing(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """Gives a function that writes the content of a new file."""
        digest, size = hashlib.sha256(), 0
        with self.archive.open(name, "w", force_zip64=True) as target:

            def write(block: bytes) -> None:
                nonlocal size
                target.write(block)
                digest.update(block)
                size += len(block)

            yield write
        self.files[name] = {"size": size, "sha256": digest.hexdigest()}

    def finish(self, manifest: Manifest) -> None:
        """Adds the manifest, and waits until the disk has everything."""
        manifest.files = self.files
        self.archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        self.archive.close()
        self.file.flush()
        os.fsync(self.file.fileno())


class ArchiveReader:
    """An archive to restore. Raises BackupRefused if it isn't one, or can't be trusted."""

    def __init__(self, path: Path) -> None:
        with _refusing("it is not a whole archive"):
            self.archive = zipfile.ZipFile(path)
        try:
            self.manifest = self._manifest()
            self._refuse_names()
        except BaseException:
            self.archive.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.archive.close()

    def extract(self, folder: Path) -> None:
        """Extracts all files and compares them with the manifest."""
        for name, expected in self.manifest.files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with (
                _refusing(f"{name} was changed"),
                self.archive.open(name) as source,
                target.open("xb") as file,
            ):
                found = _copy(source, file, expected["size"])
            if found != expected["sha256"]:
                raise BackupRefused(DAMAGED.format(f"{name} was changed"))

    def _manifest(self) -> Manifest:
        with _refusing("it has no manifest"):
            values = json.loads(self.archive.read(MANIFEST))
        try:
            if values["format"] > FORMAT:
                raise BackupRefused(
                    "This backup is from a newer version of JD Builder. Install that version first."
                )
            manifest = Manifest(**values)
            for expected in manifest.files.values():
                _ = expected["size"] + 0, expected["sha256"] + ""
            _ = [(app + "", name + "") for app, name in manifest.migrations]
        except (KeyError, TypeError, ValueError, AttributeError):
            raise BackupRefused(DAMAGED.format("it has no manifest")) from None
        return manifest

    def _refuse_names(self) -> None:
        """Refuses files outside the folders, and those that the manifest doesn't have."""
        names = self.archive.namelist()
        if sorted(names) != sorted([*self.manifest.files, MANIFEST]):
            raise BackupRefused(DAMAGED.format("its files are not those of its manifest"))
        for name in self.manifest.files:
            parts = PurePosixPath(name).parts
            is_plain = str(PurePosixPath(name)) == name and not {"..", "/"} & {*parts}
            if not is_plain or len(parts) < 2 or parts[0] not in FOLDERS or "\\" in name:
                raise BackupRefused(DAMAGED.format("it has files outside of its folders"))


@contextmanager
def _refusing(problem: str) -> Iterator[None]:
    """Raises BackupRefused for a file that isn't a ZIP, or not all of it."""
    try:
        yield
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise BackupRefused(DAMAGED.format(problem)) from None
    except (*_UNREADABLE, KeyError):
        raise BackupRefused(DAMAGED.format(problem)) from None


def _copy(source: IO[bytes], target: IO[bytes], size: int) -> str:
    """Copies at most that many bytes and one more, and returns their SHA-256."""
    digest, left = hashlib.sha256(), size + 1
    while left and (block := source.read(min(CHUNK, left))):
        target.write(block)
        digest.update(block)
        left -= len(block)
    return digest.hexdigest()
