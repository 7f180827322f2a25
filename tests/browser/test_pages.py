"""Every page for every kind of person, in light and dark: axe finds nothing."""

import pytest
from playwright.sync_api import expect

from roles.models import Snippet
from tests import builders
from tests.browser import acting

pytestmark = pytest.mark.browser


@pytest.fixture
def hr(library):
    return builders.user("hr")


@pytest.fixture
def manager(hr):
    return builders.user("manager")


@pytest.fixture
def jd(hr, manager):
    """A job description with a version, a later change, a blank placeholder, pay and people."""
    jd = builders.description(hr, hiring_managers=(manager,), work_mode="hybrid", weekly_hours=40)
    builders.version(jd)
    snippet = Snippet.objects.filter(kind="responsibility", text__contains="[").first()
    assert snippet is not None
    builders.use(jd, snippet)
    uid = builders.add_section(jd, "pay", "Pay", "It depends on the place.")
    builders.add_section(jd, "facts", "At a glance")
    builders.add_section(jd, "faq", "Questions", "Is there coffee?")
    assert uid
    return jd


@pytest.fixture
def look(visitor, is_fine):
    """Opens each path as that person and runs axe. Returns the page, at the last path."""

    def do(who, *paths, status=200):
        page = visitor(who)
        for path in paths:
            response = page.goto(path)
            assert response is not None
            if status != 200:
                page.complaints.allow(f"{status}")
            assert response.status == status, path
            expect(page.locator("main h1").first).to_be_attached()
            assert page.title().endswith("JD Builder"), path
            is_fine(page)
        return page

    return do


def is_dark(page) -> bool:
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in color[4:-1].split(",")) < 200


def test_signing_in(look, jd, is_fine):
    page = look(None, "/sign-in/")
    for scheme in ("dark", "light"):
        acting.look_like(page, scheme=scheme)
        assert is_dark(page) == (scheme == "dark")
    acting.sign_in_by_form(page, "unknown", "wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    is_fine(page)


def test_pages_of_hr(look, hr, jd):
    root = f"/descriptions/{jd.reference}/"
    look(
        hr,
        *("/descriptions/", "/descriptions/?q=nothing-like-it", "/descriptions/?sort=title"),
        *("/descriptions/new/", "/descriptions/new/?title=Account+manager", root),
        *("/descriptions/new/?q=nothing+like+it&find=nothing", "/descriptions/new/?source=moon"),
        *("/templates/", "/templates/account-manager-mid/", "/templates/account-manager-mid/edit/"),
        *("/templates/account-manager-mid/sections/", "/library/new-template/"),
        f"{root}template/",
        *(f"{root}people/", f"{root}archive/", f"{root}delete/"),
        *(f"{root}preview/", f"{root}preview/?audience=public"),
        *(f"{root}versions/1/", f"{root}versions/1/restore/"),
        f"{root}pick/{jd.sections.get(kind='responsibilities').uid}/?q=renewal",
        f"{root}pick/{jd.sections.get(kind='responsibilities').uid}/?q=nothinglikeit",
    )


def test_the_wizard(look, hr, jd, is_fine):
    for slug, title in acting.STEPS:
        page = look(hr, acting.step_url(jd.reference, slug))
        acting.expect_heading(page, title)
        page.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
        searches = page.locator(".picked")
        if searches.count():
            expect(searches.first.locator("li, p").first).to_be_visible()
        is_fine(page)


def test_a_draft_without_a_version(look, hr):
    jd = builders.description(hr)
    page = look(hr, f"/descriptions/{jd.reference}/", f"/descriptions/{jd.reference}/delete/")
    page.get_by_role("button", name="Delete draft").click()
    acting.expect_heading(page, "Your work")


def test_an_archived_job_description(look, hr, jd):
    root = f"/descriptions/{jd.reference}/"
    page = look(hr, f"{root}archive/")
    page.get_by_role("button", name="Archive").click()
    expect(page.get_by_text("Archived").first).to_be_visible()
    look(hr, root, f"{root}archive/", f"{root}versions/1/")


def test_empty_lists(look, transactional_db):
    look("hr", "/descriptions/", "/library/")
    look("manager", "/descriptions/")
    look("curator", "/library/")
    look("no_group", "/")


def test_open_menus(look, hr, jd, is_fine):
    page = look(hr, f"/descriptions/{jd.reference}/")
    for menu in page.locator("details.menu > summary").all():
        menu.click()
        is_fine(page)
        page.keyboard.press("Escape")
        expect(page.locator("details.menu[open]")).to_have_count(0)


def test_pages_of_a_curator(look, library):
    snippet = Snippet.objects.filter(kind="responsibility").first()
    assert snippet is not None
    look(
        "curator",
        *("/library/", "/library/?q=renewal", "/library/?q=nothinglikeit", "/library/?kind=skill"),
        *("/library/?page=last&sort=text", "/library/new/"),
        *(f"/library/{snippet.pk}/{page}" for page in ("", "revise/", "tags/")),
    )


def test_errors_of_a_curator_stay_on_the_page(look, library, is_fine):
    page = look("curator", "/library/new/")
    page.complaints.allow("422")
    page.locator("form.form-stack").evaluate("form => { form.noValidate = true }")
    page.get_by_role("button", name="Add snippet").click()
    expect(page.locator(".invalid-feedback, .field-errors").first).to_be_visible()
    is_fine(page)


def test_pages_of_a_hiring_manager_are_read_only(look, manager, jd):
    root = f"/descriptions/{jd.reference}/"
    for path in ("/descriptions/", root, f"{root}preview/", f"{root}versions/1/"):
        page = look(manager, path)
        main = page.locator("main")
        expect(main.get_by_role("link", name="Edit", exact=True)).to_have_count(0)
        for name in ("New job description", "Restore this version", "Edit people"):
            expect(main.get_by_role("link", name=name)).to_have_count(0)
        expect(main.locator("form[method=post]")).to_have_count(0)


def test_access_denied(look, manager, jd):
    root = f"/descriptions/{jd.reference}/"
    page = look(manager, f"{root}edit/details/", f"{root}people/", "/library/", status=403)
    expect(page.get_by_role("link", name="Go to home page")).to_be_visible()


def test_page_not_found(look, jd):
    look("manager", f"/descriptions/{jd.reference}/", "/nowhere/", status=404)
    look("hr", "/descriptions/ZZZ-9999/", f"/descriptions/{jd.reference}/versions/9/", status=404)


def test_changed_while_editing(visitor, hr, jd, is_fine):
    """The 409 pages outside the wizard: restoring, and revising a snippet."""
    page = visitor(hr)
    page.complaints.allow("409")
    page.goto(f"/descriptions/{jd.reference}/versions/1/restore/")
    builders.add_line(jd, jd.sections.get(kind="responsibilities").uid, "Added by someone else.")
    page.get_by_role("button", name="Restore draft").click()
    expect(page.get_by_role("alert")).to_be_visible()
    is_fine(page)

    curator = visitor("curator")
    curator.complaints.allow("409")
    snippet = builders.snippet("Before anyone changed it.")
    curator.goto(f"/library/{snippet.pk}/revise/")
    from roles import library

    library.revise(
        snippet=snippet, text="Theirs.", detail="", note="", by=builders.user("curator"), based_on=1
    )
    curator.get_by_role("textbox", name="Wording").fill("Mine.")
    curator.get_by_role("button", name="Save revision").click()
    acting.expect_heading(curator, "This snippet changed while you were editing")
    expect(curator.get_by_text("Theirs.")).to_be_visible()
    expect(curator.get_by_role("textbox", name="Wording")).to_have_value("Mine.")
    is_fine(curator)
