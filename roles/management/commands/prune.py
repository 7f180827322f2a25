"""Removes what is no longer needed: `manage.py prune`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from roles.tasks import prune


class Command(BaseCommand):
    help = (
        f"Removes expired sessions, keys of forms after {prune.FORM_DAYS} days, notifications after"
        f" {prune.NOTIFICATION_DAYS} days, outdated rendered files, finished tasks, and expired"
        " exports. Runs by itself every day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for name, count in prune.run():
            self.stdout.write(f"{name}: {count}")
