"""Administrators set up an organization in the settings; HR adds to lists from the wizard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from roles.models import (
    Department,
    JobDescription,
    JobFamily,
    JobLevel,
    Location,
    Organization,
    PayGrade,
    PayReference,
    Snippet,
)
from roles.models.organization import Logo
from roles.web.shared.settings_navigation import SECTIONS
from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS
from tests.organization.test_organization_settings import SVG

pytestmark = pytest.mark.browser

FIGURES = "role;location;amount;currency\nNurse;Denver;60000;USD\n"


@pytest.fixture(params=SCREENS)
def screen(request: Any) -> Any:
    return SCREENS[request.param]


def go(page: Page, section: str) -> None:
    """Opens a page of the settings by the navigation, which is on the overview on a phone."""
    back = page.get_by_role("link", name="All settings")
    if back.is_visible():
        back.click()
        acting.expect_heading(page, "Settings")
    elif page.locator(".settings-back").count() and not menu(page).is_visible():
        page.goto("/settings/")
    menu(page).get_by_role("link", name=section, exact=True).click()
    acting.expect_heading(page, section)


def menu(page: Page) -> Any:
    return page.locator(".settings-menu")


def add(page: Page, button: str, **values: str) -> None:
    page.get_by_role("link", name=button).click()
    acting.expect_heading(page, button)
    for label, value in values.items():
        field = page.get_by_label(label.replace("_", " "), exact=True)
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_role("button", name=button).click()
    expect(acting.message(page, "good")).to_be_visible()


def test_an_organization_is_set_up_from_nothing(
    visitor: Callable[..., Page], transactional_db: None, is_fine: Any, tmp_path: Path, screen: Any
) -> None:
    page = visitor("admin", **screen)
    page.goto("/")
    page.get_by_role("link", name="Set up organization").click()
    acting.expect_heading(page, "Settings")
    is_fine(page)
    _organization_and_brand(page, is_fine, tmp_path)
    _lists(page, is_fine)
    _figures(page, is_fine, tmp_path)
    page.goto("/")
    expect(page.get_by_role("link", name="Set up organization")).to_have_count(0)
    page.goto("/descriptions/new/")
    page.get_by_label("Job title").fill("Nurse")
    page.locator("#id_family").select_option("Care")
    page.get_by_role("radio", name="Blank page").check()
    page.get_by_role("button", name="Start writing").click()
    acting.expect_heading(page, "Job details")
    expect(page.get_by_label("Pay grade").locator("option")).to_have_text(["Not set", "G1"])
    jd = JobDescription.objects.get()
    assert jd.reference == "CAR-0001"
    page.goto(acting.step_url(jd.reference, "closing"))
    page.locator("button[value='section-start:legal']").click()
    expect(page.locator(".section-card textarea").first).to_have_value(
        "[Company Name] is an equal opportunity employer."
    )


def _organization_and_brand(page: Page, is_fine: Any, tmp_path: Path) -> None:
    go(page, "Organization")
    page.get_by_label("Name").fill("Northwind Care")
    page.get_by_label("Apply at").fill("by phone")
    page.complaints.allow("422")  # type: ignore[attr-defined]
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field-errors")).to_be_visible()
    is_fine(page)
    page.get_by_label("Apply at").fill("jobs@northwind.example")
    page.get_by_role("button", name="Save").click()
    expect(acting.message(page, "good")).to_have_text("Organization saved.")

    go(page, "Brand")
    file = tmp_path / "logo.svg"
    file.write_bytes(SVG)
    page.get_by_label("Logo").set_input_files(file)
    expect(page.get_by_text("New logo, not saved yet")).to_be_visible()
    page.locator("#id_brand_color").fill("#ffd400")
    expect(page.locator(".settings-contrast")).to_contain_text("below 4.5")
    page.get_by_role("radio", name="Letter").check()
    expect(page.locator(".settings-paper-letter")).to_be_visible()
    is_fine(page)
    page.get_by_role("button", name="Save").click()
    expect(acting.message(page, "good")).to_have_text("Brand saved.")
    row = Organization.objects.the()
    assert (row.name, row.brand_color, row.paper) == ("Northwind Care", "#ffd400", "Letter")
    assert row.logo_id == Logo.objects.get().digest

    go(page, "Statements")
    page.get_by_role("link", name="Add statement for Equal opportunity").click()
    page.get_by_role("textbox", name="Wording").fill(
        "[Company Name] is an equal opportunity employer."
    )
    is_fine(page)
    page.get_by_role("button", name="Add statement").click()
    expect(acting.message(page, "good")).to_have_text("Statement added.")
    is_fine(page)
    assert Snippet.objects.statements().count() == 1


def _lists(page: Page, is_fine: Any) -> None:
    go(page, "Departments")
    is_fine(page)
    add(page, "Add department", Name="Nursing")
    go(page, "Locations")
    page.get_by_role("link", name="Add location").click()
    page.get_by_label("City").fill("Denver")
    page.get_by_label("Country").select_option("United States")
    expect(page.locator("#region-options option[value=Colorado]")).to_be_attached()
    page.get_by_label("State or region").fill("Colorado")
    is_fine(page)
    page.get_by_role("button", name="Add location").click()
    expect(acting.message(page, "good")).to_have_text("Location added.")
    go(page, "Job families")
    add(page, "Add job family", Name="Care", Reference_prefix="car")
    go(page, "Job levels")
    add(page, "Add job level", Name="Senior")
    page.get_by_role("link", name="Add job level").click()
    page.get_by_label("Name").fill("Entry")
    page.get_by_role("radio", name="Individual").check()
    page.get_by_label("to", exact=True).fill("2")
    is_fine(page)
    page.get_by_role("button", name="Add job level").click()
    page.get_by_role("button", name="Move Entry up").click()
    expect(page.locator(".data tbody th").first).to_have_text("Entry")
    is_fine(page)
    go(page, "Pay grades")
    add(page, "Add pay grade", Name="G1")
    go(page, "Custom facts")
    add(page, "Add custom fact", Label="Union", Visible_to="public")
    go(page, "Placeholders")
    add(page, "Add placeholder", Placeholder="[Industry]", Value="Health")
    go(page, "Audiences of facts")
    page.get_by_label("Pay grade").select_option("Internal")
    is_fine(page)
    page.get_by_role("button", name="Save").click()
    expect(acting.message(page, "good")).to_have_text("Audiences saved.")
    go(page, "Reference prefixes")
    page.get_by_label("Without a family").fill("gen")
    is_fine(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Without a family")).to_have_value("GEN")
    assert Organization.objects.the().fact_audiences == {"pay_grade": "internal"}
    assert Department.objects.get().name == "Nursing"
    assert str(Location.objects.get()) == "Denver, Colorado, US"
    assert JobFamily.objects.get().prefix == "CAR"
    assert list(JobLevel.objects.values_list("name", flat=True)) == ["Entry", "Senior"]
    assert PayGrade.objects.get().name == "G1"


def _figures(page: Page, is_fine: Any, tmp_path: Path) -> None:
    go(page, "Market figures")
    page.goto("/settings/lists/market-figures/import/")
    is_fine(page)
    file = tmp_path / "figures.csv"
    file.write_text(FIGURES + "Nurse;Denver;a lot;USD\n")
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Check file").click()
    expect(page.get_by_role("alert")).to_contain_text("1 row has errors")
    is_fine(page)
    file.write_text(FIGURES)
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Check file").click()
    expect(page.get_by_text("1 row without errors.")).to_be_visible()
    is_fine(page)
    page.get_by_role("button", name="Import").click()
    expect(acting.message(page, "good")).to_contain_text("1 added")
    is_fine(page)
    assert PayReference.objects.get().location == "Denver"


def test_every_page_of_the_settings(
    visitor: Callable[..., Page], library: None, is_fine: Any, screen: Any
) -> None:
    """With the starter library: nothing scrolls sideways, axe finds nothing."""
    page = visitor("admin", **screen)
    family = JobFamily.objects.all()[0]
    paths = [section.url for section in SECTIONS]
    paths += [f"/settings/lists/families/{family.pk}/{more}" for more in ("", "delete/")]
    for path in ["/settings/", *paths, "/settings/lists/market-figures/add/"]:
        page.goto(path)
        expect(page.locator("main h1").first).to_be_attached()
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= screen["viewport"]["width"], path
        is_fine(page)


def test_two_administrators_at_the_same_time(
    visitor: Callable[..., Page], transactional_db: None, is_fine: Any, screen: Any
) -> None:
    sales = builders.department("Sales")
    page = visitor("admin", **screen)
    page.complaints.allow("409")  # type: ignore[attr-defined]
    page.goto(f"/settings/lists/departments/{sales.pk}/")
    Department.objects.update(name="Theirs")
    page.get_by_label("Name").fill("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Someone else changed")
    expect(page.locator(".settings-stale")).to_contain_text("Theirs")
    expect(page.get_by_label("Name")).to_have_value("Mine")
    is_fine(page)
    page.get_by_role("button", name="Save").click()
    expect(acting.message(page, "good")).to_have_text("Department saved.")
    assert Department.objects.get().name == "Mine"


# --- HR adds to lists


@pytest.fixture
def jd(library: None) -> JobDescription:
    return builders.description()


def dialog(page: Page, button: str) -> Any:
    page.get_by_role("button", name=button).click()
    found = page.get_by_role("dialog")
    expect(found).to_be_visible()
    return found


def test_hr_adds_to_lists_without_leaving_the_wizard(
    visitor: Callable[..., Page], jd: JobDescription, is_fine: Any, screen: Any
) -> None:
    page = visitor(jd.owner, **screen)
    page.complaints.allow("422")  # type: ignore[attr-defined]
    page.goto(acting.step_url(jd.reference, "details"))
    opened = dialog(page, "Add department")
    opened.get_by_role("button", name="Add department").click()
    expect(opened.locator(".field-errors")).to_be_visible()
    is_fine(page)
    opened.get_by_label("Name").fill("Finance")
    opened.get_by_label("Name").press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Department").locator("option:checked")).to_have_text("Finance")

    opened = dialog(page, "Add location")
    opened.get_by_label("City").fill("Berlin")
    opened.get_by_label("Country").select_option("Germany")
    opened.get_by_role("button", name="Add location").click()
    expect(page.get_by_role("checkbox", name="Berlin, DE")).to_be_checked()
    acting.expect_saved(page)

    opened = dialog(page, "Add family")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Add family")).to_be_focused()
    jd.refresh_from_db()
    assert str(jd.department) == "Finance"
    assert [str(place) for place in jd.locations.all()] == ["Berlin, DE"]


def test_hr_adds_a_family_on_the_start_page(
    visitor: Callable[..., Page], jd: JobDescription, screen: Any
) -> None:
    page = visitor(jd.owner, **screen)
    page.goto("/descriptions/new/")
    page.get_by_label("Job title").fill("Data analyst")
    opened = dialog(page, "Add family")
    opened.get_by_label("Name").fill("Analytics")
    opened.get_by_label("Reference prefix").fill("ana")
    opened.get_by_role("button", name="Add job family").click()
    expect(page.locator("#id_family option:checked")).to_have_text("Analytics")
    expect(page.get_by_label("Job title")).to_have_value("Data analyst")


def test_hr_adds_to_lists_without_javascript(
    visitor: Callable[..., Page], jd: JobDescription
) -> None:
    page = visitor(jd.owner, java_script_enabled=False)
    page.goto(acting.step_url(jd.reference, "details"))
    page.get_by_label("Reports to").fill("Head of sales")
    page.get_by_role("button", name="Add department").click()
    acting.expect_heading(page, "Add department")
    page.get_by_label("Name").fill("Finance")
    page.get_by_role("button", name="Add department").click()
    expect(page.get_by_label("Department").locator("option:checked")).to_have_text("Finance")
    expect(page.get_by_label("Reports to")).to_have_value("Head of sales")
