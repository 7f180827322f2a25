"""PDFs rendered in the background after a version is saved, current, or published."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from roles import exporters, tasks
from roles.bounded_work import lanes
from roles.drafts import lifecycle
from roles.exporters import CannotExport, TooCostly
from roles.models import JobDescription, RenderedFile, Version
from roles.tasks import background
from roles.versions import effective_periods, prepared_files, purge, rendered_files
from tests import builders

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


class Renderer:
    """Stands in for the PDF. `rendered` has the headings of each document; `before` is called with
    each first."""

    def __init__(self) -> None:
        self.rendered: list[str] = []
        self.lanes: list[lanes.Lane] = []
        self.before: Any = lambda: None

    def __call__(self, document: Any, edition: Any) -> bytes:
        self.rendered.append(f"{edition.number} " + ",".join(s.kind for s in document.sections))
        self.lanes.append(lanes.current())
        self.before()
        return repr(document.sections).encode()


@pytest.fixture(autouse=True)
def renderer(monkeypatch: pytest.MonkeyPatch) -> Renderer:
    renderer = Renderer()
    monkeypatch.setitem(exporters.FORMATS, "pdf", builders.format(renderer))
    return renderer


def waiting() -> int:
    return DBTaskResult.objects.filter(status="READY").count()


def partly_restricted() -> JobDescription:
    jd = builders.description()
    jd.sections.filter(kind="summary").update(audience="restricted")
    return jd


def pdf(version: Version, audience: str = "restricted") -> RenderedFile:
    return rendered_files.rendered(version=version, format="pdf", audience=audience)


class TestFirstExport:
    def test_is_a_stored_file_once_the_background_has_run(
        self, client: Client, renderer: Renderer
    ) -> None:
        version = builders.version(builders.description())
        assert not renderer.rendered  # saving doesn't wait for it
        assert background.run_tasks() is False
        stored = RenderedFile.objects.get()
        assert not stored.downloaded_by.exists()
        client.force_login(version.author)
        reference = version.description.reference
        response: Any = client.get(f"/descriptions/{reference}/versions/1/export/pdf/")
        assert b"".join(response.streaming_content) == stored.file.read()
        assert len(renderer.rendered) == 1
        assert list(stored.downloaded_by.all()) == [version.author]

    def test_renders_if_nothing_runs_in_the_background(self, renderer: Renderer) -> None:
        version = builders.version(builders.description())
        pdf(version)
        background.run_tasks()
        assert len(renderer.rendered) == 1

    def test_waits_for_the_background_instead_of_rendering_too(
        self, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = builders.version(builders.description())
        looks: list[str] = []

        def sleep(_seconds: float) -> None:
            looks.append("waits")
            if len(looks) == 2:
                rendered_files.rendered(
                    version=version, format="pdf", audience="restricted", has_claim=True
                )
                cache.delete(f"rendering:{version.pk}")

        monkeypatch.setattr("roles.versions.rendered_files.time.sleep", sleep)
        with rendered_files.being_rendered(version):
            assert pdf(version).pk
        assert len(looks) == 2
        assert len(renderer.rendered) == 1

    def test_does_not_wait_long_for_a_process_that_was_killed(
        self, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("roles.versions.rendered_files.WAIT_SECONDS", 0.05)
        version = builders.version(builders.description())
        with rendered_files.being_rendered(version):
            assert pdf(version).pk
        assert len(renderer.rendered) == 1
        assert not cache.has_key(f"rendering:{version.pk}")

    def test_two_processes_that_render_at_once_share_one_file(self, renderer: Renderer) -> None:
        version = builders.version(builders.description())
        both = threading.Barrier(2, timeout=20)
        renderer.before = both.wait
        found: list[int] = []

        def export() -> None:
            try:
                one = Version.objects.select_related("description").get(pk=version.pk)
                found.append(pdf(one).pk)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=export) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [RenderedFile.objects.get().pk] * 2


class TestAudiences:
    def test_editors_only_until_it_is_current(self, renderer: Renderer) -> None:
        """Then readers of the catalog, and the public once it's published."""
        version = builders.version(partly_restricted())
        background.run_tasks()
        assert [row.audience for row in RenderedFile.objects.all()] == ["restricted"]
        effective_periods.make_effective(
            version=builders.approved(version), since=timezone.localdate(), by=version.author
        )
        background.run_tasks()
        assert {row.audience for row in RenderedFile.objects.all()} == {"restricted", "internal"}
        assert len(renderer.rendered) == 2

    def test_the_public_gets_its_own_only_if_it_sees_something_else(
        self, renderer: Renderer
    ) -> None:
        jd = partly_restricted()
        jd.sections.filter(kind="qualifications").update(audience="internal")
        builders.published(jd)
        background.run_tasks()
        assert RenderedFile.objects.count() == len(renderer.rendered) == 3
        builders.published()
        background.run_tasks()
        assert RenderedFile.objects.count() == len(renderer.rendered) == 4

    def test_the_same_content_is_copied_for_another_audience(self, renderer: Renderer) -> None:
        version = builders.version(builders.description())
        background.run_tasks()
        stored, copied = RenderedFile.objects.get(), pdf(version, "public")
        assert copied.digest == stored.digest
        assert copied.file.name != stored.file.name
        assert copied.file.read() == stored.file.read()
        assert len(renderer.rendered) == 1

    def test_an_audience_that_sees_less_never_gets_the_file_of_another(
        self, renderer: Renderer
    ) -> None:
        version = builders.version(partly_restricted())
        background.run_tasks()
        assert pdf(version, "public").digest != RenderedFile.objects.earliest("pk").digest
        assert len(renderer.rendered) == 2

    def test_a_damaged_file_is_not_copied(self, renderer: Renderer) -> None:
        version = builders.version(builders.description())
        background.run_tasks()
        with open(RenderedFile.objects.get().file.path, "ab") as file:
            file.write(b"damage")
        pdf(version, "public")
        assert len(renderer.rendered) == 2


class TestQueue:
    def test_a_version_with_a_successor_is_left_out(self, renderer: Renderer) -> None:
        jd = builders.description()
        for _ in range(3):
            builders.version(jd)
        background.run_tasks()
        assert [one.split()[0] for one in renderer.rendered] == ["3"]

    def test_what_a_person_waits_for_comes_first(self, renderer: Renderer) -> None:
        version = builders.version(builders.description())
        reference = builders.description().reference
        tasks.order_export(by=version.author, references=[reference], formats=["pdf"])
        background.run_tasks()
        assert [one.split()[0] for one in renderer.rendered] == ["None", "1"]

    def test_its_length_is_limited(
        self, renderer: Renderer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(prepared_files, "WAITING_LIMIT", 2)
        jds = [builders.description() for _ in range(3)]
        for jd in jds:
            builders.version(jd)
        assert waiting() == 2
        background.run_tasks()
        builders.version(jds[0])
        assert waiting() == 1

    def test_it_takes_no_longer_than_a_request(self, renderer: Renderer) -> None:
        builders.version(builders.description())
        background.run_tasks()
        assert [lane.patience for lane in renderer.lanes] == [1]

    @pytest.mark.parametrize("error", [CannotExport, TooCostly])
    def test_a_file_that_can_not_be_rendered_is_tried_once(
        self, renderer: Renderer, error: type[CannotExport]
    ) -> None:
        def fail() -> None:
            raise error("No.")

        renderer.before = fail
        builders.version(partly_restricted())
        background.run_tasks()
        background.run_tasks()
        assert len(renderer.rendered) == 1
        assert DBTaskResult.objects.get().status == "SUCCESSFUL"

    def test_an_unexpected_error_is_tried_once(self, renderer: Renderer) -> None:
        def fail() -> None:
            raise KeyError

        renderer.before = fail
        version = builders.version(builders.description())
        background.run_tasks()
        background.run_tasks()
        assert len(renderer.rendered) == 1
        assert DBTaskResult.objects.get().status == "FAILED"
        assert not cache.has_key(f"rendering:{version.pk}")


class TestDeletedVersion:
    def test_before_it_is_rendered(self, renderer: Renderer) -> None:
        version = builders.version(builders.description())
        purged(version)
        background.run_tasks()
        assert not renderer.rendered
        assert DBTaskResult.objects.get().status == "SUCCESSFUL"

    def test_while_it_is_rendered(
        self, renderer: Renderer, client: Client, settings: Any, tmp_path: Path
    ) -> None:
        """Neither a task nor a person gets an error, and no file stays."""
        settings.MEDIA_ROOT = str(tmp_path)
        version = builders.version(builders.description())
        renderer.before = lambda: purged(version)
        background.run_tasks()
        assert len(renderer.rendered) == 1
        assert DBTaskResult.objects.get().status == "SUCCESSFUL"
        version = builders.version(builders.description())
        reference = version.description.reference
        client.force_login(version.author)
        response = client.get(f"/descriptions/{reference}/versions/1/export/pdf/", follow=True)
        assert response.status_code == 404
        assert not RenderedFile.objects.exists()
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert (tmp_path / "rendered").is_dir()


def purged(version: Version) -> None:
    jd = JobDescription.objects.get(pk=version.description_id)
    purge.purge(description=lifecycle.archive(description=jd, by=jd.owner), by=None)
    assert not connection.in_atomic_block


class TestPruning:
    def test_only_what_no_one_is_expected_to_need_is_removed(self) -> None:
        """Of old versions, what was neither downloaded nor ever current."""
        jd = builders.description()
        unused = pdf(builders.version(jd))
        downloaded = builders.version(jd)
        rendered_files.download(
            version=downloaded, format="pdf", audience="restricted", by=downloaded.author
        )
        pdf(builders.published(jd))
        pdf(builders.version(jd))
        assert rendered_files.remove_outdated() == 0  # not on the first day
        RenderedFile.objects.update(created_at=timezone.now() - timedelta(days=2))
        assert rendered_files.remove_outdated() == 1
        unused.refresh_from_db()
        assert not unused.file
        assert RenderedFile.objects.exclude(file="").count() == 3
