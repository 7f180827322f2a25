"""What a hiring manager and a curator come for."""

import pytest
from playwright.sync_api import expect

from roles.models import JobFamily, Snippet
from tests import builders, pdfs
from tests.browser import acting

pytestmark = pytest.mark.browser

DUTY = "Water the plants of the customer lounge twice a week."
BETTER = "Water the plants of the customer lounge every other day."


class TestHiringManager:
    @pytest.fixture
    def manager(self, transactional_db):
        return builders.user("manager", username="manager")

    @pytest.fixture
    def managed(self, manager):
        jd = builders.description(title="Account manager", hiring_managers=(manager,))
        builders.version(jd)
        return jd

    @pytest.fixture
    def other(self, transactional_db):
        return builders.description(title="Secret keeper")

    def test_signs_in_and_sees_only_their_job_descriptions(self, visitor, manager, managed, other):
        page = visitor()
        page.goto("/")
        acting.sign_in_by_form(page, "manager", builders.PASSWORD)
        acting.expect_heading(page, "Your work")
        expect(page.get_by_role("link", name="Account manager", exact=True)).to_be_visible()
        expect(page.get_by_text("Secret keeper")).to_have_count(0)
        expect(page.get_by_role("link", name="Library")).to_have_count(0)
        expect(page.get_by_role("link", name="New job description")).to_have_count(0)
        page.get_by_role("searchbox").fill("secret")
        page.keyboard.press("Enter")
        acting.expect_heading(page, "Search")
        expect(page.get_by_role("heading", name="No matches")).to_be_visible()
        page.complaints.allow("404")
        page.goto(f"/descriptions/{other.reference}/")
        acting.expect_heading(page, "Page not found")

    def test_reads_and_downloads_without_editing(self, visitor, manager, managed):
        page = visitor(manager)
        page.goto("/descriptions/")
        page.get_by_role("link", name="Account manager").click()
        acting.expect_heading(page, "Account manager")
        expect(page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
        expect(page.get_by_text("More", exact=True)).to_have_count(0)
        page.get_by_role("link", name="Version 1", exact=True).click()
        acting.expect_heading(page, "Version 1")
        expect(page.get_by_role("link", name="Restore this version")).to_have_count(0)
        page.locator("summary", has_text="Export").click()
        data = acting.download(page, page.get_by_role("link", name="PDF, Internal", exact=True))
        pdf = pdfs.read_pdf(data)
        document = managed.versions.get().document.for_audience("internal")
        pdfs.assert_in_order(pdfs.body_text(pdf, managed.reference), pdfs.texts_of(document))
        page.complaints.allow("403")
        page.goto(acting.step_url(managed.reference, "details"))
        acting.expect_heading(page, "You don’t have access to do this")

    def test_reads_the_current_draft(self, visitor, manager, managed):
        page = visitor(manager)
        page.goto(f"/descriptions/{managed.reference}/")
        page.get_by_role("link", name="Preview").click()
        acting.expect_heading(page, "Draft preview")
        expect(page.locator(".paper")).to_contain_text("Prepare renewal plans")
        expect(page.get_by_role("link", name="Edit", exact=True)).to_have_count(0)


class TestCurator:
    @pytest.fixture
    def page(self, visitor, library):
        page = visitor(builders.user("curator", username="curator"))
        page.goto("/library/")
        acting.expect_heading(page, "Library")
        return page

    def add(self, page) -> Snippet:
        page.get_by_role("link", name="Add snippet").click()
        acting.expect_heading(page, "Add snippet")
        page.get_by_label("Type and category").select_option("responsibility:")
        page.get_by_role("textbox", name="Wording").fill(DUTY)
        page.get_by_label("Account management").check()
        page.get_by_role("button", name="Add snippet").click()
        acting.expect_heading(page, DUTY)
        return Snippet.objects.get(text=DUTY)

    def test_adds_a_snippet_for_authors(self, page, visitor):
        snippet = self.add(page)
        assert snippet.status == "active"
        assert list(snippet.families.all()) == [JobFamily.objects.get(code="account-management")]
        author = builders.user("hr")
        jd = builders.description(author)
        assert offered(visitor(author), jd, "plants") == [DUTY]

    def test_incomplete_form_keeps_the_input(self, page):
        page.complaints.allow("422")
        page.goto("/library/new/")
        page.get_by_role("button", name="Add snippet").click()
        expect(page.get_by_text("Enter the wording.")).to_be_visible()
        expect(page.get_by_text("Choose the type and category.")).to_be_visible()
        page.get_by_role("textbox", name="Wording").fill(DUTY)
        page.get_by_role("button", name="Add snippet").click()
        expect(page.get_by_text("Enter the wording.")).to_be_hidden()
        expect(page.get_by_role("textbox", name="Wording")).to_have_value(DUTY)

    def test_revises_a_snippet_and_drafts_keep_their_wording(self, page):
        snippet = self.add(page)
        jd = builders.description()
        builders.use(jd, snippet)
        page.get_by_role("link", name="Revise").click()
        acting.expect_heading(page, "Revise snippet")
        expect(page.get_by_role("textbox", name="Wording")).to_have_value(DUTY)
        page.get_by_role("textbox", name="Wording").fill(BETTER)
        page.get_by_label("What changed and why?").fill("Twice was not enough")
        page.get_by_role("button", name="Save revision").click()
        acting.expect_heading(page, BETTER)
        history = page.get_by_role("region", name="History").get_by_role("row")
        expect(history).to_have_count(3)
        expect(history.nth(1)).to_contain_text(BETTER)
        expect(history.nth(1)).to_contain_text("Twice was not enough")
        expect(history.nth(2)).to_contain_text(DUTY)
        assert jd.lines.filter(text=DUTY).exists()

    def test_sees_usage(self, page):
        snippet = self.add(page)
        usage = page.get_by_role("region", name="Where it is used")
        expect(usage).to_be_visible()
        expect(usage.get_by_role("listitem")).to_have_count(0)
        jd = builders.description()
        builders.use(jd, snippet)
        builders.version(jd)
        page.reload()
        expect(usage.get_by_role("heading", name="Drafts")).to_be_visible()
        expect(usage.get_by_role("heading", name="Versions")).to_be_visible()
        # A curator who is not HR sees that it is used, not by which job descriptions.
        expect(usage).to_contain_text("1 job description")
        expect(usage.get_by_text(jd.title)).to_have_count(0)
        page.goto("/library/?q=plants")
        expect(page.get_by_role("row").nth(1)).to_contain_text("1")

    def test_edits_tags(self, page):
        self.add(page)
        page.get_by_role("link", name="Tags").click()
        acting.expect_heading(page, "Edit tags")
        page.get_by_label("Senior level").check()
        page.get_by_role("button", name="Save tags").click()
        acting.expect_heading(page, DUTY)
        expect(page.get_by_role("complementary")).to_contain_text("Senior level")

    def test_retires_and_activates_a_snippet(self, page, visitor):
        snippet = self.add(page)
        author = builders.user("hr")
        jd = builders.description(author)
        builders.use(jd, snippet)
        writer = visitor(author)
        page.get_by_role("button", name="Retire").click()
        expect(page.get_by_role("button", name="Activate")).to_be_visible()
        assert offered(writer, jd, "plants") == []
        assert jd.lines.filter(text=DUTY).exists()
        writer.goto("/library/?q=plants")
        expect(writer.get_by_role("link", name="Clear filters")).to_be_visible()
        writer.goto("/library/?q=plants&status=retired")
        expect(writer.get_by_role("link", name=DUTY)).to_be_visible()
        page.get_by_role("button", name="Activate").click()
        expect(page.get_by_role("button", name="Retire")).to_be_visible()
        assert offered(writer, jd, "plants") == [DUTY]


def offered(page, jd, words: str) -> list[str]:
    """The texts that the picker beside the editor offers for these words."""
    page.goto(acting.step_url(jd.reference, "responsibilities"))
    card = acting.section(page, "Responsibilities")
    card.locator("summary", has_text="Add from library").click()
    with page.expect_response(lambda response: f"q={words}" in response.url):
        card.get_by_label("Search the library").fill(words)
    snippet_texts = card.locator(".pick-text")
    expect(card.locator(".picked li, .picked > p")).to_have_count(1)
    words_of = "e => e.querySelector('span').firstChild.data.trim()"
    return [str(one.evaluate(words_of)) for one in snippet_texts.all()]
