"""The history: append-only events, chained by hash.

Each job description has a chain (named by its reference), and everything else shares one. The
head row has the count and the last hash. It is locked while an event is added, so concurrent
actions keep one chain, and removing the last events is detected.

The hashes cover ids, not names. Names are stored next to them for reading, and can be replaced
when an account is erased (roles.people.erasure).
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

REST = "organization"  # the chain of all events that aren't about a job description
# Models whose text names a person, or quotes text that not everyone can read: events refer to
# them by id.
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
        """Adds an event to a chain and returns it. `what` has JSON values. Raises
        TransactionManagementError outside a transaction, also on SQLite."""
        if not connections[self.db].in_atomic_block:
            raise TransactionManagementError("An event belongs to the transaction of its action.")
        heads = ChainHead.objects.select_for_update().filter(chain=chain)
        head = heads.first()
        if head is None:  # the first event of a chain, possibly concurrent
            ChainHead.objects.get_or_create(chain=chain)
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
        """Yields a sentence for each problem with the chains, or with one of them."""
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
    """One action: who did what to which object, as text and ids, so it outlives the objects.
    `actor` is the name at the time, for reading only; `actor_id` identifies the account."""

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
        indexes = [models.Index(fields=["at", "id"], name="event_by_time")]

    def __str__(self) -> str:
        return f"{self.chain} {self.number} {self.verb}"

    def computed_hash(self) -> str:
        """Returns the SHA-256 of the event's fields, except the actor's name, and of the previous
        event's hash."""
        parts = [
            *(self.previous, self.chain, self.number, self.at.isoformat()),
            *(self.actor_id, self.verb, self.about, self.about_id, self.what),
        ]
        text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
