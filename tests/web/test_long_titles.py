"""A title that is too long is kept as typed, with a message, wherever titles are entered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from roles.exporters import document_json
from roles.models import JobDescription, Template
from tests import builders, samples
from tests.html import by_id, find, words
from tests.pages import open_page

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LONG = "Senior manager of " + "x" * 145  # 163 characters
MESSAGE = "Use at most 150 characters. You entered 163."


@pytest.fixture
def client(client_for) -> Any:
    return client_for("admin")


@pytest.fixture
def jd(client) -> JobDescription:
    return builders.description(client.user)


@pytest.mark.both_databases
def test_a_new_job_description(client) -> None:
    page = open_page(client, reverse("description_new"))
    back = page.press("blank", title=LONG, source="blank") if "blank" in page.buttons else None
    if back is None:
        page.data |= {"title": [LONG], "source": ["blank"]}
        back = page.send()
    assert back.response.status_code == 422
    assert MESSAGE in back.text
    assert back.typed("title") == LONG
    assert not JobDescription.objects.exists()


def test_a_copy(client, jd) -> None:
    url = reverse("description_new")
    response = client.post(url, {"title": LONG, "source": f"copy:{jd.reference}"})
    assert response.status_code == 422
    assert MESSAGE in response.text
    assert by_id(response, "id_title").get("value") == LONG
    assert JobDescription.objects.count() == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["title", "reports_to"])
def test_step_1(client, jd, name) -> None:
    page = open_page(client, reverse("wizard_step", args=[jd.reference, "details"]))
    page.data[f"facts-{name}"] = [LONG]
    back = page.press("next")
    assert back.response.status_code == 422
    assert MESSAGE in back.text
    assert back.typed(f"facts-{name}") == LONG
    jd.refresh_from_db()
    assert jd.title == "Account manager"


def test_an_autosave_names_the_field(client, jd) -> None:
    page = open_page(client, reverse("wizard_step", args=[jd.reference, "details"]))
    row = {name: value for name, value in page.data.items() if "facts-" in name}
    sent = {**row, "facts-title": LONG, "action": "autosave", "token": page.data["token"]}
    response = client.post(page.url, sent, headers={"HX-Request": "true"})
    assert response.status_code == 422
    assert 'id="facts-errors"' in response.text
    assert f"Job title: {MESSAGE}" in words(response)
    jd.refresh_from_db()
    assert jd.title == "Account manager"


@pytest.mark.parametrize("name", ["title", "role"])
def test_a_template(client, name) -> None:
    template = builders.template()
    url = reverse("template_edit", args=[template.code])
    page = open_page(client, url)
    page.data[name] = [LONG]
    back = page.send()
    assert back.response.status_code == 422
    assert MESSAGE in back.text
    assert back.typed(name) == LONG
    assert Template.objects.get().title == "Account manager, short"


def test_an_imported_file(client) -> None:
    document = replace(samples.everything(), title=LONG)
    file = SimpleUploadedFile("jd.json", document_json.render(document, samples.draft()))
    response = client.post(reverse("from_file"), {"file": file})
    assert response.status_code == 422
    assert "150 characters" in response.text


def test_a_title_of_150_characters_is_saved(client) -> None:
    url = reverse("description_new")
    assert client.post(url, {"title": LONG[:150], "source": "blank"}).status_code == 302
    assert JobDescription.objects.get().title == LONG[:150]


def test_white_space_around_a_title_does_not_count(client) -> None:
    url = reverse("description_new")
    title = "  " + LONG[:149] + "y  \t "
    assert client.post(url, {"title": title, "source": "blank"}).status_code == 302


@pytest.mark.parametrize("step", ["details", "responsibilities", "pay", "finish"])
def test_no_field_of_the_wizard_cuts_what_is_typed(client, jd, step) -> None:
    response = client.get(reverse("wizard_step", args=[jd.reference, step]))
    inputs = [*find(response, "input", type="text"), *find(response, "textarea")]
    cut = [one.get("name") for one in inputs if one.get("maxlength")]
    assert all("currency" in (name or "") for name in cut)


def test_the_title_field_of_a_new_job_description_does_not_cut(client) -> None:
    response = client.get(reverse("description_new"))
    assert by_id(response, "id_title").get("maxlength") is None
