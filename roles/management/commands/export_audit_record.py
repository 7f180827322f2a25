"""Exports an audit record: `manage.py export_audit_record ACC-0001 --on 2026-01-31`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from roles import drafts, vocabulary
from roles.audit import audit_bundle
from roles.management.commands.export import add_output, find, write


class Command(BaseCommand):
    help = "Exports a ZIP with a job description as of a date, with its reviews and approvals."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("reference", help="such as ACC-0001")
        parser.add_argument("--on", metavar="YYYY-MM-DD", help="the date (default: today)")
        parser.add_argument("--audience", choices=vocabulary.AUDIENCE_ORDER, default="restricted")
        add_output(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        description = find(options["reference"])
        try:
            day = date.fromisoformat(options["on"]) if options["on"] else timezone.localdate()
        except ValueError:
            raise CommandError("--on must be a date such as 2026-01-31.") from None
        try:
            bundle = audit_bundle.bundle(
                description=description, day=day, audience=options["audience"], by=None
            )
        except drafts.ActionRefused as error:
            raise CommandError(f"{description.reference}: {error.message}") from error
        write(self, bundle.content, options["output"] or bundle.name)
