"""Measures one database in process, through Django's test client.

bin/bench calls it: `build` adds the job descriptions to measure; `memory`, `cold`, and `pages`
append their results to a JSON Lines file.
"""

from __future__ import annotations

import time

START = time.perf_counter()  # before the imports, which are part of a cold start

import argparse  # noqa: E402
import json  # noqa: E402
import logging  # noqa: E402
import os  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jdbuilder.settings")

import django  # noqa: E402

django.setup()
logging.getLogger("jdbuilder.logs").setLevel(logging.WARNING)  # not a line for each request

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import benchmark_data, measured_pages  # noqa: E402
from bench.benchmark_data import BATCH_TITLE, TITLE  # noqa: E402
from bench.benchmark_sizes import APPROVER, AUTHOR, BATCH, ROLLOUTS, WARM_UP  # noqa: E402
from bench.measured_pages import MeasuredPage  # noqa: E402
from roles import library  # noqa: E402
from roles.models import (  # noqa: E402
    Approval,
    Event,
    JobDescription,
    Line,
    Notification,
    Review,
    Rollout,
    Snippet,
    User,
    Version,
)
from roles.reviews import requests  # noqa: E402
from roles.rollouts import apply_rollout, batch_approval  # noqa: E402

QUERIES_COUNTED = 20  # requests of a mix


def measure(page: MeasuredPage) -> tuple[float, int]:
    """Returns the milliseconds until the last byte of the response, and its bytes."""
    page.prepare()
    start = time.perf_counter()
    response = page.request()
    content = b"".join(response.streaming_content) if response.streaming else response.content
    milliseconds = (time.perf_counter() - start) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{page.name}: status {response.status_code}")
    response.close()
    return milliseconds, len(content)


def measure_pages(results: Path, repeats: int) -> None:
    for page in measured_pages.pages(measured_pages.signed_in()):
        for _ in range(WARM_UP):
            measure(page)
        taken = [measure(page)[0] for _ in range(repeats)]
        with CaptureQueriesContext(connection) as captured:
            page.prepare()
            before = len(captured)
            page.prepare = lambda: None
            size = measure(page)[1]
        record(results, page.name, taken, queries=len(captured) - before, bytes=size)


def measure_mixes(results: Path) -> None:
    """Measures each request of a mix once. The queries are those of the request with most."""
    for mix in measured_pages.mixes(measured_pages.signed_in()):
        pages = [MeasuredPage(mix.name, request) for request in mix.requests]
        for page in pages[:WARM_UP]:
            measure(page)
        taken, sizes, queries = [], [], []
        for page in pages:
            milliseconds, size = measure(page)
            taken.append(milliseconds)
            sizes.append(size)
        for page in pages[:QUERIES_COUNTED]:
            with CaptureQueriesContext(connection) as captured:
                measure(page)
            queries.append(len(captured))
        record(
            results,
            mix.name,
            taken,
            queries=max(queries),
            bytes=round(sum(sizes) / len(sizes)),
            is_mix=True,
        )


def measure_rollouts(results: Path) -> None:
    """Measures rollouts of BATCH job descriptions and their approval, in ms per hundred."""
    times = [_time_rollout() for _ in range(ROLLOUTS)]
    for number, name in enumerate(("Rollout", "Approval of a rollout")):
        taken = [pair[number] * 1000 * 100 / BATCH for pair in times]
        record(results, f"{name}, 100 job descriptions", taken)


def _time_rollout() -> tuple[float, float]:
    """Returns the seconds of a rollout, and of its approval."""
    author, approver = (User.objects.get(username=name) for name in (AUTHOR, APPROVER))
    made = JobDescription.objects.filter(title=BATCH_TITLE)
    line = Line.objects.filter(description__in=made, section__kind="legal", revision__isnull=False)
    snippet = line.select_related("revision__snippet")[0].revision.snippet  # type: ignore[union-attr]
    latest = snippet.latest()
    text = f"{latest.text} And {latest.number}."
    revision = library.revise(snippet=snippet, text=text, by=author, based_on=latest.number)
    assert revision is not None  # noqa: S101  # narrows the type
    start = time.perf_counter()
    rollout = apply_rollout.start(
        revision=revision, descriptions=list(made), by=author, approver=approver
    )
    apply_rollout.run(rollout.pk)
    middle = time.perf_counter()
    batch_approval.approve_all(rollout=rollout, by=approver)
    end = time.perf_counter()
    for entry in rollout.entries.select_related("version", "review"):
        if entry.version is None or entry.review is None:
            raise SystemExit(f"skipped in the rollout: {entry.reason}")
        if entry.review.is_open:  # the wording has a blank placeholder
            requests.withdraw(review=entry.review, by=author)
            Approval.objects.create(version=entry.version)
    return middle - start, end - middle


def measure_cold(results: Path) -> None:
    """Measures the first request of this process, a PDF that isn't cached."""
    client = measured_pages.signed_in()
    description = JobDescription.objects.get(title=TITLE)
    number = measured_pages.versions_without_pdf(description)[-1]
    url = measured_pages.pdf_url(description, number)
    milliseconds, _size = measure(MeasuredPage("cold", lambda: client.get(url)))
    record(results, "PDF of a version, cold", [milliseconds])
    total = (time.perf_counter() - START) * 1000
    record(results, "PDF of a version, cold, with the start of the process", [total])


def measure_memory(results: Path) -> None:
    """Records the peak memory of this process, before and after one request to each page."""
    record(results, "Memory at the start", [peak_mib()], unit="MiB")
    for page in measured_pages.pages(measured_pages.signed_in()):
        measure(page)
    record(results, "Memory at its peak", [peak_mib()], unit="MiB")


def peak_mib() -> float:
    """Returns the peak memory of this process, in MiB."""
    units = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, KiB on Linux
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * units / 2**20


def record(results: Path, name: str, values: list[float], **more: Any) -> None:
    with results.open("a") as file:
        file.write(json.dumps({"name": name, "values": values, **more}) + "\n")


def row_counts() -> dict[str, int]:
    models = (Snippet, JobDescription, Line, Version, Review, Notification, Event, Rollout)
    return {model.__name__: model.objects.count() for model in models}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["build", "memory", "cold", "pages"])
    parser.add_argument("results", type=Path, nargs="?")
    parser.add_argument("--repeats", type=int, default=20)
    options = parser.parse_args()
    if options.what == "build":
        benchmark_data.build(options.repeats)
    elif options.what == "memory":
        record(options.results, "rows", [], counts=row_counts())
        measure_memory(options.results)
    elif options.what == "cold":
        measure_cold(options.results)
    else:
        measure_pages(options.results, options.repeats)
        measure_mixes(options.results)
        measure_rollouts(options.results)


if __name__ == "__main__":
    main()
