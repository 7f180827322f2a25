"""The public page and Verify as a stranger meets them: no account, no script, no complaint."""

import hashlib
import json

import pytest
from playwright.sync_api import expect

from roles.models import JobDescription, Location
from roles.models.organization import Logo
from tests import builders, pdfs
from tests.browser import acting

pytestmark = pytest.mark.browser

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 120 40">'
    b'<path d="M0 0h120v40H0z" fill="#7a1f5c"/></svg>'
)
WIDTHS = (1280, 360)


@pytest.fixture
def version(transactional_db):
    """With a logo, a vacancy, and long words."""
    digest = hashlib.sha256(SVG).hexdigest()
    logo = Logo.objects.create(digest=digest, content=SVG)
    builders.organization(name="Northwind Analytics", brand_color="#7a1f5c", logo=logo)
    jd = builders.description(title="Account manager")
    JobDescription.objects.filter(pk=jd.pk).update(reports_to="Head of sales")
    jd.locations.add(Location.objects.create(city="Denver", region="CO", country="US"))
    builders.add_section(jd, "facts", "At a glance")
    builders.add_line(jd, jd.sections.all()[0].uid, "Rindfleischetikettierung" * 6)
    builders.add_section(jd, "apply", "How to apply", "Write to jobs@example.org.")
    return builders.published(jd)


@pytest.fixture
def is_fine(assert_accessible):
    """Wide and narrow, in light and in dark: axe finds nothing and nothing sticks out."""

    def check(page):
        for width in WIDTHS:
            for scheme in ("dark", "light"):
                acting.look_like(page, scheme=scheme, width=width)
                assert_accessible(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width

    return check


def test_visitor_reads_applies_and_verifies(visitor, version, is_fine):
    page = visitor()
    reference = version.description.reference
    page.goto(f"/jd/{reference}")
    acting.expect_heading(page, "Account manager")
    logo = page.get_by_role("img", name="Northwind Analytics")
    assert logo.evaluate("image => image.complete && image.naturalWidth > 0")
    # Data, not code: the policy lets it stand, and nothing of it runs.
    data = page.locator('script[type="application/ld+json"]')
    assert json.loads(data.text_content() or "")["url"] == page.url
    is_fine(page)

    page.get_by_role("link", name="How to apply").click()
    expect(page.get_by_role("heading", name="How to apply")).to_be_in_viewport()
    files = page.get_by_role("navigation", name="Download")
    pdf = acting.download(page, files.get_by_role("link", name="PDF", exact=True))
    assert version.sha256[:12] in pdfs.page_texts(pdfs.read_pdf(pdf))[0]

    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Download")).to_be_hidden()
    expect(page.get_by_text(f"/verify/{version.sha256[:12]}")).to_be_visible()
    page.emulate_media(media="screen")

    page.get_by_role("link", name="Verify a copy").click()
    expect(page.get_by_role("heading", name=f"{reference} · Version 1")).to_be_visible()
    expect(page.locator(".version-current")).to_be_visible()
    is_fine(page)

    for content, kind in ((pdf, "good"), (pdf + b" ", "warning")):
        copy = {"name": "copy.pdf", "mimeType": "application/pdf", "buffer": content}
        page.get_by_label("File", exact=True).set_input_files(copy)
        page.get_by_role("button", name="Verify file").click()
        expect(page.locator(f".note-{kind}")).to_contain_text("copy.pdf")
        is_fine(page)

    page.complaints.allow("404|422")
    page.get_by_label("Fingerprint").fill("hello")
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(page.get_by_text("only the digits 0–9")).to_be_visible()
    is_fine(page)
    page.get_by_label("Fingerprint").fill("0000 0000 0000")
    page.keyboard.press("Enter")
    expect(page.locator(".note-warning")).to_contain_text("000000000000")
    is_fine(page)
    page.goto("/jd/ZZZ-9999")
    acting.expect_heading(page, "Page not found")
    is_fine(page)
    assert page.context.cookies() == []


def test_it_works_without_scripts(visitor, version):
    page = visitor(java_script_enabled=False)
    page.goto(f"/jd/{version.description.reference}")
    acting.expect_heading(page, "Account manager")
    page.get_by_role("link", name="Verify a copy").click()
    expect(page.locator(".version-current")).to_be_visible()
