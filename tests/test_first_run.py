"""The first run: the code, what it creates, and who else is kept out."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from roles import first_run
from roles.library import starter
from roles.models import (
    Event,
    JobFamily,
    Organization,
    PayReference,
    SetUpCode,
    Snippet,
    Template,
    User,
)
from tests import builders

pytestmark = pytest.mark.django_db

PASSWORD = "plain words for a start"
FIELDS = {
    "first_name": "Ada",
    "last_name": "Byron",
    "email": "Ada@example.org",
    "username": "ada",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "name": "Northwind",
    "brand_color": "#224466",
    "paper": "Letter",
    "language": "de",
    "families": ["sales"],
}


@pytest.fixture(autouse=True)
def _production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FIRST_RUN = True
    monkeypatch.setattr(first_run, "_has_accounts", False)
    cache.clear()


def submit(**fields: Any) -> Any:
    code = fields.pop("code") if "code" in fields else first_run.new_code()
    return Client().post("/set-up/", FIELDS | {"code": code} | fields)


def nothing_is_set_up() -> bool:
    return not (User.objects.exists() or Snippet.objects.exists() or JobFamily.objects.exists())


@pytest.mark.parametrize("path", ["/", "/descriptions/", "/sign-in/", "/settings/"])
def test_every_page_leads_there(path: str) -> None:
    response = Client().get(path, follow=True)
    assert response.redirect_chain[-1][0] == "/set-up/"
    assert "Set up JD Builder" in response.text


def test_the_code_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "roles"):
        for _ in range(3):
            assert Client().get("/set-up/").status_code == 200
    codes = re.findall(r"with the code ((?:[2-9A-Z]{4}-){3}[2-9A-Z]{4})$", caplog.text, re.M)
    assert len(codes) == 1
    assert codes[0] not in str(SetUpCode.objects.values())
    assert submit(code=codes[0].lower().replace("-", " "))["Location"] == "/settings/"


def test_what_it_creates() -> None:
    client = Client()
    response = client.post("/set-up/", FIELDS | {"code": first_run.new_code()})
    assert response["Location"] == "/settings/"
    assert client.get("/settings/").status_code == 200
    user = User.objects.get()
    assert (user.username, user.email) == ("ada", "ada@example.org")
    assert user.kinds == {"admin"}
    assert user.check_password(PASSWORD)
    organization = Organization.objects.the()
    assert (organization.name, organization.brand_color, organization.paper) == (
        "Northwind",
        "#224466",
        "Letter",
    )
    assert organization.language == "de"
    verbs = list(Event.objects.values_list("verb", flat=True))
    assert verbs == ["library.loaded", "organization.set_up", "account.signed_in"]
    assert not list(Event.objects.broken())


def test_only_the_chosen_families_are_loaded() -> None:
    submit()
    assert list(JobFamily.objects.values_list("code", flat=True)) == ["sales"]
    assert set(Template.objects.values_list("family__code", flat=True)) <= {"sales", None}
    tagged = Snippet.objects.filter(families__isnull=False)
    assert set(tagged.values_list("families__code", flat=True)) == {"sales"}
    assert Snippet.objects.filter(families=None).exists(), "those for all families"
    before = Snippet.objects.count()
    call_command("load_library", stdout=StringIO())
    assert JobFamily.objects.count() == 1, "the choice lasts"
    call_command("load_library", "--all-families", stdout=StringIO())
    assert JobFamily.objects.count() == len(starter.families())
    assert Snippet.objects.count() > before


def test_an_empty_library() -> None:
    submit(families=[])
    for model in (JobFamily, Snippet, Template, PayReference):
        assert not model._default_manager.exists()


def test_all_families_are_everything() -> None:
    submit(families=[code for code, _name in starter.families()])
    counts = [model._default_manager.count() for model in (Snippet, Template, PayReference)]
    Organization.objects.update(starter_families=None)
    assert starter.load().added == 0
    assert [m._default_manager.count() for m in (Snippet, Template, PayReference)] == counts


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"code": "ABCD-EFGH-JKMN-PQRS"}, "incorrect or has expired"),
        ({"code": ""}, "Enter the code."),
        ({"password1": "12345678", "password2": "12345678"}, "too common"),
        ({"password2": "something else"}, "same password each time"),
        ({"username": "a b"}, "Enter a valid username"),
        ({"email": "nonsense"}, "Enter a valid email address"),
        ({"name": ""}, "Enter the name of the organization."),
        ({"brand_color": "red"}, "Enter a color such as #1f4e79."),
        ({"families": ["unknown"]}, "unknown is not one of the available choices"),
        ({"name": "x\x07"}, "U+0007"),
    ],
)
def test_bad_input_changes_nothing(wrong: dict[str, Any], problem: str) -> None:
    response = submit(**wrong)
    assert response.status_code == 422
    assert problem in response.text
    assert 'value="Ada"' in response.text
    assert PASSWORD not in response.text
    assert nothing_is_set_up()
    assert SetUpCode.objects.exists(), "the code can be used again"


def test_an_expired_and_a_replaced_code() -> None:
    code = first_run.new_code()
    SetUpCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "incorrect or has expired" in submit(code=code).text
    first_run.new_code()
    assert "incorrect or has expired" in submit(code=code).text
    assert nothing_is_set_up()


def test_guessing_is_limited() -> None:
    for _ in range(10):
        submit(code="WRONG")
    assert "Too many attempts" in submit().text
    assert nothing_is_set_up()


def test_it_happens_once() -> None:
    code = first_run.new_code()
    assert submit(code=code).status_code == 302
    assert submit(code=code, username="eve", email="eve@example.org").status_code == 404
    assert Client().get("/set-up/").status_code == 404
    assert User.objects.count() == 1
    with pytest.raises(first_run.AlreadySetUp):
        first_run.complete(
            administrator=first_run.FirstAdministrator("eve", "", "", "", PASSWORD),
            name="",
            brand_color="#000000",
            paper="A4",
            language="en",
            families=[],
        )


def test_with_an_account_there_is_nothing_to_set_up() -> None:
    builders.user("employee")
    assert Client().get("/set-up/").status_code == 404
    out = StringIO()
    call_command("set_up", stdout=out)
    assert "Nothing to set up" in out.getvalue()


def test_the_command_prints_a_code() -> None:
    out = StringIO()
    call_command("set_up", stdout=out)
    code = out.getvalue().split()[-1]
    assert submit(code=code)["Location"] == "/settings/"
