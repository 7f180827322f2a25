"""The pages of the organization: overview, name, brand, audiences, prefixes, and statements."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from roles.models import CustomFact, Organization, Snippet
from roles.models.organization import Logo
from roles.web.shared.settings_navigation import SECTIONS
from tests import builders
from tests.html import find, messages
from tests.organization.test_organization_settings import PNG

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for: Any) -> Any:
    return client_for("admin")


def filled(client: Any, address: str) -> dict[str, Any]:
    form = client.get(address).context["form"]
    return {bound.name: bound.value() for bound in form if bound.value() not in (None, False)}


@pytest.mark.slow
def test_every_section_is_linked_and_marked(client: Any) -> None:
    for section in SECTIONS:
        response = client.get(section.url)
        assert response.status_code == 200, section.url
        assert find(response, "a", href=section.url, aria_current="page") or (
            f'href="{section.url}" aria-current="page"' in response.text
        )
        for other in SECTIONS:
            assert f'href="{other.url}"' in response.text


def test_the_overview_says_what_is_missing(client: Any) -> None:
    text = client.get(reverse("settings")).text
    assert text.count("Missing") == 4
    builders.organization(name="Acme", apply_to="jobs@example.org")
    builders.department()
    text = client.get(reverse("settings")).text
    assert text.count("Missing") == 2
    assert "Acme" in text
    assert "1 entry" in text


def test_the_name_and_address_are_saved(client: Any) -> None:
    address = reverse("settings_organization")
    typed = {**filled(client, address), "name": " Acme  Inc. ", "apply_to": "acme.example/jobs"}
    assert client.post(address, typed).status_code == 302
    row = Organization.objects.the()
    assert (row.name, row.apply_to) == ("Acme Inc.", "https://acme.example/jobs")
    assert row.hr_adds_to_lists
    typed = filled(client, address)
    del typed["hr_adds_to_lists"]
    client.post(address, typed)
    assert not Organization.objects.the().hr_adds_to_lists


def test_an_address_that_is_none_is_refused(client: Any) -> None:
    address = reverse("settings_organization")
    response = client.post(address, {**filled(client, address), "apply_to": "by phone"})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"apply_to"}
    assert find(response, "input", name="apply_to", value="by phone")


def test_two_administrators_at_the_same_time(client: Any) -> None:
    address = reverse("settings_organization")
    typed = filled(client, address)
    builders.organization(name="Theirs")
    response = client.post(address, {**typed, "name": "Mine"})
    assert response.status_code == 409
    assert ("Name", "Theirs") in response.context["form"].others
    assert Organization.objects.the().name == "Theirs"


class TestBrand:
    address = "/settings/brand/"

    def test_logo_color_and_paper_are_saved(self, client: Any) -> None:
        upload = SimpleUploadedFile("logo.png", PNG)
        typed = filled(client, self.address) | {"brand_color": "#aa0000", "paper": "Letter"}
        assert client.post(self.address, {**typed, "new_logo": upload}).status_code == 302
        row = Organization.objects.the()
        assert (row.brand_color, row.paper) == ("#aa0000", "Letter")
        assert row.logo_id
        assert reverse("logo", args=[row.logo_id]) in client.get(self.address).text
        typed = filled(client, self.address) | {"removes_logo": "on"}
        client.post(self.address, typed)
        assert Organization.objects.the().logo_id is None

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"not an image", "can’t be printed"),
            (b"\x89PNG" * 200_000, "larger than 512 KB"),
            (b"", "This file is empty"),
        ],
    )
    def test_an_invalid_logo_is_refused(self, client: Any, content: bytes, message: str) -> None:
        upload = SimpleUploadedFile("logo.png", content)
        typed = filled(client, self.address) | {"brand_color": "#aa0000"}
        response = client.post(self.address, {**typed, "new_logo": upload})
        assert response.status_code == 422
        assert message in str(response.context["form"].errors["new_logo"])
        assert find(response, "input", name="brand_color", value="#aa0000")
        assert not Logo.objects.exists()

    @pytest.mark.parametrize("values", [{"brand_color": "red; }"}, {"paper": "A3"}])
    def test_an_invalid_choice_is_refused(self, client: Any, values: dict[str, str]) -> None:
        response = client.post(self.address, filled(client, self.address) | values)
        assert response.status_code == 422
        assert response.context["form"].errors.keys() == values.keys()

    def test_the_sample_follows_what_is_typed(self, client: Any) -> None:
        sample = reverse("settings_brand_sample")
        text = client.get(sample, {"brand_color": "#FFD400", "paper": "Letter"}).text
        assert "/brand/ffd400.css" in text
        assert "settings-paper-letter" in text
        assert "1.4 to 1, below 4.5" in text
        assert "readable" in client.get(sample, {"brand_color": "#000000"}).text
        builders.organization(brand_color="#123456")
        text = client.get(sample, {"brand_color": "red; }", "paper": "moon"}).text
        assert "/brand/123456.css" in text


def test_audiences_are_a_select_for_each_fact(client: Any) -> None:
    CustomFact.objects.create(code="union", label="Union")
    address = reverse("settings_audiences")
    typed = filled(client, address)
    assert typed["pay_grade"] == "restricted"
    assert typed["union"] == "internal"
    client.post(address, typed | {"pay_grade": "internal", "union": "public"})
    assert Organization.objects.the().fact_audiences == {"pay_grade": "internal"}
    assert CustomFact.objects.get().audience == "public"
    response = client.post(address, filled(client, address) | {"union": "everyone"})
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {"union"}
    response = client.post(address, typed)  # from before the first change
    assert response.status_code == 409
    assert response.context["form"].others == [("Pay grade", "Internal"), ("Union", "Public")]


def test_prefixes_are_a_field_for_each_family(client: Any) -> None:
    family = builders.family()
    builders.description()
    address = reverse("settings_prefixes")
    assert "ACC-0001" in client.get(address).text
    typed = filled(client, address)
    response = client.post(address, typed | {"of-": "", f"of-{family.code}": "X1"})
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert errors.keys() == {"of-", f"of-{family.code}"}
    assert "Enter the prefix." in str(errors["of-"])
    client.post(address, typed | {"of-": "gen"})
    assert Organization.objects.the().prefix == "GEN"
    assert client.post(address, typed).status_code == 409


class TestStatements:
    address = "/settings/statements/"

    def test_a_new_statement_is_boilerplate(self, client: Any) -> None:
        add = reverse("settings_statement_add", args=["equal_opportunity"])
        response = client.post(add, {"text": "[Company Name] is fair.\n\nTo all."}, follow=True)
        assert "Statement added." in messages(response)
        snippet = Snippet.objects.statements().get()
        assert (snippet.kind, snippet.category) == ("boilerplate", "equal_opportunity")
        assert snippet.text == "[Company Name] is fair.\n\nTo all."
        assert "is fair." in client.get(self.address).text

    @pytest.mark.parametrize("text", ["", "x" * 10_001, "a\x00b"])
    def test_an_invalid_wording_is_refused(self, client: Any, text: str) -> None:
        add = reverse("settings_statement_add", args=["company"])
        response = client.post(add, {"text": text})
        assert response.status_code == 422
        assert response.context["form"].errors.keys() == {"text"}

    def test_a_snippet_of_the_library_is_chosen_and_removed(self, client: Any) -> None:
        snippet = builders.snippet("We are Acme.", "boilerplate", category="company")
        add = reverse("settings_statement_add", args=["company"])
        address = reverse("settings_statement", args=[snippet.pk])
        assert find(client.get(add), "form", action=address)
        client.post(address, {"use": "yes"})
        assert Snippet.objects.statements().get() == snippet
        assert not find(client.get(add), "form", action=address)
        response = client.post(address, {"use": "no"}, follow=True)
        assert "Statement removed. It stays in the library." in messages(response)
        assert not Snippet.objects.statements().exists()

    def test_another_snippet_is_refused(self, client: Any) -> None:
        snippet = builders.snippet("Excel", "skill", category="tool")
        address = reverse("settings_statement", args=[snippet.pk])
        response = client.post(address, {"use": "yes"}, follow=True)
        assert "Choose active boilerplate of this category." in messages(response)

    def test_an_unknown_category_is_not_found(self, client: Any) -> None:
        for category in ("candidate", "moon"):
            address = reverse("settings_statement_add", args=[category])
            assert client.get(address).status_code == 404
