"""Creates a job description from a file: `manage.py import "ACC-0001 Account manager.json"`."""  # noqa: N999

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from roles import importers
from roles.drafts import document_import
from roles.models import User


class Command(BaseCommand):
    help = (
        "Makes a new job description from a JSON file, or from a PDF with that file attached."
        " Families, levels, departments, places, facts and market figures that are not there"
        " yet are made, so that a version of it has the SHA-256 of the file's document."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a .json or a .pdf")
        parser.add_argument(
            "--owner", metavar="USERNAME", help="whose it is (the first administrator's)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        owner = _owner(options["owner"])
        try:
            imported = _read(Path(options["file"]))
            result = document_import.create_from_document(
                document=imported.document, by=owner, makes_missing=True
            )
        except importers.Unreadable as error:
            raise CommandError(f"{options['file']}: {error.message}") from error
        except ValidationError as error:
            raise CommandError(f"{options['file']}: {'; '.join(error.messages)}") from error
        self.stdout.write(f"Made {result.description}, owned by {owner.username}.")
        for text in result.made:
            self.stdout.write(f"  new – {text}")
        for text in result.left_out:
            self.stdout.write(f"  left out – {text}")
        for text in result.different:
            self.stdout.write(f"  {text}")
        self.stdout.write(_hash_message(imported, result))


def _owner(username: str | None) -> User:
    if username is not None:
        found = User.objects.filter(username=username, is_active=True).first()
        if found is None:
            raise CommandError(f"There is no active account {username}.")
        return found
    first = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if first is None:
        raise CommandError("There is no administrator: name the owner with --owner USERNAME.")
    return first


def _read(path: Path) -> importers.ImportedDocument:
    try:
        importers.check_size(path.stat().st_size)
        return importers.read(path.name, path.read_bytes())
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}.") from error


def _hash_message(
    imported: importers.ImportedDocument, result: document_import.ImportResult
) -> str:
    """Whether a version of it will have the hash in the file."""
    if imported.sha256 == result.sha256:
        return f"SHA-256 {result.sha256}, as the file says."
    if not imported.sha256:
        return f"SHA-256 {result.sha256}."
    return (
        f"SHA-256 {result.sha256}; the file names {imported.sha256}, of all that it was made from."
    )
