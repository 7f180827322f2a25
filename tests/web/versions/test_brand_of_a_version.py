"""A version shows the brand that it was saved with: on its pages and in its files."""

import hashlib
import io
import re
import zipfile

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from roles.exporters import color
from roles.models.organization import Logo
from roles.versions import effective_periods, publication
from tests import builders

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


def logo(fill: str) -> Logo:
    content = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        f'<path fill="{fill}" d="M1 1h7v7z"/></svg>'
    ).encode()
    digest = hashlib.sha256(content).hexdigest()
    return Logo.objects.get_or_create(digest=digest, defaults={"content": content})[0]


# The brands that an organization has one after the other: name, color, logo, paper.
BRANDS = [
    ("Northwind", "#1f4e79", None, "A4"),
    ("Northwind Traders", "#8A1538", "red", "A4"),
    ("Contoso", "#8A1538", "green", "Letter"),
    ("Contoso", "#006644", None, "Letter"),
]
PAPER_WIDTHS = {"A4": 595, "Letter": 612}  # points


def choose(number: int) -> None:
    name, brand_color, fill, paper = BRANDS[number]
    builders.organization(
        name=name, brand_color=brand_color, logo=logo(fill) if fill else None, paper=paper
    )


@pytest.fixture
def client(client_for):
    return client_for("admin")


@pytest.fixture
def jd(client):
    """A job description with a version for each brand. Then the brand changes once more."""
    made = builders.description(client.user)
    for number in range(len(BRANDS)):
        choose(number)
        made = builders.add_line(made, made.sections.all()[1].uid, f"Task {number}.")
        builders.version(made)
        made.refresh_from_db()
    builders.organization(name="Fabrikam", brand_color="#ff00ff", logo=logo("blue"), paper="A4")
    return made


def expect_brand(client, page: str, number: int) -> None:
    """The page has the name or logo of the brand, and its color in the last style sheet."""
    name, brand_color, fill, _paper = BRANDS[number]
    paper = page.partition('<div class="paper"')[2]
    assert (f"/logo/{logo(fill).digest}/" in paper) if fill else ("/logo/" not in paper)
    assert f'data-organization="{name}"' in paper
    assert "Fabrikam" not in paper
    links = re.findall(r'<link rel="stylesheet" href="(/brand[^"]*)"', page)
    styles = client.get(links[-1])
    assert styles.status_code == 200
    rule = re.search(r"^\.paper \{ --jd-accent: (#\w+);", styles.text, re.MULTILINE)
    assert rule
    assert rule[1] == color.readable(brand_color)


@pytest.mark.parametrize("number", range(len(BRANDS)))
class TestPages:
    def test_page_of_the_version(self, client, jd, number):
        url = reverse("version", args=[jd.reference, number + 1])
        expect_brand(client, client.get(url).text, number)

    def test_page_of_a_comparison_has_the_newer_brand(self, client, jd, number):
        url = reverse("compare", args=[jd.reference])
        other = (number + 1) % len(BRANDS)
        page = client.get(f"{url}?from={other + 1}&to={number + 1}").text
        links = re.findall(r'<link rel="stylesheet" href="(/brand[^"]*)"', page)
        assert links[-1] == f"/brand/{BRANDS[number][1][1:].lower()}.css"
        assert f'data-organization="{BRANDS[number][0]}"' in page

    def test_public_page_and_catalog(self, client, jd, number):
        version = jd.versions.get(number=number + 1)
        builders.approved(version)
        today = timezone.localdate()
        effective_periods.make_effective(version=version, by=client.user, since=today)
        publication.publish(
            description=jd, by=client.user, is_public=True, date_posted=None, valid_through=None
        )
        for name in ("public_page", "catalog_job"):
            expect_brand(client, client.get(reverse(name, args=[jd.reference])).text, number)
        public = client.get(reverse("public_page", args=[jd.reference])).text
        assert "/brand.css" not in public  # the whole page has the version's color


@pytest.mark.parametrize("number", range(len(BRANDS)))
class TestFiles:
    def content(self, client, jd, number, form):
        response = client.get(reverse("version_export", args=[jd.reference, number + 1, form]))
        return b"".join(response.streaming_content)

    def test_pdf(self, client, jd, number):
        name, _color, _fill, paper = BRANDS[number]
        pdf = pypdfium2.PdfDocument(self.content(client, jd, number, "pdf"))
        assert round(pdf[0].get_width()) == PAPER_WIDTHS[paper]
        assert pdf.get_metadata_dict()["Author"] == name
        assert "Fabrikam" not in pdf[0].get_textpage().get_text_bounded()

    def test_html(self, client, jd, number):
        name, brand_color, fill, _paper = BRANDS[number]
        text = self.content(client, jd, number, "html").decode()
        assert name in text
        assert "Fabrikam" not in text
        assert color.readable(brand_color) in text
        assert ("data:image/svg" in text) == bool(fill)

    def test_word(self, client, jd, number):
        name, brand_color, _fill, paper = BRANDS[number]
        with zipfile.ZipFile(io.BytesIO(self.content(client, jd, number, "docx"))) as file:
            parts = {part: file.read(part).decode("utf-8", "replace") for part in file.namelist()}
        assert name in parts["docProps/app.xml"]
        assert not [part for part, text in parts.items() if "Fabrikam" in text]
        assert color.readable(brand_color)[1:].upper() in parts["word/theme/theme1.xml"]
        width = {"A4": "11906", "Letter": "12240"}[paper]
        assert f'w:w="{width}"' in parts["word/document.xml"]


def test_the_draft_has_todays_brand(client, jd):
    page = client.get(reverse("preview", args=[jd.reference])).text
    assert "Fabrikam" in page
    assert "/brand.css" in page
    assert "/brand/" not in page


@pytest.mark.parametrize("digits", ["1f4e7", "1F4E79", "zzzzzz", "1f4e79;}"])
def test_other_addresses_are_not_found(client, digits):
    assert client.get(f"/brand/{digits}.css").status_code == 404
