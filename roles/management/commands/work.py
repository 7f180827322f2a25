"""Runs background work in a process of its own: `manage.py work`."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from roles import tasks
from roles.tasks import background


class Command(BaseCommand):
    help = (
        "Runs background work (exports, rollouts, email, and daily jobs) until it is stopped. You"
        " can run any number of workers, including on other machines that share DATA_DIR. Set"
        " BACKGROUND=worker for the web process."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="exit when nothing is left to do")

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: tasks.stopping.set())
        background.work(lambda is_unfinished: options["once"] and not is_unfinished)
