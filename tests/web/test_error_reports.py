"""Reports to Sentry: what they have, and what they never have. In a process of its own, because
the library changes Python's logging."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow

START = """
import json, logging, sys
from wsgiref.util import setup_testing_defaults
from io import BytesIO
from django.core.management import call_command
from jdbuilder.wsgi import application
"""
REPORTS = f"""{START}
import sentry_sdk
from sentry_sdk.transport import Transport
from django.db import IntegrityError
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from jdbuilder import urls
from roles import bounded_work

class Memory(Transport):
    def capture_envelope(self, envelope):
        for item in envelope.items:
            print(json.dumps([item.type, item.payload.json]))

sentry_sdk.get_client().transport = Memory()
urls.handler500 = lambda request: HttpResponse(status=500)  # its page needs static files
call_command("migrate", verbosity=0)

def broken(lane=""):
    secret = "Grace Hopper"
    raise IntegrityError("Key (email)=(" + secret + ") already exists.")

CsrfViewMiddleware._check_token = lambda self, request: None
bounded_work.choose_lane = broken  # called for pages without sign-in
form = b"name=Barbara+Liskov"
environ = {{"REQUEST_METHOD": "POST", "PATH_INFO": "/g/a-secret-token/", "HTTP_HOST": "localhost",
           "QUERY_STRING": "q=Ada", "HTTP_COOKIE": "sessionid=a-session",
           "REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": "Browser of Ada",
           "HTTP_AUTHORIZATION": "Bearer a-key",
           "HTTP_X_REQUEST_ID": "request-from-proxy", "CONTENT_LENGTH": str(len(form)),
           "CONTENT_TYPE": "application/x-www-form-urlencoded", "wsgi.input": BytesIO(form)}}
setup_testing_defaults(environ)
b"".join(application(environ, lambda status, headers: None))
try:
    broken()
except IntegrityError:
    logging.getLogger("roles.tasks").exception("Daily job %s failed at /g/a-secret-token/", "prune")
logging.getLogger("a.library").error("Not for %s", "Ada Lovelace")
logging.getLogger("roles").warning("A warning about Ada")
"""
SECRETS = (
    *("Grace", "Barbara", "Ada", "secret-token", "a-session", "192.0.2.7", "a-key", "Browser"),
    *("localhost", "REMOTE_ADDR", "--user", "sys.argv"),
)


def run(script: str, directory: Path, **variables: str) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": "for this test, and not a short one",
        "ALLOWED_HOSTS": "localhost",
        "BACKGROUND": "worker",
        "DATA_DIR": str(directory),
        "DJANGO_SETTINGS_MODULE": "jdbuilder.settings",
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-c", script, "--user", "Ada"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What was sent, one item in a line."""
    directory = tmp_path_factory.mktemp("reports")
    return run(REPORTS, directory, SENTRY_DSN="http://key@127.0.0.1:9/1")


@pytest.fixture(scope="module")
def reports(output: str) -> list[dict[str, Any]]:
    items = [json.loads(line) for line in output.splitlines()]
    assert [kind for kind, _report in items] == ["event"] * 3
    return [report for _kind, report in items]


def test_a_failed_request(reports: list[dict[str, Any]]) -> None:
    report = reports[0]
    assert report["transaction"] == "POST /g/<str:token>/"
    assert report["tags"] == {"request_id": "request-from-proxy"}
    error = report["exception"]["values"][-1]
    assert (error["type"], error["module"]) == ("IntegrityError", "django.db.utils")
    assert error["stacktrace"]["frames"][-1]["function"] == "broken"
    assert not {"request", "user", "breadcrumbs", "extra", "server_name"} & report.keys()


def test_failed_background_work(reports: list[dict[str, Any]]) -> None:
    report = reports[1]
    assert report["logentry"] == {"message": "Daily job prune failed at /g/-/"}
    assert report["exception"]["values"][-1]["type"] == "IntegrityError"


def test_the_message_of_another_package_has_no_values(reports: list[dict[str, Any]]) -> None:
    assert reports[2]["logentry"] == {"message": "Not for %s"}


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_personal_is_sent(output: str, secret: str) -> None:
    assert secret not in output.replace('secret = \\"Grace Hopper\\"', "")


def test_nothing_is_imported_without_an_address(tmp_path: Path) -> None:
    script = f'{START}\nprint([n for n in ("sentry_sdk", "prometheus_client") if n in sys.modules])'
    assert run(script, tmp_path) == "[]\n"
