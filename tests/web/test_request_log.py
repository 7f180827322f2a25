"""The log as the server writes it: with the real settings, through the WSGI application."""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response, request_logger

from jdbuilder import logs

# Requests through the WSGI application, as gunicorn makes them. Static files aren't collected, so
# these are requests whose answers need no template.
CALLS = """
import sys
from wsgiref.util import setup_testing_defaults
from django.core.management import call_command
from jdbuilder.wsgi import application

call_command("migrate", verbosity=0)
print("---", file=sys.stderr)
for line in sys.argv[1:]:
    method, path = line.split()
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path.partition("?")[0],
               "QUERY_STRING": path.partition("?")[2], "HTTP_HOST": "localhost",
               "HTTP_X_REQUEST_ID": "request-from-proxy"}
    setup_testing_defaults(environ)
    b"".join(application(environ, lambda status, headers: None))
"""


def logged(directory: Path, *calls: str) -> list[str]:
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
    calls = [
        "GET /healthz",
        "HEAD /healthz",
        "GET /descriptions/?q=secret",
        "HEAD /sign-out/",
        "TRACE /g/a-secret-token/",
        "TRACE /invitation/1.a-secret-token/",
        "TRACE /healthz",
    ]
    lines = logged(tmp_path, *calls)
    pattern = r"\S+ \S+ INFO jdbuilder\.logs \[request-from-proxy\] (\w+ \S+ \d+) \d+ ms"
    assert [re.sub(pattern, r"\1", line) for line in lines] == [
        "GET /healthz 200",
        "HEAD /healthz 200",
        "GET /descriptions/ 302",
        "HEAD /sign-out/ 302",
        "TRACE /g/-/ 405",
        "TRACE /invitation/-/ 405",
        "TRACE /healthz 405",
    ]


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
