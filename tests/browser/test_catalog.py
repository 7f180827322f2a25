"""An employee reads what is in effect, at a desk and on a phone."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from roles.versions import effective_periods
from tests import builders
from tests.browser import acting

pytestmark = pytest.mark.browser


def current_description(title, **facts):
    jd = builders.description(None, title, department=builders.department(), **facts)
    version = builders.approved(builders.version(jd))
    effective_periods.make_effective(version=version, since=timezone.localdate(), by=jd.owner)
    return jd


@pytest.fixture
def is_sound(is_fine):
    """Axe finds nothing, in dark and in light, and nothing is cut off."""

    def check(page):
        is_fine(page)
        needed = page.evaluate("document.documentElement.scrollWidth")
        assert needed <= page.viewport_size["width"], f"{page.url} is {needed} pixels wide"

    return check


def test_employee_finds_reads_and_downloads(visitor, is_sound, transactional_db):
    """From the home page to the file, in a wide window and in a narrow one."""
    current_description("Account manager", work_mode="hybrid")
    current_description("W" * 150, work_mode="remote")
    account = builders.user("employee")
    account.departments.add(builders.department())
    page = visitor(account)
    for width in (1280, 390):
        page.goto("/")
        page.set_viewport_size({"width": width, "height": 844})
        own = page.get_by_role("region", name="Current in Sales")
        expect(own).to_contain_text("Account manager")
        is_sound(page)
        page.get_by_role("link", name="Catalog", exact=True).click()
        acting.expect_heading(page, "Current job descriptions")
        if width == 390:
            page.get_by_text("Filter and sort").click()
        is_sound(page)
        page.get_by_label("Work mode").select_option(label="Hybrid")
        page.wait_for_url("**mode=hybrid**")
        expect(page.get_by_text("1 job description", exact=True)).to_be_visible()
        page.get_by_role("link", name="Account manager", exact=True).click()
        acting.expect_heading(page, "Account manager")
        expect(page.get_by_role("link", name="Download PDF")).to_be_visible()
        is_sound(page)
    content = acting.download(page, page.get_by_role("link", name="Download PDF"))
    assert "Prepare renewal plans" in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
