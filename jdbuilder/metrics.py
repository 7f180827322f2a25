"""The numbers of /metrics, in the format of Prometheus. Imported only if METRICS_TOKEN is set.

Each gunicorn process counts its requests in files of its own, in a directory that all processes of
one server share. What waits in the background is read from the database.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from django.conf import settings

from roles import outages
from roles.tasks import backlog

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram
    from prometheus_client.core import GaugeMetricFamily

_locks: list[IO[str]] = []  # held until the process ends


class Instruments(NamedTuple):
    requests: Counter
    seconds: Histogram
    queries: Counter


def observe(fields: dict[str, Any], seconds: float) -> None:
    """Counts a request. `fields` are those of its line in the log."""
    instruments = _instruments()
    method, path = fields["method"], fields["path"]
    instruments.requests.labels(method, path, fields["status"]).inc()
    instruments.seconds.labels(method, path).observe(seconds)
    instruments.queries.labels(path).inc(fields["queries"])


def text() -> bytes:
    """Returns the numbers of all processes."""
    _instruments()
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(BacklogCollector())
    return generate_latest(registry)


class BacklogCollector:
    """Reads from the database what waits. During an outage, only that there is one."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        reason = outages.current()
        yield _gauge("jdbuilder_available", "Whether pages can be read and saved.", not reason)
        if reason:
            return
        now = backlog.current()
        for name, queue in (("tasks", now.tasks), ("email", now.email)):
            yield _gauge(f"jdbuilder_{name}_waiting", f"Waiting {name}.", queue.waiting)
            yield _gauge(
                f"jdbuilder_{name}_oldest_seconds", f"Age of waiting {name}.", queue.oldest_seconds
            )
        yield _gauge("jdbuilder_email_failed", "Email given up in a day.", now.email.failed)
        jobs = now.daily_jobs.items()
        finished = {name: job.finished_at.timestamp() for name, job in jobs if job.finished_at}
        yield _gauge("jdbuilder_daily_job_finished_timestamp_seconds", "Last run.", finished)
        trouble = {name: float(bool(job.trouble)) for name, job in jobs}
        yield _gauge("jdbuilder_daily_job_trouble", "Late, or has found a problem.", trouble)


def _gauge(name: str, about: str, value: float | dict[str, float]) -> GaugeMetricFamily:
    from prometheus_client.core import GaugeMetricFamily

    if not isinstance(value, dict):
        return GaugeMetricFamily(name, about, value=float(value))
    family = GaugeMetricFamily(name, about, labels=["job"])
    for job, number in value.items():
        family.add_metric([job], number)
    return family


@cache
def _instruments() -> Instruments:
    # The library looks for it when it is imported.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_directory())
    from prometheus_client import Counter, Histogram

    return Instruments(
        Counter("jdbuilder_requests", "Requests.", ["method", "path", "status"]),
        Histogram("jdbuilder_request_seconds", "Duration of requests.", ["method", "path"]),
        Counter("jdbuilder_queries", "Database queries of requests.", ["path"]),
    )


def _directory() -> Path:
    """Returns the directory of this server, which is empty if this is its first process. Removes
    those of servers that have ended. Each process holds a shared lock on its directory's file."""
    parent = Path(settings.DATA_DIR) / "metrics"
    parent.mkdir(exist_ok=True)
    own = parent / f"{socket.gethostname()}-{os.getppid()}"
    own.with_suffix(".lock").touch()
    for lock_file in sorted(parent.glob("*.lock")):
        lock = lock_file.open("r+")
        if _takes(lock, fcntl.LOCK_EX | fcntl.LOCK_NB):
            shutil.rmtree(lock_file.with_suffix(""), ignore_errors=True)
        if lock_file != own.with_suffix(".lock"):
            lock.close()
            continue
        # Another first process might empty the directory in between; nothing is in it yet.
        _takes(lock, fcntl.LOCK_SH)
        _locks.append(lock)
    own.mkdir(exist_ok=True)
    return own


def _takes(lock: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind)
    except OSError:
        return False
    return True
