"""The migration that takes names out of the hashes of events, there and back."""

from __future__ import annotations

import hashlib
import json

import pytest
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from roles.models import ChainHead, Event
from tests import builders

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BEFORE, AFTER = ("roles", "0004_reviews"), ("roles", "0005_events_without_names")


def migrate(*, to: tuple[str, str]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([to])


def old_hash(event: Event) -> str:
    """As it was made before: the name is part of it."""
    parts = [
        *(event.previous, event.chain, event.number, event.at.isoformat()),
        *(event.actor, event.actor_id, event.verb, event.about, event.about_id, event.what),
    ]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record(chain: str, count: int = 5) -> None:
    person = builders.user("hr")
    with transaction.atomic():
        for n in range(count):
            Event.objects.record(by=person, verb="thing.done", about=f"thing {n}", chain=chain, n=n)


def change(chain: str, number: int, **values: object) -> None:
    assert Event.objects.filter(chain=chain, number=number).update(**values) == 1


def test_whole_chains_stay_whole_and_broken_ones_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back to the old hashes, where chains are tampered with in every way, and forward again:
    what was found before is found after, at the same places. A name that was changed while the
    hash covered it is one of them."""
    for chain in ("AAA-1", "BBB-1", "CCC-1", "DDD-1", "EEE-1", "FFF-1"):
        record(chain)
    hr = builders.user("hr", first_name="Dana", last_name="Reyes")
    with transaction.atomic():
        Event.objects.record(by=hr, verb="user.changed", about=hr)
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes("roles")[0]
    try:
        migrate(to=BEFORE)
        first = Event.objects.filter(chain="AAA-1").order_by("number")[0]
        assert first.hash == old_hash(first)
        _tamper()
        named = Event.objects.get(verb="user.changed")  # as it was written then
        named.about = "Dana Reyes"
        change(named.chain, named.number, about=named.about, hash=old_hash(named))
        ChainHead.objects.filter(chain=named.chain).update(hash=old_hash(named))
        migrate(to=AFTER)
        assert set(Event.objects.broken()) == {
            "BBB-1: event 3 (thing.done) was changed",
            "CCC-1: event 3 is missing before event 4",
            "DDD-1: event 3 does not follow event 2",
            "EEE-1: the chain ends at event 4, its head says 5",
            "FFF-1: event 2 (thing.done) was changed",
        }
        assert Event.objects.get(verb="user.changed").about == f"user {hr.pk}"
    finally:
        migrate(to=latest)


def _tamper() -> None:
    change("BBB-1", 3, what={"n": 99})
    Event.objects.filter(chain="CCC-1", number=3).delete()
    event = Event.objects.get(chain="DDD-1", number=3)
    event.previous = "0" * 64
    change("DDD-1", 3, previous=event.previous, hash=old_hash(event))
    changed = Event.objects.get(chain="DDD-1", number=3).hash
    for number in (4, 5):  # whoever did it mended all that follows
        event = Event.objects.get(chain="DDD-1", number=number)
        event.previous = changed
        changed = old_hash(event)
        change("DDD-1", number, previous=event.previous, hash=changed)
    ChainHead.objects.filter(chain="DDD-1").update(hash=changed)
    Event.objects.filter(chain="EEE-1", number=5).delete()
    change("FFF-1", 2, actor="someone else")
