"""Rules for every page: sign-in, error pages, the security policy, no inline code."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tests import builders
from tests.html import find, messages

# webpage.html is an exported file with its style sheet, never a response.
TEMPLATES = sorted(
    path
    for path in (settings.BASE_DIR / "templates").rglob("*.html")
    if path.name != "webpage.html"
)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|\shx-on|javascript:", re.IGNORECASE
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_inline_scripts_or_styles(path: Path):
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", path.read_text(), flags=re.S)
    assert not INLINE.findall(text)


class TestPolicy:
    @pytest.mark.django_db
    @pytest.mark.parametrize(
        "path",
        ["/sign-in/", "/nowhere/", "/brand.css", "/descriptions/", "/healthz", "/library/"],
    )
    def test_every_response_has_it(self, client_for, path):
        for client in (client_for("anonymous"), client_for("hr")):
            policy = client.get(path)["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy


@pytest.mark.django_db
class TestSignIn:
    def test_sign_in_redirects_to_the_requested_page(self, client):
        account = builders.user("hr", username="ada")
        response = client.get("/descriptions/?q=sales")
        page = client.get(response["Location"])
        assert find(page, "input", name="next", value="/descriptions/?q=sales")
        after = client.post(
            "/sign-in/",
            {
                "login": account.username,
                "password": builders.PASSWORD,
                "next": "/descriptions/?q=sales",
            },
        )
        assert after["Location"] == "/descriptions/?q=sales"

    def test_a_form_posted_without_sign_in_is_carried_along(self, client):
        response = client.post("/descriptions/new/", {"title": "Account Manager"})
        assert response.status_code == 401
        assert 'for="id_login"' in response.text
        assert "carried-csrfmiddlewaretoken" not in response.text
        assert 'name="carried-title"' in response.text

    def test_sign_in_does_not_redirect_to_other_sites(self, client):
        builders.user("hr", username="ada")
        data = {"login": "ada", "password": builders.PASSWORD, "next": "https://evil.example/"}
        assert client.post("/sign-in/", data)["Location"] == "/"

    def test_a_wrong_password_keeps_the_username_and_target(self, client):
        data = {"login": "ada", "password": "hunter22", "next": "/library/"}
        text = client.post("/sign-in/", data).text
        assert 'value="ada"' in text
        assert 'value="/library/"' in text
        assert "hunter22" not in text
        assert 'role="alert"' in text

    @pytest.mark.parametrize("name", ["", "a\x00b", "x" * 500])
    def test_invalid_usernames_show_the_form(self, client, name):
        response = client.post("/sign-in/", {"login": name, "password": "x"})
        assert response.status_code == 200

    def test_signing_out_needs_a_post(self, client_for):
        client = client_for("hr")
        assert "Sign out?" in client.get("/sign-out/").text
        assert client.get("/account/").status_code == 200
        assert client.post("/sign-out/")["Location"] == "/sign-in/"


@pytest.mark.django_db
class TestErrorPages:
    def test_not_found(self, client_for):
        for kind in ("anonymous", "hr"):
            response = client_for(kind).get("/nowhere/")
            assert response.status_code == 404
            assert "Page not found" in response.text

    def test_not_allowed(self, client_for):
        response = client_for("curator").get("/descriptions/")
        assert response.status_code == 403
        assert "You don’t have access to do this" in response.text

    def test_a_form_from_an_older_session(self, client_for):
        account = builders.user("hr")
        client = Client(enforce_csrf_checks=True)
        client.force_login(account)
        response = client.post("/sign-out/")
        assert response.status_code == 403
        assert "This form has expired" in response.text

    def test_a_request_that_is_too_large(self, client_for, settings):
        settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
        client, jd = client_for("hr"), builders.description()
        data = {f"field{number}": "x" for number in range(20)}
        response = client.post(reverse("description_people", args=[jd.reference]), data)
        assert response.status_code == 400
        assert "couldn’t process this request" in response.text


class TestServerError:
    def test_the_page_needs_neither_request_nor_database(self):
        # No django_db mark: touching the database would fail the test.
        text = render_to_string("500.html")
        assert "Something went wrong" in text
        assert "brand.css" not in text

    @pytest.mark.django_db
    def test_a_failing_view_returns_it(self, client_for, monkeypatch):
        client = client_for("hr")
        client.raise_request_exception = False
        monkeypatch.setattr("roles.web.descriptions.description_page.PAGE_SIZE", None)
        response = client.get("/descriptions/")
        assert response.status_code == 500
        assert "Something went wrong" in response.text
        assert "Content-Security-Policy" in response


@pytest.mark.django_db
class TestHeader:
    @pytest.mark.parametrize(
        ("kind", "shown"),
        [
            ("hr", {"Job descriptions", "Catalog", "Library"}),
            ("manager", {"Job descriptions", "Catalog"}),
            ("curator", {"Catalog", "Library"}),
            ("employee", {"Catalog"}),
            ("no_group", set()),
            ("admin", {"Job descriptions", "Catalog", "Library", "Settings"}),
        ],
    )
    def test_the_menu_depends_on_permissions(self, client_for, kind, shown):
        text = client_for(kind).get("/nowhere/").text
        for words in ("Job descriptions", "Catalog", "Library", "Settings"):
            assert (f">{words}</a>" in text) == (words in shown), words

    def test_messages_are_in_a_live_region(self, client_for):
        client, jd = client_for("hr"), builders.description()
        response = client.post(
            reverse("description_archive", args=[jd.reference]),
            {"action": "archive"},
            follow=True,
        )
        assert find(response, id="messages", role="status")
        assert messages(response)


class TestMainMenu:
    @pytest.mark.parametrize(
        ("page", "marked"),
        [
            ("/descriptions/", ("page", "descriptions")),
            ("/descriptions/new/", ("true", "descriptions")),
            ("/levels/", ("true", "descriptions")),
            ("/exports/", ("true", "descriptions")),
            ("/exports/new/", ("true", "descriptions")),
            ("/catalog/", ("page", "catalog")),
            ("/library/", ("page", "library")),
            ("/", None),
        ],
    )
    def test_the_current_page_is_marked(self, client_for, page, marked):
        text = client_for("hr").get(page).text
        menu = text[text.index('<nav aria-label="Main menu">') : text.index("</nav>")]
        current_links = re.findall(r'href="/(\w+)/" aria-current="(\w+)"', menu)
        assert current_links == ([marked[::-1]] if marked else [])
