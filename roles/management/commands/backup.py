"""Writes a backup: `manage.py backup FILE`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from roles import backups


class Command(BaseCommand):
    help = (
        "Writes the database and the stored files to one new file, also while the product runs."
        " Whoever has the file has all data: it can be read only by the account that writes it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="such as backup.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"].absolute()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # removes what it has written
        try:
            backup = backups.write(path)
        except backups.BackupRefused as refused:
            raise CommandError(str(refused)) from None
        except (Error, OSError) as error:
            raise CommandError(f"{backups.words_for(error)} No backup was written.") from error
        size = path.stat().st_size / 1024 / 1024
        self.stdout.write(
            f"Backup written: {path} ({backup.file_count} stored files, {size:.1f} MiB)"
        )
        if backup.missing:
            self.stderr.write(
                f"Stored files that are missing: {len(backup.missing)}. They are made again when"
                " someone downloads them."
            )
