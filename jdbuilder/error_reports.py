"""Reports of errors to Sentry. Imported only if SENTRY_DSN is set.

A report has what the log has: where the code failed, the URL's pattern and the request's ID. It is
built from named parts, so that nothing else is sent, whatever the library collects.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import sentry_sdk
from django.http import HttpRequest
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration

from jdbuilder import logs

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

KEPT = ("event_id", "timestamp", "level", "logger", "platform", "environment", "sdk")
KEPT_OF_FRAME = (
    *("filename", "function", "module", "lineno", "in_app"),
    *("context_line", "pre_context", "post_context"),
)
OWN_LOGGERS = ("roles", "jdbuilder")  # whose messages have no names


def start(dsn: str) -> None:
    """Reports each error that is logged, and the one that ends a command."""
    sentry_sdk.init(
        dsn,
        before_send=scrubbed,
        # The log has the errors of requests. The integration with Django would read the requests.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR, sentry_logs_level=None),
            ExcepthookIntegration(),
            DedupeIntegration(),
            AtexitIntegration(callback=lambda _pending, _timeout: None),
        ],
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        server_name="",
    )


def scrubbed(event: Event, hint: Hint) -> Event:
    """Returns a report with the parts that can't have personal data."""
    report: dict[str, Any] = {name: event[name] for name in KEPT if name in event}  # type: ignore[literal-required]
    record: logging.LogRecord | None = hint.get("log_record")
    report["tags"] = {"request_id": logs.request_id.get()}
    if record is not None:
        report["logentry"] = {"message": _message(record)}
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            report["transaction"] = f"{request.method} {logs.route_of(request)}"
    errors = event.get("exception", {}).get("values", [])
    report["exception"] = {"values": [_error(error) for error in errors]}
    return report  # type: ignore[return-value]


def _message(record: logging.LogRecord) -> str:
    is_own = record.name.partition(".")[0] in OWN_LOGGERS
    return logs.redact_guest_links(record.getMessage() if is_own else str(record.msg))


def _error(error: dict[str, Any]) -> dict[str, Any]:
    """Without the message: a database's quotes the row that it rejects."""
    frames = (error.get("stacktrace") or {}).get("frames", [])
    return {
        "type": error.get("type"),
        "module": error.get("module"),
        "stacktrace": {
            "frames": [
                {key: frame[key] for key in KEPT_OF_FRAME if key in frame} for frame in frames
            ]
        },
    }
