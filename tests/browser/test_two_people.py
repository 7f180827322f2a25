"""Two people in one draft: each sees where the other is, others' changes merge, the same line asks,
nothing is lost."""

from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from roles.drafts import presence
from roles.models import DraftPresence
from tests import builders
from tests.browser import acting, editing

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]

CHANGED = "This changed while you were editing"


@pytest.fixture
def jd(transactional_db):
    jd = builders.description(builders.user("hr", username="ann"))
    builders.add_line(jd, jd.sections.get(kind="responsibilities").uid, "Second line.")
    return jd


@pytest.fixture
def ann(visitor, jd):
    page = visitor(jd.owner)
    page.complaints.allow("409")
    return page


@pytest.fixture
def ben(visitor):
    page = visitor(builders.user("hr", username="ben"))
    page.complaints.allow("409")
    return page


def open_both(ann, ben, jd, step="responsibilities"):
    for page in (ann, ben):
        page.goto(acting.step_url(jd.reference, step))


def field(page, number, heading="Responsibilities"):
    return acting.lines(acting.section(page, heading)).nth(number).locator(".line-text").first


def write(page, number, text) -> None:
    field(page, number).fill(text)


def stored(jd) -> list[str]:
    section = jd.sections.get(kind="responsibilities")
    return list(section.lines.order_by("position").values_list("text", flat=True))


def holding_an_autosave(page) -> list[Route]:
    """The next autosave of this page waits, until what is returned is let go on."""
    held: list[Route] = []

    def decide(route: Route) -> None:
        if "action=autosave" in (route.request.post_data or "") and not held:
            held.append(route)
        else:
            route.continue_()

    page.route("**/edit/responsibilities/", decide)
    return held


def without_autosave(page) -> None:
    """The server does not answer autosaves of this page."""
    page.complaints.allow("ERR_FAILED|htmx:(afterRequest|sendError)")

    def decide(route: Route) -> None:
        if "action=autosave" in (route.request.post_data or ""):
            route.abort()
        else:
            route.continue_()

    page.route("**/edit/responsibilities/", decide)


def go_on(page) -> None:
    page.get_by_role("button", name="Continue").click()
    acting.expect_heading(page, "Responsibilities")


def meet(ann, ben, jd) -> None:
    """Both reword the first line; Ben, whose page is older, also types elsewhere."""
    open_both(ann, ben, jd)
    write(ann, 0, "Ann's words.")
    acting.expect_saved(ann)
    card = acting.section(ben, "Responsibilities")
    card.get_by_label("Write your own").fill("Ben's new line.")
    write(ben, 0, "Ben's words.")
    acting.expect_heading(ben, CHANGED)


def test_different_lines_merge(ann, ben, jd):
    open_both(ann, ben, jd)
    write(ann, 0, "Ann's words.")
    acting.expect_saved(ann)
    write(ben, 1, "Ben's words.")
    acting.expect_saved(ben)
    assert stored(jd) == ["Ann's words.", "Ben's words."]
    # Ben's page still shows the old first line: sending all of it changes nothing of Ann's.
    ben.get_by_role("button", name="Next").click()
    acting.expect_heading(ben, "Skills and qualifications")
    assert stored(jd) == ["Ann's words.", "Ben's words."]
    for page in (ann, ben):
        page.goto(acting.step_url(jd.reference, "responsibilities"))
        expect(field(page, 0)).to_have_value("Ann's words.")
        expect(field(page, 1)).to_have_value("Ben's words.")


def test_conflict_in_one_line_shows_both_texts(ann, ben, jd, assert_accessible):
    meet(ann, ben, jd)
    expect(ben.locator(".measure").first).to_contain_text("ann ")
    expect(ben.get_by_label("Yours: Text")).to_have_value("Ben's words.")
    expect(ben.locator(".two-texts")).to_contain_text("Ann's words.")
    assert_accessible(ben)
    assert stored(jd) == ["Ann's words.", "Second line."]


def test_keeping_mine(ann, ben, jd):
    meet(ann, ben, jd)
    go_on(ben)
    expect(field(ben, 0)).to_have_value("Ben's words.")
    assert stored(jd) == ["Ben's words.", "Second line.", "Ben's new line."]


def test_taking_theirs(ann, ben, jd):
    meet(ann, ben, jd)
    ben.get_by_label("Use their text").check()
    go_on(ben)
    expect(field(ben, 0)).to_have_value("Ann's words.")
    assert stored(jd) == ["Ann's words.", "Second line.", "Ben's new line."]


def test_merging_both(ann, ben, jd):
    meet(ann, ben, jd)
    ben.get_by_label("Yours: Text").fill("Ann's and Ben's words.")
    go_on(ben)
    assert stored(jd) == ["Ann's and Ben's words.", "Second line.", "Ben's new line."]


def test_another_change_during_a_conflict_asks_again(ann, ben, jd):
    meet(ann, ben, jd)
    write(ann, 0, "Ann's second thought.")
    acting.expect_saved(ann)
    ben.get_by_role("button", name="Continue").click()
    expect(ben.locator(".two-texts")).to_contain_text("Ann's second thought.")
    expect(ben.get_by_label("Yours: Text")).to_have_value("Ben's words.")
    assert stored(jd)[0] == "Ann's second thought."
    go_on(ben)
    assert stored(jd)[0] == "Ben's words."


def test_removed_line_is_restored(ann, ben, jd):
    open_both(ann, ben, jd)
    ann.get_by_role("button", name="Remove line 1").first.click()
    expect(acting.lines(acting.section(ann, "Responsibilities"))).to_have_count(1)
    write(ben, 0, "Ben still needs it.")
    acting.expect_heading(ben, CHANGED)
    expect(ben.get_by_label("Yours: Text")).to_have_value("Ben still needs it.")
    ben.get_by_label("Restore it with my text").check()
    go_on(ben)
    assert sorted(stored(jd)) == ["Ben still needs it.", "Second line."]


def test_removed_line_is_discarded(ann, ben, jd):
    open_both(ann, ben, jd)
    ann.get_by_role("button", name="Remove line 1").first.click()
    expect(acting.lines(acting.section(ann, "Responsibilities"))).to_have_count(1)
    write(ben, 0, "Ben still needs it.")
    acting.expect_heading(ben, CHANGED)
    ben.get_by_label("Discard my change").check()
    go_on(ben)
    assert stored(jd) == ["Second line."]


def test_button_with_a_conflict_asks_first(ann, ben, jd):
    """Adding a line sends the whole page; removing a line that the other reworded asks."""
    open_both(ann, ben, jd)
    write(ann, 0, "Ann's words.")
    acting.expect_saved(ann)
    ben.get_by_role("button", name="Remove line 1").first.click()
    acting.expect_heading(ben, CHANGED)
    expect(ben.locator("#conflict-form").get_by_role("group")).to_contain_text("Ann's words.")
    ben.get_by_label("Keep it as it is now").check()
    go_on(ben)
    assert stored(jd) == ["Ann's words.", "Second line."]


def test_discarding_a_line_discards_all_its_fields(ann, ben, jd):
    """Ben's page shows the line as it was: none of that may go over what Ann made of it."""
    open_both(ann, ben, jd)
    first = acting.lines(acting.section(ann, "Responsibilities")).first
    editing.show_controls(first)
    first.get_by_role("radio", name="Essential", exact=True).check()
    acting.expect_saved(ann)
    ben.get_by_role("button", name="Remove line 1").first.click()
    acting.expect_heading(ben, CHANGED)
    ben.get_by_label("Keep it as it is now").check()
    go_on(ben)
    assert jd.sections.get(kind="responsibilities").lines.all()[0].essential == "essential"


def test_line_reworded_by_another_is_removed_anyway(ann, ben, jd):
    open_both(ann, ben, jd)
    write(ann, 0, "Ann's words.")
    acting.expect_saved(ann)
    ben.get_by_role("button", name="Remove line 1").first.click()
    acting.expect_heading(ben, CHANGED)
    ben.get_by_label("Apply my change anyway").check()
    go_on(ben)
    assert stored(jd) == ["Second line."]


def test_moving_a_line_that_another_moved_asks(ann, ben, jd):
    builders.add_line(jd, jd.sections.get(kind="responsibilities").uid, "Third line.")
    open_both(ann, ben, jd)
    ann.get_by_role("button", name="Move line 1 down").first.click()
    expect(field(ann, 0)).to_have_value("Second line.")
    ben.get_by_role("button", name="Move line 3 up").first.click()
    acting.expect_heading(ben, CHANGED)
    expect(ben.locator("#conflict-form").get_by_role("group")).to_have_count(1)
    ben.get_by_label("Apply my change anyway").check()
    go_on(ben)
    assert stored(jd)[:2] == ["Second line.", "Third line."]


def test_next_with_a_conflict(ann, ben, jd):
    """A press on Next before the autosave: the same page, and afterwards on to the next step."""
    open_both(ann, ben, jd)
    write(ann, 0, "Ann's words.")
    acting.expect_saved(ann)
    write(ben, 0, "Ben's words.")
    ben.get_by_role("button", name="Next").click()
    acting.expect_heading(ben, CHANGED)
    ben.get_by_role("button", name="Continue").click()
    acting.expect_heading(ben, "Skills and qualifications")
    assert stored(jd)[0] == "Ben's words."


def test_next_pressed_before_the_conflict_is_applied_after_it(ann, ben, jd):
    open_both(ann, ben, jd)
    write(ann, 0, "Ann's words.")
    acting.expect_saved(ann)
    held = holding_an_autosave(ben)
    with ben.expect_request("**/edit/responsibilities/"):
        write(ben, 0, "Ben's words.")
    ben.get_by_role("button", name="Next").click()
    held[0].continue_()
    acting.expect_heading(ben, CHANGED)
    ben.get_by_role("button", name="Continue").click()
    acting.expect_heading(ben, "Skills and qualifications")
    assert stored(jd)[0] == "Ben's words."


def test_rows_behind_a_stale_line_are_saved_first(ann, ben, jd):
    """Ben typed in two lines before the answer about the first came."""
    open_both(ann, ben, jd)
    write(ann, 0, "Ann's words.")
    acting.expect_saved(ann)
    held = holding_an_autosave(ben)
    ben.on("dialog", lambda dialog: pytest.fail(dialog.type))
    with ben.expect_request("**/edit/responsibilities/"):
        write(ben, 0, "Ben's words.")
    write(ben, 1, "Ben's second.")
    ben.wait_for_timeout(700)  # until the second waits in the queue, after the pause
    held[0].continue_()
    acting.expect_heading(ben, CHANGED)
    expect(ben.get_by_label("Yours: Text")).to_have_count(1)
    go_on(ben)
    assert stored(jd) == ["Ben's words.", "Ben's second."]


@pytest.fixture
def tabs(ann, jd):
    """Ann with the same draft in two tabs of her browser."""
    other = ann.context.new_page()
    ann.complaints.watch(other)
    open_both(ann, other, jd)
    return ann, other


def test_two_tabs_of_one_person_merge_other_lines(tabs, jd):
    first, second = tabs
    write(first, 0, "In the first tab.")
    acting.expect_saved(first)
    write(second, 1, "In the second tab.")
    acting.expect_saved(second)
    card = acting.section(first, "Responsibilities")
    acting.add_own_line(card, "Added in the first tab.")
    expect(field(first, 1)).to_have_value("In the second tab.")
    second.get_by_role("button", name="Next").click()
    acting.expect_heading(second, "Skills and qualifications")
    assert stored(jd) == ["In the first tab.", "In the second tab.", "Added in the first tab."]


def test_two_tabs_of_one_person_conflict_in_the_same_line(tabs, jd, assert_accessible):
    first, second = tabs
    write(first, 0, "In the first tab.")
    acting.expect_saved(first)
    write(second, 0, "In the second tab.")
    acting.expect_heading(second, CHANGED)
    expect(second.locator(".measure").first).to_contain_text("ann ")
    expect(second.get_by_label("Yours: Text")).to_have_value("In the second tab.")
    expect(second.locator(".two-texts")).to_contain_text("In the first tab.")
    assert_accessible(second)
    go_on(second)
    assert stored(jd) == ["In the second tab.", "Second line."]


def test_different_facts_merge_and_the_same_fact_conflicts(ann, ben, jd):
    open_both(ann, ben, jd, "details")
    title = {page: page.get_by_role("textbox", name="Job title") for page in (ann, ben)}
    title[ann].fill("Key account manager")
    acting.expect_saved(ann)
    ben.get_by_role("textbox", name="Reports to", exact=True).fill("Head of sales")
    acting.expect_heading(ben, CHANGED)  # the facts are one row
    expect(ben.get_by_label("Yours: Reports to")).to_have_value("Head of sales")
    ben.get_by_role("button", name="Continue").click()
    acting.expect_heading(ben, "Job details")
    jd.refresh_from_db()
    assert (jd.title, jd.reports_to) == ("Key account manager", "Head of sales")

    title[ann].fill("Client manager")
    acting.expect_heading(ann, CHANGED)
    ann.get_by_role("button", name="Continue").click()
    acting.expect_heading(ann, "Job details")
    title[ben].fill("Customer manager")
    acting.expect_heading(ben, CHANGED)
    expect(ben.get_by_label("Yours: Job title")).to_have_value("Customer manager")
    expect(ben.locator(".two-texts")).to_contain_text("Client manager")
    ben.get_by_label("Use their text").check()
    ben.get_by_role("button", name="Continue").click()
    acting.expect_heading(ben, "Job details")
    jd.refresh_from_db()
    assert (jd.title, jd.reports_to) == ("Client manager", "Head of sales")


def test_a_version_is_not_saved_from_a_stale_page(ann, ben, jd, assert_accessible):
    open_both(ann, ben, jd, "finish")
    ann.goto(acting.step_url(jd.reference, "responsibilities"))
    write(ann, 0, "Ann's words.")
    acting.expect_saved(ann)
    ben.get_by_label("What changed").fill("Ben's note")
    ben.get_by_role("button", name="Save version").click()
    acting.expect_heading(ben, CHANGED)
    expect(ben.locator(".measure").first).to_contain_text("ann ")
    assert_accessible(ben)
    assert not jd.versions.exists()
    ben.get_by_label("Save the version with their changes").check()
    ben.get_by_role("button", name="Continue").click()
    acting.expect_heading(ben, "Version 1")
    expect(ben.get_by_text("Ben's note")).to_be_visible()
    expect(ben.locator(".paper")).to_contain_text("Ann's words.")
    assert jd.versions.get().number == 1


def test_canceled_version_keeps_the_draft(ann, ben, jd):
    open_both(ann, ben, jd, "finish")
    ann.goto(acting.step_url(jd.reference, "responsibilities"))
    write(ann, 0, "Ann's words.")
    acting.expect_saved(ann)
    ben.get_by_label("What changed").fill("Ben's note")
    ben.get_by_role("button", name="Save version").click()
    ben.get_by_label("Keep it as it is now").check()
    ben.get_by_role("button", name="Continue").click()
    acting.expect_heading(ben, "Finish")
    assert not jd.versions.exists()


def test_button_beside_a_stale_row_shows_the_conflict(ann, ben, jd):
    """Adding a line while a line typed in just before is stale: the page with both texts, and
    the new line comes along."""
    open_both(ann, ben, jd)
    write(ann, 0, "Ann's words.")
    acting.expect_saved(ann)
    without_autosave(ben)
    write(ben, 0, "Ben's words.")
    acting.expect_waiting(ben)
    card = acting.section(ben, "Responsibilities")
    card.get_by_label("Write your own").fill("Ben's new line.")
    card.locator("button[value^='line-add:']").click()
    acting.expect_heading(ben, CHANGED)
    go_on(ben)
    assert stored(jd) == ["Ben's words.", "Second line.", "Ben's new line."]


# --- who else is there

POLL = 20_000  # milliseconds


@pytest.fixture
def polling(ann, ben, monkeypatch):
    """Both pages have a clock that can go forward, and each poll is stored."""
    monkeypatch.setattr(presence, "WRITE_INTERVAL", timedelta(0))
    for page in (ann, ben):
        page.clock.install()


def note(page):
    return page.locator("#presence")


def poll(page) -> None:
    with page.expect_response("**/presence/?section=*"):
        page.clock.fast_forward(POLL + 100)


def test_each_sees_in_which_section_the_other_is(ann, ben, jd, polling, assert_accessible):
    ann.goto(acting.step_url(jd.reference, "responsibilities"))
    expect(note(ann)).to_be_empty()
    ben.goto(acting.step_url(jd.reference, "qualifications"))
    expect(note(ben)).to_have_text("ann is editing: Responsibilities")
    poll(ann)
    expect(note(ann)).to_have_text("ben is editing: Skills and qualifications")
    heading = acting.section(ben, "Qualifications").get_by_label("Section heading")
    heading.focus()
    poll(ben)
    poll(ann)
    expect(note(ann)).to_have_text("ben is editing: Qualifications")
    ben.get_by_role("button", name="Next").click()
    acting.expect_heading(ben, "Summary")
    poll(ann)
    expect(note(ann)).to_have_text("ben is editing: Summary")
    for page in (ann, ben):
        assert_accessible(page)


def test_who_leaves_disappears(ann, ben, jd, polling):
    open_both(ann, ben, jd)
    poll(ann)
    expect(note(ann)).to_have_text("ben is editing: Responsibilities")
    ben.goto("/")
    for row in DraftPresence.objects.filter(user__username="ben"):
        row.seen_at -= presence.EXPIRY
        row.save()
    poll(ann)
    expect(note(ann)).to_be_empty()


def test_screen_readers_hear_only_what_is_new(ann, ben, jd, polling):
    open_both(ann, ben, jd)
    poll(ann)
    expect(note(ann)).to_have_role("status")
    expect(note(ann)).to_have_text("ben is editing: Responsibilities")
    ann.evaluate(
        """() => {
            window.replaced = 0;
            const note = document.getElementById("presence");
            const observer = new MutationObserver(() => { window.replaced += 1; });
            observer.observe(note, { childList: true });
        }"""
    )
    poll(ann)
    assert ann.evaluate("window.replaced") == 0
    ben.goto(acting.step_url(jd.reference, "pay"))
    poll(ann)
    expect(note(ann)).to_have_text("ben is editing: Pay and benefits")
    assert ann.evaluate("window.replaced") == 1


def test_hidden_page_does_not_poll(ann, ben, jd, polling):
    open_both(ann, ben, jd)
    ann.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    polls = []
    ann.on("request", lambda request: polls.append(request.url))
    ann.clock.fast_forward(3 * POLL)
    ann.wait_for_timeout(300)
    assert polls == []
    ann.evaluate("delete document.hidden")
    with ann.expect_response("**/presence/?section=*"):
        ann.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(note(ann)).to_have_text("ben is editing: Responsibilities")


def test_two_tabs_of_one_person_are_not_two_people(tabs):
    first, second = tabs
    second.reload()
    for page in (first, second):
        expect(note(page)).to_be_empty()


def test_poll_leaves_what_is_typed_and_the_saves_alone(ann, ben, jd, polling):
    open_both(ann, ben, jd)
    first = field(ann, 0)
    first.fill("Ann's words.")
    poll(ann)
    expect(note(ann)).to_have_text("ben is editing: Responsibilities")
    expect(first).to_be_focused()
    ann.clock.run_for(2000)
    acting.expect_saved(ann)
    assert stored(jd)[0] == "Ann's words."
