"""What is typed survives an expired sign-in, a server that is gone, and leaving by mistake."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Dialog, Route, expect

from roles.limits import LINE_LIMIT
from roles.models import JobDescription
from tests import builders
from tests.browser import acting
from tests.browser.editing import SCREENS
from tests.identity_providers import OpenIDProvider, SamlProvider, set_up

pytestmark = pytest.mark.browser

TYPED = "Typed before anything went wrong."


@pytest.fixture
def account(transactional_db):
    return builders.user("hr", username="author")


@pytest.fixture
def jd(account):
    return builders.description(account)


@pytest.fixture
def wizard(page, jd, account, sign_in, url):
    sign_in(page, account)
    page.goto(url(acting.step_url(jd.reference, "responsibilities")))
    acting.expect_heading(page, "Responsibilities")
    return page


def first_line(page):
    return acting.lines(acting.section(page, "Responsibilities")).first.locator(".line-text").first


def type_over(page) -> None:
    """By keys: browsers ask about leaving only where someone really typed."""
    first_line(page).press("ControlOrMeta+A")
    first_line(page).press_sequentially(TYPED)


def stored(jd) -> str:
    return str(jd.sections.get(kind="responsibilities").lines.order_by("position")[0].text)


EDITOR = "**/edit/responsibilities/"


def refuse(page) -> None:
    """The server is gone, for everything that the page sends."""
    page.route(EDITOR, lambda route: route.abort("connectionrefused"))


def own_line(page):
    return acting.section(page, "Responsibilities").get_by_label("Write your own")


def stay(page) -> list[str]:
    """Answers the browser's question about leaving with "stay"; what was asked is returned."""
    dialogs: list[str] = []

    def answer(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", answer)
    return dialogs


@pytest.fixture
def expired(wizard, complaints):
    complaints.allow("401")
    wizard.context.clear_cookies(name="sessionid")
    first_line(wizard).fill(TYPED)
    acting.expect_not_saved(wizard)
    return wizard


class TestSignInExpires:
    def test_expired_sign_in_shows_a_message_and_keeps_the_text(
        self, expired, jd, assert_accessible
    ):
        expect(acting.message(expired, "warning")).to_be_visible()
        expect(first_line(expired)).to_have_value(TYPED)
        assert stored(jd) != TYPED
        assert_accessible(expired)

    def test_next_after_expiry_leads_through_sign_in_and_resubmits(
        self, expired, jd, assert_accessible
    ):
        page = expired
        page.get_by_role("button", name="Next").click()
        acting.expect_heading(page, "Sign in")
        expect(page.locator("[name^='carried-']").first).to_be_attached()
        assert_accessible(page)
        acting.sign_in_by_form(page, "author", "wrong")
        expect(page.get_by_role("alert")).to_be_visible()
        acting.sign_in_by_form(page, "author", builders.PASSWORD)
        acting.expect_heading(page, "You’re signed in again")
        assert_accessible(page)
        assert stored(jd) != TYPED
        page.get_by_role("button", name="Submit changes").click()
        acting.expect_heading(page, "Skills and qualifications")
        assert stored(jd) == TYPED

    def test_signing_in_in_another_tab_lets_the_page_continue(self, expired, jd):
        with expired.expect_popup() as waiting:
            expired.get_by_role("link", name="Sign in again in a new tab").click()
        tab = waiting.value
        acting.sign_in_by_form(tab, "author", builders.PASSWORD)
        acting.expect_heading(tab, "Your work")
        tab.close()
        first_line(expired).press_sequentially(" And after.")
        acting.expect_saved(expired)
        expect(acting.message(expired, "warning")).to_have_count(0)
        assert stored(jd) == TYPED + " And after."
        expired.get_by_role("button", name="Next").click()
        acting.expect_heading(expired, "Skills and qualifications")

    def test_a_button_keeps_the_text_too(self, expired, jd):
        card = acting.section(expired, "Responsibilities")
        card.get_by_label("Write your own").fill("And a new line.")
        card.locator("button[value^='line-add:']").click()
        acting.expect_not_saved(expired)
        expect(first_line(expired)).to_have_value(TYPED)
        expect(card.get_by_label("Write your own")).to_have_value("And a new line.")


class TestSignedInAgain:
    """In another tab; nothing else is done on the page with the text."""

    @pytest.fixture
    def back(self, expired):
        tab = expired.context.new_page()
        tab.goto(expired.url)
        acting.sign_in_by_form(tab, "author", builders.PASSWORD)
        acting.expect_heading(tab, "Responsibilities")
        tab.close()
        return expired

    def test_coming_back_to_the_window_saves_the_text(self, back, jd):
        # No person can switch windows here: this is what the browser tells the page then.
        back.evaluate("window.dispatchEvent(new Event('focus'))")
        acting.expect_saved(back)
        expect(acting.message(back, "warning")).to_have_count(0)
        assert stored(jd) == TYPED
        first_line(back).press_sequentially(" And after.")
        acting.expect_saved(back)
        assert stored(jd) == TYPED + " And after."

    def test_next_works_immediately(self, back, jd):
        back.get_by_role("button", name="Next").click()
        acting.expect_heading(back, "Skills and qualifications")
        assert stored(jd) == TYPED


class TestServerIsGone:
    @pytest.fixture(autouse=True)
    def _allow(self, complaints):
        complaints.allow(
            "ERR_(CONNECTION_REFUSED|INTERNET_DISCONNECTED)|htmx:(afterRequest|sendError)"
            "|script error: undefined"  # htmx forgets the promise of a request that was queued
        )

    def test_text_typed_offline_is_sent_automatically(self, wizard, jd):
        refuse(wizard)
        first_line(wizard).fill(TYPED)
        acting.expect_waiting(wizard)
        expect(acting.message(wizard, "danger")).to_be_visible()
        expect(first_line(wizard)).to_have_value(TYPED)
        wizard.unroute(EDITOR)
        acting.expect_saved(wizard)  # without a keystroke
        expect(acting.message(wizard, "danger")).to_have_count(0)
        assert stored(jd) == TYPED
        acting.expect_preview(wizard, TYPED)
        first_line(wizard).press_sequentially(" Now with a server.")
        acting.expect_saved(wizard)
        assert stored(jd) == TYPED + " Now with a server."

    def test_everything_is_sent_when_the_network_is_back(self, wizard, jd):
        wizard.clock.install()  # no waiting for the next try: time stands still
        wizard.context.set_offline(True)
        first_line(wizard).fill(TYPED)
        heading = acting.section(wizard, "Responsibilities").get_by_label("Section heading")
        heading.fill("What you do")
        wizard.clock.run_for(600)
        acting.expect_waiting(wizard)
        wizard.clock.pause_at(datetime.now() + timedelta(seconds=5))
        wizard.context.set_offline(False)
        acting.expect_saved(wizard)
        assert stored(jd) == TYPED
        assert jd.sections.get(kind="responsibilities").heading == "What you do"

    def test_saved_row_does_not_hide_an_unsaved_one(self, wizard, jd):
        """The state tells of the whole page: `Saved` only when everything is."""
        refuse(wizard)
        first_line(wizard).fill(TYPED)
        acting.expect_waiting(wizard)
        wizard.unroute(EDITOR)

        def lose(route: Route) -> None:
            if TYPED.split()[0] in (route.request.post_data or ""):
                route.abort("connectionrefused")
            else:
                route.continue_()

        wizard.route(EDITOR, lose)
        heading = acting.section(wizard, "Responsibilities").get_by_label("Section heading")
        with wizard.expect_event("requestfailed"):  # the line, behind a heading that was saved
            heading.fill("What you do")
        acting.expect_waiting(wizard)
        assert jd.sections.get(kind="responsibilities").heading == "What you do"
        wizard.unroute(EDITOR)
        acting.expect_saved(wizard)
        assert stored(jd) == TYPED

    def test_next_while_an_autosave_fails_stays_on_the_page(self, wizard, jd):
        held = []
        wizard.route(EDITOR, lambda route: held.append(route), times=1)
        with wizard.expect_request(EDITOR):
            first_line(wizard).fill(TYPED)
        wizard.get_by_role("button", name="Next").click()
        held.pop().abort("connectionrefused")
        acting.expect_waiting(wizard)
        acting.expect_heading(wizard, "Responsibilities")
        expect(first_line(wizard)).to_have_value(TYPED)
        wizard.get_by_role("button", name="Next").click()
        acting.expect_heading(wizard, "Skills and qualifications")
        assert stored(jd) == TYPED

    @pytest.mark.parametrize("button", ["Next", "Back", "Pay and benefits"])
    def test_navigation_buttons_wait_until_the_server_is_reachable(self, wizard, jd, button):
        """Pressed before anyone could know that the server is gone."""
        refuse(wizard)
        first_line(wizard).fill(TYPED)
        wizard.get_by_role("button", name=button).first.click()
        acting.expect_waiting(wizard)
        acting.expect_heading(wizard, "Responsibilities")
        expect(first_line(wizard)).to_have_value(TYPED)
        wizard.unroute(EDITOR)
        wizard.get_by_role("button", name=button).first.click()
        expect(wizard).not_to_have_url(re.compile("responsibilities"))
        assert stored(jd) == TYPED

    def test_next_without_a_change_stays_on_the_page_offline(self, wizard):
        wizard.context.set_offline(True)
        wizard.get_by_role("button", name="Next").click()
        expect(acting.message(wizard, "danger")).to_be_visible()
        acting.expect_heading(wizard, "Responsibilities")
        wizard.context.set_offline(False)
        wizard.get_by_role("button", name="Next").click()
        acting.expect_heading(wizard, "Skills and qualifications")

    def test_new_line_stays_on_the_page(self, wizard, jd):
        refuse(wizard)
        own_line(wizard).fill(TYPED)
        wizard.get_by_role("button", name="Next").click()
        expect(acting.message(wizard, "danger")).to_be_visible()
        expect(own_line(wizard)).to_have_value(TYPED)
        wizard.unroute(EDITOR)
        wizard.get_by_role("button", name="Next").click()
        acting.expect_heading(wizard, "Skills and qualifications")
        assert jd.sections.get(kind="responsibilities").lines.filter(text=TYPED).count() == 1

    def test_server_error_has_its_own_message(self, wizard, complaints, jd):
        complaints.allow("500")
        wizard.route(EDITOR, lambda route: route.fulfill(status=500))
        first_line(wizard).fill(TYPED)
        acting.expect_waiting(wizard)
        expect(wizard.get_by_text("Something went wrong")).to_be_visible()
        expect(first_line(wizard)).to_have_value(TYPED)
        wizard.unroute(EDITOR)
        acting.expect_saved(wizard)
        assert stored(jd) == TYPED

    def test_full_disk_is_retried(self, wizard, complaints, jd, assert_accessible):
        complaints.allow("503")
        wizard.route(EDITOR, lambda route: route.fulfill(status=503))
        first_line(wizard).fill(TYPED)
        acting.expect_waiting(wizard)
        expect(wizard.get_by_text("The server can’t save right now")).to_be_visible()
        expect(first_line(wizard)).to_have_value(TYPED)
        assert_accessible(wizard)
        wizard.unroute(EDITOR)
        acting.expect_saved(wizard)
        assert stored(jd) == TYPED

    def test_lost_access_keeps_the_text_on_the_page(self, wizard, complaints, jd):
        complaints.allow("404")
        JobDescription.objects.filter(pk=jd.pk).update(
            confidential=True, owner=builders.user("hr", username="other")
        )
        first_line(wizard).fill(TYPED)
        acting.expect_not_saved(wizard)
        expect(wizard.get_by_text("you no longer have access to it")).to_be_visible()
        wizard.get_by_role("button", name="Next").click()
        wizard.wait_for_timeout(1000)
        expect(first_line(wizard)).to_have_value(TYPED)
        assert stored(jd) != TYPED
        stay(wizard)

    def test_failed_move_shows_a_message_and_keeps_the_line(self, wizard, jd):
        builders.add_line(jd, jd.sections.get(kind="responsibilities").uid, "Second line.")
        wizard.reload()
        before = stored(jd)
        wizard.context.set_offline(True)
        first_line(wizard).press("Alt+Shift+ArrowDown")
        expect(acting.message(wizard, "danger")).to_be_visible()
        expect(first_line(wizard)).to_have_value(before)
        expect(first_line(wizard)).to_be_focused()
        wizard.context.set_offline(False)
        first_line(wizard).press("Alt+Shift+ArrowDown")
        expect(first_line(wizard)).to_have_value("Second line.")
        expect(acting.message(wizard, "danger")).to_have_count(0)
        assert stored(jd) == "Second line."

    def test_reverted_drop_keeps_typed_text(self, wizard, jd):
        builders.add_line(jd, jd.sections.get(kind="responsibilities").uid, "Second line.")
        wizard.reload()
        wizard.context.set_offline(True)
        first_line(wizard).fill(TYPED)
        drop_behind(wizard, 0, 1)
        expect(acting.message(wizard, "danger")).to_be_visible()
        expect(first_line(wizard)).to_have_value(TYPED)
        expect(wizard.locator(".drop-mark, .is-dragged")).to_have_count(0)
        acting.expect_waiting(wizard)
        wizard.context.set_offline(False)
        acting.expect_saved(wizard)
        assert stored(jd) == TYPED
        drop_behind(wizard, 0, 1)
        expect(first_line(wizard)).to_have_value("Second line.")
        acting.expect_saved(wizard)
        assert stored(jd) == "Second line."


def drop_behind(page, number: int, goal: int) -> None:
    """Drags a line by its handle and lets it fall behind another."""
    lines = acting.lines(acting.section(page, "Responsibilities"))
    start = lines.nth(number).locator(".line-handle").first.bounding_box()
    end = lines.nth(goal).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 4, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 20, end["y"] + 10, steps=4)
    page.mouse.move(end["x"] + 20, end["y"] + end["height"] - 4, steps=4)
    page.mouse.up()


class TestLeaving:
    def test_next_waits_for_a_pending_autosave(self, wizard, jd):
        held = []
        wizard.route("**/edit/responsibilities/", lambda route: held.append(route), times=1)
        with wizard.expect_request("**/edit/responsibilities/"):
            first_line(wizard).fill(TYPED)
        wizard.get_by_role("button", name="Next").click()
        expect(wizard.locator("#save-state")).to_have_text("Saving…")
        held.pop().continue_()
        acting.expect_heading(wizard, "Skills and qualifications")
        assert stored(jd) == TYPED

    def test_leaving_with_unsaved_text_asks_for_confirmation(self, wizard, complaints, url):
        complaints.allow("ERR_CONNECTION_REFUSED|htmx:(afterRequest|sendError)")
        refuse(wizard)
        type_over(wizard)
        acting.expect_waiting(wizard)
        dialogs = stay(wizard)
        wizard.get_by_role("link", name="Library").click()
        expect(first_line(wizard)).to_have_value(TYPED)
        assert dialogs == ["beforeunload"]
        wizard.once("dialog", lambda dialog: dialog.accept())
        wizard.get_by_role("link", name="Library").click()
        acting.expect_heading(wizard, "Library")

    def test_leaving_with_a_refused_text_asks(self, wizard, complaints):
        complaints.allow("422")
        first_line(wizard).press("End")
        first_line(wizard).fill("x" * (LINE_LIMIT + 1))
        acting.expect_not_saved(wizard)
        dialogs = stay(wizard)
        wizard.get_by_role("link", name="Library").click()
        expect(first_line(wizard)).to_have_value("x" * (LINE_LIMIT + 1))
        assert dialogs == ["beforeunload"]

    def test_failed_button_does_not_ask_on_leaving(self, wizard, complaints):
        complaints.allow("422")
        acting.section(wizard, "Responsibilities").locator("button[value^='line-add:']").click()
        expect(wizard.locator("#refused .note-danger")).to_be_visible()
        type_over(wizard)
        acting.expect_saved(wizard)
        wizard.on("dialog", lambda dialog: pytest.fail(dialog.type))
        wizard.get_by_role("link", name="Library").click()
        acting.expect_heading(wizard, "Library")

    def test_leaving_with_a_line_that_is_not_added_yet_asks(self, wizard):
        own_line(wizard).press_sequentially("Not added yet.")
        acting.expect_saved(wizard)
        dialogs = stay(wizard)
        wizard.get_by_role("link", name="Library").click()
        expect(own_line(wizard)).to_have_value("Not added yet.")
        assert dialogs == ["beforeunload"]
        acting.section(wizard, "Responsibilities").locator("button[value^='line-add:']").click()
        expect(own_line(wizard)).to_have_value("")
        wizard.on("dialog", lambda dialog: pytest.fail(dialog.type))
        wizard.get_by_role("link", name="Library").click()
        acting.expect_heading(wizard, "Library")

    def test_leaving_with_everything_saved_does_not_ask(self, wizard):
        type_over(wizard)
        acting.expect_saved(wizard)
        wizard.on("dialog", lambda dialog: pytest.fail(dialog.type))
        wizard.get_by_role("link", name="Library").click()
        acting.expect_heading(wizard, "Library")

    def test_browser_back_shows_the_current_draft_and_adds_nothing_twice(self, wizard, jd):
        own_line(wizard).press_sequentially("Added by Next.")
        wizard.get_by_role("button", name="Next").click()
        acting.expect_heading(wizard, "Skills and qualifications")
        wizard.go_back()
        acting.expect_heading(wizard, "Responsibilities")
        lines = acting.lines(acting.section(wizard, "Responsibilities"))
        expect(lines.last.locator(".line-text").first).to_have_value("Added by Next.")
        expect(own_line(wizard)).to_have_value("")
        type_over(wizard)
        wizard.get_by_role("button", name="Next").click()
        acting.expect_heading(wizard, "Skills and qualifications")
        assert stored(jd) == TYPED
        section = jd.sections.get(kind="responsibilities")
        assert section.lines.filter(text="Added by Next.").count() == 1


def test_errors_are_shown_beside_the_field(wizard, jd, complaints):
    complaints.allow("422")
    field = first_line(wizard)
    field.fill("x" * (LINE_LIMIT + 1))
    acting.expect_not_saved(wizard)
    row = acting.lines(acting.section(wizard, "Responsibilities")).first
    expect(row.get_by_text(f"up to {LINE_LIMIT} characters")).to_be_visible()
    wizard.get_by_role("button", name="Next").click()
    acting.expect_heading(wizard, "Responsibilities")
    expect(first_line(wizard)).to_have_value("x" * (LINE_LIMIT + 1))
    expect(first_line(wizard)).to_have_attribute("aria-invalid", "true")
    first_line(wizard).fill(TYPED)
    acting.expect_saved(wizard)
    wizard.get_by_role("button", name="Next").click()
    acting.expect_heading(wizard, "Skills and qualifications")
    assert stored(jd) == TYPED


def test_other_rows_are_saved_while_one_is_refused(wizard, jd, complaints):
    complaints.allow("422")
    builders.add_line(jd, jd.sections.get(kind="responsibilities").uid, "Second line.")
    wizard.reload()
    lines = acting.lines(acting.section(wizard, "Responsibilities"))
    second = lines.nth(1).locator(".line-text").first
    sent: list[str] = []
    wizard.on("request", lambda request: sent.append(request.post_data or ""))
    first_line(wizard).fill("x" * (LINE_LIMIT + 1))
    acting.expect_not_saved(wizard)
    with wizard.expect_response(EDITOR):
        second.fill("Saved all the same.")
    acting.expect_preview(wizard, "Saved all the same.")
    acting.expect_not_saved(wizard)
    expect(lines.first.get_by_text(f"up to {LINE_LIMIT} characters")).to_be_visible()
    expect(lines.nth(1).locator(".field-errors")).to_have_count(0)
    section = jd.sections.get(kind="responsibilities")
    assert section.lines.filter(text="Saved all the same.").exists()
    assert sum("x" * (LINE_LIMIT + 1) in body for body in sent) == 1, (
        "a mistake is not sent again and again"
    )
    # A button beside it changes nothing until it is fixed; then both take effect.
    acting.section(wizard, "Responsibilities").locator("button[value^='line-add:']").click()
    expect(wizard.locator("#refused .note-danger")).to_be_visible()
    second = acting.lines(acting.section(wizard, "Responsibilities")).nth(1).locator(".line-text")
    expect(second.first).to_have_value("Saved all the same.")
    first_line(wizard).fill(TYPED)
    acting.expect_saved(wizard)
    expect(wizard.locator("#refused .note-danger")).to_have_count(0)
    assert stored(jd) == TYPED


class TestSlowServer:
    """Answers that come while the person goes on."""

    @pytest.fixture
    def held(self, wizard):
        """The next request that holds these words waits; what `held` returns lets it go on."""

        def hold(words: str, address: str = EDITOR) -> list[Route]:
            waiting: list[Route] = []

            def decide(route: Route) -> None:
                if words in (route.request.post_data or route.request.url) and not waiting:
                    waiting.append(route)
                else:
                    route.continue_()

            wizard.route(address, decide)
            return waiting

        return hold

    def test_next_pressed_while_a_line_is_added_is_applied(self, wizard, jd, held):
        waiting = held("line-add")
        own_line(wizard).fill("Added at last.")
        add = acting.section(wizard, "Responsibilities").locator("button[value^='line-add:']")
        with wizard.expect_request(lambda request: "line-add" in (request.post_data or "")):
            add.click()
        wizard.get_by_role("button", name="Next").click()
        waiting[0].continue_()
        acting.expect_heading(wizard, "Skills and qualifications")
        section = jd.sections.get(kind="responsibilities")
        assert section.lines.filter(text="Added at last.").count() == 1

    def test_two_buttons_pressed_during_an_autosave(self, wizard, jd, held):
        uid = jd.sections.get(kind="responsibilities").uid
        for text in ("Second line.", "Third line."):
            builders.add_line(jd, uid, text)
        wizard.reload()
        waiting = held("autosave")
        with wizard.expect_request(EDITOR):
            first_line(wizard).fill(TYPED)
        line = acting.lines(acting.section(wizard, "Responsibilities")).first
        for _time in range(2):
            line.get_by_role("button", name=re.compile("down$")).click()
        waiting[0].continue_()
        last = acting.lines(acting.section(wizard, "Responsibilities")).nth(2)
        expect(last.locator(".line-text").first).to_have_value(TYPED)
        acting.expect_saved(wizard)

    def test_line_added_by_another_button_is_not_added_again(self, wizard, jd, held):
        """Both are pressed while an autosave is on its way; the first sends the new line too."""
        builders.add_line(jd, jd.sections.get(kind="responsibilities").uid, "Second line.")
        wizard.reload()
        waiting = held("autosave")
        with wizard.expect_request(EDITOR):
            first_line(wizard).fill(TYPED)
        first_line(wizard).press("Alt+Shift+ArrowDown")
        own_line(wizard).fill("Added once.")
        own_line(wizard).press("Enter")
        waiting[0].continue_()
        lines = acting.lines(acting.section(wizard, "Responsibilities"))
        expect(lines).to_have_count(3)
        acting.expect_saved(wizard)
        expect(wizard.locator(".field-errors")).to_have_count(0)
        section = jd.sections.get(kind="responsibilities")
        assert section.lines.filter(text="Added once.").count() == 1
        assert stored(jd) == "Second line."

    def test_panel_replaced_twice_loses_no_row(self, wizard, jd, held):
        """What is typed waits in the same queue as the panel of placeholders."""
        uid = jd.sections.get(kind="responsibilities").uid
        for number in range(2, 4):
            builders.add_line(jd, uid, f"Line {number} for [name of the team].")
        wizard.reload()
        saving, panel = held("autosave"), held("placeholders", "**/placeholders/")
        fields = wizard.locator(f"#card-{uid} .line-text")
        with wizard.expect_request(EDITOR):
            fields.nth(0).fill("Typed 0")
        fields.nth(1).fill("Typed 1")
        wizard.wait_for_timeout(700)  # until it waits in the queue, after the pause
        with wizard.expect_request("**/placeholders/"):
            saving[0].continue_()
        fields.nth(2).fill("Typed 2")
        wizard.wait_for_timeout(700)
        panel[0].continue_()
        acting.expect_saved(wizard)
        section = jd.sections.get(kind="responsibilities")
        texts = section.lines.order_by("position").values_list("text", flat=True)
        assert list(texts) == ["Typed 0", "Typed 1", "Typed 2"]

    def test_value_typed_while_the_panel_is_replaced_stays(self, wizard, jd, held):
        uid = jd.sections.get(kind="responsibilities").uid
        builders.add_line(jd, uid, "Report to [name of the team].")
        wizard.reload()
        waiting = held("placeholders", "**/placeholders/")
        with wizard.expect_request("**/placeholders/"):
            first_line(wizard).fill(TYPED)
        answer = wizard.locator("#placeholders-panel input[type=text]").first
        answer.fill("Sales")
        first_line(wizard).focus()
        with wizard.expect_response("**/placeholders/"):
            waiting[0].continue_()
        expect(answer).to_have_value("Sales")
        acting.expect_saved(wizard)
        acting.expect_preview(wizard, "Report to Sales.")
        assert jd.answers.get().value == "Sales"


class TestDrawnAgain:
    """A button draws the page again: what it did not send is still there."""

    def test_pasted_list_stays_during_other_actions(self, wizard, jd):
        builders.add_line(jd, jd.sections.get(kind="responsibilities").uid, "Second line.")
        wizard.reload()
        card = acting.section(wizard, "Responsibilities")
        card.locator("summary", has_text="Paste a list").click()
        card.get_by_label("Your list").fill("First pasted\nSecond pasted")
        card.get_by_role("button", name="Preview lines").click()
        pasted = card.locator(".pasted-lines textarea")
        expect(pasted).to_have_count(2)
        pasted.first.fill("First pasted, and changed")
        first_line(wizard).press("Alt+Shift+ArrowDown")
        expect(first_line(wizard)).to_have_value("Second line.")
        expect(pasted.first).to_have_value("First pasted, and changed")
        card.get_by_role("button", name="Add selected lines").click()
        expect(pasted).to_have_count(0)
        expect(acting.lines(card)).to_have_count(4)
        acting.expect_preview(wizard, "First pasted, and changed")

    def test_list_that_is_not_parsed_yet_stays_too(self, wizard):
        card = acting.section(wizard, "Responsibilities")
        card.locator("summary", has_text="Paste a list").click()
        card.get_by_label("Your list").fill("First pasted\nSecond pasted")
        acting.add_own_line(card, "In between.")
        expect(card.get_by_label("Your list")).to_have_value("First pasted\nSecond pasted")

    def test_version_note_stays_while_a_section_is_moved(self, wizard, jd, url):
        wizard.goto(url(acting.step_url(jd.reference, "finish")))
        wizard.get_by_label("What changed").fill("First complete draft")
        outline = wizard.locator(".outline-list > li")
        outline.first.locator("summary").click()
        outline.first.get_by_role("button", name="Move down").click()
        expect(outline.nth(1)).to_contain_text("Summary")
        expect(wizard.get_by_label("What changed")).to_have_value("First complete draft")
        wizard.get_by_label("Version name").press("Enter")
        acting.expect_heading(wizard, "Version 1")
        assert jd.versions.get().note == "First complete draft"


def test_back_after_signing_out_shows_nothing(wizard, jd):
    wizard.get_by_role("link", name="Job descriptions").first.click()
    expect(wizard.get_by_text(jd.title).first).to_be_visible()
    wizard.locator("details.menu summary").last.click()
    wizard.get_by_role("button", name="Sign out").click()
    acting.expect_heading(wizard, "Sign in")
    for _step in range(2):
        wizard.go_back()
        acting.expect_heading(wizard, "Sign in")
        expect(wizard.get_by_text(jd.title)).to_have_count(0)


@pytest.mark.parametrize(
    ("kind", "has_script"), [(OpenIDProvider, False), (SamlProvider, True), (OpenIDProvider, True)]
)
def test_single_sign_on_after_expiry_leads_back_to_the_form(
    visitor, account, jd, is_fine, kind, has_script
):
    with kind().running() as provider:
        provider.person["email"] = account.email
        set_up(provider, by=builders.user("admin"), sales=builders.department("Sales"))
        page = visitor(account, java_script_enabled=has_script, **SCREENS["390"])
        page.complaints.allow("401")
        page.goto(acting.step_url(jd.reference, "responsibilities"))
        page.context.clear_cookies(name="sessionid")
        first_line(page).fill(TYPED)
        page.get_by_role("button", name="Next").click()
        acting.expect_heading(page, "Sign in")
        if has_script:  # axe is one
            is_fine(page)
        page.get_by_role("button", name="Sign in with Test").click()
        if kind is SamlProvider:
            page.get_by_role("button", name="Continue", exact=True).click()
        acting.expect_heading(page, "You’re signed in again")
        assert stored(jd) != TYPED
        page.get_by_role("button", name="Submit changes").click()
        acting.expect_heading(page, "Skills and qualifications")
        assert stored(jd) == TYPED
