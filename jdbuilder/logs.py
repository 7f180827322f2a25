"""The log: one line per request, with the request's ID and no personal data, as text or JSON."""

import json
import logging
import re
import time
import traceback
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")

request_id: ContextVar[str] = ContextVar("request_id", default="-")

# The token of a link in email grants access (roles/reviews/guest_links.py, invitation_links.py, and
# allauth's links). Patterns of such addresses stay.
GUEST_LINK = re.compile(r"(/g/|/invitation/|/reset/|/confirm/)[^/\s?&\"'<]+")


def redact_guest_links(text: str) -> str:
    """Returns the text with a dash in place of the token of each link that was in email."""
    return GUEST_LINK.sub(r"\1-", text)


def route_of(request: HttpRequest) -> str:
    """Returns the pattern of the URL, such as `/versions/<reference:reference>/`. Paths have tokens
    and what visitors make up, so a path that no pattern matches is a dash."""
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return settings.STATIC_URL if request.path_info.startswith(settings.STATIC_URL) else "-"


class QueryCount:
    """Counts the database queries of a request."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.queries += 1
        return execute(*arguments)


class RequestId:
    """Takes X-Request-ID from the proxy or generates one, logs one line per request, and counts it
    for /metrics."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.observe: Callable[..., None] | None = None
        if settings.METRICS_TOKEN:
            from jdbuilder import metrics

            self.observe = metrics.observe

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        # Never reset: Django logs a rejected request after the last middleware has returned.
        request_id.set(given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex)
        started, count = time.perf_counter(), QueryCount()
        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id.get()
        seconds = time.perf_counter() - started
        fields = {
            "method": request.method if request.method in METHODS else "OTHER",
            "path": route_of(request),
            "status": response.status_code,
            "milliseconds": round(seconds * 1000),
            "queries": count.queries,
        }
        words = "%(method)s %(path)s %(status)d %(milliseconds)d ms %(queries)d queries"
        log.info(words, fields, extra={"fields": fields})
        if self.observe is not None:
            self.observe(fields, seconds)
        return response


class RequestIdFilter(logging.Filter):
    """Adds the request's ID to each log record. Django logs the path of a request that fails: its
    pattern takes the place, and the links of reviewers are redacted everywhere."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        message = safe = record.getMessage()
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and request.path != "/":
            safe = safe.replace(request.path, route_of(request))
        safe = redact_guest_links(safe)
        if safe != message:
            record.msg, record.args = safe, None
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


class JsonFormatter(LogFormatter):
    """Writes each record as one line of JSON. That of a request has its fields."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)
