"""Verifies the event chains, and versions and reviews against them: `manage.py verify_history`."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from roles.audit import integrity
from roles.models import ChainHead, Event


class Command(BaseCommand):
    help = (
        "Verifies the hash chains of events, and versions, decisions, comments, and suggestions"
        " against them. Prints each problem, and exits with 1 if there are any."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for problem in integrity.problems():
            self.stdout.write(problem)
            count += 1
        if count:
            sys.exit(1)
        events, chains = Event.objects.count(), ChainHead.objects.count()
        self.stdout.write(f"No problems found: {events} events in {chains} chains.")
