"""Pasting a list as a person does it: the lines are seen, changed and chosen before any is
added; what cannot be read is said beside it, and stays."""

import pytest
from playwright.sync_api import expect

from roles.limits import LINES_LIMIT
from roles.models import Line
from tests import builders
from tests.browser import acting
from tests.browser.editing import expect_texts

pytestmark = pytest.mark.browser

FIRST = "Prepare renewal plans for each account."
LIBRARY = "Forecast renewals for each quarter and explain what changed."
# As Word copies it: private bullets and tabs, "o" for the level below, a line that a mail
# program wrapped.
WORD = (
    "\uf0b7\tOwn the renewal calendar of the whole portfolio\n"
    "o\tcall customers by phone\n"
    "o\twrite to them where no one\n"
    "  \tanswers the phone\n"
    "\uf0b7\tForecast renewals for each quarter, and explain what changed\n"
    "\uf0b7\tPrepare renewal plans for each account\n"
    "\uf0b7\tDrive the van\n"
)


@pytest.fixture
def account(transactional_db):
    return builders.user("hr")


@pytest.fixture
def jd(account):
    builders.snippet(LIBRARY)
    return builders.description(account)


@pytest.fixture
def wide(wide):
    wide.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return wide


def duties(page):
    return acting.section(page, "Responsibilities")


def panel(page):
    return duties(page).locator("details.paste")


def show(page, text: str) -> None:
    """Open "Paste a list", put a text in and ask for its lines."""
    if not panel(page).get_by_label("Your list").is_visible():
        panel(page).locator("summary").click()
    panel(page).get_by_label("Your list").evaluate("(field, text) => { field.value = text }", text)
    panel(page).get_by_role("button", name="Preview lines").click()


def shown(page) -> list[str]:
    fields = panel(page).locator(".pasted-lines textarea")
    expect(fields.first).to_be_visible()
    return [field.input_value() for field in fields.all()]


def keep(page, number: int):
    return panel(page).get_by_role("checkbox", name=f"Add line {number}", exact=True)


def test_a_list_from_word_is_confirmed_line_by_line(wizard, jd):
    page = wizard
    show(page, WORD)
    assert shown(page) == [
        "Own the renewal calendar of the whole portfolio",
        "call customers by phone",
        "write to them where no one answers the phone",
        "Forecast renewals for each quarter, and explain what changed",
        "Prepare renewal plans for each account",
        "Drive the van",
    ]
    expect(panel(page)).to_contain_text("6 lines")
    expect(panel(page).locator(".pasted-lines .is-sub")).to_have_count(2)
    # The library has the one; this job description has the other already.
    fourth = panel(page).locator(".pasted-lines > li").nth(3)
    expect(fourth).to_contain_text(f"“{LIBRARY}”")
    fifth = panel(page).locator(".pasted-lines > li").nth(4)
    expect(fifth).to_contain_text(f"“{FIRST}”")
    expect(keep(page, 4)).to_be_checked()
    expect(keep(page, 5)).not_to_be_checked()
    assert Line.objects.filter(section__kind="responsibilities").count() == 1  # nothing yet

    keep(page, 2).uncheck()
    panel(page).get_by_label("Line 6", exact=True).fill("Drive the big van")
    panel(page).get_by_role("button", name="Add selected lines").click()
    own = "Own the renewal calendar of the whole portfolio"
    below = "write to them where no one answers the phone"
    linked = "Forecast renewals for each quarter, and explain what changed"
    expect_texts(duties(page), FIRST, [own, [below]], linked, "Drive the big van")
    expect(acting.message(page)).to_be_visible()
    assert Line.objects.get(text=linked).revision is not None
    expect(panel(page).get_by_label("Your list")).to_be_hidden()
    acting.expect_preview(page, "Drive the big van")
    page.get_by_role("button", name="Undo").click()
    expect_texts(duties(page), FIRST)


def test_list_pasted_into_write_your_own_is_previewed(wide, jd):
    page = wide
    field = duties(page).get_by_label("Write your own")
    page.evaluate("navigator.clipboard.writeText('- Call customers back\\n- Drive the van\\n')")
    field.click()
    page.keyboard.press("ControlOrMeta+v")
    assert shown(page) == ["Call customers back", "Drive the van"]
    expect(panel(page).get_by_label("Line 1", exact=True)).to_be_focused()
    expect(field).to_have_value("")
    # Confirmed by keyboard: untick the first, then on to the button.
    keep(page, 1).focus()
    page.keyboard.press("Space")
    panel(page).get_by_role("button", name="Add selected lines").focus()
    page.keyboard.press("Enter")
    expect_texts(duties(page), FIRST, "Drive the van")
    assert page.evaluate("document.activeElement !== document.body")


def test_single_line_is_pasted_normally(wide):
    page = wide
    page.evaluate("navigator.clipboard.writeText('Drive the van')")
    field = duties(page).get_by_label("Write your own")
    field.click()
    page.keyboard.press("ControlOrMeta+v")
    expect(field).to_have_value("Drive the van")
    expect(panel(page)).not_to_have_attribute("open", "")


def test_cancel_shows_the_empty_form(wizard, jd):
    page = wizard
    show(page, "- Call customers back\n- Drive the van\n")
    assert len(shown(page)) == 2
    panel(page).get_by_role("button", name="Cancel").click()
    field = panel(page).get_by_label("Your list")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    show(page, "- Walk the dog\n- Drive the van\n")
    assert shown(page) == ["Walk the dog", "Drive the van"]
    expect_texts(duties(page), FIRST)


def test_repeated_entries_are_added_once(wide):
    page = wide
    show(page, "* Drive the van\n* Call customers back\n* Drive the van.\n")
    assert len(shown(page)) == 3
    expect(keep(page, 1)).to_be_checked()
    expect(keep(page, 3)).not_to_be_checked()
    expect(panel(page).get_by_text("“Drive the van”")).to_be_visible()
    for number in (1, 2):
        keep(page, number).uncheck()
    page.complaints.allow("422")
    panel(page).get_by_role("button", name="Add selected lines").click()
    expect(page.get_by_role("alert").filter(has_text="Select at least one line.")).to_be_visible()
    keep(page, 3).check()
    panel(page).get_by_role("button", name="Add selected lines").click()
    expect_texts(duties(page), FIRST, "Drive the van.")


UNREADABLE = {
    "": "Paste a list first.",
    " \n\t\n": "The pasted text is empty. Paste a list.",
    "\n".join(f"- Entry number {n}" for n in range(2000)): "2,000 lines. Paste up to 400",
    "Überraschend! " * 374_500: "Paste up to 200,000 characters at a time",  # 5 MB
}


def test_invalid_text_shows_an_error_and_stays(wizard):
    page = wizard
    page.complaints.allow("422")
    for text, message in UNREADABLE.items():
        refused(page, text, message)
    # The page goes on as usual: a line is reworded, and a shorter list is taken.
    acting.lines(duties(page)).first.locator(".line-text").first.fill("Reworded.")
    acting.expect_saved(page)
    show(page, "- Drive the van\n")
    assert shown(page) == ["Drive the van"]
    panel(page).get_by_role("button", name="Add selected lines").click()
    expect_texts(duties(page), "Reworded.", "Drive the van")


def refused(page, text: str, message: str) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    show(page, text)
    field = panel(page).get_by_label("Your list")
    expect(panel(page).locator(".field-errors")).to_contain_text(message)
    # What is far too long for any list does not even leave the browser.
    is_sent = any("/paste/" in url for url in sent)
    assert is_sent == ("200,000" not in message)
    expect(field).to_be_focused()
    assert field.get_attribute("aria-invalid") == "true"
    assert field.get_attribute("aria-describedby").split()[1] == panel(page).locator(
        ".row-errors"
    ).get_attribute("id")
    assert field.evaluate("(field, text) => field.value === text", text)
    expect(panel(page).locator(".field-errors")).to_be_in_viewport()


def test_emoji_right_to_left_tabs_and_soft_hyphens(wide):
    page = wide
    show(
        page,
        "✅ Call customers 👩‍💻 back\n"
        "✅ الاتصال بالعملاء كل يوم\n"
        "✅ Cus\u00adtomer sat\u00adis\u00adfac\u00adtion surveys\n"
        '✅ <script>alert(1)</script> & "quotes"\n',
    )
    assert shown(page) == [
        "Call customers 👩‍💻 back",
        "الاتصال بالعملاء كل يوم",
        "Customer satisfaction surveys",
        '<script>alert(1)</script> & "quotes"',
    ]
    panel(page).get_by_role("button", name="Add selected lines").click()
    expect(acting.lines(duties(page))).to_have_count(5)
    acting.expect_preview(page, "الاتصال بالعملاء كل يوم")
    acting.expect_preview(page, "Customer satisfaction surveys")
    show(page, "Visit\tmonthly\tDenver\nReport\tweekly\tAustin\n")
    expect(panel(page).locator(".pasted-lines > li")).to_have_count(2)
    assert all(text and "\t" not in text for text in shown(page))


def test_400_lines_are_shown_and_too_many_for_the_draft_are_refused(wide):
    """What was ticked and changed stays on the page."""
    page = wide
    page.complaints.allow("422")
    words = ("plan", "visit", "report", "renewal", "offer", "claim", "survey", "budget")
    show(
        page,
        "\n".join(
            f"- {words[n % 8].title()} {words[n // 8 % 8]} {words[n // 64]} number {n}"
            for n in range(LINES_LIMIT)
        ),
    )
    assert len(shown(page)) == LINES_LIMIT
    panel(page).get_by_label("Line 2", exact=True).fill("Drive the van")
    panel(page).locator("input[type=checkbox]").evaluate_all(
        "boxes => boxes.forEach(box => { box.checked = true })"
    )
    panel(page).get_by_role("button", name="Add selected lines").click()
    alert = page.get_by_role("alert").filter(has_text=f"up to {LINES_LIMIT} lines")
    expect(alert).to_be_visible()
    expect(panel(page).get_by_label("Line 2", exact=True)).to_have_value("Drive the van")
