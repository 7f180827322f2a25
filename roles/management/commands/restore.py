"""Restores a backup: `manage.py restore FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from roles import backups


class Command(BaseCommand):
    help = (
        "Restores a backup into a new installation: an empty database of the same kind, and no"
        " stored files. Then migrates the database and verifies the history."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="written by manage.py backup")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backups.restore(options["file"].absolute())
        except backups.BackupRefused as refused:
            raise CommandError(str(refused)) from None
        except (Error, OSError) as error:
            raise CommandError(f"{backups.words_for(error)} Nothing was restored.") from error
        stored = sum(name.startswith("media/") for name in manifest.files)
        self.stdout.write(f"Backup of {manifest.created_at} restored: {stored} stored files.")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("verify_history", stdout=self.stdout)
        self.stdout.write("Now run manage.py prepare, and start the product.")
