"""Sends reminders of reviews that are due: `manage.py send_reminders`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from roles.notifications import delivery, reminders

REVIEWER_DAYS, AUTHOR_DAYS = (
    ", ".join(map(str, days)) for days in (reminders.REVIEWER_DAYS, reminders.AUTHOR_DAYS)
)


class Command(BaseCommand):
    help = (
        f"Reminds pending reviewers on these days, counted from the due date: {REVIEWER_DAYS}."
        f" Notifies authors on the days {AUTHOR_DAYS}, and {reminders.CLOSING_DAYS} days before"
        " a review expires. Run it once a day. A second run on the same day sends nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        counts = Counter[str]()
        for reminder in reminders.send_reminders():
            counts[reminder.verb] += 1
            if options["verbosity"] > 1:
                self.stdout.write(f"{reminder.review}: {reminder.verb} to {reminder.recipient}")
        for verb, count in sorted(counts.items()):
            self.stdout.write(f"{verb}: {count}")
        self.stdout.write(f"Reminders: {counts.total()}")
        delivery.send_waiting()
