"""What is removed every day, and what stays."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from roles import tasks
from roles.bulk_exports import retention
from roles.models import BulkExport, IdempotencyKey, Notification, RenderedFile, Review
from roles.tasks import background, prune
from roles.versions import rendered_files, verification
from tests import builders
from tests.bulk_exports.archives import finished_export

pytestmark = pytest.mark.django_db


def removed() -> dict[str, int]:
    """Prunes, and returns what was removed."""
    return {name: count for name, count in prune.run() if count}


def days_ago(days: float) -> Any:
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def stored(media: Path) -> RenderedFile:
    """A file that was rendered two days ago."""
    version = builders.version(builders.description())
    file = rendered_files.rendered(version=version, format="txt", audience="restricted")
    RenderedFile.objects.update(created_at=days_ago(2))
    return file


def test_the_command_names_everything() -> None:
    out = StringIO()
    call_command("prune", stdout=out)
    assert out.getvalue() == "".join(f"{name}: 0\n" for name in prune.PRUNED)


def test_keys_of_submitted_forms() -> None:
    for nonce, days in (("old", 31), ("new", 29)):
        IdempotencyKey.objects.create(nonce=nonce)
        IdempotencyKey.objects.filter(nonce=nonce).update(created_at=days_ago(days))
    assert removed() == {"keys of submitted forms": 1}
    assert IdempotencyKey.objects.get().nonce == "new"


def test_expired_sessions() -> None:
    for key, days in (("old", 0.01), ("new", -1)):
        Session.objects.create(session_key=key, session_data="", expire_date=days_ago(days))
    assert removed() == {"expired sessions": 1}
    assert Session.objects.get().session_key == "new"


def test_devices_of_ended_sessions() -> None:
    user = builders.user("hr")
    Session.objects.create(session_key="new", session_data="", expire_date=days_ago(-1))
    for key in ("new", "gone"):
        UserSession.objects.create(user=user, session_key=key, ip="203.0.113.7")
    assert removed() == {"devices of ended sessions": 1}
    assert UserSession.objects.get().session_key == "new"


def test_counts_of_attempts() -> None:
    cache.set("old", [1], timeout=-10)
    cache.set("new", [1], timeout=60)
    removed()
    assert cache.get("new") == [1]
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM shared_cache")
        assert cursor.fetchone() == (1,)


def test_old_notifications_except_those_of_open_reviews() -> None:
    manager = builders.user("manager")
    open_review, closed = (builders.review(builders.description(), manager) for _ in range(2))
    Review.objects.filter(pk=closed.pk).update(state="withdrawn")
    recent = closed.notifications.earliest("pk")
    old = Notification.objects.exclude(pk=recent.pk)
    old.update(created_at=days_ago(prune.NOTIFICATION_DAYS + 1))
    Notification.objects.create(user=manager, verb="rollout.late", what={"rollout": 1})
    rollout_news = Notification.objects.create(user=manager, verb="rollout.late")
    Notification.objects.filter(pk=rollout_news.pk).update(created_at=days_ago(200))
    kept = {*open_review.notifications.values_list("pk", flat=True), recent.pk}
    removed()
    assert not Notification.objects.filter(pk=rollout_news.pk).exists()
    assert Notification.objects.filter(pk__in=kept).count() == len(kept)
    assert closed.notifications.count() == 1


class TestFiles:
    def test_a_file_of_the_present_renderer_stays(self, stored: RenderedFile) -> None:
        assert removed() == {}
        assert Path(stored.file.path).exists()

    def test_an_outdated_file_is_removed_and_rendered_again(self, stored: RenderedFile) -> None:
        path, digest = Path(stored.file.path), stored.digest
        RenderedFile.objects.update(key="of another renderer")
        assert removed() == {"outdated files": 1}
        assert not path.exists()
        assert removed() == {}
        RenderedFile.objects.update(key=stored.key)  # the renderer of then is back
        again = rendered_files.rendered(version=stored.version, format="txt", audience="restricted")
        assert (again.pk, again.digest) == (stored.pk, digest)
        assert Path(again.file.path).exists()

    def test_a_copy_of_a_removed_file_can_be_verified(self, stored: RenderedFile) -> None:
        content = Path(stored.file.path).read_bytes()
        RenderedFile.objects.update(key="of another renderer")
        removed()
        assert RenderedFile.objects.get().digest == stored.digest
        assert verification.compare("copy.txt", content, None).result == "made"

    def test_a_recent_file_stays(self, stored: RenderedFile) -> None:
        """Another server might still have the earlier release."""
        RenderedFile.objects.update(key="of another renderer", created_at=days_ago(0.9))
        assert removed() == {}

    def test_files_without_a_row(self, stored: RenderedFile, media: Path) -> None:
        old, new = media / "rendered" / "old.pdf", media / "rendered" / "new.pdf"
        for path in (old, new, Path(stored.file.path)):
            path.touch()
        two_days_ago = time.time() - 2 * 86_400
        for path in (old, Path(stored.file.path)):
            os.utime(path, (two_days_ago, two_days_ago))
        assert removed() == {"files without a record": 1}
        assert not old.exists()
        assert new.exists()
        assert Path(stored.file.path).exists()


@pytest.mark.django_db(transaction=True)
def test_finished_tasks() -> None:
    jd = builders.description()
    for days in (8, 6):
        tasks.order_export(by=jd.owner, references=[jd.reference], formats=["txt"])
        background.run_tasks()
        unaged = DBTaskResult.objects.filter(started_at__gt=days_ago(1))
        unaged.update(started_at=days_ago(days), enqueued_at=days_ago(days))
    tasks.order_export(by=jd.owner, references=[jd.reference], formats=["txt"])
    assert removed()["finished tasks"] == 1
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "SUCCESSFUL"]


def test_expired_exports() -> None:
    author = builders.user("hr")
    old, new = (
        finished_export(author, builders.description(author), formats=["txt"]) for _ in range(2)
    )
    BulkExport.objects.filter(pk=old.pk).update(expires_at=days_ago(0.01))
    assert removed() == {"expired exports": 1}
    assert not retention.archive(old).exists()
    assert retention.archive(new).exists()
