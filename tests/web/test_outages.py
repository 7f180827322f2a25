"""Full disk, read-only database, and a database that is gone: nothing typed is lost, reading works
while it can, and /healthz says why."""

from __future__ import annotations

import errno
import re
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import DatabaseError, IntegrityError, OperationalError
from django.test import Client
from django.urls import reverse

from jdbuilder import database_settings
from roles import outages
from roles.models import Event, Line, Notification, RenderedFile
from tests import builders, outage_simulations, pages
from tests.outage_simulations import OUTAGES

pytestmark = pytest.mark.both_databases

SAVES = 100
WORDS = {
    "full": "disk is full",
    "read-only": "read-only",
    "unreachable": "can’t be reached",
    "busy": "busy",
}


@pytest.fixture(params=OUTAGES)
def outage(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def fields_of(response: Any) -> list[tuple[str, str]]:
    """The fields that the answer submits again."""
    found = re.findall(r'<textarea name="([^"]+)" hidden>\n(.*?)</textarea>', response.text, re.S)
    return [(unescape(name), unescape(value)) for name, value in found]


class Wizard:
    """A page of the wizard. `save` sends a text of its first line, as the script does or as a
    browser without JavaScript."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.jd = builders.description(client.user)
        url = reverse("wizard_step", args=[self.jd.reference, "responsibilities"])
        self.page = pages.open_page(client, url)
        self.line = self.jd.lines.filter(section__kind="responsibilities").order_by("position")[0]
        self.field = f"line-{self.line.uid}-text"

    def save(self, text: str, *, with_script: bool) -> Any:
        row = f"line-{self.line.uid}-"
        own = {name: value for name, value in self.page.data.items() if name.startswith(row)}
        data = own | {"token": self.page.data["token"]} if with_script else self.page.data
        action = "autosave" if with_script else "save"
        headers = {"HX-Request": "true"} if with_script else {}
        posted = {**data, self.field: text, "action": action}
        return self.client.post(self.page.url, posted, headers=headers)

    def stored(self) -> str:
        return Line.objects.get(pk=self.line.pk).text


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_script", [True, False], ids=["with script", "without script"])
def test_no_typed_word_of_a_hundred_saves_is_lost(
    client_for: Any, outage: str, with_script: bool
) -> None:
    """Each save is stored, or its words are in the answer."""
    wizard = Wizard(client_for("hr"))
    answers = []
    with OUTAGES[outage]():
        for number in range(SAVES):
            text = f"Save {number}: “{'ünïcode & <b> ' * 20}”"
            response = wizard.save(text, with_script=with_script)
            if response.status_code != 503:
                assert outage == "full"  # the last free pages of a file
                assert wizard.stored() == text
                wizard.page = pages.open_page(wizard.client, wizard.page.url)
                continue
            assert WORDS[outage] in response.text
            assert int(response["Retry-After"]) > 0
            assert (wizard.field, text) in fields_of(response)
            answers.append(response)
    assert len(answers) >= SAVES - 20
    last = dict(fields_of(answers[-1]))
    assert wizard.client.post(wizard.page.url, last).status_code in (200, 302)
    assert wizard.stored() == last[wizard.field]


FORMS = [
    ("description_new", [], {"title": "Typed title", "family": "", "method": "blank"}),
    ("description_people", ["reference"], {"hiring_managers": ["1", "2"], "owner": "3"}),
    ("description_archive", ["reference"], {"note": "Typed note"}),
    ("review_request", ["reference"], {"note": "Typed  note\n\nwith lines", "who": ["a", "a"]}),
    ("email_preferences", [], {"email_frequency": "none"}),
    ("notifications", [], {"newest": "3"}),
    ("snippet_new", [], {"text": "Typed wording"}),
    ("transfer", [], {"jd": ["ACC-0001", "ACC-0002"], "owner": "1"}),
    ("verify", [], {"digits": "abc"}),
    ("account_login", [], {"login": "ada", "password": "s3cret-pass"}),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "arguments", "posted"), FORMS, ids=[form[0] for form in FORMS])
def test_the_answer_carries_every_field_of_a_form(
    client_for: Any, name: str, arguments: list[str], posted: dict[str, Any]
) -> None:
    client = client_for("admin")
    jd = builders.description(client.user)
    url = reverse(name, args=[jd.reference] if arguments else []) + "?from=here&x=1"
    if name in ("account_login", "verify"):
        client = Client()
    with outage_simulations.gone():
        response = client.post(url, posted)
    assert response.status_code == 503
    wanted = [
        (field, value)
        for field, values in posted.items()
        for value in (values if isinstance(values, list) else [values])
        if field != "password"
    ]
    assert fields_of(response) == wanted
    assert "s3cret-pass" not in response.text
    assert f'action="{url.replace("&", "&amp;")}"' in response.text


@pytest.mark.django_db(transaction=True)
def test_the_form_of_the_answer_can_be_submitted_again(client_for: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(builders.user("hr"))
    page = client.get(reverse("email_preferences"))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    posted = {"email_frequency": "none", "csrfmiddlewaretoken": token[1]}
    with outage_simulations.read_only():
        response = client.post(reverse("email_preferences"), posted)
    assert response.status_code == 503
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', response.text)
    assert token
    again = dict(fields_of(response)) | {"csrfmiddlewaretoken": token[1]}
    assert client.post(reverse("email_preferences"), again).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_another_sites_form_is_not_carried(client_for: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(builders.user("hr"))
    with outage_simulations.read_only():
        response = client.post(reverse("email_preferences"), {"email_frequency": "none"})
    assert response.status_code == 403


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/", "/descriptions/", "/nowhere/", "/jd/ACC-0001", "/brand.css"])
def test_pages_without_a_database_say_why(client_for: Any, path: str) -> None:
    client = client_for("hr")
    with outage_simulations.gone():
        response = client.get(path)
    assert response.status_code == 503
    assert "can’t be reached" in response.text
    assert response["Retry-After"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_the_sign_in_survives_the_outage(client_for: Any) -> None:
    client = client_for("hr")
    with outage_simulations.gone():
        client.get("/descriptions/")
    assert client.get("/descriptions/").status_code == 200


@pytest.mark.django_db(transaction=True)
class TestReading:
    @pytest.mark.parametrize("outage", ["read-only", "full"])
    def test_a_file_is_sent_though_it_can_not_be_stored(
        self, client_for: Any, outage: str, caplog: Any
    ) -> None:
        client = client_for("hr")
        jd = builders.description(client.user)
        builders.published(jd)
        url = reverse("version_export", args=[jd.reference, 1, "txt"])
        with OUTAGES[outage]():
            response = client.get(url)
            content = b"".join(response.streaming_content)
        assert response.status_code == 200
        assert jd.title.encode() in content
        if outage == "read-only":
            assert not RenderedFile.objects.exists()
        client.get(url)
        assert RenderedFile.objects.count() == 1
        assert Event.objects.filter(verb="version.exported").count() == 1

    @pytest.mark.slow
    @pytest.mark.parametrize("outage", ["read-only", "full"])
    def test_pages_are_shown(self, client_for: Any, outage: str) -> None:
        client = client_for("hr")
        jd = builders.published(builders.description(client.user)).description
        draft = [jd.reference]
        paths = [
            *("/", "/descriptions/?q=account", "/catalog/", "/reviews/", "/notifications/"),
            *(reverse(name, args=draft) for name in ("description", "preview", "compare")),
            reverse("version", args=[jd.reference, 1]),
            reverse("wizard_step", args=[jd.reference, "responsibilities"]),
        ]
        public = reverse("public_page", args=draft)
        with OUTAGES[outage]():
            statuses = {path: client.get(path).status_code for path in paths}
            statuses[public] = Client().get(public).status_code
        assert set(statuses.values()) == {200}, statuses

    def test_a_full_disk_of_files_is_tolerated(self, client_for: Any, monkeypatch: Any) -> None:
        client = client_for("hr")
        jd = builders.description(client.user)
        builders.published(jd)

        def fail(*_args: Any, **_kwargs: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("django.core.files.storage.FileSystemStorage._save", fail)
        response = client.get(reverse("version_export", args=[jd.reference, 1, "txt"]))
        assert response.status_code == 200
        assert b"".join(response.streaming_content)

    def test_opening_a_notification_leads_on(self, client_for: Any) -> None:
        client = client_for("hr")
        jd = builders.description(client.user)
        row = Notification.objects.create(user=client.user, verb="news", description=jd)
        with outage_simulations.read_only():
            assert client.get(reverse("notification", args=[row.pk])).status_code == 302
        row.refresh_from_db()
        assert row.read_at is None

    def test_the_wizard_says_who_is_there_and_records_nothing(self, client_for: Any) -> None:
        client = client_for("hr")
        jd = builders.description(client.user)
        url = reverse("wizard_step", args=[jd.reference, "pay"])
        poll = reverse("wizard_presence", args=[jd.reference, "pay"])
        client_for(builders.user("hr", first_name="Robin")).get(url)
        with outage_simulations.read_only():
            for address in (url, poll):
                response = client.get(address)
                assert response.status_code == 200
                assert "Robin is editing: Pay and benefits" in response.text
        assert [row.user.first_name for row in jd.presences.all()] == ["Robin"]

    def test_a_session_that_can_not_be_stored(self, client_for: Any, monkeypatch: Any) -> None:
        client = client_for("hr")

        def fail(_session: Any, *_args: Any, **_kwargs: Any) -> None:
            error = OperationalError("full")
            error.__cause__ = OSError(errno.ENOSPC, "full")
            raise OSError(errno.ENOSPC, "full") from error

        monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.save", fail)
        client.get(reverse("home"))
        session_page = client.get(reverse("descriptions"))
        assert session_page.status_code == 200


@pytest.mark.django_db(transaction=True)
class TestHealth:
    def test_it_says_why(self, client: Client, client_for: Any, outage: str) -> None:
        wizard = Wizard(client_for("hr"))
        with OUTAGES[outage]():
            while wizard.save("Text " * 30, with_script=True).status_code != 503:
                wizard.page = pages.open_page(wizard.client, wizard.page.url)
            response = client.get("/healthz")
        assert response.status_code == 503
        assert WORDS[outage] in response.text

    def test_little_space(self, client: Client, monkeypatch: Any) -> None:
        monkeypatch.setattr(outages, "FREE_BYTES", 10**18)
        response = client.get("/healthz")
        assert response.status_code == 503
        assert "disk is full" in response.text

    def test_all_is_well(self, client: Client) -> None:
        assert client.get("/healthz").text.startswith("ok\n")

    def test_an_outage_that_is_over(self, client: Client, monkeypatch: Any) -> None:
        outages.remember(outages.FULL)
        assert client.get("/healthz").status_code == 503
        monkeypatch.setattr(outages, "REMEMBERED_SECONDS", 0)
        assert client.get("/healthz").status_code == 200


class TestUpload:
    @pytest.mark.django_db
    @pytest.mark.parametrize("method", ["new_file", "receive_data_chunk"])
    def test_a_full_disk_keeps_the_other_fields(
        self, client_for: Any, monkeypatch: Any, settings: Any, method: str
    ) -> None:
        settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10

        def fail(*_args: Any, **_kwargs: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(TemporaryFileUploadHandler, method, fail)
        data = {"before": "a", "file": SimpleUploadedFile("x.json", b"{}" * 50), "after": "b"}
        response = client_for("hr").post(reverse("from_file"), data)
        assert response.status_code == 503
        assert fields_of(response) == [("before", "a"), ("after", "b")]


def test_sqlite_keeps_acknowledged_saves_when_the_power_fails(tmp_path: Path) -> None:
    """Synchronous is FULL (2): with NORMAL (1), a power failure could undo confirmed saves."""
    with closing(sqlite3.connect(tmp_path / "db.sqlite3")) as connection:
        options = database_settings.database(f"sqlite:///{tmp_path}/db.sqlite3")["OPTIONS"]
        connection.executescript(options["init_command"])
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_the_index_of_sqlites_log_stays(tmp_path: Path, monkeypatch: Any) -> None:
    """On a full disk, SQLite couldn't create it again, and no page could be read."""
    monkeypatch.setattr(outages, "_held", [])
    name = tmp_path / "a database.sqlite3"
    here = SimpleNamespace(vendor="sqlite", settings_dict={"NAME": name})
    monkeypatch.setattr(outages, "connection", here)
    outages.hold_wal_index()
    assert not name.exists()  # it creates none
    with closing(sqlite3.connect(name)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE one (field)")
        outages.hold_wal_index()
        outages.hold_wal_index()
    assert len(outages._held) == 1
    assert name.with_name(f"{name.name}-shm").exists()
    outages._held.pop().close()
    assert not name.with_name(f"{name.name}-shm").exists()


class DriverError(Exception):
    """An error of a database's driver."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(attributes.pop("message", ""))
        self.__dict__.update(attributes)


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"sqlite_errorcode": 13}, "full"),
        ({"sqlite_errorcode": 8}, "read-only"),
        ({"sqlite_errorcode": 8 | 4 << 8}, "read-only"),  # the file was moved
        ({"sqlite_errorcode": 14}, "unreachable"),
        ({"sqlite_errorcode": 10 | 3 << 8}, "unreachable"),
        ({"sqlite_errorcode": 5}, "busy"),
        ({"sqlite_errorcode": 11}, "unreachable"),
        ({"sqlite_errorcode": 1, "message": "no such table: roles_user"}, "unreachable"),
        ({"sqlite_errorcode": 1, "message": "no such column: x"}, ""),
        ({"sqlite_errorcode": 19}, ""),
        ({"sqlstate": "53100"}, "full"),
        ({"sqlstate": "25006"}, "read-only"),
        ({"sqlstate": "57P01"}, "unreachable"),
        ({"sqlstate": "57P03"}, "unreachable"),
        ({"sqlstate": "08006"}, "unreachable"),
        ({"sqlstate": "3D000"}, "unreachable"),
        ({"sqlstate": "53300"}, "busy"),
        ({"sqlstate": "40P01"}, "busy"),
        ({"sqlstate": "23505"}, ""),
        ({"sqlstate": "22001"}, ""),
        ({"sqlstate": "25P02"}, ""),
    ],
    ids=str,
)
def test_reasons_of_databases(attributes: dict[str, Any], reason: str) -> None:
    error = DatabaseError()
    error.__cause__ = DriverError(**attributes)
    assert outages.reason_of(error) == reason


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, ""), "full"),
        (OSError(errno.EDQUOT, ""), "full"),
        (OSError(errno.EROFS, ""), "read-only"),
        (OSError(errno.EIO, ""), "unreachable"),
        (FileNotFoundError(errno.ENOENT, ""), ""),
        (OperationalError("connection failed"), "unreachable"),
        (IntegrityError("unique"), ""),
        (ValueError("disk is full"), ""),
    ],
    ids=repr,
)
def test_reasons_of_other_errors(error: Exception, reason: str) -> None:
    assert outages.reason_of(error) == reason
