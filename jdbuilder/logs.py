"""The log: one line per request, with the request's ID and no personal data."""

import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from types import TracebackType

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

log = logging.getLogger(__name__)

WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")

request_id: ContextVar[str] = ContextVar("request_id", default="-")

# The token of a link in email grants access (roles/reviews/guest_links.py, invitation_links.py, and
# allauth's links).
GUEST_LINK = re.compile(r"(/g/|/invitation/|/reset/|/confirm/)[^/\s?&\"'<]+")


def redact_guest_links(text: str) -> str:
    """Returns the text with a dash in place of the token of each link that was in email."""
    return GUEST_LINK.sub(r"\1-", text)


class RequestId:
    """Takes X-Request-ID from the proxy or generates one, and logs one line per request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        # Never reset: Django logs a rejected request after the last middleware has returned.
        request_id.set(given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex)
        started = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = request_id.get()
        milliseconds = (time.perf_counter() - started) * 1000
        path = escape_uri_path(redact_guest_links(request.path))
        log.info("%s %s %d %.0f ms", request.method, path, response.status_code, milliseconds)
        return response


class RequestIdFilter(logging.Filter):
    """Adds the request's ID to each log record, and redacts links in email: Django logs
    the path of a request that fails."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        message = record.getMessage()
        if GUEST_LINK.search(message):
            record.msg, record.args = redact_guest_links(message), None
        return True


class LogFormatter(logging.Formatter):
    """Writes the traceback and the type of an error, but not its message.

    A database's message quotes the row that it rejects, with names and email addresses.
    """

    def formatException(  # noqa: N802
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        error = ei[1]
        lines: list[str] = []
        while error is not None:
            frames = "".join(traceback.format_tb(error.__traceback__))
            lines.insert(0, f"{frames}{type(error).__module__}.{type(error).__qualname__}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n… and then:\n".join(lines)
