"""Tests of the audit log: changed, removed, and truncated events are reported."""

from __future__ import annotations

from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from roles.models import ChainHead, Event
from roles.models.event import REST
from tests import builders
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def verify() -> tuple[int, str]:
    """Returns exit code and output of manage.py verify_history."""
    out = StringIO()
    try:
        call_command("verify_history", stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def chain(db: None) -> list[Event]:
    """Five events of one chain; another chain has events, too."""
    hr = builders.user("hr")
    builders.description(hr)
    return [
        Event.objects.record(by=hr, verb="thing.done", about=f"thing {n}", chain="ACC-9999", n=n)
        for n in range(1, 6)
    ]


def test_valid_chain(chain: list[Event]) -> None:
    code, out = verify()
    assert code == 0
    assert out.startswith(f"No problems found: {Event.objects.count()} events in ")


def test_empty_chain_is_valid() -> None:
    assert verify()[0] == 0


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "change",
    [
        {"actor_id": 7},
        {"verb": "thing.undone"},
        {"what": {"n": 99}},
        {"about": "another thing"},
        {"about_id": 7},
    ],
)
def test_changed_event_is_reported(chain: list[Event], change: dict[str, object]) -> None:
    Event.objects.filter(pk=chain[2].pk).update(**change)
    code, out = verify()
    assert code == 1
    assert "ACC-9999: event 3 (" in out
    assert out.count("\n") == 1


def test_changed_event_with_a_new_hash_is_reported(chain: list[Event]) -> None:
    event = Event.objects.get(pk=chain[2].pk)
    event.actor_id = 7
    Event.objects.filter(pk=event.pk).update(actor_id=7, hash=event.computed_hash())
    assert verify() == (1, "ACC-9999: event 4 does not follow event 3\n")


def test_removed_event_is_reported(chain: list[Event]) -> None:
    Event.objects.filter(pk=chain[1].pk).delete()
    code, out = verify()
    assert code == 1
    assert "ACC-9999: event 2 is missing before event 3" in out


def test_truncated_chain_is_reported(chain: list[Event]) -> None:
    Event.objects.filter(pk__in=[chain[3].pk, chain[4].pk]).delete()
    assert verify() == (1, "ACC-9999: the chain ends at event 3, its head says 5\n")


def test_missing_chain_is_reported(chain: list[Event]) -> None:
    Event.objects.filter(chain="ACC-9999").delete()
    assert verify() == (1, "ACC-9999: the chain ends at event 0, its head says 5\n")


def test_missing_head_is_reported(chain: list[Event]) -> None:
    ChainHead.objects.filter(chain="ACC-9999").delete()
    assert verify() == (1, "ACC-9999: the head of the chain is missing\n")


@pytest.mark.django_db(transaction=True)
def test_concurrent_actions_keep_one_chain() -> None:
    """Without a lock, these threads would create duplicate numbers on PostgreSQL."""

    def work(name: str) -> None:
        for n in range(10):
            with transaction.atomic():
                Event.objects.record(by=None, verb="thing.done", about=f"{name}{n}")

    assert at_once(*(partial(work, name) for name in "abcd")) == [None] * 4
    numbers = Event.objects.filter(chain=REST).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 41))
    assert verify()[0] == 0
