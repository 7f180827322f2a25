"""Who can store responses: no one what a signed-in person gets, anyone the public pages."""

import pytest
from django.urls import reverse

from tests import builders

pytestmark = pytest.mark.django_db

PAGES = [
    *("home", "descriptions", "description_new", "reviews", "notifications", "catalog", "library"),
    *("templates", "exports", "rollouts", "people", "activity", "levels", "email_preferences"),
]


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_signed_in_people_are_not_stored(client_for, name):
    response = client_for("admin").get(reverse(name))
    assert response.status_code == 200
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("description", []),
        ("description_history", []),
        ("preview", []),
        ("version", [1]),
        ("wizard_step", ["summary"]),
        ("version_export", [1, "txt"]),
        ("version_export", [1, "json"]),
        ("draft_export", ["txt"]),
    ],
)
def test_pages_and_files_of_a_job_description_are_not_stored(client_for, name, arguments):
    client = client_for("hr")
    jd = builders.description(client.user)
    builders.published(jd)
    response = client.get(reverse(name, args=[jd.reference, *arguments]))
    assert response.status_code == 200
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))


@pytest.mark.parametrize("path", ["/nowhere/", "/descriptions/NONE-0001/", "/admin/"])
@pytest.mark.parametrize("kind", ["curator", "admin"])
def test_error_pages_and_the_admin_are_not_stored(client_for, kind, path):
    response = client_for(kind).get(path)
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))


def test_answers_to_forms_are_not_stored(client_for):
    response = client_for("hr").post(reverse("description_new"), {"title": ""})
    assert response.status_code == 422
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))


@pytest.mark.parametrize("path", ["/brand.css", "/robots.txt"])
@pytest.mark.parametrize("kind", ["anonymous", "hr"])
def test_what_public_pages_need_is_stored(client_for, kind, path):
    response = client_for(kind).get(path)
    assert "public" in response["Cache-Control"]
    assert "no-store" not in response["Cache-Control"]


def test_the_page_after_signing_out_asks_for_sign_in(client_for):
    client = client_for("hr")
    client.post(reverse("account_logout"))
    response = client.get(reverse("descriptions"))
    assert response["Location"].startswith("/sign-in/")
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))


def test_an_icon_is_at_the_root_for_pages_without_a_link_to_it(client):
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert response["Location"].endswith("/img/icon.svg")
