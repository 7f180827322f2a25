"""The line editor as a person uses it: dragging, keys, one-tap marks, what is under "More",
the library's words, and undo."""

import pytest
from playwright.sync_api import expect

from roles import drafts
from roles.drafts import changes
from roles.drafts import undo as history
from roles.models import JobDescription
from tests import builders
from tests.browser import acting, editing
from tests.browser.editing import SCREENS, Hand, expect_live_message, expect_texts

pytestmark = pytest.mark.browser

FIRST = "Prepare renewal plans for each account."
LIBRARY = "Forecast renewals for each quarter."


@pytest.fixture
def account(transactional_db):
    return builders.user("hr")


@pytest.fixture
def jd(account):
    """Three duties, and two goals in another section of the same step."""
    jd = builders.description(account)
    uid = jd.sections.get(kind="responsibilities").uid
    for text in ("Second.", "Third."):
        builders.add_line(jd, uid, text)
    builders.add_section(jd, "objectives", "Goals", "One goal.", "Another goal.")
    history.forget(jd)
    return jd


def duties(page):
    return acting.section(page, "Responsibilities")


def goals(page):
    return acting.section(page, "Goals")


def line_of(page, text: str):
    """The line that says this; its uid stays while the page is drawn again."""
    uid = page.evaluate(
        """text => [...document.querySelectorAll("li.line")]
          .find(one => one.querySelector(".line-text").value === text).id""",
        text,
    )
    return page.locator(f"#{uid}")


def uid_of(page, text: str) -> str:
    name = line_of(page, text).get_attribute("id")
    assert name
    return str(name).removeprefix("line-")


def stored(jd, kind: str = "responsibilities") -> list[tuple[str, str]]:
    rows = jd.sections.get(kind=kind).lines.filter(parent=None).order_by("position")
    return list(rows.values_list("text", "group"))


# --- dragging


def test_a_line_is_dragged_down_and_up(wizard, jd):
    page = wizard
    Hand(page).carry(line_of(page, FIRST), line_of(page, "Third."), "below")
    expect_texts(duties(page), "Second.", "Third.", FIRST)
    expect_live_message(page, "is now line 3 of 3 in Responsibilities.")
    assert [text for text, _group in stored(jd)] == ["Second.", "Third.", FIRST]
    Hand(page).carry(line_of(page, "Third."), line_of(page, "Second."), "above")
    expect_texts(duties(page), "Third.", "Second.", FIRST)
    expect_live_message(page, "“Third.” is now line 1 of 3")
    assert page.locator("#preview").evaluate(
        "(paper, first) => paper.textContent.indexOf('Third.') < paper.textContent.indexOf(first)",
        FIRST,
    )


def test_drop_in_a_distant_section(wizard, jd):
    """The page scrolls while the line is held at the edge of the window."""
    page = wizard
    Hand(page).carry(line_of(page, FIRST), line_of(page, "One goal."), "below")
    expect_texts(goals(page), "One goal.", FIRST, "Another goal.")
    expect_texts(duties(page), "Second.", "Third.")
    expect_live_message(page, "is now line 2 of 3 in Goals.")
    Hand(page).carry(line_of(page, "Another goal."), line_of(page, "Second."), "above")
    expect_texts(duties(page), "Another goal.", "Second.", "Third.")


def test_drop_in_an_empty_section(wide, jd):
    page = wide
    goal = jd.sections.get(kind="objectives")
    builders.change(jd, *(changes.RemoveLine(line.uid) for line in goal.lines.all()))
    editing.open_step(page, jd.reference)
    hand = Hand(page)
    hand.take(line_of(page, "Third."))
    box = hand.bring(goals(page).locator(".section-head"))
    hand.move(box["x"] + 40, box["y"] + 10)
    hand.drop()
    expect_texts(goals(page), "Third.")
    expect_texts(duties(page), FIRST, "Second.")


def test_drag_into_a_group_and_out(wizard, jd):
    page = wizard
    change = changes.ChangeLine(uid_of(page, "Third."), {"group": "Weekly"})
    builders.change(jd, change)
    editing.open_step(page, jd.reference)
    head = duties(page).locator(".group-head", has_text="Weekly")
    Hand(page).carry(line_of(page, FIRST), head, "below")
    expect_texts(duties(page), "Second.", FIRST, "Third.")
    expect_live_message(page, "line 2 of 3 in Responsibilities, group Weekly")
    assert stored(jd) == [("Second.", ""), (FIRST, "Weekly"), ("Third.", "Weekly")]
    Hand(page).carry(line_of(page, "Second."), line_of(page, "Third."), "above")
    expect_texts(duties(page), FIRST, "Second.", "Third.")
    # Every line is in the group now: above its heading is out of it.
    Hand(page).carry(line_of(page, "Third."), head, "above")
    expect_texts(duties(page), "Third.", FIRST, "Second.")
    assert stored(jd) == [("Third.", ""), (FIRST, "Weekly"), ("Second.", "Weekly")]


def test_drag_below_another_line_and_out(wizard, jd):
    page = wizard
    Hand(page).carry(line_of(page, "Third."), line_of(page, FIRST), "under")
    expect_texts(duties(page), [FIRST, ["Third."]], "Second.")
    expect_live_message(
        page, "“Third.” is now sub-line 1 of 1 under “Prepare renewal plans for each"
    )
    Hand(page).carry(line_of(page, "Second."), line_of(page, "Third."), "above")
    expect_texts(duties(page), [FIRST, ["Second.", "Third."]])
    Hand(page).carry(line_of(page, "Third."), line_of(page, FIRST), "above")
    expect_texts(duties(page), "Third.", [FIRST, ["Second."]])
    expect_live_message(page, "“Third.” is now line 1 of 2")


def test_line_with_sub_lines_cannot_become_a_sub_line(wide, jd):
    """What the server would refuse cannot be dropped: it goes behind the whole line."""
    page = wide
    for parent, text in ((FIRST, "By phone."), ("Third.", "By mail.")):
        uid = uid_of(page, parent)
        section = jd.sections.get(kind="responsibilities").uid
        builders.change(jd, changes.AddLine(section, {"text": text}, parent=uid))
    editing.open_step(page, jd.reference)
    Hand(page).carry(line_of(page, "Third."), line_of(page, "By phone."), "below")
    expect_texts(duties(page), [FIRST, ["By phone."]], ["Third.", ["By mail."]], "Second.")
    Hand(page).carry(line_of(page, "Third."), line_of(page, "Second."), "under")
    expect_texts(duties(page), [FIRST, ["By phone."]], "Second.", ["Third.", ["By mail."]])


def test_escape_cancels_the_drag(wide, jd):
    page = wide
    hand = Hand(page)
    hand.take(line_of(page, FIRST))
    hand.over(line_of(page, "Third."), "below")
    page.keyboard.press("Escape")
    expect(page.locator(".drop-mark, .is-dragged, .is-dragging")).to_have_count(0)
    hand.drop()
    expect_texts(duties(page), FIRST, "Second.", "Third.")
    assert jd.edit_token == JobDescription.objects.get().edit_token


def test_drop_at_the_old_place_sends_nothing(wide, jd):
    page = wide
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.method))
    Hand(page).carry(line_of(page, "Second."), line_of(page, FIRST), "below")
    Hand(page).carry(line_of(page, "Second."), line_of(page, "Third."), "above")
    expect_texts(duties(page), FIRST, "Second.", "Third.")
    assert "POST" not in requests


def test_refused_drop_is_reverted(wide, jd):
    """The network is cut while the line is in the hand."""
    page = wide
    page.complaints.allow("ERR_INTERNET_DISCONNECTED|htmx:|sendError")
    hand = Hand(page)
    hand.take(line_of(page, FIRST))
    hand.over(line_of(page, "Third."), "below")
    page.context.set_offline(True)
    hand.drop()
    expect(acting.message(page, "danger")).to_be_visible()
    page.wait_for_function(
        "first => document.querySelector('.line-text').value === first", arg=FIRST
    )
    page.context.set_offline(False)
    Hand(page).carry(line_of(page, FIRST), line_of(page, "Third."), "below")
    expect_texts(duties(page), "Second.", "Third.", FIRST)


def test_typed_text_is_saved_with_the_drop(wide, jd):
    page = wide
    line_of(page, "Second.").locator(".line-text").fill("Second, reworded.")
    Hand(page).carry(line_of(page, "Second, reworded."), line_of(page, "Third."), "below")
    expect_texts(duties(page), FIRST, "Third.", "Second, reworded.")
    assert stored(jd)[2][0] == "Second, reworded."


# --- buttons and keys


def test_buttons_announce_their_result(wizard, jd):
    page = wizard
    uid = uid_of(page, FIRST)
    editing.show_controls(line_of(page, FIRST))
    page.locator(f"#line-down-{uid}").click()
    expect_live_message(page, "“Prepare renewal plans for each account.” is now line 2 of 3")
    page.locator(f"#line-up-{uid}").click()
    expect_live_message(page, "is now line 1 of 3 in Responsibilities.")
    page.locator(f"#line-remove-{uid}").click()
    expect_live_message(page, "Line removed. Select Undo to restore it.")
    expect_texts(duties(page), "Second.", "Third.")
    page.get_by_role("button", name="Undo").click()
    expect_texts(duties(page), FIRST, "Second.", "Third.")


def test_moving_with_the_keyboard_keeps_focus_and_cursor(wide, jd):
    """As in a word processor's outline; keys pressed at once are not lost."""
    page = wide
    field = line_of(page, FIRST).locator(".line-text").first
    name = field.get_attribute("id")
    field.focus()
    field.evaluate("field => field.setSelectionRange(3, 3)")
    page.keyboard.press("Alt+Shift+ArrowDown")
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect_texts(duties(page), "Second.", "Third.", FIRST)
    assert acting.focused(page) == name
    page.keyboard.press("Alt+Shift+ArrowRight")
    expect_texts(duties(page), "Second.", ["Third.", [FIRST]])
    expect_live_message(page, "is now sub-line 1 of 1 under “Third.”")
    assert acting.focused(page) == name
    page.keyboard.press("Alt+Shift+ArrowLeft")
    expect_texts(duties(page), "Second.", "Third.", FIRST)
    page.keyboard.press("Alt+Shift+ArrowUp")
    expect_texts(duties(page), "Second.", FIRST, "Third.")
    assert acting.focused(page) == name
    page.keyboard.type("XX")
    acting.expect_saved(page)
    assert stored(jd)[1][0] == "PreXXpare renewal plans for each account."


@pytest.mark.parametrize("size", SCREENS)
def test_long_page_keeps_its_scroll_position(visitor, account, jd, size):
    """Whatever is pressed in the middle of it; and why nothing was done is seen there."""
    section = jd.sections.get(kind="responsibilities").uid
    for number in range(15):
        builders.add_line(jd, section, f"Duty number {number}.")
    page = visitor(account, **SCREENS[size])
    page.complaints.allow("422")
    editing.open_step(page, jd.reference)
    middle = line_of(page, "Duty number 7.")
    editing.show_controls(middle)
    middle.scroll_into_view_if_needed()
    page.evaluate("scrollBy({ top: 150, behavior: 'instant' })")
    top = page.evaluate("scrollY")
    uid = uid_of(page, "Duty number 7.")
    for button, message in (
        (f"line-down-{uid}", "is now line 12 of 18"),
        (f"line-up-{uid}", "is now line 11 of 18"),
        ("undo", "Undone: moving a line."),
    ):
        page.mouse.click(*editing.middle(page.locator(f"#{button}")))
        editing.expect_live_message(page, message)
        assert abs(page.evaluate("scrollY") - top) < 10, button
    expect(middle).to_be_in_viewport()
    jd.refresh_from_db()
    theirs = changes.MoveLine(uid, 1)
    drafts.apply(description=jd, by=builders.user("hr"), token=jd.edit_token, changes=[theirs])
    page.mouse.click(*editing.middle(page.locator("#undo")))
    alert = page.locator("#refused .note-danger")
    expect(alert).to_be_in_viewport(ratio=1)
    assert abs(page.evaluate("scrollY") - top) < 120


# --- under "More"


def test_more_opens_saves_and_stays_open(wizard, jd):
    page = wizard
    line = line_of(page, "Second.")
    editing.show_controls(line)
    line.locator(".line-more > summary").click()
    line.get_by_label("Detail", exact=True).fill("Because it matters.")
    line.get_by_label("Group", exact=True).fill("Weekly")
    acting.expect_saved(page)
    acting.expect_preview(page, "Because it matters.")
    acting.expect_preview(page, "Weekly")
    editing.show_controls(line_of(page, FIRST))
    page.locator(f"#line-remove-{uid_of(page, FIRST)}").click()
    expect_live_message(page, "Line removed")
    expect(line.get_by_label("Detail", exact=True)).to_be_visible()
    expect(line.get_by_label("Detail", exact=True)).to_have_value("Because it matters.")
    line.get_by_label("New sub-line").fill("A part of it.")
    line.get_by_role("button", name="Add sub-line").click()
    expect(line.locator(".sub-lines .line-text")).to_have_value("A part of it.")
    expect(line.get_by_label("Detail", exact=True).first).to_be_visible()
    line.get_by_role("combobox", name="Move to").first.select_option(label="Goals")
    line.get_by_role("button", name="Move", exact=True).click()
    expect_texts(goals(page), "One goal.", "Another goal.", ["Second.", ["A part of it."]])


def test_closed_more_panel_stays_closed(wide, jd):
    page = wide
    line = line_of(page, "Second.")
    editing.show_controls(line)
    line.locator(".line-more > summary").click()
    expect(line.get_by_label("Detail", exact=True)).to_be_visible()
    line.locator(".line-more > summary").click()
    page.locator(f"#line-up-{uid_of(page, 'Second.')}").click()
    expect_texts(duties(page), "Second.", FIRST, "Third.")
    expect(line.get_by_label("Detail", exact=True)).to_be_hidden()


# --- the library's words


@pytest.fixture
def used(jd):
    builders.use(jd, builders.snippet(LIBRARY))
    return jd.lines.get(revision__isnull=False)


def test_reworded_line_can_be_reset(wizard, jd, used):
    page = editing.open_step(wizard, jd.reference)
    line = acting.line(page, used.uid)
    expect(line.get_by_role("img", name="From the library")).to_have_count(1)
    back = line.get_by_role("button", name="Reset to library wording")
    expect(back).to_have_count(0)
    line.locator(".line-text").fill("Guess.")
    expect(back).to_be_visible()
    acting.expect_saved(page)
    back.click()
    expect(line.locator(".line-text")).to_have_value(LIBRARY)
    expect(acting.message(page)).to_be_visible()
    expect(back).to_have_count(0)
    assert acting.focused(page) == f"line-{used.uid}-text"
    acting.expect_preview(page, LIBRARY)
    # Typed back by hand, it is the library's as well; and it is after a reload.
    line.locator(".line-text").fill("Guess.")
    line.locator(".line-text").fill(LIBRARY)
    expect(back).to_have_count(0)
    expect(line.get_by_role("img", name="From the library")).to_have_count(1)
    line.locator(".line-text").fill("Guess again.")
    acting.expect_saved(page)
    page.reload()
    editing.show_controls(line)
    back.click()
    expect(line.locator(".line-text")).to_have_value(LIBRARY)


# --- marks of one tap, and percent of time


def test_essential_is_set_by_tap_and_keyboard(wizard, jd):
    page = wizard
    line = line_of(page, FIRST)
    editing.show_controls(line)
    line.get_by_role("radio", name="Essential").click()
    expect(line.get_by_role("radio", name="Essential")).to_be_checked()
    acting.expect_saved(page)
    row = jd.lines.get(text=FIRST)
    assert row.essential == "essential"
    line.get_by_role("radio", name="Essential").focus()
    page.keyboard.press("ArrowRight")
    expect(line.get_by_role("radio", name="Marginal")).to_be_checked()
    expect(line.get_by_role("radio", name="Marginal")).to_be_focused()
    acting.expect_saved(page)
    row.refresh_from_db()
    assert row.essential == "marginal"
    line.get_by_role("radio", name="Not stated").first.click()
    acting.expect_saved(page)
    row.refresh_from_db()
    assert row.essential == ""


def test_requirement_is_set_by_tap(wizard, jd):
    page = editing.open_step(wizard, jd.reference, "qualifications")
    line = acting.lines(acting.section(page, "Qualifications")).first
    uid = jd.sections.get(kind="qualifications").lines.get().uid
    editing.show_controls(line)
    for name in ("Preferred", "Required"):
        line.get_by_role("radio", name=name).click()
        acting.expect_saved(page)
        assert jd.lines.get(uid=uid).requirement == name.lower()
    group = line.get_by_role("radiogroup", name="Required or preferred")
    expect(group.get_by_role("radio", name="Required")).to_be_checked()


def test_percent_bar_updates_while_typing(wizard, jd):
    """It comes with the first figure, and says the sum in words too."""
    page = wizard
    bar = duties(page).locator("[data-percent-sum]")
    expect(bar).to_be_hidden()
    editing.show_controls(line_of(page, FIRST))
    line_of(page, FIRST).get_by_label("Percent of time").fill("40")
    expect(bar).to_be_visible()
    expect(bar).to_contain_text("40% of time assigned.")
    expect(bar).to_contain_text("should add up to 100%")
    editing.show_controls(line_of(page, "Second."))
    line_of(page, "Second.").get_by_label("Percent of time").fill("60")
    assert bar.get_by_role("progressbar").evaluate("bar => bar.value") == 100
    expect(bar).to_contain_text("100% of time assigned.")
    expect(bar.get_by_text("should add up to 100%")).to_be_hidden()
    acting.expect_saved(page)
    page.reload()
    expect(bar).to_contain_text("100% of time assigned.")
    expect(goals(page).locator("[data-percent-sum]")).to_have_count(0)


# --- undo and redo


def test_undo_and_redo_work_after_a_reload(wizard, jd):
    page = wizard
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    expect(undo).to_be_disabled()
    line_of(page, FIRST).locator(".line-text").fill("Changed.")
    acting.expect_saved(page)
    undo.click()
    expect_texts(duties(page), FIRST, "Second.", "Third.")
    expect(acting.message(page)).to_be_visible()
    expect(undo).to_be_disabled()
    redo.click()
    expect_texts(duties(page), "Changed.", "Second.", "Third.")
    editing.show_controls(line_of(page, "Third."))
    page.locator(f"#line-remove-{uid_of(page, 'Third.')}").click()
    expect_texts(duties(page), "Changed.", "Second.")
    page.reload()
    page.locator("h1").first.click()
    page.keyboard.press("ControlOrMeta+z")
    expect_texts(duties(page), "Changed.", "Second.", "Third.")
    page.keyboard.press("ControlOrMeta+z")
    expect_texts(duties(page), FIRST, "Second.", "Third.")
    page.keyboard.press("ControlOrMeta+Shift+z")
    expect_texts(duties(page), "Changed.", "Second.", "Third.")
    page.keyboard.press("ControlOrMeta+y")
    expect_texts(duties(page), "Changed.", "Second.")
    acting.expect_preview(page, "Changed.")


def test_undo_keys_in_a_field_undo_typing_only(wide, jd):
    page = wide
    page.locator(f"#line-remove-{uid_of(page, 'Third.')}").click()
    expect_texts(duties(page), FIRST, "Second.")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.post_data or ""))
    field = line_of(page, "Second.").locator(".line-text")
    field.press("End")
    page.keyboard.type("!")
    page.keyboard.press("ControlOrMeta+z")
    expect(field).to_have_value("Second.")
    expect_texts(duties(page), FIRST, "Second.")
    assert not [data for data in requests if "action=undo" in data]


def test_removed_section_is_restored_with_its_lines(wide, jd):
    page = wide
    page.once("dialog", lambda dialog: dialog.accept())
    row = page.locator(".outline-list > li", has_text="Goals")
    row.locator("summary").click()
    row.get_by_role("button", name="Remove").click()
    expect(goals(page)).to_have_count(0)
    expect(acting.message(page)).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect_texts(goals(page), "One goal.", "Another goal.")


def test_an_autosave_leaves_the_focus_on_undo(wide, jd):
    """Its answer renews the button under the focus."""
    page = wide
    line_of(page, FIRST).locator(".line-text").fill("Changed.")
    acting.expect_saved(page)
    line_of(page, "Second.").locator(".line-text").fill("Changed too.")
    page.locator("#undo").focus()
    acting.expect_saved(page)
    page.wait_for_timeout(100)
    assert acting.focused(page) == "undo"


@pytest.mark.both_databases
def test_refused_undo_names_the_other_person(wide, visitor, jd):
    page = wide
    page.complaints.allow("422")
    line_of(page, FIRST).locator(".line-text").fill("Mine.")
    acting.expect_saved(page)
    dana = builders.user("hr", first_name="Dana", last_name="Reyes")
    other = editing.open_step(visitor(dana), jd.reference)
    line_of(other, "Mine.").locator(".line-text").fill("Dana’s.")
    acting.expect_saved(other)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#refused .note-danger")).to_contain_text("Dana Reyes")
    assert stored(jd)[0][0] == "Dana’s."
    other.get_by_role("button", name="Undo").click()
    expect_texts(duties(other), "Mine.", "Second.", "Third.")


def test_similar_lines_are_marked(wide, jd):
    page = wide
    acting.add_own_line(duties(page), "Prepare renewal plans for every account.")
    note = acting.lines(duties(page)).last.locator(".line-note")
    expect(note).to_contain_text("“Prepare renewal plans for each")
