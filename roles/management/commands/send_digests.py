"""Send the mail of those who want it once a day."""

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
        mails = failed = 0
        for sent in digests.send():
            mails, failed = mails + sent.is_sent, failed + (not sent.is_sent)
        self.stdout.write(f"{mails} digests were sent.")
        if failed:
            raise CommandError(f"{failed} digests could not be sent; the next run tries again.")
