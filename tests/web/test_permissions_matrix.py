"""Every URL, method and kind of person, checked against a table written by hand.

The URLs come from the URL configuration: a URL without a row fails, and so does a row without a
URL. The content of allowed pages is tested with those pages.

A new URL needs a row in `TABLE` for each method that it allows: its name, the method, and the
response for each kind of person, from left to right. A method without a row is refused. A URL of
one job description also goes into `OF_ONE`, one of a review into `OF_A_REVIEW`. A kind of person
with few permissions has no column: `LIKE` names the column that applies to it, `DOORS` has a row
for each difference, and `_world` creates its account. Everything is tested again with a
confidential job description.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from roles import exporters
from roles.bulk_exports import export_worker, orders
from roles.models import JobDescription, Notification, Review, Reviewer, Rollout, User
from roles.models.organization import Logo
from roles.reviews import guest_links, suggestions
from roles.web.shared import guest_session
from tests import builders, rows

pytestmark = pytest.mark.django_db

# anonymous: not signed in. hr: HR without limits. other_hr: HR of another department than the
# job description's. owner: HR, owns it. hiring_manager: of it. manager: hiring manager of
# others. curator, admin, no_group: no relation to it.
COLUMNS = (
    "anonymous",
    "hr",
    "other_hr",
    "owner",
    "hiring_manager",
    "manager",
    "curator",
    "admin",
    "no_group",
)
METHODS = ("GET", "POST", "PUT")

# ok: allowed (the page, a redirect within the product, or a message about bad input).
# in: redirected to sign-in (401 for a form). 403: visible, but not allowed. 404: hidden.
# 405: the method is refused, which is the response to a method without a row. People who aren't
# signed in are redirected to sign-in first, except for `OPEN`.
TABLE = """
                method anonymous hr   other_hr owner hiring_manager manager curator admin no_group
healthz             GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
favicon             GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
sign_in             GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
sign_in             POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
sign_in             PUT     ok        ok   ok       ok    ok    ok      ok      ok    ok
sign_out            POST    in        ok   ok       ok    ok    ok      ok      ok    ok
brand_css           GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
version_css         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
home                GET     in        ok   ok       ok    ok    ok      ok      ok    ok
logo                GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
public_page         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
public_file         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
robots              GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
verify              GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
verify              POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
verify_copy         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
descriptions        GET     in        ok   ok       ok    ok    ok      403     ok    403
description_new     GET     in        ok   ok       ok    403   403     403     ok    403
description_new     POST    in        ok   ok       ok    403   403     403     ok    403
from_file           GET     in        ok   ok       ok    403   403     403     ok    403
from_file           POST    in        ok   ok       ok    403   403     403     ok    403
description         GET     in        ok   404      ok    ok    404     404     ok    404
description_archive GET     in        ok   404      ok    403   404     404     ok    404
description_archive POST    in        ok   404      ok    403   404     404     ok    404
description_delete  GET     in        ok   404      ok    403   404     404     ok    404
description_delete  POST    in        ok   404      ok    403   404     404     ok    404
description_people  GET     in        ok   404      ok    403   404     404     ok    404
description_people  POST    in        ok   404      ok    403   404     404     ok    404
description_publish GET     in        403  404      ok    403   404     404     ok    404
description_publish POST    in        403  404      ok    403   404     404     ok    404
description_history GET     in        ok   404      ok    ok    404     404     ok    404
audit_record            GET     in        ok   404      ok    ok    404     404     ok    404
audit_record            POST    in        ok   404      ok    ok    404     404     ok    404
wizard_step         GET     in        ok   404      ok    403   404     404     ok    404
wizard_step         POST    in        ok   404      ok    403   404     404     ok    404
wizard_pick         GET     in        ok   404      ok    403   404     404     ok    404
wizard_paste        GET     in        ok   404      ok    403   404     404     ok    404
wizard_paste        POST    in        ok   404      ok    403   404     404     ok    404
wizard_line         GET     in        ok   404      ok    403   404     404     ok    404
wizard_placeholders GET     in        ok   404      ok    403   404     404     ok    404
description_template GET    in        ok   404      ok    403   404     404     ok    404
description_template POST   in        ok   404      ok    403   404     404     ok    404
wizard_pay_chart    GET     in        ok   404      ok    403   404     404     ok    404
preview             GET     in        ok   404      ok    ok    404     404     ok    404
draft_export        GET     in        ok   404      ok    ok    404     404     ok    404
version             GET     in        ok   404      ok    ok    404     404     ok    404
version_restore     GET     in        ok   404      ok    403   404     404     ok    404
version_restore     POST    in        ok   404      ok    403   404     404     ok    404
version_make_current   GET     in        403  404      ok    403   404     404     ok    404
version_make_current   POST    in        403  404      ok    403   404     404     ok    404
compare             GET     in        ok   404      ok    ok    404     404     ok    404
compare_export      GET     in        ok   404      ok    ok    404     404     ok    404
version_export      GET     in        ok   404      ok    ok    404     404     ok    404
catalog                GET     in        ok   ok       ok    ok    ok      ok      ok    403
catalog_job                 GET     in        ok   404      ok    ok    ok      ok      ok    403
catalog_file            GET     in        ok   404      ok    ok    ok      ok      ok    403
levels              GET     in        ok   ok       ok    ok    ok      403     ok    403
library             GET     in        ok   ok       ok    403   403     ok      ok    403
snippet_new         GET     in        403  403      403   403   403     ok      ok    403
snippet_new         POST    in        403  403      403   403   403     ok      ok    403
snippet             GET     in        ok   ok       ok    403   403     ok      ok    403
snippet_revise      GET     in        403  403      403   403   403     ok      ok    403
snippet_revise      POST    in        403  403      403   403   403     ok      ok    403
snippet_tags        GET     in        403  403      403   403   403     ok      ok    403
snippet_tags        POST    in        403  403      403   403   403     ok      ok    403
snippet_status      POST    in        403  403      403   403   403     ok      ok    403
templates           GET     in        ok   ok       ok    403   403     ok      ok    403
template            GET     in        ok   ok       ok    403   403     ok      ok    403
template_picture    GET     in        ok   ok       ok    403   403     ok      ok    403
template_edit       GET     in        ok   ok       ok    403   403     ok      ok    403
template_edit       POST    in        ok   ok       ok    403   403     ok      ok    403
template_status     POST    in        ok   ok       ok    403   403     ok      ok    403
exports             GET     in        ok   ok       ok    ok    ok      403     ok    403
export_new          GET     in        ok   ok       ok    ok    ok      403     ok    403
export_new          POST    in        ok   ok       ok    ok    ok      403     ok    403
export              GET     in        404  404      ok    404   404     404     ok    404
export              POST    in        404  404      ok    404   404     404     ok    404
export_file         GET     in        404  404      ok    404   404     404     ok    404
rollouts            GET     in        ok   ok       ok    403   403     403     ok    403
rollout_new         GET     in        ok   ok       ok    403   403     403     ok    403
rollout_new         POST    in        ok   ok       ok    403   403     403     ok    403
rollout_preview     GET     in        ok   404      ok    403   404     404     ok    404
rollout             GET     in        ok   ok       ok    404   404     404     ok    404
rollout             POST    in        ok   ok       ok    404   404     404     ok    404
rollout_entry       GET     in        ok   404      ok    404   404     404     ok    404
transfer            GET     in        ok   ok       ok    403   403     403     ok    403
transfer            POST    in        ok   ok       ok    403   403     403     ok    403
people              GET     in        403  403      403   403   403     403     ok    403
person              GET     in        403  403      403   403   403     403     ok    403
person_deactivate   GET     in        403  403      403   403   403     403     ok    403
person_deactivate   POST    in        403  403      403   403   403     403     ok    403
person_reactivate   POST    in        403  403      403   403   403     403     ok    403
person_erase        GET     in        403  403      403   403   403     403     ok    403
person_erase        POST    in        403  403      403   403   403     403     ok    403
reviews             GET     in        ok   ok       ok    ok    ok      ok      ok    ok
notifications       GET     in        ok   ok       ok    ok    ok      ok      ok    ok
notifications       POST    in        ok   ok       ok    ok    ok      ok      ok    ok
notification        GET     in        404  404      ok    404   404     404     404   404
email_preferences         GET     in        ok   ok       ok    ok    ok      ok      ok    ok
email_preferences         POST    in        ok   ok       ok    ok    ok      ok      ok    ok
activity            GET     in        ok   ok       ok    ok    ok      403     ok    403
guest               GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
guest               POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
guest_code          GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
guest_code          POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
guest_leave         GET     ok        ok   ok       ok    ok    ok      ok      ok    ok
guest_leave         POST    ok        ok   ok       ok    ok    ok      ok      ok    ok
review              GET     in        ok   404      ok    ok    404     404     ok    404
review_comment          GET     in        ok   404      ok    403   404     404     ok    404
review_comment          POST    in        ok   404      ok    403   404     404     ok    404
review_thread       GET     in        ok   404      ok    ok    404     404     ok    404
review_thread       POST    in        ok   404      ok    403   404     404     ok    404
review_decide       GET     in        403  404      403   403   404     404     403   404
review_decide       POST    in        403  404      403   403   404     404     403   404
review_delegate     GET     in        403  404      403   403   404     404     403   404
review_delegate     POST    in        403  404      403   403   404     404     403   404
review_request          GET     in        ok   404      ok    403   404     404     ok    404
review_request          POST    in        ok   404      ok    403   404     404     ok    404
review_manage       GET     in        ok   404      ok    403   404     404     ok    404
review_manage       POST    in        ok   404      ok    403   404     404     ok    404
review_reviewer         GET     in        ok   404      ok    403   404     404     ok    404
review_reviewer         POST    in        ok   404      ok    403   404     404     ok    404
suggestions         GET     in        ok   404      ok    403   404     404     ok    404
suggestions         POST    in        ok   404      ok    403   404     404     ok    404
suggestion          GET     in        ok   404      ok    403   404     404     ok    404
suggestion          POST    in        ok   404      ok    403   404     404     ok    404
"""

OPEN = (  # needs no sign-in
    *(
        "healthz",
        "favicon",
        "sign_in",
        "brand_css",
        "version_css",
        "logo",
        "robots",
        "verify",
        "verify_copy",
    ),
    *("public_page", "public_file", "guest", "guest_code", "guest_leave"),
)

# employee: reads current versions. reviewer: no group, reviewer of the review. guest: invited to it
# by email, with link and code.
LIKE = {"employee": "no_group", "reviewer": "no_group", "guest": "anonymous"}
DOORS = """
kind      name                method  answer
employee  catalog                GET     ok
employee  catalog_job                 GET     ok
employee  catalog_file            GET     ok
reviewer  review              GET     ok
guest     review              GET     ok
reviewer  review_comment          GET     ok
reviewer  review_comment          POST    ok
guest     review_comment          GET     ok
guest     review_comment          POST    ok
reviewer  review_thread       GET     ok
reviewer  review_thread       POST    ok
guest     review_thread       GET     ok
guest     review_thread       POST    ok
reviewer  review_decide       GET     ok
reviewer  review_decide       POST    ok
guest     review_decide       GET     ok
guest     review_decide       POST    ok
reviewer  review_delegate     GET     ok
reviewer  review_delegate     POST    ok
reviewer  review_manage       GET     403
reviewer  review_manage       POST    403
reviewer  review_reviewer         GET     403
reviewer  review_reviewer         POST    403
reviewer  suggestions         GET     403
reviewer  suggestions         POST    403
reviewer  suggestion          GET     403
reviewer  suggestion          POST    403
"""
WITHOUT_ACCOUNT = ("anonymous", "guest")
PEOPLE = (*COLUMNS, *LIKE)


def _expected() -> dict[tuple[str, str], dict[str, str]]:
    """The tables by URL name and method: person to answer."""
    head, *rows = [row.split() for row in TABLE.strip().splitlines()]
    assert head == ["method", *COLUMNS]
    given = {
        (name, method): dict(zip(COLUMNS, cells, strict=True)) for name, method, *cells in rows
    }
    assert len(given) == len(rows), "a row is there twice"
    expected_cells = {}
    for name in {name for name, _method in given}:
        refused = dict.fromkeys(COLUMNS, "405") | ({} if name in OPEN else {"anonymous": "in"})
        for method in METHODS:
            answers = given.get((name, method), refused)
            expected_cells[name, method] = answers | {
                kind: answers[like] for kind, like in LIKE.items()
            }
    doors = [row.split() for row in DOORS.strip().splitlines()[1:]]
    for name in {name for kind, name, _method, _cell in doors if kind == "guest"}:
        for method in METHODS:  # signed in, so the method is refused
            if (name, method) not in given:
                expected_cells[name, method]["guest"] = "405"
    for kind, name, method, cell in doors:
        assert expected_cells[name, method][kind] != cell, "the row is redundant"
        expected_cells[name, method][kind] = cell
    return expected_cells


EXPECTED = _expected()
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
NAMES = sorted({name for name, _method in EXPECTED})
OF_ONE = [  # the URLs of one job description
    *("description", "description_archive", "description_delete", "description_people"),
    *("wizard_step", "wizard_pick", "preview", "draft_export", "description_template"),
    *("wizard_pay_chart", "wizard_paste", "wizard_line", "wizard_placeholders"),
    *(
        "version",
        "version_restore",
        "version_export",
        "version_make_current",
        "description_publish",
    ),
    *("description_history", "compare", "compare_export", "review_request"),
    *("rollout_preview", "rollout_entry"),
]
OF_A_REVIEW = [
    *("review", "review_comment", "review_thread", "review_decide", "review_delegate"),
    *("review_manage", "review_reviewer", "suggestions", "suggestion"),
]
FOR_OTHERS = [
    "public_page",
    "public_file",
    "catalog_job",
    "catalog_file",
]  # those who need not know its owner


def _named_urls(patterns: list[URLPattern | URLResolver]) -> Iterator[str | None]:
    """The names of all URLs but the admin's, which is one prefix."""
    for one in patterns:
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
    review: Review
    guest: Reviewer
    sessions: dict[str, str] = field(default_factory=dict)

    def begin_sessions(self) -> None:
        """Create the sessions once: their rows are inserted in the database of each test."""
        for who in PEOPLE:
            client = Client()
            if who == "guest":
                session = client.session
                until = time.time() + 3600
                known = {"reviewer": self.guest.pk, "key": self.guest.link_key, "until": until}
                session[guest_session.SESSION_KEY] = known
                session.save()
            elif who != "anonymous":
                client.force_login(self.people[who])
            if who != "anonymous":
                self.sessions[who] = client.cookies[settings.SESSION_COOKIE_NAME].value

    def client(self, who: str) -> Client:
        client = Client()
        if who in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        return client

    def url(self, name: str) -> str:
        """The URL of that name, with the arguments that it takes."""
        parameters = get_resolver().reverse_dict.getlist(name)[0][0][0][1]
        values = self.arguments | ({"pk": self.review.pk} if name in OF_A_REVIEW else {})
        return reverse(name, kwargs={argument: values[argument] for argument in parameters})


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, _world_with_rows: tuple[World, rows.Rows]) -> World:
    """The same world for every test, created once and inserted in the database of each."""
    _render_little(monkeypatch)
    rows.insert(connection, _world_with_rows[1])
    return _world_with_rows[0]


@pytest.fixture(scope="module")
def _world_with_rows(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[World, rows.Rows]:
    worlds: list[World] = []
    media = str(tmp_path_factory.getbasetemp() / "media")
    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(MEDIA_ROOT=media),
        django_db_blocker.unblock(),
    ):
        _render_little(patch)

        def make() -> None:
            worlds.append(_world())
            worlds[0].begin_sessions()

        written = rows.written_by(connection, make)
    return worlds[0], written


def _render_little(monkeypatch: pytest.MonkeyPatch) -> None:
    text = builders.format(lambda _document, _edition: b"text")
    monkeypatch.setitem(exporters.FORMATS, "txt", text)  # a PDF takes time and adds nothing
    redline = builders.format(lambda _found, _old, _new: b"text")
    monkeypatch.setitem(exporters.REDLINES, "txt", redline)


def _world() -> World:
    kinds = {"hiring_manager": "manager", "owner": "hr", "other_hr": "hr"}
    accounts = [who for who in PEOPLE if who not in WITHOUT_ACCOUNT]
    people = {who: builders.user(kinds.get(who, who)) for who in accounts}
    people["other_hr"].departments.add(builders.department("Legal"))
    jd = builders.description(
        people["owner"],
        hiring_managers=(people["hiring_manager"],),
        department=builders.department("Sales"),
    )
    version = builders.published(jd)
    logo = Logo.objects.create(digest="ab12", content=LOGO)
    export = orders.order(by=people["owner"], references=[jd.reference], formats=["txt"])
    export_worker.run(export.pk)
    other = builders.description(
        people["owner"],
        hiring_managers=(people["hiring_manager"],),
        department=builders.department("Sales"),
    )
    review = builders.review(other, people["reviewer"], "joan@example.org")
    guest = builders.reviewer_row(review, "joan@example.org")
    line = other.lines.get(section__kind="summary")
    suggestion = suggestions.suggest(
        reader=builders.reader(review, people["reviewer"]),
        version=other.versions.get(),
        proposal=suggestions.Proposal("remove", line.section.uid, line.uid),
    )
    notification = Notification.objects.create(user=people["owner"], verb="news", description=jd)
    snippet = builders.snippet(by=people["curator"])
    rollout = Rollout.objects.create(
        revision=snippet.latest(), by=people["owner"], approver=people["manager"]
    )
    rollout.entries.create(description=jd, reason="It is archived.")
    arguments = {
        "reference": jd.reference,
        "step": "responsibilities",
        "section": jd.sections.all()[0].uid,
        "uid": jd.lines.all()[0].uid,
        "pay": builders.add_section(jd, "pay", "Pay"),
        "format": "txt",
        "color_digits": "1f4e79",
        "number": 1,
        "pk": snippet.pk,
        "snippet": snippet.pk,
        "rollout": rollout.pk,
        "digest": logo.digest,
        "export": export.pk,
        "notification_id": notification.pk,
        "token": guest_links.token(guest),
        "reviewer_id": guest.pk,
        "thread": suggestion.thread_id,
        "key": people["manager"].pk,
        "digits": version.sha256,
        "code": builders.template("Field sales manager").code,
    }
    return World(people, arguments, review, guest)


def answer(response: Any) -> str:
    """A response as the table calls it."""
    if response.status_code == 401 or "/sign-in/?next=" in response.headers.get("Location", ""):
        return "in"
    if response.status_code in (200, 302, 409, 422):
        return "ok"
    return str(response.status_code)


def _confidential(name: str, method: str) -> dict[str, str]:
    """Returns the expected responses for a confidential job description: 404 for everyone except
    its owner, hiring managers and reviewers, and it is not in the catalog."""
    answers = EXPECTED[name, method]
    if name in FOR_OTHERS:
        return {who: "404" if cell == "ok" else cell for who, cell in answers.items()}
    if name not in OF_ONE + OF_A_REVIEW:
        return answers
    relations = {"reviewer", "guest"} if name in OF_A_REVIEW else set()
    may = {who for who, cell in answers.items() if cell in ("ok", "403")}
    hidden = may - {"owner", "hiring_manager"} - relations
    return answers | dict.fromkeys(hidden, "404")


def test_every_url_has_rows_and_every_row_has_a_url() -> None:
    """A new URL needs a line in the table for each method that it takes."""
    names = sorted(str(name) for name in _named_urls(get_resolver().url_patterns))
    assert names == NAMES
    assert {*OPEN, *OF_ONE, *OF_A_REVIEW, *FOR_OTHERS} <= set(NAMES)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_permissions(name: str, world: World) -> None:
    """Each method of this URL for each kind of person. Each request is rolled back."""
    for method in METHODS:
        assert _got(world, name, method) == EXPECTED[name, method], method


@pytest.mark.slow
@pytest.mark.parametrize("name", [*OF_ONE, *OF_A_REVIEW, *FOR_OTHERS])
def test_permissions_for_a_confidential_job_description(name: str, world: World) -> None:
    """Only the owner and the hiring managers can find out that it exists."""
    JobDescription.objects.update(confidential=True)
    for method in METHODS:
        wanted = _confidential(name, method)
        if set(wanted.values()) - {"405", "in"}:  # refused methods are refused earlier
            assert _got(world, name, method) == wanted, method


def _got(world: World, name: str, method: str) -> dict[str, str]:
    """Returns the response for each person."""
    got = {}
    url = world.url(name)
    for who in PEOPLE:
        client = world.client(who)
        with transaction.atomic():
            got[who] = answer(client.generic(method, url))
            transaction.set_rollback(True)
    return got


@pytest.mark.parametrize("who", PEOPLE)
def test_the_admin_is_for_administrators(who: str, world: World) -> None:
    """All its pages have one prefix."""
    wanted = "ok" if who == "admin" else "in"
    for name in ("index", "roles_user_changelist", "roles_jobdescription_changelist"):
        response = world.client(who).get(reverse(f"admin:{name}"))
        got = "in" if "/admin/login/" in response.headers.get("Location", "") else answer(response)
        assert got == wanted
