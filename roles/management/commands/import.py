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
        "Creates a job description from a JSON file, or from a PDF with that file attached."
        " Missing families, levels, departments, locations, facts, and market figures are created,"
        " so a version of it has the same SHA-256 as the document in the file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a .json or .pdf file")
        parser.add_argument(
            "--owner", metavar="USERNAME", help="the owner (default: the first administrator)"
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
        self.stdout.write(f"Created {result.description}, owned by {owner.username}.")
        for text in result.made:
            self.stdout.write(f"  created: {text}")
        for text in result.left_out:
            self.stdout.write(f"  left out: {text}")
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
        raise CommandError("There is no administrator. Choose the owner with --owner USERNAME.")
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
    """Returns a sentence that says whether a version will have the hash in the file."""
    if imported.sha256 == result.sha256:
        return f"SHA-256 {result.sha256}, the same as in the file."
    if not imported.sha256:
        return f"SHA-256 {result.sha256}."
    return (
        f"SHA-256 {result.sha256}. The file says {imported.sha256}, the hash of its full document."
    )
