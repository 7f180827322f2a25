"""What is typed survives an expired sign-in, a server that is gone, and leaving by mistake."""

import pytest
from playwright.sync_api import Dialog, expect

from tests import builders
from tests.browser import acting

pytestmark = pytest.mark.browser

TYPED = "Typed before anything went wrong."


@pytest.fixture
def account(transactional_db):
    return builders.user("hr", username="author")


@pytest.fixture
def made(account):
    return builders.description(account)


@pytest.fixture
def wizard(page, made, account, sign_in, url):
    sign_in(page, account)
    page.goto(url(acting.step_url(made.reference, "responsibilities")))
    acting.expect_heading(page, "Responsibilities")
    return page


def first_line(page):
    return acting.lines(acting.section(page, "Responsibilities")).first.locator(".line-text").first


def type_over(page) -> None:
    """By keys: browsers ask about leaving only where somebody really typed."""
    first_line(page).press("ControlOrMeta+A")
    first_line(page).press_sequentially(TYPED)


def stored(made) -> str:
    return str(made.sections.get(kind="responsibilities").lines.order_by("position")[0].text)


def expect_not_saved(page) -> None:
    expect(page.locator("#save-state")).to_have_text("Not saved")


def refuse(page) -> None:
    page.route("**/edit/responsibilities/", lambda route: route.abort("connectionrefused"))


class TestSignInExpires:
    @pytest.fixture
    def expired(self, wizard, complaints):
        complaints.allow("401")
        wizard.context.clear_cookies(name="sessionid")
        first_line(wizard).fill(TYPED)
        expect_not_saved(wizard)
        return wizard

    def test_the_page_says_so_and_keeps_the_text(self, expired, made, assert_accessible):
        expect(expired.get_by_text("Your sign-in has expired.")).to_be_visible()
        expect(first_line(expired)).to_have_value(TYPED)
        assert stored(made) != TYPED
        assert_accessible(expired)

    def test_next_leads_through_sign_in_and_what_was_typed_can_be_sent(
        self, expired, made, assert_accessible
    ):
        page = expired
        page.get_by_role("button", name="Next").click()
        acting.expect_heading(page, "Sign in")
        expect(page.get_by_text("What you typed is kept")).to_be_visible()
        assert_accessible(page)
        acting.sign_in_by_form(page, "author", "wrong")
        expect(page.get_by_role("alert")).to_be_visible()
        acting.sign_in_by_form(page, "author", builders.PASSWORD)
        acting.expect_heading(page, "You are signed in again")
        assert_accessible(page)
        assert stored(made) != TYPED
        page.get_by_role("button", name="Send what I typed").click()
        acting.expect_heading(page, "Skills and qualifications")
        assert stored(made) == TYPED

    def test_signing_in_again_in_another_tab_lets_the_page_carry_on(self, expired, made):
        with expired.expect_popup() as waiting:
            expired.get_by_role("link", name="Sign in in a new tab").click()
        tab = waiting.value
        acting.sign_in_by_form(tab, "author", builders.PASSWORD)
        acting.expect_heading(tab, "Job descriptions")
        tab.close()
        first_line(expired).press_sequentially(" And after.")
        acting.expect_saved(expired)
        expect(expired.get_by_text("Your sign-in has expired.")).to_have_count(0)
        assert stored(made) == TYPED + " And after."
        expired.get_by_role("button", name="Next").click()
        acting.expect_heading(expired, "Skills and qualifications")

    def test_a_button_keeps_the_text_too(self, expired, made):
        card = acting.section(expired, "Responsibilities")
        card.get_by_label("Write your own").fill("And a new line.")
        card.locator("button[value^='line-add:']").click()
        expect_not_saved(expired)
        expect(first_line(expired)).to_have_value(TYPED)
        expect(card.get_by_label("Write your own")).to_have_value("And a new line.")


class TestServerIsGone:
    @pytest.fixture(autouse=True)
    def _allow(self, complaints):
        complaints.allow("ERR_CONNECTION_REFUSED|htmx:(afterRequest|sendError)")

    def test_not_saved_is_said_and_the_next_autosave_succeeds(self, wizard, made):
        refuse(wizard)
        first_line(wizard).fill(TYPED)
        expect_not_saved(wizard)
        expect(wizard.get_by_text("The server did not answer")).to_be_visible()
        expect(first_line(wizard)).to_have_value(TYPED)
        wizard.unroute("**/edit/responsibilities/")
        first_line(wizard).press_sequentially(" Now with a server.")
        acting.expect_saved(wizard)
        expect(wizard.get_by_text("The server did not answer")).to_have_count(0)
        assert stored(made) == TYPED + " Now with a server."
        acting.expect_preview(wizard, "Now with a server.")

    def test_a_saved_row_does_not_hide_one_that_is_not(self, wizard, made):
        """The state tells of the whole page: `Saved` only when everything is."""
        refuse(wizard)
        first_line(wizard).fill(TYPED)
        expect_not_saved(wizard)
        wizard.unroute("**/edit/responsibilities/")
        heading = acting.section(wizard, "Responsibilities").get_by_label("Heading of the section")
        with wizard.expect_response("**/edit/responsibilities/"):
            heading.fill("What you do")
        expect(wizard.locator("#preview")).to_contain_text("What you do")
        expect_not_saved(wizard)
        wizard.get_by_role("button", name="Next").click()
        acting.expect_heading(wizard, "Skills and qualifications")
        assert stored(made) == TYPED

    def test_next_while_an_autosave_fails_stays_on_the_page(self, wizard, made):
        held = []
        wizard.route("**/edit/responsibilities/", lambda route: held.append(route), times=1)
        with wizard.expect_request("**/edit/responsibilities/"):
            first_line(wizard).fill(TYPED)
        wizard.get_by_role("button", name="Next").click()
        held.pop().abort("connectionrefused")
        expect_not_saved(wizard)
        acting.expect_heading(wizard, "Responsibilities")
        expect(first_line(wizard)).to_have_value(TYPED)
        wizard.get_by_role("button", name="Next").click()
        acting.expect_heading(wizard, "Skills and qualifications")
        assert stored(made) == TYPED

    def test_a_broken_server_is_told_apart(self, wizard, complaints):
        complaints.allow("500")
        wizard.route("**/edit/responsibilities/", lambda route: route.fulfill(status=500))
        first_line(wizard).fill(TYPED)
        expect_not_saved(wizard)
        expect(wizard.get_by_text("Something went wrong on our side")).to_be_visible()
        expect(first_line(wizard)).to_have_value(TYPED)


class TestLeaving:
    def test_next_waits_for_the_autosave_on_its_way(self, wizard, made):
        held = []
        wizard.route("**/edit/responsibilities/", lambda route: held.append(route), times=1)
        with wizard.expect_request("**/edit/responsibilities/"):
            first_line(wizard).fill(TYPED)
        wizard.get_by_role("button", name="Next").click()
        expect(wizard.locator("#save-state")).to_have_text("Saving …")
        held.pop().continue_()
        acting.expect_heading(wizard, "Skills and qualifications")
        assert stored(made) == TYPED

    def test_leaving_with_unsaved_text_asks(self, wizard, complaints, url):
        complaints.allow("ERR_CONNECTION_REFUSED|htmx:(afterRequest|sendError)")
        refuse(wizard)
        type_over(wizard)
        expect_not_saved(wizard)
        asked: list[str] = []

        def stay(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        wizard.once("dialog", stay)
        wizard.get_by_role("link", name="Library").click()
        expect(first_line(wizard)).to_have_value(TYPED)
        assert asked == ["beforeunload"]
        wizard.once("dialog", lambda dialog: dialog.accept())
        wizard.get_by_role("link", name="Library").click()
        acting.expect_heading(wizard, "Library")

    def test_leaving_with_everything_saved_does_not_ask(self, wizard):
        type_over(wizard)
        acting.expect_saved(wizard)
        wizard.on("dialog", lambda dialog: pytest.fail(dialog.type))
        wizard.get_by_role("link", name="Library").click()
        acting.expect_heading(wizard, "Library")


def test_what_is_wrong_is_said_beside_the_field_and_stays(wizard, made, complaints):
    complaints.allow("422")
    field = first_line(wizard)
    field.fill("x" * 2001)
    expect_not_saved(wizard)
    row = acting.lines(acting.section(wizard, "Responsibilities")).first
    expect(row.get_by_text("at most 2000 characters")).to_be_visible()
    wizard.get_by_role("button", name="Next").click()
    acting.expect_heading(wizard, "Responsibilities")
    expect(first_line(wizard)).to_have_value("x" * 2001)
    expect(first_line(wizard)).to_have_attribute("aria-invalid", "true")
    first_line(wizard).fill(TYPED)
    acting.expect_saved(wizard)
    wizard.get_by_role("button", name="Next").click()
    acting.expect_heading(wizard, "Skills and qualifications")
    assert stored(made) == TYPED
