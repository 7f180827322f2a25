"""The main job as a person does it: from signing in to the PDF of a version, and back."""

import re

import pytest
from playwright.sync_api import Page, expect

from roles.models import JobDescription, Organization
from tests import builders, pdfs
from tests.browser import acting, editing

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]

OWN_LINE = "Keep a calm head when three customers call at once."
REWORDED = "Be the person every client of the portfolio calls first."


class Author:
    """HR on the way through the wizard: what is checked on every page is checked in `arrive`."""

    def __init__(self, page: Page, assert_accessible):
        self.page = page
        self.assert_accessible = assert_accessible
        self.reference = ""

    def arrive(self, heading: str) -> None:
        acting.expect_heading(self.page, heading)
        self.assert_accessible(self.page)

    def next(self, heading: str) -> None:
        self.page.get_by_role("button", name="Next").click()
        self.arrive(heading)

    # --- the pages on the way

    def begin(self, url) -> None:
        page = self.page
        page.goto(url("/"))
        self.arrive("Sign in")
        acting.sign_in_by_form(page, "author", builders.PASSWORD)
        self.arrive("Your work")
        page.get_by_role("link", name="New job description").first.click()
        self.arrive("New job description")
        page.get_by_label("Job title").fill("Client account manager")
        page.get_by_label("Job family").select_option(label="Account management")
        page.get_by_label("Job level").select_option(label="Mid level")
        expect(page.locator("#like p")).to_be_visible()
        page.get_by_role("radio", name=re.compile("Account manager, detailed")).check()
        page.get_by_role("button", name="Start writing").click()
        self.arrive("Job details")
        self.reference = page.url.split("/descriptions/")[1].split("/")[0]
        assert self.reference == "ACC-0001"

    def details(self) -> None:
        page = self.page
        page.get_by_role("checkbox", name="Denver").check()
        page.get_by_role("checkbox", name="Austin").check()
        page.get_by_role("combobox", name="Work mode").select_option(label="Hybrid")
        page.get_by_role("combobox", name="Department").select_option(label="Sales")
        page.get_by_role("textbox", name="Similar titles", exact=True).fill(
            "Customer manager\nRelationship manager"
        )
        acting.expect_saved(page)
        acting.expect_preview(page, "Relationship manager")

    def responsibilities(self) -> None:
        page = self.page
        card = acting.section(page, "Responsibilities")
        count = acting.lines(card).count()
        card.locator("summary", has_text="Add from library").click()
        card.get_by_label("Search the library").fill("renewal plan")
        offered = card.locator(".pick-list > li").first
        expect(offered).to_contain_text(re.compile("renewal", re.IGNORECASE))
        expect(
            card.locator(".pick-list > li", has_not_text=re.compile("renew", re.I))
        ).to_have_count(0)
        self.taken = offered.locator(".pick-text").evaluate(
            "e => e.querySelector('span').firstChild.data.trim()"
        )
        offered.get_by_role("button").click()
        expect(acting.lines(card)).to_have_count(count + 1)
        expect(acting.lines(card).last.locator(".line-text").first).to_have_value(self.taken)
        acting.add_own_line(card, OWN_LINE)

        first = acting.lines(card).first
        first.locator(".line-text").first.fill(REWORDED)
        acting.expect_saved(page)
        acting.expect_preview(page, REWORDED)

        own = acting.lines(card).last
        move = own.get_by_role("button", name=re.compile(r"^Move line \d+ up$"))
        name = move.get_attribute("id") or ""
        move.click()
        expect(acting.lines(card).nth(count).locator(".line-text").first).to_have_value(OWN_LINE)
        assert acting.focused(page) == name

        own = acting.lines(card).nth(count)
        editing.show_controls(own)
        own.get_by_role("radio", name="Essential", exact=True).check()
        own.get_by_label("Percent of time").fill("20")
        own.locator("summary", has_text="More").click()
        own.get_by_label("Group", exact=True).fill("On busy days")
        acting.expect_saved(page)
        acting.expect_preview(page, "On busy days")
        acting.expect_preview(page, "20")

    def qualifications(self) -> None:
        page = self.page
        card = acting.section(page, "Requirements")
        first, second = acting.lines(card).nth(0), acting.lines(card).nth(1)
        editing.show_controls(first)
        first.get_by_role("radio", name="Preferred", exact=True).check()
        editing.show_controls(second)
        second.get_by_role("radio", name="Required", exact=True).check()
        acting.expect_saved(page)
        row = JobDescription.objects.get().sections.get(kind="qualifications").lines.all()[0]
        expect(page.locator(f"#preview [data-line='{row.uid}']")).to_contain_text("(Preferred)")

    def pay(self) -> None:
        page = self.page
        card = acting.section(page, "Pay by location")
        new = card.get_by_role("group", name="New pay range")
        new.get_by_label("Minimum").fill("60000")
        new.get_by_label("Maximum").fill("50000")
        new.get_by_label("Location").fill("Denver")
        new.get_by_role("button", name="Add range").click()
        expect(new.get_by_text("The maximum can’t be below the minimum.")).to_be_visible()
        expect(new.get_by_label("Minimum")).to_have_value("60000")
        expect(new.get_by_label("Maximum")).to_have_value("50000")
        self.assert_accessible(page)
        new.get_by_label("Maximum").fill("72000")
        new.get_by_role("button", name="Add range").click()
        expect(card.get_by_role("group", name="Pay range 1")).to_be_visible()
        acting.expect_preview(page, "$60,000")
        card.locator("summary", has_text="Market figures").click()
        figure = card.get_by_role("checkbox", name=re.compile("Denver.*54,840"))
        figure.check()
        acting.expect_saved(page)
        acting.expect_preview(page, "$54,840")

    def closing(self) -> None:
        page = self.page
        card = acting.section(page, "Frequently asked questions")
        first = acting.lines(card).first
        editing.show_controls(first)
        first.locator("summary", has_text="More").click()
        first.get_by_label("Detail", exact=True).fill("Talk, write, and drive to customers.")
        acting.expect_saved(page)
        acting.expect_preview(page, "Talk, write, and drive to customers.")

    def finish(self) -> None:
        page = self.page
        questions = page.locator(".question")
        answers = [questions.nth(n).locator("input[type=text]") for n in range(questions.count())]
        assert len(answers) > 4
        for number, answer in enumerate(answers):
            answer.fill(f"Answer{number}")
            acting.expect_saved(page)
        expect(page.locator("#preview .jd-open")).to_have_count(0)
        acting.expect_preview(page, "Answer0")
        self.assert_accessible(page)

    def save_version(self) -> None:
        page = self.page
        page.get_by_label("What changed").fill("First complete draft")
        page.get_by_role("button", name="Save version").click()
        self.arrive("Version 1")
        expect(acting.message(page, "good")).to_be_visible()
        expect(page.get_by_text("First complete draft")).to_be_visible()


@pytest.fixture
def author(page, library, assert_accessible):
    builders.user("hr", username="author")
    builders.organization(name="Harbor Press")
    return Author(page, assert_accessible)


def test_from_signing_in_to_the_pdf_and_back(author, page, url, complaints):
    complaints.allow(r"422")
    author.begin(url)
    author.details()
    author.next("Responsibilities")
    author.responsibilities()
    author.next("Skills and qualifications")
    author.qualifications()
    author.next("Summary")
    author.next("Conditions and people")
    author.next("Pay and benefits")
    author.pay()
    author.next("How to apply and legal")
    author.closing()

    draft = page.context.request.get(url(f"/descriptions/{author.reference}/export/pdf/"))
    assert "draft" in draft.headers["content-disposition"]
    texts = pdfs.page_texts(pdfs.read_pdf(draft.body()))
    assert all("DRAFT" in text for text in texts)

    author.next("Finish")
    author.finish()
    author.save_version()
    check_version_pdf(author, page)
    check_way_back(author, page, url)


def check_version_pdf(author, page) -> None:
    version = JobDescription.objects.get().versions.get()
    assert version.document.open_placeholders() == []
    expect(page.locator(".paper")).to_contain_text(OWN_LINE)
    page.locator("summary", has_text="Export").click()
    data = acting.download(page, page.get_by_role("link", name="PDF, Restricted", exact=True))
    pdf = pdfs.read_pdf(data)
    expected = pdfs.texts_of(version.document)
    assert {OWN_LINE, REWORDED, author.taken} <= set(expected)
    pdfs.assert_in_order(pdfs.body_text(pdf, author.reference), expected)
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Client account manager"
    assert pdfs.language_of(pdf) == "en"
    assert pdfs.is_tagged(pdf)
    texts = pdfs.page_texts(pdf)
    assert len(texts) > 1
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text
        assert "Version 1" in text
        assert "DRAFT" not in text
    whole = " ".join(texts)
    for words in ("$60,000 – $72,000", "$54,840", "Denver", "Relationship manager", "Answer0"):
        assert words in whole


def check_way_back(author, page, url) -> None:
    page.get_by_role("link", name="Job descriptions", exact=True).click()
    author.arrive("Job descriptions")
    row = page.get_by_role("row", name=re.compile("Client account manager"))
    expect(row).to_contain_text(author.reference)
    row.get_by_role("link").first.click()
    author.arrive("Client account manager")
    expect(page.get_by_role("link", name="Compare with version")).to_have_count(0)
    page.goto(url(acting.step_url(author.reference, "responsibilities")))
    card = acting.section(page, "Responsibilities")
    acting.lines(card).first.locator(".line-text").first.fill("Something quite different.")
    acting.expect_saved(page)
    page.goto(url(f"/descriptions/{author.reference}/"))
    expect(page.get_by_role("link", name="Compare with version 1")).to_be_visible()
    page.goto(url(f"/descriptions/{author.reference}/versions/1/"))
    expect(page.locator(".paper")).to_contain_text(REWORDED)
    page.get_by_role("link", name="Restore this version").click()
    author.arrive("Restore the draft from version 1?")
    expect(page.get_by_text("It’s saved as version 2 first, so nothing is lost.")).to_be_visible()
    page.get_by_role("button", name="Restore draft").click()
    author.arrive("Client account manager")
    kept = JobDescription.objects.get().versions.get(number=2)
    assert "Something quite different." in pdfs.texts_of(kept.document)
    page.goto(url(f"/descriptions/{author.reference}/preview/"))
    expect(page.locator(".paper")).to_contain_text(REWORDED)
    expect(page.locator(".paper")).not_to_contain_text("Something quite different.")
    assert Organization.objects.the().name == "Harbor Press"
