"""The home page and the pages around it, for each kind of person."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from roles.models import JobDescription, Snippet
from tests import builders
from tests.browser import acting

pytestmark = pytest.mark.browser

LONG = "W" * 150
LEFTS = "[...document.querySelectorAll('.menu-list')].map(e => e.getBoundingClientRect().left)"
OPEN_ALL = "document.querySelectorAll('main details').forEach(d => d.open = true)"
WINDOWS = (  # 640: 1280 at 200 %
    (1280, "light", "everything"),
    (768, "light", "structure"),
    (640, "light", "structure"),
    (390, "dark", "everything"),
)


@pytest.fixture
def hr(transactional_db):
    return builders.user("hr", first_name="A" * 75, last_name="B" * 75)


@pytest.fixture
def jd(hr):
    """A job description with a version and a later change, due for review; and a long title."""
    jd = builders.description(hr, "Key account manager")
    builders.version(jd, note=LONG)
    summary = jd.sections.get(kind="summary")
    builders.add_line(jd, summary.uid, "For the [Team].", form="paragraph")
    soon = timezone.localdate() + timedelta(days=3)
    JobDescription.objects.filter(pk=jd.pk).update(review_by=soon)
    builders.description(hr, LONG, confidential=True)
    builders.description(title=LONG)
    return jd


@pytest.fixture
def snippets(transactional_db):
    builders.snippet(LONG, status="proposed")
    late = builders.snippet("Write a note each week.")
    builders.snippet("A paragraph. " * 60, kind="boilerplate")
    Snippet.objects.filter(pk=late.pk).update(review_by=timezone.localdate() - timedelta(days=1))
    return list(Snippet.objects.order_by("pk"))


@pytest.fixture
def look(visitor, assert_accessible):
    """Opens each path in every window: axe finds nothing, and nothing is cut off."""

    def do(who, *paths, status=200):
        page = visitor(who)
        if status != 200:
            page.complaints.allow(str(status))
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == status, path
            for width, scheme, about in WINDOWS:
                acting.look_like(page, scheme=scheme, width=width)
                page.evaluate(OPEN_ALL)
                assert_accessible(page, about=about)
                needed = page.evaluate("document.documentElement.scrollWidth")
                assert needed <= width, f"{path} is {needed} pixels wide"
                lefts = page.evaluate(LEFTS)
                assert all(left >= 0 for left in lefts), f"a menu of {path}: {min(lefts)}"
        return page

    return do


def test_an_author_continues_the_last_draft(visitor, hr, jd):
    page = visitor(hr)
    page.goto("/descriptions/")
    page.get_by_role("link", name="JD Builder").click()
    acting.expect_heading(page, "Your work")
    writing = page.get_by_role("region", name="Your job descriptions")
    first = writing.get_by_role("row").filter(has_text="Key account manager")
    expect(first).to_contain_text("Changed since version 1")
    expect(first.get_by_role("cell", name="1", exact=True)).to_be_visible()
    first.get_by_role("link", name="Continue").click()
    acting.expect_heading(page, "Summary")


def test_setting_a_review_date_removes_the_row(visitor, hr, jd):
    page = visitor(hr)
    page.goto("/")
    due = page.get_by_role("region", name="Due for review")
    expect(due).to_contain_text("Due")
    due.get_by_role("link", name="Set review date for Key account manager").click()
    acting.expect_heading(page, "Edit people")
    page.get_by_label("Review date").fill("2099-01-01")
    page.get_by_role("button", name="Save people").click()
    acting.expect_heading(page, "Key account manager")
    page.get_by_role("link", name="JD Builder").click()
    acting.expect_heading(page, "Your work")
    expect(due).to_have_count(0)


def test_the_linked_list_keeps_its_filter(visitor, hr, jd):
    page = visitor(hr)
    page.goto("/")
    page.get_by_role("link", name="All due for review").click()
    acting.expect_heading(page, "Job descriptions")
    expect(page.locator("input[name=review][value=due]")).to_be_attached()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_label("Level", exact=True).select_option(label="Mid level")
    page.wait_for_url("**level=**")
    assert "review=due" in page.url
    page.get_by_role("link", name="Clear").click()
    expect(page.get_by_role("row")).to_have_count(4)


def test_a_curator_activates_a_snippet_and_sets_a_date(visitor, snippets):
    page = visitor("curator")
    page.goto("/")
    page.get_by_role("region", name="Proposed").get_by_role("link", name=LONG).click()
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("link", name="JD Builder").click()
    expect(page.get_by_role("region", name="Proposed")).to_have_count(0)
    page.get_by_role("link", name="Set review date for Write a note each week.").click()
    page.get_by_label("Review date").fill("2099-01-01")
    page.get_by_role("button", name="Save tags").click()
    acting.expect_heading(page, "Write a note each week.")
    page.get_by_role("link", name="JD Builder").click()
    expect(page.get_by_role("region", name="Library")).to_be_visible()


def test_sorting_on_a_phone(visitor, hr, jd):
    page = visitor(hr, viewport={"width": 390, "height": 844})
    page.goto("/descriptions/")
    expect(page.get_by_label("Sort by")).to_be_hidden()
    page.get_by_text("Filter and sort").click()
    page.get_by_label("Sort by").select_option(label="Title, Z to A")
    page.wait_for_url("**sort=-title**")
    expect(page.get_by_role("link", name=LONG).first).to_be_visible()


def test_the_home_page_of_each_kind(look, hr, jd, snippets):
    look(hr, "/")
    look("admin", "/")
    look("curator", "/")
    manager = builders.user("manager")
    for description in JobDescription.objects.all():
        description.hiring_managers.add(manager)
    look(manager, "/")


def test_empty_homes(look, transactional_db):
    for kind in ("hr", "manager", "curator", "admin", "no_group"):
        look(kind, "/")


def test_the_pages_of_job_descriptions(look, hr, jd):
    root = jd.get_absolute_url()
    long = JobDescription.objects.get(owner=hr, title=LONG).get_absolute_url()
    look(
        hr,
        *("/descriptions/", "/descriptions/?review=due", "/descriptions/?q=zebra", root, long),
        *(f"{root}versions/1/", f"{root}people/", f"{root}preview/", f"{long}people/"),
        *(f"{root}archive/", f"{root}delete/", f"{long}delete/", f"{root}versions/1/restore/"),
        *(f"{root}history/", f"{root}history/?on=2020-01-01", f"{root}publish/"),
        *(
            f"{root}versions/1/make-current/",
            "/levels/",
            f"/levels/?jd={jd.reference}&jd=ACC-0002",
        ),
    )


def test_the_pages_of_the_library(look, snippets):
    pages = [f"/library/{one.pk}/{rest}" for one in snippets for rest in ("", "tags/")]
    look("curator", "/library/", "/library/?review=due", "/library/?q=zebra", *pages)


def test_error_pages(look, hr):
    look(None, "/sign-in/", "/sign-in/?next=/library/")
    look(hr, "/descriptions/ZZZ-9999/", status=404)
    look("manager", "/library/", status=403)
