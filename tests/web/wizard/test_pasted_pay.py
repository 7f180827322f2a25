"""Pay ranges in a list that is pasted into a pay section."""

from decimal import Decimal

import pytest
from django.urls import reverse

from roles.models import JobDescription
from roles.web.wizard import pasted_pay
from tests import builders
from tests.pages import read_page

LEVELS = ["Senior level", "Senior"]


def stated(text, detail=""):
    """What is stated, in one line."""
    found = pasted_pay.values(text, detail, LEVELS)
    if found is None:
        return None
    names = ("location", "level", "minimum", "maximum", "currency", "period")
    return " ".join(str(found[name]) for name in names if found[name] not in ("", None))


@pytest.mark.parametrize(
    ("text", "detail", "expected"),
    [
        ("Berlin", "€60,000 – €70,000", "Berlin 60000 70000 EUR year"),
        ("Munich: €65k–75k", "", "Munich 65000 75000 EUR year"),
        ("Köln – 60.000 € bis 70.000 €", "", "Köln 60000 70000 EUR year"),
        ("Denver, CO $25 an hour", "", "Denver, CO 25 25 USD hour"),
        ("New York, NY (US$72,000–$90,000)", "", "New York, NY 72000 90000 USD year"),
        ("Senior", "$90k–$120k", "Senior 90000 120000 USD year"),
        ("senior level: 90,000-120,000", "", "senior level 90000 120000 USD year"),
        ("Remote: up to £50,000 per year", "", "Remote 50000 GBP year"),
        ("Paris", "45 000 € par an", "Paris 45000 45000 EUR year"),
        ("Pune: ₹12,00,000–₹18,00,000", "", "Pune 1200000 1800000 INR year"),
        ("Zürich", "CHF 5'000 per month", "Zürich 5000 5000 CHF month"),
        ("Oslo: 50000-60000", "", "Oslo 50000 60000 USD year"),
        ("€65,000", "", "65000 65000 EUR year"),
        ("Pay is competitive", "", None),
        ("Bonus of 10%", "", None),
        ("We have 12 holidays", "", None),
        ("Since 2024", "", None),
        ("Team", "12", None),
        ("London £45,000 + bonus", "", None),
        ("Ghent", "€70,000 – €60,000", None),
        ("Lyon", "ABC 45,000", None),
    ],
)
@pytest.mark.django_db
def test_lines(text, detail, expected):
    assert stated(text, detail) == expected


@pytest.fixture
def client(client_for):
    return client_for("hr")


@pytest.fixture
def jd(client):
    return builders.description(client.user)


def paste(client, jd, text, section):
    """The page of the pay step with the lines of a pasted list."""
    response = client.post(
        reverse("wizard_paste", args=[jd.reference, section.uid]), {"text": text}
    )
    return read_page(client, reverse("wizard_step", args=[jd.reference, "pay"]), response)


@pytest.mark.django_db
class TestPaste:
    LIST = "Denver\t$60,000 – $70,000\nBerlin\t€55k–65k\nPay depends on experience."

    @pytest.fixture
    def section(self, jd):
        uid = builders.add_section(jd, "pay", "Pay")
        return jd.sections.get(uid=uid)

    def ranges(self, jd):
        rows = JobDescription.objects.get(pk=jd.pk).sections.get(kind="pay").pay_ranges.all()
        return [(row.location, row.minimum, row.currency) for row in rows]

    def test_places_with_amounts_become_ranges(self, client, jd, section):
        paste(client, jd, self.LIST, section).press(f"lines-add:{section.uid}")
        assert self.ranges(jd) == [
            ("Denver", Decimal(60000), "USD"),
            ("Berlin", Decimal(55000), "EUR"),
        ]
        assert [line.text for line in section.lines.all()] == ["Pay depends on experience."]

    def test_as_lines_where_its_checkbox_is_cleared(self, client, jd, section):
        page = paste(client, jd, self.LIST, section)
        del page.data[f"entry-{section.uid}-0-pay"]
        page.press(f"lines-add:{section.uid}")
        assert [location for location, *_rest in self.ranges(jd)] == ["Berlin"]
        texts = [(line.text, line.detail) for line in section.lines.all()]
        assert texts[0] == ("Denver", "$60,000 – $70,000")

    def test_amounts_edited_to_something_else_are_refused(self, client, jd, section):
        page = paste(client, jd, self.LIST, section)
        page.data[f"entry-{section.uid}-0-detail"] = ["a lot"]
        refused = page.press(f"lines-add:{section.uid}")
        assert refused.response.status_code == 422
        assert refused.data[f"entry-{section.uid}-0-detail"] == ["a lot"]
        assert self.ranges(jd) == []

    def test_other_sections_have_lines(self, client, jd):
        section = jd.sections.get(kind="responsibilities")
        paste(client, jd, self.LIST, section).press(f"lines-add:{section.uid}")
        assert section.lines.filter(text="Denver").exists()
