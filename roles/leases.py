"""Leases: which process works on a row, and until when.

A process claims rows, renews its lease while it works (`Heartbeat` does so during a long step)
and releases them. A killed process stops renewing: after LEASE_SECONDS its rows are free again.
Only one process wins a claim, on PostgreSQL and SQLite.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import Error, connections, models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

log = logging.getLogger(__name__)

STUCK_SECONDS = 600  # without progress, the heartbeat stops and another process takes over


class LeaseLost(Exception):  # noqa: N818  # an outcome, not an error
    """This process lost its claim: the work was canceled, or another process took over."""


def new_expiry() -> datetime:
    """Returns when a lease that is renewed now expires."""
    return timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)


class LeasedModel(models.Model):
    """A row that one process works on at a time. `lease` is empty while no process has claimed
    it. New and released rows expire too, so `reclaim` finds work that no process has started."""

    lease = models.CharField(max_length=32, blank=True, editable=False)
    lease_expires_at = models.DateTimeField(default=new_expiry, editable=False)

    class Meta:
        abstract = True

    @property
    def is_expired(self) -> bool:
        """Whether no process claimed the row or renewed its lease in time."""
        return self.lease_expires_at < timezone.now()


Leased = TypeVar("Leased", bound=LeasedModel)


@dataclass(frozen=True)
class Lease(Generic[Leased]):
    """The claim of this process on rows of one table."""

    model: type[Leased]
    keys: Sequence[int]
    token: str

    def rows(self) -> QuerySet[Leased]:
        """Returns the rows that are still claimed."""
        return self.model._default_manager.filter(pk__in=self.keys, lease=self.token)

    def renew(self) -> None:
        """Postpones the expiry. Raises LeaseLost if no row is claimed anymore."""
        if not self.rows().update(lease_expires_at=new_expiry()):
            raise LeaseLost

    def release(self, **changes: Any) -> bool:
        """Writes `changes` to the rows and releases them. Returns False if the lease was lost; then
        nothing is written."""
        return bool(self.rows().update(lease="", lease_expires_at=new_expiry(), **changes))


def free(rows: QuerySet[Leased]) -> QuerySet[Leased]:
    """Returns the rows that no process has claimed, or whose lease expired."""
    return rows.filter(Q(lease="") | Q(lease_expires_at__lt=timezone.now()))


def held(rows: QuerySet[Leased]) -> QuerySet[Leased]:
    """Returns the rows that a process works on."""
    return rows.exclude(lease="").filter(lease_expires_at__gte=timezone.now())


def claim(rows: QuerySet[Leased], **changes: Any) -> Lease[Leased] | None:
    """Claims the free rows and writes `changes` to them. Returns None if no row is free."""
    lease = Lease(rows.model, *_take(free(rows), uuid.uuid4().hex, changes))
    return lease if lease.keys else None


def claim_first(rows: QuerySet[Leased], **changes: Any) -> Lease[Leased] | None:
    """Claims the first free row in the order of the queryset and writes `changes` to it. Several
    processes get different rows. Returns None if no row is free."""
    with transaction.atomic():
        first = free(rows).select_for_update(skip_locked=True).only("pk").first()
        if first is None:
            return None
        lease = Lease(rows.model, [first.pk], uuid.uuid4().hex)
        taken = rows.model._default_manager.filter(pk=first.pk)
        taken.update(lease=lease.token, lease_expires_at=new_expiry(), **changes)
    return lease


def reclaim(rows: QuerySet[Leased], **changes: Any) -> Sequence[int]:
    """Frees the rows with an expired lease, and writes `changes` to them. Returns their ids; each
    id is returned to only one process."""
    expired = rows.filter(lease_expires_at__lt=timezone.now())
    return _take(expired, "", changes)[0]


def _take(rows: QuerySet[Leased], token: str, changes: dict[str, Any]) -> tuple[Sequence[int], str]:
    """Takes the rows and returns their ids and the token. Locks in the order of ids: a second
    process waits, and then finds none left."""
    with transaction.atomic():
        keys = [row.pk for row in rows.select_for_update().order_by("pk").only("pk")]
        taken = rows.model._default_manager.filter(pk__in=keys)
        taken.update(lease=token, lease_expires_at=new_expiry(), **changes)
    return keys, token


class Heartbeat:
    """A thread that renews a lease during a long step: `with Heartbeat(lease) as heartbeat`, and
    `heartbeat.renew()` after each step. It stops after STUCK_SECONDS without that call."""

    def __init__(self, lease: Lease[Any]) -> None:
        self.lease = lease
        self.is_over = threading.Event()
        self.progress_at = time.monotonic()
        self.thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> Heartbeat:
        self.thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.is_over.set()
        self.thread.join(timeout=5)

    def renew(self) -> None:
        """Reports progress. Raises LeaseLost."""
        self.progress_at = time.monotonic()
        self.lease.renew()

    def _run(self) -> None:
        try:
            while not self.is_over.wait(settings.LEASE_SECONDS / 4):
                if time.monotonic() - self.progress_at < STUCK_SECONDS:
                    self._renew()
        finally:
            connections.close_all()  # this thread's own

    def _renew(self) -> None:
        try:
            self.lease.renew()
        except LeaseLost:
            self.is_over.set()
        except Error:
            log.warning("the lease could not be renewed; retrying")
