"""Physical demands in the line editor: the category shows how much and how often."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser import acting, editing

pytestmark = pytest.mark.browser


@pytest.fixture
def account(transactional_db):
    return builders.user("hr")


@pytest.fixture
def jd(account):
    jd = builders.description(account, title="Warehouse Associate")
    builders.add_section(jd, "conditions", "Working conditions", "Lift and carry", "Travel")
    return jd


def test_the_category_shows_how_much_and_how_often(wizard, jd, is_fine):
    page = editing.open_step(wizard, jd.reference, "conditions")
    line = acting.line(page, jd.lines.get(text="Lift and carry").uid)
    line.locator(".line-text").click()
    often = line.get_by_label("How often")
    expect(often).to_be_hidden()
    line.get_by_label("Category").select_option("Physical demands")
    line.get_by_label("How much").fill("50")
    line.get_by_label("Unit").select_option("lb")
    often.select_option("frequently")
    acting.expect_saved(page)
    is_fine(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = jd.lines.get(text="Lift and carry")
    assert (str(found.amount), found.unit, found.how_often) == ("50.00", "lb", "frequently")
    line.get_by_label("Category").select_option("Travel")  # what is stated stays on the page
    expect(often).to_be_visible()
