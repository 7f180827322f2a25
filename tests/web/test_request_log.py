"""The log as the server writes it: with the real settings, through the WSGI application."""

import json
import logging
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response, request_logger

from jdbuilder import logs
from tests.servers import serving

# Requests through the WSGI application, as gunicorn makes them. Static files aren't collected, so
# these are requests whose answers need no template.
CALLS = """
import sys
from wsgiref.util import setup_testing_defaults
from django.core.management import call_command
from jdbuilder.wsgi import application
from django.db import IntegrityError
from django.http import HttpResponse
from jdbuilder import urls
from roles.middleware import ResubmitAfterLogin

# Its page needs static files.
urls.handler500 = lambda request: HttpResponse(status=500)

def broken(*arguments):
    raise IntegrityError("Key (email)=(Ada Lovelace) already exists.")

call_command("migrate", verbosity=0)
print("---", file=sys.stderr)
for line in sys.argv[1:]:
    method, path = line.split()
    if method == "BREAK":
        method, ResubmitAfterLogin.handle_no_permission = "GET", broken
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path.partition("?")[0],
               "QUERY_STRING": path.partition("?")[2], "HTTP_HOST": "localhost",
               "HTTP_X_REQUEST_ID": "request-from-proxy"}
    setup_testing_defaults(environ)
    b"".join(application(environ, lambda status, headers: None))
"""


CALLS_MADE = (
    "GET /healthz",
    "HEAD /healthz",
    "GET /descriptions/?q=secret",
    "HEAD /sign-out/",
    "TRACE /g/a-secret-token/",
    "OPTIONS /people/7/erase/",
    "TRACE /healthz",
)
EXPECTED = [  # method, pattern of the path, status, queries
    "GET /healthz 200 6",
    "HEAD /healthz 200 6",
    "GET /descriptions/ 302 0",
    "HEAD /sign-out/ 302 0",
    "TRACE /g/<str:token>/ 405 0",
    "OPTIONS /people/<number:key>/erase/ 302 0",
    "TRACE /healthz 405 0",
]


def logged(directory: Path, *calls: str, **variables: str) -> list[str]:
    """The lines that these requests write to standard error."""
    environ = {
        **{key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": "for this test, and not a short one",
        "ALLOWED_HOSTS": "localhost",
        "BACKGROUND": "worker",
        "DATA_DIR": str(directory),
        "DJANGO_SETTINGS_MODULE": "jdbuilder.settings",
        **variables,
    }
    run = subprocess.run(
        [sys.executable, "-c", CALLS, *calls],
        cwd=settings.BASE_DIR,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return run.stderr.partition("---\n")[2].splitlines()


@pytest.mark.slow
def test_each_request_is_one_line(tmp_path: Path) -> None:
    lines = logged(tmp_path, *CALLS_MADE)
    pattern = (
        r"\S+ \S+ INFO jdbuilder\.logs \[request-from-proxy\] (\w+ \S+ \d+) \d+ ms (\d+) queries"
    )
    assert [re.sub(pattern, r"\1 \2", line) for line in lines] == EXPECTED


@pytest.mark.slow
def test_lines_of_json(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in logged(tmp_path, *CALLS_MADE, LOG_FORMAT="json")]
    numbers = [(line["milliseconds"], line["queries"]) for line in lines]
    assert all(isinstance(number, int) for pair in numbers for number in pair)
    words = "{method} {path} {status} {queries}"
    assert [words.format(**line) for line in lines] == EXPECTED
    assert {line["request_id"] for line in lines} == {"request-from-proxy"}
    assert {line["level"] for line in lines} == {"INFO"}
    assert lines[0]["message"] == (
        f"GET /healthz 200 {lines[0]['milliseconds']} ms {lines[0]['queries']} queries"
    )
    assert datetime.fromisoformat(lines[0]["time"]).tzinfo is not None


@pytest.mark.slow
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_errors_have_a_traceback_without_messages_and_paths(
    tmp_path: Path, log_format: str
) -> None:
    """A database's message quotes the row that it rejects."""
    lines = logged(tmp_path, "BREAK /people/7/", LOG_FORMAT=log_format)
    if log_format == "json":
        records = [json.loads(line) for line in lines]
        assert len(records) == 2
        assert records[0]["message"] == "Internal Server Error: /people/<number:key>/"
        lines = [*records[0]["traceback"].splitlines(), records[1]["message"]]
    text = "\n".join(lines)
    assert "django.db.utils.IntegrityError" in text
    assert "in broken" in text
    assert "GET /people/<number:key>/ 500" in text
    assert "Ada" not in text
    assert "/people/7" not in text


@pytest.mark.slow
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_gunicorn_writes_it(tmp_path: Path, log_format: str) -> None:
    """As in docs/operations.md, and as bin/run starts it."""
    with serving(tmp_path, LOG_FORMAT=log_format) as server:
        server.get("/robots.txt?name=lovelace", X_Request_ID="request-from-proxy")
        server.get("/people/7/erase/")
    lines = [line for line in server.log.read_text().splitlines() if "jdbuilder.logs" in line]
    own = [line for line in lines if "request-from-proxy" in line]
    assert len(own) == 1
    if log_format == "json":
        own = [json.loads(own[0])["message"]]
    assert "GET /robots.txt 200 " in own[0]
    assert "GET /people/<number:key>/erase/ 302 " in lines[-1]
    assert "lovelace" not in server.log.read_text()


def test_the_log_is_written_from_info() -> None:
    """A level above INFO would drop the line of each request."""
    assert logs.log.isEnabledFor(logging.INFO)


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 422])
def test_ordinary_refusals_are_no_warnings(status: int) -> None:
    response, request = HttpResponse(status=status), RequestFactory().head("/x")
    records: list[object] = []
    keep = records.append
    request_logger.addFilter(keep)  # type: ignore[arg-type]
    try:
        log_response("%s", "/x", response=response, request=request)
        assert not records
        log_response("%s", "/x", response=HttpResponse(status=500), request=request)
        assert records
    finally:
        request_logger.removeFilter(keep)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_methods_that_visitors_make_up_are_one(caplog: pytest.LogCaptureFixture) -> None:
    """Each would be a series of /metrics of its own."""
    logs.RequestId(lambda _request: HttpResponse())(RequestFactory().generic("BREW", "/ada"))
    assert caplog.messages[-1].startswith("OTHER - 200 ")
