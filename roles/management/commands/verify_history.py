"""Tells whether the record of deeds is whole: nothing changed, removed or cut off, and whether
versions and reviews say what it vouches for."""

import sys
from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand

from roles.audit import integrity
from roles.models import ChainHead, Event


class Command(BaseCommand):
    help = (
        "Checks the hash chains of events, and versions, decisions, comments and suggestions"
        " against them; names what is wrong and then exits with 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for sentence in chain(Event.objects.broken(), integrity.broken()):
            self.stdout.write(sentence)
            broken += 1
        if broken:
            sys.exit(1)
        events, chains = Event.objects.count(), ChainHead.objects.count()
        self.stdout.write(f"The history is whole: {events} events in {chains} chains.")
