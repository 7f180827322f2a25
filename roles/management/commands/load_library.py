"""Loads the starter library, or another directory in the same format. Safe to repeat."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from roles.library import starter
from roles.models import Organization


class Command(BaseCommand):
    help = "Loads the starter library. Never overwrites what your organization has edited."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--path",
            type=Path,
            default=starter.DIRECTORY,
            help="a directory with the files described in fixtures/library/README.md",
        )
        parser.add_argument(
            "--all-families",
            action="store_true",
            help="also the job families that were left out when the installation was set up",
        )

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        if options["all_families"]:
            Organization.objects.update(starter_families=None)
        try:
            result = starter.load(path)
        except starter.BadLibrary as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if result.added or result.changed:
            self.stdout.write(f"Library: {result.added} entries added, {result.changed} changed.")
        else:
            self.stdout.write("Library: up to date.")
        if result.preserved:
            self.stdout.write(
                f"{result.preserved} changed upstream, but were not overwritten: you edited them."
            )
