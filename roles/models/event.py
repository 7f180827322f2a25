"""The record of actions: append-only events, chained by hash.

One chain for each job description (named by its reference), one for the rest. The head row
holds the count and the last hash and is locked while an event is added, so that two actions
at once keep one chain and a cut tail shows.

The hashes cover ids and never a person's name: names stand beside them, for reading, and can
be replaced where someone is to be forgotten (roles.people.erasure).
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

REST = "organization"  # the chain of everything that is not one job description's
# Models whose words name a person, or quote what not everyone may read; events are about them
# by number instead.
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
        """Add an event to a chain, inside the action's transaction (SQLite would let it pass
        without one). `what` holds JSON values."""
        if not connections[self.db].in_atomic_block:
            raise TransactionManagementError("An event belongs to the transaction of its action.")
        heads = ChainHead.objects.select_for_update().filter(chain=chain)
        head = heads.first()
        if head is None:  # the first event of a chain, perhaps of two at once
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
        """What is wrong with the chains (or with the one named), one sentence each; nothing
        where they are whole."""
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
    """One action: who did what to what, as text and ids, so that it outlives its objects.
    `actor` is the name at the time, for reading only: `actor_id` says who it was."""

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
        """SHA-256 over the event's own fields, all but the name of who did it, and the hash of
        the one before."""
        parts = [
            *(self.previous, self.chain, self.number, self.at.isoformat()),
            *(self.actor_id, self.verb, self.about, self.about_id, self.what),
        ]
        text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
