"""Sends the daily digests: `manage.py send_digests`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from roles.notifications import digests


class Command(BaseCommand):
    help = (
        "Send one mail to each person who wants mail once a day, with what they were told since "
        "the last. Run it once a day; nothing is sent twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sent = failed = 0
        for digest in digests.send():
            sent, failed = sent + digest.is_sent, failed + (not digest.is_sent)
        self.stdout.write(f"{sent} digests were sent.")
        if failed:
            raise CommandError(f"{failed} digests could not be sent; the next run tries again.")
