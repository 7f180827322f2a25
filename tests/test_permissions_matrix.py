"""Every URL, every method, every kind of person, against a table written by hand.

The URLs come from the URL configuration: one without a row here fails, and so does a row
without a URL. What a person sees on an allowed page is for the tests of that page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from roles import exporters
from roles.bulk import asking, working
from roles.models import JobDescription, User
from roles.models.organisation import Logo
from tests import builders, rows

pytestmark = pytest.mark.django_db

# anonymous: not signed in. hr: HR without limits. other_hr: HR of another department than the
# job description's. owner: HR, owns it. named: hiring manager named by it. manager: one who is
# not. curator, admin, nobody (no group): no relation to it.
PEOPLE = ("anonymous", "hr", "other_hr", "owner", "named", "manager", "curator", "admin", "nobody")
METHODS = ("GET", "POST", "PUT")

# ok: allowed (the page, a redirect within the product, or a message about bad input).
# in: sent to sign in (401 where something was typed). 403: seen, not allowed. 404: hidden.
# 405: the method is refused.
TABLE = """
                    method  anonymous hr   other_hr owner named manager curator admin nobody
healthz             GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
healthz             POST    405       405  405      405   405   405     405     405   405
healthz             PUT     405       405  405      405   405   405     405     405   405
sign_in             GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
sign_in             POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
sign_in             PUT     ok        ok   ok       ok    ok    ok      ok      ok    ok
sign_out            GET     in        405  405      405   405   405     405     405   405
sign_out            POST    in        ok   ok       ok    ok    ok      ok      ok    ok
sign_out            PUT     in        405  405      405   405   405     405     405   405
brand_css           GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
brand_css           POST    405       405  405      405   405   405     405     405   405
brand_css           PUT     405       405  405      405   405   405     405     405   405
home                GET     in        ok   ok       ok    ok    ok      ok      ok    ok
home                POST    in        405  405      405   405   405     405     405   405
home                PUT     in        405  405      405   405   405     405     405   405
logo                GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
logo                POST    405       405  405      405   405   405     405     405   405
logo                PUT     405       405  405      405   405   405     405     405   405
public_page         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
public_page         POST    405       405  405      405   405   405     405     405   405
public_page         PUT     405       405  405      405   405   405     405     405   405
public_file         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
public_file         POST    405       405  405      405   405   405     405     405   405
public_file         PUT     405       405  405      405   405   405     405     405   405
robots              GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
robots              POST    405       405  405      405   405   405     405     405   405
robots              PUT     405       405  405      405   405   405     405     405   405
verify              GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
verify              POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
verify              PUT     405       405  405      405   405   405     405     405   405
verify_copy         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
verify_copy         POST    405       405  405      405   405   405     405     405   405
verify_copy         PUT     405       405  405      405   405   405     405     405   405
descriptions        GET     in        ok   ok       ok    ok    ok      403     ok    403
descriptions        POST    in        405  405      405   405   405     405     405   405
descriptions        PUT     in        405  405      405   405   405     405     405   405
description_new     GET     in        ok   ok       ok    403   403     403     ok    403
description_new     POST    in        ok   ok       ok    403   403     403     ok    403
description_new     PUT     in        405  405      405   405   405     405     405   405
from_file           GET     in        ok   ok       ok    403   403     403     ok    403
from_file           POST    in        ok   ok       ok    403   403     403     ok    403
from_file           PUT     in        405  405      405   405   405     405     405   405
description         GET     in        ok   404      ok    ok    404     404     ok    404
description         POST    in        405  405      405   405   405     405     405   405
description         PUT     in        405  405      405   405   405     405     405   405
description_archive GET     in        ok   404      ok    403   404     404     ok    404
description_archive POST    in        ok   404      ok    403   404     404     ok    404
description_archive PUT     in        405  405      405   405   405     405     405   405
description_delete  GET     in        ok   404      ok    403   404     404     ok    404
description_delete  POST    in        ok   404      ok    403   404     404     ok    404
description_delete  PUT     in        405  405      405   405   405     405     405   405
description_people  GET     in        ok   404      ok    403   404     404     ok    404
description_people  POST    in        ok   404      ok    403   404     404     ok    404
description_people  PUT     in        405  405      405   405   405     405     405   405
description_publish GET     in        403  404      ok    403   404     404     ok    404
description_publish POST    in        403  404      ok    403   404     404     ok    404
description_publish PUT     in        405  405      405   405   405     405     405   405
description_history GET     in        ok   404      ok    ok    404     404     ok    404
description_history POST    in        405  405      405   405   405     405     405   405
description_history PUT     in        405  405      405   405   405     405     405   405
wizard_step         GET     in        ok   404      ok    403   404     404     ok    404
wizard_step         POST    in        ok   404      ok    403   404     404     ok    404
wizard_step         PUT     in        405  405      405   405   405     405     405   405
wizard_pick         GET     in        ok   404      ok    403   404     404     ok    404
wizard_pick         POST    in        405  405      405   405   405     405     405   405
wizard_pick         PUT     in        405  405      405   405   405     405     405   405
wizard_paste        GET     in        ok   404      ok    403   404     404     ok    404
wizard_paste        POST    in        ok   404      ok    403   404     404     ok    404
wizard_paste        PUT     in        405  405      405   405   405     405     405   405
wizard_line         GET     in        ok   404      ok    403   404     404     ok    404
wizard_line         POST    in        405  405      405   405   405     405     405   405
wizard_line         PUT     in        405  405      405   405   405     405     405   405
wizard_placeholders GET     in        ok   404      ok    403   404     404     ok    404
wizard_placeholders POST    in        405  405      405   405   405     405     405   405
wizard_placeholders PUT     in        405  405      405   405   405     405     405   405
description_template GET    in        ok   404      ok    403   404     404     ok    404
description_template POST   in        ok   404      ok    403   404     404     ok    404
description_template PUT    in        405  405      405   405   405     405     405   405
wizard_pay_chart    GET     in        ok   404      ok    403   404     404     ok    404
wizard_pay_chart    POST    in        405  405      405   405   405     405     405   405
wizard_pay_chart    PUT     in        405  405      405   405   405     405     405   405
preview             GET     in        ok   404      ok    ok    404     404     ok    404
preview             POST    in        405  405      405   405   405     405     405   405
preview             PUT     in        405  405      405   405   405     405     405   405
draft_export        GET     in        ok   404      ok    ok    404     404     ok    404
draft_export        POST    in        405  405      405   405   405     405     405   405
draft_export        PUT     in        405  405      405   405   405     405     405   405
version             GET     in        ok   404      ok    ok    404     404     ok    404
version             POST    in        405  405      405   405   405     405     405   405
version             PUT     in        405  405      405   405   405     405     405   405
version_restore     GET     in        ok   404      ok    403   404     404     ok    404
version_restore     POST    in        ok   404      ok    403   404     404     ok    404
version_restore     PUT     in        405  405      405   405   405     405     405   405
version_effective   GET     in        403  404      ok    403   404     404     ok    404
version_effective   POST    in        403  404      ok    403   404     404     ok    404
version_effective   PUT     in        405  405      405   405   405     405     405   405
compare             GET     in        ok   404      ok    ok    404     404     ok    404
compare             POST    in        405  405      405   405   405     405     405   405
compare             PUT     in        405  405      405   405   405     405     405   405
compare_export      GET     in        ok   404      ok    ok    404     404     ok    404
compare_export      POST    in        405  405      405   405   405     405     405   405
compare_export      PUT     in        405  405      405   405   405     405     405   405
version_export      GET     in        ok   404      ok    ok    404     404     ok    404
version_export      POST    in        405  405      405   405   405     405     405   405
version_export      PUT     in        405  405      405   405   405     405     405   405
ladder              GET     in        ok   ok       ok    ok    ok      403     ok    403
ladder              POST    in        405  405      405   405   405     405     405   405
ladder              PUT     in        405  405      405   405   405     405     405   405
library             GET     in        ok   ok       ok    403   403     ok      ok    403
library             POST    in        405  405      405   405   405     405     405   405
library             PUT     in        405  405      405   405   405     405     405   405
snippet_new         GET     in        403  403      403   403   403     ok      ok    403
snippet_new         POST    in        403  403      403   403   403     ok      ok    403
snippet_new         PUT     in        405  405      405   405   405     405     405   405
snippet             GET     in        ok   ok       ok    403   403     ok      ok    403
snippet             POST    in        405  405      405   405   405     405     405   405
snippet             PUT     in        405  405      405   405   405     405     405   405
snippet_revise      GET     in        403  403      403   403   403     ok      ok    403
snippet_revise      POST    in        403  403      403   403   403     ok      ok    403
snippet_revise      PUT     in        405  405      405   405   405     405     405   405
snippet_tags        GET     in        403  403      403   403   403     ok      ok    403
snippet_tags        POST    in        403  403      403   403   403     ok      ok    403
snippet_tags        PUT     in        405  405      405   405   405     405     405   405
snippet_status      GET     in        405  405      405   405   405     405     405   405
snippet_status      POST    in        403  403      403   403   403     ok      ok    403
snippet_status      PUT     in        405  405      405   405   405     405     405   405
templates           GET     in        ok   ok       ok    403   403     ok      ok    403
templates           POST    in        405  405      405   405   405     405     405   405
templates           PUT     in        405  405      405   405   405     405     405   405
template            GET     in        ok   ok       ok    403   403     ok      ok    403
template            POST    in        405  405      405   405   405     405     405   405
template            PUT     in        405  405      405   405   405     405     405   405
template_picture    GET     in        ok   ok       ok    403   403     ok      ok    403
template_picture    POST    in        405  405      405   405   405     405     405   405
template_picture    PUT     in        405  405      405   405   405     405     405   405
template_edit       GET     in        ok   ok       ok    403   403     ok      ok    403
template_edit       POST    in        ok   ok       ok    403   403     ok      ok    403
template_edit       PUT     in        405  405      405   405   405     405     405   405
template_status     GET     in        405  405      405   405   405     405     405   405
template_status     POST    in        ok   ok       ok    403   403     ok      ok    403
template_status     PUT     in        405  405      405   405   405     405     405   405
exports             GET     in        ok   ok       ok    ok    ok      403     ok    403
exports             POST    in        405  405      405   405   405     405     405   405
exports             PUT     in        405  405      405   405   405     405     405   405
export_new          GET     in        ok   ok       ok    ok    ok      403     ok    403
export_new          POST    in        ok   ok       ok    ok    ok      403     ok    403
export_new          PUT     in        405  405      405   405   405     405     405   405
export              GET     in        404  404      ok    404   404     404     ok    404
export              POST    in        404  404      ok    404   404     404     ok    404
export              PUT     in        405  405      405   405   405     405     405   405
export_file         GET     in        404  404      ok    404   404     404     ok    404
export_file         POST    in        405  405      405   405   405     405     405   405
export_file         PUT     in        405  405      405   405   405     405     405   405
"""


def _expected() -> dict[tuple[str, str], dict[str, str]]:
    """The table by URL name and method: person to answer."""
    head, *rows = [row.split() for row in TABLE.strip().splitlines()]
    assert head == ["method", *PEOPLE]
    return {(name, method): dict(zip(PEOPLE, cells, strict=True)) for name, method, *cells in rows}


EXPECTED = _expected()
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
NAMES = sorted({name for name, _method in EXPECTED})
OF_ONE = [  # the URLs of one job description
    *("description", "description_archive", "description_delete", "description_people"),
    *("wizard_step", "wizard_pick", "preview", "draft_export", "description_template"),
    *("wizard_pay_chart", "wizard_paste", "wizard_line", "wizard_placeholders"),
    *("version", "version_restore", "version_export", "version_effective", "description_publish"),
    *("description_history", "compare", "compare_export"),
]


def _named_urls(found: list[URLPattern | URLResolver]) -> Iterator[str | None]:
    """The names of all URLs but the admin's, which is one prefix."""
    for one in found:
        if isinstance(one, URLResolver):
            if one.app_name != "admin":
                yield from _named_urls(one.url_patterns)
        else:
            yield one.name


@dataclass
class World:
    """A job description of the department Sales, and someone of each kind."""

    people: dict[str, User]
    arguments: dict[str, Any]

    def client(self, who: str) -> Client:
        client = Client()
        if who != "anonymous":
            client.force_login(self.people[who])
        return client

    def url(self, name: str) -> str:
        """The URL of that name, with the arguments that it takes."""
        asked = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
        return reverse(name, kwargs={argument: self.arguments[argument] for argument in asked})


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, _made: tuple[World, rows.Rows]) -> World:
    """The same for every test: made once, and put into the database of each."""
    _render_little(monkeypatch)
    rows.put(connection, _made[1])
    return _made[0]


@pytest.fixture(scope="module")
def _made(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[World, rows.Rows]:
    made: list[World] = []
    media = str(tmp_path_factory.getbasetemp() / "media")
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(MEDIA_ROOT=media),
        django_db_blocker.unblock(),
    ):
        _render_little(patch)
        written = rows.written_by(connection, lambda: made.append(_world()))
    return made[0], written


def _render_little(monkeypatch: pytest.MonkeyPatch) -> None:
    text = builders.format(lambda _document, _edition: b"text")
    monkeypatch.setitem(exporters.FORMATS, "txt", text)  # a PDF takes time and adds nothing
    redline = builders.format(lambda _found, _old, _new: b"text")
    monkeypatch.setitem(exporters.REDLINES, "txt", redline)


def _world() -> World:
    kinds = {"named": "manager", "owner": "hr", "other_hr": "hr"}
    people = {who: builders.user(kinds.get(who, who)) for who in PEOPLE[1:]}
    people["other_hr"].departments.add(builders.department("Legal"))
    made = builders.description(
        people["owner"], named=(people["named"],), department=builders.department("Sales")
    )
    version = builders.published(made)
    logo = Logo.objects.create(digest="ab12", content=LOGO)
    export = asking.ask(by=people["owner"], references=[made.reference], formats=["txt"])
    working.work(export.pk)
    arguments = {
        "reference": made.reference,
        "step": "responsibilities",
        "section": made.sections.all()[0].uid,
        "uid": made.lines.all()[0].uid,
        "pay": builders.add_section(made, "pay", "Pay"),
        "format": "txt",
        "number": 1,
        "pk": builders.snippet(by=people["curator"]).pk,
        "digest": logo.digest,
        "export": export.pk,
        "digits": version.sha256,
        "code": builders.template("Field sales manager").code,
    }
    return World(people, arguments)


def answer(response: Any) -> str:
    """A response as the table calls it."""
    if response.status_code == 401 or "/sign-in/?next=" in response.headers.get("Location", ""):
        return "in"
    if response.status_code in (200, 302, 409, 422):
        return "ok"
    return str(response.status_code)


def test_every_url_has_its_rows_and_every_row_its_url() -> None:
    """A new URL needs three lines in the table."""
    found = sorted(str(name) for name in _named_urls(get_resolver().url_patterns))
    assert found == NAMES
    assert set(EXPECTED) == {(name, method) for name in NAMES for method in METHODS}


@pytest.mark.parametrize("name", NAMES)
def test_who_may(name: str, world: World) -> None:
    """Each method of this URL for each kind of person; what a request did is taken back."""
    url = world.url(name)
    for method in METHODS:
        got = {}
        for who in PEOPLE:
            client = world.client(who)
            with transaction.atomic():
                got[who] = answer(client.generic(method, url))
                transaction.set_rollback(True)
        assert got == EXPECTED[name, method], method


@pytest.mark.parametrize("name", OF_ONE)
def test_a_confidential_one_is_hidden_from_hr(name: str, world: World) -> None:
    """Only the owner and the named hiring managers know that it exists."""
    JobDescription.objects.update(confidential=True)
    for who in ("hr", "other_hr", "manager", "curator", "admin", "nobody"):
        assert answer(world.client(who).get(world.url(name))) == "404", who
    with transaction.atomic():
        assert answer(world.client("owner").get(world.url(name))) == "ok"
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["public_page", "public_file"])
def test_a_confidential_one_is_hidden_from_the_public(name: str, world: World) -> None:
    """Though it was made public before: nobody reads it there, not even the owner."""
    JobDescription.objects.update(confidential=True)
    for who in PEOPLE:
        assert answer(world.client(who).get(world.url(name))) == "404", who


@pytest.mark.parametrize("who", PEOPLE)
def test_the_admin_is_for_administrators(who: str, world: World) -> None:
    """All of it hangs below one prefix."""
    wanted = "ok" if who == "admin" else "in"
    for name in ("index", "roles_user_changelist", "roles_jobdescription_changelist"):
        response = world.client(who).get(reverse(f"admin:{name}"))
        got = "in" if "/admin/login/" in response.headers.get("Location", "") else answer(response)
        assert got == wanted
