"""The paper beside the editor: it follows the cursor, shows what is typed at once, and is drawn
again by the server as soon as that is saved."""

import statistics

import pytest
from playwright.sync_api import expect

from roles.models import Line
from tests import builders
from tests.browser import acting, editing
from tests.browser.editing import SCREENS

pytestmark = pytest.mark.browser

FIRST = "Prepare renewal plans for each account."
LINES = 40
PAUSE = 200  # milliseconds from a keystroke to the paper

# Milliseconds from each keystroke to the first change of the paper that shows it.
WATCH = """() => {
  window.waits = [];
  let at = 0;
  document.addEventListener("keydown", () => { at = performance.now(); }, true);
  new MutationObserver(() => {
    if (!at) return;
    const since = at;
    at = 0;
    requestAnimationFrame(() => window.waits.push(performance.now() - since));
  }).observe(document.getElementById("preview"), { childList: true, subtree: true });
}"""


@pytest.fixture
def account(transactional_db):
    return builders.user("hr")


@pytest.fixture
def jd(account):
    """A job description of forty duties, and sections before and behind them."""
    jd = builders.description(account)
    duties = jd.sections.get(kind="responsibilities")
    Line.objects.bulk_create(
        Line(
            description=jd,
            section=duties,
            text=f"Duty {number}: look after the account, plan its renewal in [city], and report.",
            position=number,
        )
        for number in range(2, LINES + 1)
    )
    return jd


def field(page, number: int):
    card = acting.section(page, "Responsibilities")
    return acting.lines(card).nth(number).locator(".line-text").first


def on_paper(page, number: int):
    uid = acting.lines(acting.section(page, "Responsibilities")).nth(number).get_attribute("id")
    assert uid
    return page.locator(f"#preview [data-line='{uid.removeprefix('line-')}']")


def without_server(page) -> None:
    """Nothing that is typed arrives; what the paper shows, the browser did alone."""
    page.complaints.allow("ERR_|htmx:")
    page.route("**/descriptions/**", lambda route: route.abort())


def test_preview_follows_the_cursor(wide):
    page = wide
    expect(page.locator("#preview .is-edited")).to_have_count(0)
    field(page, LINES - 1).focus()
    expect(on_paper(page, LINES - 1)).to_have_class("is-edited-line")
    expect(on_paper(page, LINES - 1)).to_be_in_viewport()
    edited = page.locator("#preview .is-edited")
    expect(edited.get_by_role("heading", name="Responsibilities")).to_have_count(1)
    field(page, 0).focus()
    expect(on_paper(page, 0)).to_have_class("is-edited-line")
    expect(page.locator("#preview .is-edited-line")).to_have_count(1)
    expect(on_paper(page, 0)).to_be_in_viewport()
    # The heading of the section: all of it, and no line.
    page.get_by_label("Section heading").first.focus()
    expect(page.locator("#preview .is-edited-line")).to_have_count(0)
    expect(edited).to_have_count(1)
    # It stays marked when the server has drawn the paper again.
    field(page, 2).fill("Reworded.")
    acting.expect_saved(page)
    expect(on_paper(page, 2)).to_have_class("is-edited-line")
    expect(on_paper(page, 2)).to_have_text("Reworded.")


def test_typed_text_appears_within_200_milliseconds(wide):
    """At forty lines, measured in the page, keystroke for keystroke, while the server does not
    answer at all."""
    page = wide
    without_server(page)
    page.evaluate(WATCH)
    field(page, LINES // 2).press("ControlOrMeta+End")
    for letter in " And more words.":
        page.keyboard.type(letter)
        page.wait_for_timeout(30)
    expect(on_paper(page, LINES // 2)).to_contain_text("and report. And more words.")
    waits = page.evaluate("window.waits")
    assert len(waits) >= 10, waits
    assert statistics.median(waits) < PAUSE, waits
    expect(page.locator("#save-state")).not_to_have_class("save-state is-saved")


def test_headings_and_details_are_updated(wide):
    page = wide
    without_server(page)
    page.get_by_label("Section heading").first.fill("What you will do")
    expect(page.locator("#preview h2", has_text="What you will do")).to_have_count(1)


def test_title_is_updated(wide, jd):
    page = editing.open_step(wide, jd.reference, "details")
    without_server(page)
    page.get_by_label("Job title").fill("Senior account manager")
    expect(page.locator("#preview h1")).to_have_text("Senior account manager")


def test_server_renders_the_saved_text(wide, jd):
    """Its print replaces the browser's: the marks of placeholders are the real ones again."""
    page = wide
    with page.expect_response("**/preview/") as printed:
        field(page, 1).fill("In [city] and [Town]; see <b>there</b>.")
        expect(on_paper(page, 1)).to_have_text("In [city] and [Town]; see <b>there</b>.")
    assert printed.value.ok
    acting.expect_saved(page)
    marks = on_paper(page, 1).locator("mark.jd-open[data-placeholder]")
    expect(marks).to_have_text(["[city]", "[Town]"])
    expect(page.locator("#preview b")).to_have_count(0)
    field(page, 1).fill("Nothing open here.")
    expect(on_paper(page, 1).locator("mark")).to_have_count(0)


def test_sub_lines_details_and_tags_stay_while_a_line_is_typed(wide, jd):
    """Only the words of the line change before the server prints it."""
    page = wide
    line = acting.lines(acting.section(page, "Responsibilities")).first
    editing.show_controls(line)
    line.locator(".line-more > summary").click()
    line.get_by_label("Detail", exact=True).fill("Because it matters.")
    line.get_by_label("New sub-line").fill("A part of it.")
    line.get_by_role("button", name="Add sub-line").click()
    acting.expect_preview(page, "A part of it.")
    acting.expect_saved(page)
    without_server(page)
    field(page, 0).fill("Other words")
    here = on_paper(page, 0)
    expect(here).to_contain_text("Other words")
    expect(here).to_contain_text("Because it matters.")
    expect(here).to_contain_text("A part of it.")
    expect(here).not_to_contain_text(FIRST)


def test_on_a_phone_the_preview_is_a_tab(visitor, account, jd):
    page = visitor(account, **SCREENS["390"])
    editing.open_step(page, jd.reference)
    field(page, 1).fill("Typed on the way.")
    expect(page.locator("#preview")).to_be_hidden()
    page.get_by_role("link", name="Preview").click()
    expect(page.locator("#preview")).to_be_visible()
    expect(page.locator("#preview")).to_contain_text("Typed on the way.")
    acting.expect_saved(page)
    page.get_by_role("link", name="Write").click()
    expect(field(page, 1)).to_have_value("Typed on the way.")
