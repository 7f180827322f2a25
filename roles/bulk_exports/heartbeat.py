"""Signs of life of a process that works at an export, while one document takes long."""

from __future__ import annotations

import logging
import threading
import time

from django.conf import settings
from django.db import Error, connections
from django.utils import timezone

from roles.models import BulkExport

log = logging.getLogger(__name__)

LONGEST = 600  # seconds: after so long with one document, the process counts as stuck


class Heartbeat:
    """A thread that beats as long as the work gets on: `with Heart(export) as heart`, and
    `heart.got_on()` after each step."""

    def __init__(self, export: BulkExport) -> None:
        self.mine = BulkExport.objects.filter(pk=export.pk, claim=export.claim, state="working")
        self.over = threading.Event()
        self.last = time.monotonic()
        self.thread = threading.Thread(target=self._beat, name="heart", daemon=True)

    def __enter__(self) -> Heartbeat:
        self.thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.over.set()
        self.thread.join(timeout=5)

    def got_on(self) -> None:
        self.last = time.monotonic()

    def _beat(self) -> None:
        try:
            while not self.over.wait(settings.LEASE_SECONDS / 4):
                if time.monotonic() - self.last < LONGEST:
                    self._give_sign()
        finally:
            connections.close_all()  # this thread's own

    def _give_sign(self) -> None:
        try:
            self.mine.all().update(alive_at=timezone.now())
        except Error:
            log.warning("no sign of life could be given; the next may be")
