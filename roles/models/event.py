"""The audit log: append-only events in hash chains.

Each job description has a chain, named by its reference; all other events share one. The head row
has the event count and the last hash. It is locked while an event is added, so concurrent actions
keep one chain, and a truncated chain is detected.

Hashes cover ids but no names, so that names can be replaced when a person is erased
(roles.people.erasure).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import connections, models
from django.db.transaction import TransactionManagementError
from django.utils import timezone

if TYPE_CHECKING:
    from roles.models.user import User

REST = "organization"  # the chain of all other events
# Models whose text has names, or quotes with limited access; events refer to them by number.
NAMING_PEOPLE = ("user", "reviewer", "decision", "comment", "notification")
QUOTING = ("thread", "suggestion")
BY_NUMBER = (*NAMING_PEOPLE, *QUOTING)


class ChainHead(models.Model):
    chain = models.CharField(max_length=32, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.chain}: {self.count}"


class EventManager(models.Manager["Event"]):
    def record(
        self,
        *,
        by: User | None,
        verb: str,
        about: models.Model | str,
        chain: str = REST,
        **what: Any,
    ) -> Event:
        """Adds an event to a chain and returns it. `what` are JSON values. Raises
        TransactionManagementError outside a transaction."""
        if not connections[self.db].in_atomic_block:
            raise TransactionManagementError("Record events in the transaction of their action.")
        heads = ChainHead.objects.select_for_update().filter(chain=chain)
        head = heads.first()
        if head is None:  # first event; another process may create the head, too
            ChainHead.objects.bulk_create([ChainHead(chain=chain)], ignore_conflicts=True)
            head = heads.get()
        event = Event(
            chain=chain,
            number=head.count + 1,
            at=timezone.now(),
            actor=by.username if by else "",
            actor_id=by.pk if by else None,
            verb=verb,
            about=_words(about)[:200],
            about_id=about.pk if isinstance(about, models.Model) else None,
            what=what,
            previous=head.hash,
        )
        event.hash = event.computed_hash()
        event.save(force_insert=True)
        head.count, head.hash = event.number, event.hash
        head.save()
        return event

    def broken(self, chain: str = "") -> Iterator[str]:
        """Yields one sentence for each error in the chains (or in the one named)."""
        only = {"chain": chain} if chain else {}
        heads = {head.chain: head for head in ChainHead.objects.filter(**only)}
        seen: dict[str, tuple[int, str]] = {}
        events = self.filter(**only).order_by("chain", "number")
        for event in events.iterator(chunk_size=2000):
            number, last = seen.get(event.chain, (0, ""))
            if event.number != number + 1:
                yield f"{event.chain}: event {number + 1} is missing before event {event.number}"
            elif event.previous != last:
                yield f"{event.chain}: event {event.number} does not follow event {number}"
            if event.hash != event.computed_hash():
                yield f"{event.chain}: event {event.number} ({event.verb}) was changed"
            seen[event.chain] = (event.number, event.hash)
        for chain in sorted(heads.keys() | seen.keys()):
            number, last = seen.get(chain, (0, ""))
            head = heads.get(chain)
            if head is None:
                yield f"{chain}: the head of the chain is missing"
            elif (head.count, head.hash) != (number, last):
                yield f"{chain}: the chain ends at event {number}, its head says {head.count}"


def _words(about: models.Model | str) -> str:
    if isinstance(about, models.Model) and about._meta.model_name in BY_NUMBER:
        return f"{about._meta.verbose_name} {about.pk}"
    return str(about)


class Event(models.Model):
    """One action: who did what to which object, as text and ids, so events outlive the objects.
    `actor` is the name at that time; `actor_id` identifies the person."""

    chain = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, blank=True)
    actor_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=40)
    about = models.CharField(max_length=200)
    about_id = models.BigIntegerField(null=True)
    what = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects: ClassVar[EventManager] = EventManager()

    class Meta:
        ordering = ["chain", "number"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="event_number_unique")
        ]
        indexes = [
            models.Index(fields=["at", "id"], name="event_by_time"),
            models.Index(fields=["actor_id", "at", "id"], name="event_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.number} {self.verb}"

    def computed_hash(self) -> str:
        """Returns the SHA-256 of the event's fields, except the actor's name, and the previous
        hash."""
        parts = [
            *(self.previous, self.chain, self.number, self.at.isoformat()),
            *(self.actor_id, self.verb, self.about, self.about_id, self.what),
        ]
        text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
