"""Leases: claims with one winner, renewal, release, and rows of killed processes."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from roles import leases
from roles.models import BulkExport, BulkFile
from tests import builders
from tests.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(db: None) -> BulkExport:
    return BulkExport.objects.create(by=builders.user("hr"), audience="public", text="draft")


def claim(export: BulkExport) -> leases.Lease[BulkExport] | None:
    return leases.claim(BulkExport.objects.filter(pk=export.pk), state="working")


def expire() -> None:
    BulkExport.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))


def test_a_claimed_row_is_claimed_once_and_again_after_its_release(export: BulkExport) -> None:
    lease = claim(export)
    assert lease is not None
    assert lease.rows().get().state == "working"
    assert claim(export) is None
    assert lease.release(state="waiting")
    assert not lease.release(state="failed")
    assert BulkExport.objects.get().state == "waiting"
    assert claim(export) is not None


def test_a_lease_expires_unless_it_is_renewed(export: BulkExport) -> None:
    first = claim(export)
    assert first is not None
    expire()
    first.renew()
    assert claim(export) is None
    expire()
    assert claim(export) is not None
    with pytest.raises(leases.LeaseLost):
        first.renew()
    assert not first.release(state="failed")
    assert BulkExport.objects.get().state == "working"


def test_only_expired_rows_are_reclaimed_and_only_once(export: BulkExport) -> None:
    """A claimed row, and one that no process has started."""
    BulkExport.objects.create(by=export.by, audience="public", text="draft")
    lease = claim(export)
    every = BulkExport.objects.order_by("pk")
    assert leases.reclaim(every, state="waiting") == []
    expire()
    assert leases.reclaim(every, state="waiting") == [row.pk for row in every]
    assert leases.reclaim(every, state="waiting") == []
    assert lease is not None
    with pytest.raises(leases.LeaseLost):
        lease.renew()


def test_a_claim_takes_all_free_rows(export: BulkExport) -> None:
    for _ in range(2):
        BulkExport.objects.create(by=export.by, audience="public", text="draft")
    assert claim(export) is not None
    lease = leases.claim(BulkExport.objects.all())
    assert lease is not None
    assert export.pk not in lease.keys
    assert lease.rows().count() == 2


@pytest.mark.django_db(transaction=True)
def test_only_one_process_claims_a_row() -> None:
    by = builders.user("hr")
    for _ in range(5):
        BulkExport.objects.create(by=by, audience="public", text="draft")
    outcomes = at_once(*[lambda: leases.claim(BulkExport.objects.all())] * 4)
    won = [outcome for outcome in outcomes if outcome is not None]
    assert [type(outcome) for outcome in won] == [leases.Lease]
    assert won[0].rows().count() == 5
    expire()
    reclaimed = at_once(*[lambda: leases.reclaim(BulkExport.objects.all())] * 4)
    assert sorted(len(keys) for keys in reclaimed) == [0, 0, 0, 5]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_renews_until_the_process_is_stuck(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LEASE_SECONDS = 0.4
    by = builders.user("hr")
    lease = claim(BulkExport.objects.create(by=by, audience="public", text="draft"))
    assert lease is not None
    with leases.Heartbeat(lease):
        time.sleep(1)
        assert not lease.rows().get().is_expired
        monkeypatch.setattr(leases, "STUCK_SECONDS", 0)
        time.sleep(1)
        assert lease.rows().get().is_expired


def three_files(export: BulkExport) -> Any:
    for position in (3, 1, 2):
        values = {"reference": f"ACC-000{position}", "format": "txt", "position": position}
        BulkFile.objects.create(export=export, **values)
    return BulkFile.objects.order_by("position")


def test_the_first_free_row_is_claimed(export: BulkExport) -> None:
    rows = three_files(export)
    assert not leases.held(rows)
    first, second = leases.claim_first(rows), leases.claim_first(rows, tries=7)
    assert first is not None
    assert second is not None
    assert [lease.rows().get().position for lease in (first, second)] == [1, 2]
    assert second.rows().get().tries == 7
    assert leases.held(rows).count() == 2
    assert first.release()
    assert leases.held(rows).count() == 1
    again = leases.claim_first(rows)
    assert again is not None
    assert again.rows().get().position == 1


def test_no_row_is_free(export: BulkExport) -> None:
    assert leases.claim_first(BulkFile.objects.all()) is None


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_processes_claim_different_rows(export: BulkExport) -> None:
    rows = three_files(export)
    found = at_once(*[lambda: leases.claim_first(rows.all())] * 4)
    keys = [lease.keys[0] for lease in found if lease]
    assert sorted(keys) == sorted(rows.values_list("pk", flat=True))
