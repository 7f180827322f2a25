"""Ordering and canceling exports."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from roles import bulk_exports, exporters
from roles.bulk_exports import (
    export_worker,
    orders,
    retention,
)
from roles.models import BulkExport, Event, User
from roles.versions import effective_periods
from tests import builders
from tests.bulk_exports.archives import (
    order_export,
)

pytestmark = pytest.mark.django_db


class TestOrdering:
    def test_the_version_of_each_is_set_with_the_order(self, author: User) -> None:
        """The current one, else the newest, else the draft."""
        holding, versioned, draft = (builders.description(author, t) for t in ("A", "B", "C"))
        first = builders.version(holding)
        effective_periods.make_effective(
            version=builders.approved(first), since=timezone.localdate(), by=author
        )
        builders.version(holding)
        builders.version(versioned)
        builders.version(versioned)

        def numbers(text: str) -> list[int | None]:
            export = order_export(author, holding, versioned, draft, text=text)
            return list(export.files.values_list("number", flat=True))

        assert numbers("current") == [1, 2, None]
        assert numbers("newest") == [2, 2, None]
        assert numbers("draft") == [None, None, None]

    def test_only_visible_job_descriptions_are_exported(self, author: User) -> None:
        """An order of none is refused."""
        manager = builders.user("manager")
        managed = builders.description(author, hiring_managers=(manager,))
        other = builders.description(author)
        assert [f.reference for f in order_export(manager, managed, other).files.all()] == [
            managed.reference
        ]
        with pytest.raises(bulk_exports.ExportRefused):
            order_export(manager, other)

    def test_too_much_is_refused_with_the_number(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(orders, "MAX_FILES", 1)
        jd = builders.description(author)
        with pytest.raises(bulk_exports.ExportRefused, match="selected 2"):
            order_export(author, jd, formats=["plain", "other"])
        with pytest.raises(bulk_exports.ExportRefused, match="format"):
            order_export(author, jd, formats=["unknown"])
        assert not BulkExport.objects.exists()

    def test_unfinished_exports_of_one_person_are_limited(self, author: User) -> None:
        jd = builders.description(author)
        for _ in range(orders.MAX_UNFINISHED):
            order_export(author, jd)
        with pytest.raises(bulk_exports.ExportRefused, match="unfinished exports"):
            order_export(author, jd)
        order_export(builders.user("hr"), jd)

    def test_the_order_is_an_event(self, author: User) -> None:
        jd = builders.description(author)
        order_export(author, jd)
        event = Event.objects.get(verb="export.asked")
        assert event.what["references"] == [jd.reference]
        assert not list(Event.objects.broken())


class TestCancelling:
    def test_while_it_waits(self, author: User) -> None:
        export = order_export(author, builders.description(author))
        assert orders.cancel(export=export)
        assert export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "cancelled"
        assert export.files.get().state == "waiting"
        assert not orders.cancel(export=export)

    def test_while_it_is_processed(self, author: User, monkeypatch: pytest.MonkeyPatch) -> None:
        """No other document is rendered, no file stays on the disk, no email is sent."""

        def cancelling(_document: Any, _edition: Any) -> bytes:
            rendered.append(True)
            orders.cancel(export=export)
            return b"text"

        rendered: list[bool] = []
        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(cancelling))
        export = order_export(author, builders.description(author), builders.description(author))
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert export.state == "cancelled"
        assert len(rendered) == 1
        assert not retention.folder(export).exists()
        assert not retention.archive(export).exists()
        assert not mail.outbox
