"""Compares PDF renderers: JD Builder, headless Chromium with the same page (tagged), and ReportLab
with a manual layout; and JD Builder without its child process. They alternate within one run, so
other load affects all of them. Also measures stored files, one and two workers, memory, and growth
with length. Prints the text of docs/benchmarks-pdf.md.

    python bench/pdf_benchmark.py --repeats 20 [--chromium PATH]

`bin/bench pdf` calls it with a fresh database in DATA_DIR.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jdbuilder.settings")
os.environ.setdefault("DEBUG", "1")

import django

django.setup()

from bench.pdf_documents import EDITION, document, reportlab_pdf, typst_pdf  # noqa: E402
from roles.exporters import FORMATS, pdf, webpage  # noqa: E402

WARM_UP = 3
OURS = "JD Builder, first export of a version"
UNLIMITED = "the same without a child process and its limits"
MEMORY_DOCUMENTS = 250  # rendered before the memory is measured
PAUSE = 0.15  # seconds, for the browser to finish its work after a PDF
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


# --- measuring


def interleaved(
    renderers: dict[str, Callable[[], Any]], repeats: int, *, pause: float = 0
) -> dict[str, list[float]]:
    """Returns the milliseconds of each call by name. All functions are called in turn, `repeats`
    times after WARM_UP; `pause` is in seconds, before each call."""
    times: dict[str, list[float]] = {name: [] for name in renderers}
    for number in range(WARM_UP + repeats):
        for name, render in renderers.items():
            time.sleep(pause)
            start = time.perf_counter()
            render()
            if number >= WARM_UP:
                times[name].append((time.perf_counter() - start) * 1000)
    return times


def alternatives(repeats: int, chromium: str) -> dict[str, list[float]]:
    value = document()
    renderers: dict[str, Callable[[], Any]] = {
        OURS: lambda: FORMATS["pdf"].render(value, EDITION),
        UNLIMITED: lambda: pdf.render(value, EDITION),
        "ReportLab, by hand, not tagged": lambda: reportlab_pdf(value),
    }
    if not chromium:
        return interleaved(renderers, repeats)
    from playwright.sync_api import sync_playwright

    page = webpage.render(value, EDITION).decode()
    options: dict[str, Any] = {"format": "A4", "tagged": True, "outline": True}

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        tab = browser.new_page()

        def same_tab() -> None:
            tab.set_content(page)
            tab.pdf(prefer_css_page_size=True, **options)

        def new_tab() -> None:
            own = browser.new_page()
            own.set_content(page)
            own.pdf(prefer_css_page_size=True, **options)
            own.close()

        renderers["Chromium, one tab for all"] = same_tab
        renderers["Chromium, a tab for each"] = new_tab
        return interleaved(renderers, repeats, pause=PAUSE)


def growth(repeats: int) -> dict[str, list[float]]:
    """Measures documents of about 1 to 10 pages; the name has the number of pages."""
    from pypdf import PdfReader

    renderers: dict[str, Callable[[], Any]] = {}
    for bullets in (10, 40, 100, 175, 265):
        value = document(bullets)
        pages = len(PdfReader(io.BytesIO(pdf.render(value, EDITION))).pages)
        renderers[f"{pages} pages"] = lambda value=value: pdf.render(value, EDITION)  # type: ignore[misc]
    return interleaved(renderers, max(repeats // 2, 3))


def stored(repeats: int) -> dict[str, list[float]]:
    """Measures requests (session, permission, file): the first export, a later one, and one with
    the file in the browser's cache; and reading the stored file."""
    from django.core.management import call_command
    from django.test import Client

    from roles import drafts, versions
    from roles.models import RenderedFile, User

    call_command("migrate", verbosity=0)
    author = User.objects.create_superuser("author", "author@example.org", "not used")
    description = drafts.start(by=author, title="Account Manager", copy_of=document())
    versions.save(description=description, by=author, token=description.edit_token)
    client = Client()
    client.force_login(author)
    address = f"/descriptions/{description.reference}/versions/1/export/pdf/"

    def get(**headers: str) -> Any:
        response: Any = client.get(address, headers=headers)
        if response.streaming:
            b"".join(response.streaming_content)
        response.close()
        return response

    def first() -> None:
        RenderedFile.objects.all().delete()
        get()

    first()
    file, etag = RenderedFile.objects.get().file.path, get()["ETag"]
    return interleaved(
        {
            "First export, as a request": first,
            "Later export, as a request": get,
            "Later export, status 304": lambda: get(**{"If-None-Match": etag}),
        },
        repeats,
    ) | interleaved({"The stored file alone": Path(file).read_bytes}, repeats)


def _render_many(count: int) -> float:
    """Returns the seconds that a worker takes for `count` PDFs, after one to warm up."""
    value = document()
    pdf.render(value, EDITION)
    start = time.perf_counter()
    for _ in range(count):
        pdf.render(value, EDITION)
    return time.perf_counter() - start


def workers(count: int) -> list[float]:
    """Returns the throughput of two concurrent processes divided by that of one, five times."""
    ratios = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_render_many, [1, 1]))
        for _ in range(5):
            alone = pool.submit(_render_many, count).result()
            both = max(pool.map(_render_many, [count, count]))
            ratios.append(2 * alone / both)
    return ratios


def memory() -> tuple[float, float]:
    """Returns the memory of this process before the first PDF and after many, in MiB."""
    before = _resident()
    value = document()
    for _ in range(MEMORY_DOCUMENTS):
        pdf.render(value, EDITION)
    return before, _resident()


def _resident() -> float:
    """Returns the resident memory of this process in MiB (Linux only)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


# --- the report

REPORT = """\
# Benchmarks of the PDF

Written by `bin/bench pdf` ({day}); do not edit. One document of two pages, six sections and \
forty bullets, warm, alternately within one run: {repeats} times each after {warm_up} that don't \
count. Times are milliseconds and depend on the machine (here {cores} cores, {machine}, Python \
{python}). Compare the ratios. Chromium stays open and prints the page of the \
format `html` with tags and outline. ReportLab lays out the same text by hand, without tags.

{others}
Requests include session, sign-in, permission, and file, in one process. The stored file alone \
is read from the disk's cache.

{stored}
Growth with length, compared with one page:

{growth}
Two workers render {workers:.2f} times as many PDFs as one (median of five). A process uses \
{before:.0f} MiB before its first PDF and {after:.0f} MiB after {many}.
"""


def table(found: dict[str, list[float]], base: str, heading: str) -> str:
    lines = [f"| | median | fastest | {heading} |", "|---|---:|---:|---:|"]
    for name, values in found.items():
        middle = median(values)
        ratio = middle / median(found[base])
        shown = f"{ratio:.2f}" if ratio > 0.1 else f"1/{1 / ratio:,.0f}"
        lines.append(f"| {name} | {middle:.2f} | {min(values):.2f} | {shown} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--chromium", default="")
    options = parser.parse_args()
    before, after = memory()  # first, before anything else is loaded
    others = alternatives(options.repeats, options.chromium)
    lengths = growth(options.repeats)
    exports = stored(options.repeats)
    print(
        REPORT.format(
            day=datetime.now(UTC).date().isoformat(),
            repeats=options.repeats,
            warm_up=WARM_UP,
            cores=os.cpu_count(),
            machine=platform.machine(),
            python=platform.python_version(),
            others=table(others, OURS, "ratio to JD Builder"),
            stored=table(exports, next(iter(exports)), "ratio to the first export"),
            growth=table(lengths, next(iter(lengths)), "ratio to the shortest"),
            workers=median(workers(options.repeats)),
            before=before,
            after=after,
            many=MEMORY_DOCUMENTS,
        )
    )


if __name__ == "__main__":
    main()
