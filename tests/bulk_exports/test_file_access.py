"""Audiences, and permission withdrawn during an export."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from roles.bulk_exports import (
    export_worker,
    file_access,
    retention,
    zip_archive,
)
from roles.models import User
from tests import builders
from tests.bulk_exports.archives import (
    archive,
    documents,
    finished_export,
    order_export,
    rows,
)

pytestmark = pytest.mark.django_db


class TestAudiences:
    def test_no_more_than_the_audience_ordered(self, author: User) -> None:
        jd = builders.description(author)
        uid = builders.add_section(jd, "pay", "Pay", "A lot")
        jd.sections.filter(uid=uid).update(audience="restricted")
        builders.version(jd)
        for audience, is_in in (("restricted", True), ("internal", False), ("public", False)):
            export = finished_export(author, jd, audience=audience)
            (name,) = documents(export)
            assert (b",Pay" in archive(export)[name]) is is_in
            assert (audience in name) is not is_in
            assert rows(export)[0]["Audience"] == audience.capitalize()

    def test_no_more_than_the_widest_audience_allowed(self) -> None:
        assert file_access.narrower("restricted", "internal") == "internal"
        assert file_access.narrower("public", "restricted") == "public"


class TestPermissionWithdrawn:
    def test_during_the_export_rendered_files_are_left_out(self, author: User) -> None:
        manager = builders.user("manager")
        kept, lost = (
            builders.description(author, t, hiring_managers=(manager,)) for t in ("A", "B")
        )
        export = order_export(manager, lost, kept, formats=["plain", "other"])
        done = iter([False, True])
        assert not export_worker.run(export.pk, stopping=lambda: next(done))
        assert export.files.filter(state="made").count() == 1
        lost.hiring_managers.clear()
        kept_before = export.files.get(state="made").reference
        assert kept_before == kept.reference or kept_before == lost.reference
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert {name.split()[0] for name in documents(export)} == {kept.reference}
        left = [row for row in rows(export) if row["Left out"]]
        assert {row["Reference"] for row in left} == {lost.reference}
        assert "you no longer have access" in left[0]["Left out"]
        assert not any(row["Title"] for row in left)

    def test_between_the_last_file_and_the_zip(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        manager = builders.user("manager")
        kept, lost = (
            builders.description(author, t, hiring_managers=(manager,)) for t in ("A", "B")
        )
        export = order_export(manager, kept, lost)
        original = zip_archive.write

        def write(*args: Any) -> None:
            lost.hiring_managers.clear()
            original(*args)

        monkeypatch.setattr(zip_archive, "write", write)
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert {name.split()[0] for name in documents(export)} == {kept.reference}
        assert file_access.withdrawn(export, manager) == []
        kept.hiring_managers.clear()
        assert file_access.withdrawn(export, manager) == [kept.reference]

    def test_deactivated_account_gets_nothing(self, author: User) -> None:
        export = order_export(author, builders.description(author))
        author.is_active = False
        author.save()
        export_worker.run(export.pk)
        export.refresh_from_db()
        assert (export.state, export.reason) == ("cancelled", "closed")
        assert not retention.folder(export).exists()
        assert not mail.outbox
