"""Deletes archived job descriptions permanently: `manage.py purge_archived`."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from roles.bulk_exports import retention
from roles.models import JobDescription
from roles.versions import purge


class Command(BaseCommand):
    help = (
        "Permanently deletes archived job descriptions last changed before a date. Each version "
        "leaves a tombstone with its hash. The history stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--before", required=True, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--yes", action="store_true", help="delete them; without this, only list them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            day = date.fromisoformat(options["before"])
        except ValueError:
            raise CommandError("--before must be a date such as 2020-12-31.") from None
        found = JobDescription.objects.filter(status="archived", changed_at__date__lt=day)
        for description in found.order_by("reference"):
            if options["yes"]:
                count = purge.purge(description=description, by=None)
                retention.remove_description(description.reference)
                versions = "1 version" if count == 1 else f"{count} versions"
                self.stdout.write(f"{description}: deleted with {versions}")
            else:
                self.stdout.write(f"{description}: would be deleted")
