"""Runs background work in a process of its own: `manage.py work`."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from roles import tasks
from roles.tasks import background


class Command(BaseCommand):
    help = (
        "Makes the exports and sends the mail that wait, until it is stopped. Any number of these"
        " may run, on other machines too if they share DATA_DIR; set BACKGROUND=worker for the"
        " web process then."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="end when nothing is left to do, instead of waiting"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: tasks.stopping.set())
        background.work(lambda is_unfinished: options["once"] and not is_unfinished)
