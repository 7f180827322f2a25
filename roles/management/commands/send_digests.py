"""Sends the daily digests: `manage.py send_digests`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from roles.notifications import digests


class Command(BaseCommand):
    help = (
        "Sends the daily digest to everyone who chose it, with all notifications since the last "
        "one. Run it once a day. Nothing is sent twice."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sent = failed = 0
        for digest in digests.send():
            sent, failed = sent + digest.is_sent, failed + (not digest.is_sent)
        self.stdout.write(f"Digests sent: {sent}")
        if failed:
            raise CommandError(
                f"Digests that could not be sent: {failed}. The next run tries again."
            )
