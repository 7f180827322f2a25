"""Errors of the job details while typing: beside their fields, until they are fixed."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser import acting

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("field", "wrong", "right"),
    [
        ("weekly_hours", "20 to 40", "37,5"),
        ("apply_to", "not an address", "jobs@example.org"),
        ("soc_code", "12", "41-3091"),
        ("title", "", "Veterinary Technician"),
    ],
)
def test_error_is_beside_its_field_until_it_is_fixed(visitor, field, wrong, right, is_fine):
    account = builders.user("hr")
    jd = builders.description(account)
    page = visitor(account)
    page.goto(acting.step_url(jd.reference, "details"))
    typed = page.locator(f"#id_facts-{field}")
    typed.fill(wrong)
    error = page.locator(f"#div_id_facts-{field} .field-errors")
    expect(error).to_be_visible()
    expect(error).not_to_contain_text(page.locator(f"label[for=id_facts-{field}]").inner_text())
    expect(typed).to_have_attribute("aria-invalid", "true")
    assert error.get_attribute("id") in typed.get_attribute("aria-describedby")
    page.complaints.allow("422")
    is_fine(page)
    typed.fill(right)
    acting.expect_saved(page)
    expect(error).to_have_count(0)
    expect(typed).not_to_have_attribute("aria-invalid", "true")
