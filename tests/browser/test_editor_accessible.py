"""axe finds nothing on the line editor with all that can be opened there, in light and dark, wide
and narrow (test_pages asks it about every step)."""

import pytest
from playwright.sync_api import expect

from tests import builders
from tests.browser import acting, editing

pytestmark = pytest.mark.browser

LIST = "- Prepare renewal plans for each account\n  - with reasons\n- Drive the van\n"


@pytest.fixture
def account(transactional_db):
    return builders.user("hr")


@pytest.fixture
def jd(account):
    """A draft with a library text that is reworded, groups, sub-lines, and open placeholders."""
    jd = builders.description(account)
    uid = jd.sections.get(kind="responsibilities").uid
    builders.use(jd, builders.snippet("Forecast renewals in [city] for [X] years."))
    builders.snippet("Prepare a renewal plan for each account.", detail="With reasons.")
    builders.add_line(jd, uid, "Serve our [clients, partners].", group="Weekly", percent=40)
    builders.add_line(jd, uid, "Serve our [clients, partners]!", essential="essential")
    builders.add_section(jd, "objectives", "Goals")
    return jd


def test_the_line_editor_with_everything_open(wizard, jd, is_fine):
    page = wizard
    card = acting.section(page, "Responsibilities")
    editing.open_outline(page)
    if page.locator("#placeholders-panel").get_attribute("open") is None:
        page.locator("#placeholders-panel > summary").click()
    expect(page.locator("#placeholders-panel .chips button").first).to_be_visible()
    line = acting.line(page, jd.lines.get(revision__isnull=False).uid)
    line.locator(".line-text").fill("Guess.")
    expect(line.get_by_role("button", name="Reset to library wording")).to_be_visible()
    line.locator(".line-more > summary").click()
    expect(line.get_by_label("Detail", exact=True)).to_be_visible()
    acting.expect_saved(page)
    is_fine(page)
    card.locator(".picker > summary").click()
    expect(card.locator(".pick-list > li").first).to_be_visible()
    card.locator("details.paste > summary").click()
    card.get_by_label("Your list").fill(LIST)
    card.get_by_role("button", name="Preview lines").click()
    expect(card.locator(".pasted-lines > li")).to_have_count(3)
    is_fine(page)
    editing.show_controls(line)
    page.locator(f"#line-down-{jd.lines.get(text='Guess.').uid}").click()
    editing.expect_live_message(page, "is now line")
    is_fine(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
