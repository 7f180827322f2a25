"""Which files are removed, and when."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from roles.bulk_exports import (
    orders,
    retention,
)
from roles.drafts import lifecycle
from roles.models import BulkExport, BulkFile, User
from tests import builders
from tests.bulk_exports.archives import (
    finished_export,
    order_export,
)

pytestmark = pytest.mark.django_db


class TestRetention:
    def test_parts_of_a_process_killed_after_the_cancellation_are_removed(
        self, author: User
    ) -> None:
        export = order_export(author, builders.description(author))
        orders.cancel(export=export)
        part = retention.folder(export) / "1-part"
        part.parent.mkdir(parents=True)
        part.write_text("what the killed process had in hand")
        retention.remove_expired()
        assert part.exists()  # the process may still write
        BulkExport.objects.filter(pk=export.pk, expires_at__gt=timezone.now()).update(
            expires_at=timezone.now()
        )
        retention.remove_expired()
        assert not part.exists()

    def test_only_expired_files_are_removed(self, author: User) -> None:
        old, new = (finished_export(author, builders.description(author)) for _ in range(2))
        BulkExport.objects.filter(pk=old.pk).update(expires_at=timezone.now())
        retention.remove_expired()
        old.refresh_from_db()
        assert not retention.archive(old).exists()
        assert (old.state, old.is_there) == ("done", False)
        assert retention.archive(new).exists()
        BulkExport.objects.update(
            finished_at=timezone.now() - timedelta(days=retention.ROW_DAYS + 1)
        )
        retention.remove_expired()
        assert not BulkExport.objects.exists()

    def test_a_purged_job_description_is_in_no_archive(self, author: User) -> None:
        gone, kept = builders.description(author), builders.description(author)
        with_it, without = finished_export(author, gone, kept), finished_export(author, kept)
        lifecycle.archive(description=gone, by=author)
        day = (timezone.localdate() + timedelta(days=1)).isoformat()
        call_command("purge_archived", "--before", day, "--yes", stdout=io.StringIO())
        with_it.refresh_from_db()
        assert not with_it.is_there
        assert not retention.archive(with_it).exists()
        assert retention.archive(without).exists()
        assert not BulkFile.objects.filter(reference=gone.reference).exclude(title="").exists()

    def test_parts_are_removed_once_the_archive_exists(self, author: User) -> None:
        export = finished_export(author, builders.description(author))
        assert not retention.folder(export).exists()
        assert Path(export.file.path) == retention.archive(export)
