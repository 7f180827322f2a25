"""What monitors ask for: /healthz and /metrics, under any host name and over plain HTTP."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from roles import outages
from roles.tasks import backlog
from roles.web.shared import unavailable

PATHS = ("/healthz", "/metrics")
READING = {
    outages.FULL: " Pages can still be read.",
    outages.READ_ONLY: " Pages can still be read.",
    outages.UNREACHABLE: "",
}
TROUBLE = {"late": "is late", "problem": "reports a problem"}


class AcceptAnyHost:
    """Lets monitors and load balancers use the server's address as the host name. Their pages don't
    depend on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in PATHS:
            request.get_host = lambda: "localhost"  # type: ignore[method-assign]
        return self.get_response(request)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Returns 200 if the product can read and save, otherwise 503 with the reason. Background work
    that is late or needs someone is "degraded", with 200: restarting the server wouldn't help."""
    is_json = request.GET.get("format") == "json"
    reason = outages.current()
    try:
        waiting = None if reason else backlog.current()
    except Error as error:
        waiting, reason = None, outages.reason_of(error) or outages.UNREACHABLE
    if waiting is None:
        text = f"{unavailable.REASONS[reason]}{READING.get(reason, '')}"
        if is_json:
            return JsonResponse({"status": "unavailable", "reason": text}, status=503)
        return HttpResponse(f"{text}\n", "text/plain; charset=utf-8", status=503)
    if is_json:
        return JsonResponse(_values(waiting))
    return HttpResponse("".join(f"{line}\n" for line in _lines(waiting)), "text/plain")


@login_not_required
@never_cache
@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """Returns numbers for Prometheus to whoever has METRICS_TOKEN."""
    if not settings.METRICS_TOKEN:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        headers = {"WWW-Authenticate": "Bearer"}
        return HttpResponse("Send METRICS_TOKEN.\n", "text/plain", status=401, headers=headers)
    from prometheus_client import CONTENT_TYPE_LATEST

    from jdbuilder import metrics

    return HttpResponse(metrics.text(), CONTENT_TYPE_LATEST)


def _status(waiting: backlog.Backlog) -> str:
    return "degraded" if waiting.is_late else "ok"


def _values(waiting: backlog.Backlog) -> dict[str, Any]:
    return {
        "status": _status(waiting),
        "tasks": _queue_values(waiting.tasks),
        "email": {**_queue_values(waiting.email), "failed": waiting.email.failed},
        "daily_jobs": {
            name: {"last_day": job.last_day, "finished_at": job.finished_at, "trouble": job.trouble}
            for name, job in waiting.daily_jobs.items()
        },
    }


def _queue_values(queue: backlog.Queue) -> dict[str, int]:
    return {"waiting": queue.waiting, "oldest_seconds": queue.oldest_seconds}


def _lines(waiting: backlog.Backlog) -> list[str]:
    jobs = waiting.daily_jobs.items()
    trouble = [f"{name} {TROUBLE[job.trouble]}" for name, job in jobs if job.trouble]
    return [
        _status(waiting),
        f"Tasks: {_words(waiting.tasks)}",
        f"Email: {_words(waiting.email)}",
        f"Daily jobs: {', '.join(trouble) or 'ok'}",
    ]


def _words(queue: backlog.Queue) -> str:
    words = f"{queue.waiting} waiting"
    if queue.waiting:
        words += f", the oldest for {queue.oldest_seconds // 60} minutes"
    return f"{words}, {queue.failed} failed since yesterday" if queue.failed else words
