"""The ZIP and its index."""

from __future__ import annotations

import hashlib
import zipfile
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail

from roles import exporters
from roles.bulk_exports import (
    entry_names,
    retention,
    zip_archive,
)
from roles.models import BulkExport, BulkFile, JobDescription, User
from tests import builders
from tests.bulk_exports.archives import (
    archive,
    documents,
    finished_export,
    order_export,
    rows,
)

pytestmark = pytest.mark.django_db


class TestZip:
    def test_names_contents_and_index(self, author: User) -> None:
        """Versions and drafts with tidy names, each with its row in the index."""
        first, second = builders.description(author), builders.description(author, "Clerk")
        version = builders.version(first)
        export = finished_export(author, first, second, formats=["plain", "other"])
        files = archive(export)
        stem, draft = f"{first.reference} Account manager (version 1)", f"{second.reference} Clerk"
        assert list(files) == [
            *(f"{stem}.txt", f"{stem}.oth", f"{draft} (draft).txt", f"{draft} (draft).oth"),
            *("index.html", "index.csv"),
        ]
        assert files[f"{stem}.txt"].startswith(f"{first.reference} 1 Account manager".encode())
        listed = rows(export)
        assert [row["File"] for row in listed] == documents(export)
        assert listed[0]["SHA-256"] == version.sha256
        assert listed[0]["Version"] == "Version 1"
        assert listed[2]["Version"] == "Draft"
        assert listed[0]["Audience"] == "Restricted"
        for row in listed:
            digest = hashlib.sha256(files[row["File"]]).hexdigest()
            assert row["SHA-256 of the file"] == digest
        page = files["index.html"].decode()
        assert f'href="{quote(stem)}.txt"' in page
        assert "<script" not in page

    def test_folders_by_family_where_there_is_more_than_one(self, author: User) -> None:
        one, two, none = (builders.description(author, f"T{n}") for n in range(3))
        two.job_family, none.job_family = builders.family("Aux", "AUX"), None
        two.save()
        none.save()
        folders = [
            name.split("/")[0] for name in documents(finished_export(author, one, two, none))
        ]
        assert sorted(folders) == ["Account management", "Aux_", "No family"]

    def test_titles_are_not_run_as_formulas_or_scripts(self, author: User) -> None:
        evil = builders.description(author, "=HYPERLINK(1)<script>alert(1)</script>")
        export = finished_export(author, evil)
        assert rows(export)[0]["Title"].startswith("'=")
        page = archive(export)["index.html"].decode()
        assert "<script" not in page

    @pytest.mark.parametrize(
        "title",
        [
            "a/b\\c:d*e?f",
            "x" * 150,
            "課" * 110,
            "हि" * 75,
            "\N{ROBOT FACE}" * 120,
            "a\u202egpj.exe",
            "Cafe\u0301",
            "…",
        ],
    )
    def test_names_are_safe_everywhere(self, author: User, title: str) -> None:
        (name,) = documents(finished_export(author, builders.description(author, title)))
        assert not set(name) & set('/\\:*?"<>|\u202e')
        assert len(name.encode()) < 255
        assert len(name) < 150
        assert name.endswith(" (draft).txt")

    def test_names_are_unique_on_every_file_system(self) -> None:
        """Regardless of case, Unicode normalization and formats that share an extension."""
        export = BulkExport(audience="restricted")
        titles = ["Café", "CAFE\u0301", "café", "café"]
        files = [
            BulkFile(reference="ACC-1", number=1, format=code, title=title)
            for title, code in zip(titles, ["plain", "plain", "posting", "other"], strict=True)
        ]
        entry_names.assign(export, files)
        assert [file.name for file in files] == [
            "ACC-1 Café (version 1).txt",
            "ACC-1 CAFÉ (version 1) plain.txt",
            "ACC-1 café (version 1) posting.txt",
            "ACC-1 café (version 1).oth",
        ]

    def test_a_document_that_fails_is_left_out_with_the_reason(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_document: Any, edition: Any) -> bytes:
            if edition.reference == bad.reference:
                raise ValueError("no")
            return b"good"

        good, bad = builders.description(author), builders.description(author)
        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(broken))
        export = finished_export(author, good, bad, formats=["plain", "posting"])
        assert export.state == "done"
        reasons = {(r["Reference"], r["Format"]): r["Left out"] for r in rows(export)}
        assert len(documents(export)) == 1
        assert "couldn’t be exported" in reasons[bad.reference, "Text"]
        assert "couldn’t be exported" in archive(export)["index.html"].decode()
        assert [r for r in rows(export) if "isn’t open for applications" in r["Left out"]]

    def test_the_reason_of_a_format_is_in_the_index(
        self, author: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def unfit(_document: Any, _edition: Any) -> bytes:
            raise exporters.CannotExport("It has no place of work.")

        monkeypatch.setitem(exporters.FORMATS, "plain", builders.format(unfit))
        export = finished_export(author, builders.description(author), formats=["plain", "other"])
        assert rows(export)[0]["Left out"] == "It has no place of work."

    def test_an_export_without_files_fails_and_sends_email(self, author: User) -> None:
        export = finished_export(author, builders.description(author), formats=["posting"])
        assert (export.state, export.reason) == ("failed", "nothing")
        assert not retention.archive(export).exists()
        assert mail.outbox[0].subject == "Your export failed"


class TestWithdrawnBetweenTwoZips:
    def test_the_index_has_no_title_of_the_first_one(self, author: User) -> None:
        jd = builders.description(title="Secret successor")
        kept = builders.description(author)
        export = order_export(author, jd, kept)
        folder = retention.folder(export)
        folder.mkdir(parents=True)
        (folder / "part").write_text("made before")
        export.files.update(state="made", part="part", audience="public", title="Secret successor")
        zip_archive.write(export, lambda: None)  # then the process is killed
        JobDescription.objects.filter(pk=jd.pk).update(confidential=True)
        zip_archive.write(export, lambda: None)
        with zipfile.ZipFile(retention.archive(export)) as archive:
            index = archive.read("index.csv").decode()
        assert f"{jd.reference},," in index
        assert index.count("Secret successor") == index.count(kept.reference) == 2
