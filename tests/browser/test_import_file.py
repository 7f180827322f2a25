"""A file is brought: chosen, refused beside the field, made a draft; and what is exported here
comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from roles.document import sha256
from roles.exporters import FORMATS
from roles.models import JobDescription
from tests import builders, samples
from tests.browser import acting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_file_is_imported_from_the_start_page(
    page: Page,
    live_server: Any,
    sign_in: Callable[[Page, Any], None],
    complaints: Any,
    assert_accessible: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    value = samples.right_to_left()
    good, bad = tmp_path / "jd.json", tmp_path / "bad.json"
    good.write_bytes(FORMATS["json"].render(value, samples.version()))
    bad.write_bytes(b'{"schema": 1, "title": ""}')
    sign_in(page, builders.user("hr"))

    page.goto(f"{live_server.url}/descriptions/new/")
    page.get_by_role("link", name="Import a file").click()
    page.wait_for_url("**/new/file/")
    page.set_viewport_size({"width": 390, "height": 800})
    assert_accessible(page)

    complaints.allow("422")
    page.get_by_label("File").set_input_files(bad)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("title: it is empty.")).to_be_visible()
    expect(page.get_by_label("File")).to_have_attribute("aria-invalid", "true")
    assert_accessible(page)
    assert not JobDescription.objects.exists()

    page.get_by_label("File").set_input_files(good)
    page.get_by_role("button", name="Import").click()
    acting.expect_heading(page, "Job details")
    expect(acting.message(page, "good")).to_be_visible()
    jd = JobDescription.objects.get()
    assert jd.title == value.title
    lines = [line.uid for section in value.sections for line in section.every_line()]
    assert set(jd.lines.values_list("uid", flat=True)) == set(lines)


def test_exported_file_is_imported(
    page: Page, live_server: Any, sign_in: Callable[[Page, Any], None], tmp_path: Path
) -> None:
    jd = builders.description()
    version = builders.version(jd)
    sign_in(page, jd.owner)
    page.goto(f"{live_server.url}/descriptions/{jd.reference}/versions/1/")
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Data (JSON), Restricted").click()
    file = tmp_path / download.value.suggested_filename
    assert file.suffix == ".json"
    download.value.save_as(file)

    page.goto(f"{live_server.url}/descriptions/new/file/")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Import").click()
    acting.expect_heading(page, "Job details")
    expect(acting.message(page, "good")).to_be_visible()
    copy = JobDescription.objects.exclude(pk=jd.pk).get()
    again = builders.version(copy)
    assert again.sha256 == version.sha256 == sha256(version.document.canonical_json())
