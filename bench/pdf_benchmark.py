"""Compares PDF renderers: JD Builder, headless Chromium with the same page (tagged), and Typst and
ReportLab with a manual layout; and JD Builder without its child process. They alternate within one
run, so other load affects all of them. Also measures stored files, one and two workers, memory, and
growth with length. Prints the text of docs/benchmarks-pdf.md.

    python bench/pdf_benchmark.py --repeats 20 [--chromium PATH]

`bin/bench pdf` calls it with a fresh database in DATA_DIR.
"""

from __future__ import annotations

import argparse
import io
import logging
import os
import platform
import sys
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jdbuilder.settings")
os.environ.setdefault("DEBUG", "1")

import django

django.setup()
logging.getLogger("jdbuilder.logs").setLevel(logging.WARNING)  # not a line for each request

from bench import pdf_report  # noqa: E402
from bench.pdf_documents import EDITION, document, reportlab_pdf, typst_pdf  # noqa: E402
from roles.document import Document  # noqa: E402
from roles.exporters import FORMATS, pdf, webpage  # noqa: E402

Renderer = Callable[[Document], object]
Name = TypeVar("Name", bound=Hashable)

WARM_UP = 3
BULLETS = (10, 40, 100, 175, 265)  # 1 to 8 pages
OURS = "JD Builder, first export of a version"
UNLIMITED = "the same without a child process and its limits"
MEMORY_DOCUMENTS = 250  # rendered before the memory is measured
PAUSE = 0.15  # seconds, for the browser to finish its work after a PDF
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


# --- measuring


def interleaved(
    calls: Mapping[Name, Callable[[], object]],
    repeats: int,
    *,
    pause: float = 0,
    before: Mapping[Name, Callable[[], object]] | None = None,
) -> dict[Name, list[float]]:
    """Returns the milliseconds of each call by name. All functions are called in turn, `repeats`
    times after WARM_UP; `pause` is in seconds, before each call, and `before` what is called
    first."""
    times: dict[Name, list[float]] = {name: [] for name in calls}
    for number in range(WARM_UP + repeats):
        for name, call in calls.items():
            time.sleep(pause)
            (before or {}).get(name, int)()
            start = time.perf_counter()
            call()
            if number >= WARM_UP:
                times[name].append((time.perf_counter() - start) * 1000)
    return times


@contextmanager
def renderers(chromium: str) -> Iterator[dict[str, Renderer]]:
    """Yields the alternatives by name: functions that print a document."""
    found: dict[str, Renderer] = {
        OURS: lambda value: FORMATS["pdf"].render(value, EDITION),
        UNLIMITED: lambda value: pdf.render(value, EDITION),
        "Typst, by hand, tagged": typst_pdf,
        "ReportLab, by hand, not tagged": reportlab_pdf,
    }
    if not chromium:
        yield found
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        tab = browser.new_page()

        def new_tab(value: Document) -> None:
            own = browser.new_page()
            _print(own, value)
            own.close()

        found["Chromium, one tab for all"] = lambda value: _print(tab, value)
        found["Chromium, a tab for each"] = new_tab
        yield found


def _print(tab: Any, value: Document) -> None:
    tab.set_content(_page(value))
    tab.pdf(format="A4", tagged=True, outline=True, prefer_css_page_size=True)


@lru_cache(maxsize=len(BULLETS))
def _page(value: Document) -> str:
    """Returns the page of the format `html`. Making it isn't measured."""
    return webpage.render(value, EDITION).decode()


def alternatives(found: dict[str, Renderer], repeats: int) -> dict[str, list[float]]:
    value = document()
    calls = {name: partial(render, value) for name, render in found.items()}
    return interleaved(calls, repeats, pause=PAUSE)


def growth(found: dict[str, Renderer], repeats: int) -> dict[str, dict[int, list[float]]]:
    """Measures documents of 1 to 10 pages. Returns the milliseconds by name and number of
    bullets."""
    calls = {
        (name, bullets): partial(render, document(bullets))
        for bullets in BULLETS
        for name, render in found.items()
    }
    measured: dict[str, dict[int, list[float]]] = {name: {} for name in found}
    for (name, bullets), times in interleaved(calls, max(repeats // 2, 3), pause=PAUSE).items():
        measured[name][bullets] = times
    return measured


def pages(bullets: int) -> int:
    from pypdf import PdfReader

    return len(PdfReader(io.BytesIO(pdf.render(document(bullets), EDITION))).pages)


def stored(repeats: int) -> dict[str, list[float]]:
    """Measures requests (session, permission, file): the first export, before and after the
    background has run; a later one; one with the file in the browser's cache; and reading the
    stored file."""
    from django.core.management import call_command
    from django.test import Client

    from roles import drafts, versions
    from roles.models import RenderedFile, User
    from roles.versions import prepared_files

    call_command("migrate", verbosity=0)
    author = User.objects.create_superuser("author", "author@example.org", "not used")
    description = drafts.start(by=author, title="Account Manager", copy_of=document())
    saved = versions.save(description=description, by=author, token=description.edit_token)
    client = Client()
    client.force_login(author)
    address = f"/descriptions/{description.reference}/versions/1/export/pdf/"

    def forget() -> None:
        RenderedFile.objects.all().delete()

    def prepare() -> None:
        forget()
        prepared_files.prepare(saved.pk)

    prepare()
    get = partial(_download, client, address)
    file, etag = RenderedFile.objects.get().file.path, get()["ETag"]
    first, prepared = "First export, before the background has run", "First export, after it"
    calls: dict[str, Callable[[], object]] = {
        first: get,
        prepared: get,
        "Later export": get,
        "Later export, status 304": partial(get, etag),
    }
    found = interleaved(calls, repeats, before={first: forget, prepared: prepare})
    return found | interleaved({"The stored file alone": Path(file).read_bytes}, repeats)


def _download(client: Any, address: str, etag: str = "") -> Any:
    """Requests the file and reads it. Returns the response."""
    response = client.get(address, headers={"If-None-Match": etag} if etag else {})
    if response.streaming:
        b"".join(response.streaming_content)
    response.close()
    return response


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--chromium", default="")
    options = parser.parse_args()
    before, after = memory()  # first, before anything else is loaded
    with renderers(options.chromium) as found:
        others = alternatives(found, options.repeats)
        lengths = growth(found, options.repeats)
    exports = stored(options.repeats)
    print(
        pdf_report.REPORT.format(
            day=datetime.now(UTC).date().isoformat(),
            repeats=options.repeats,
            warm_up=WARM_UP,
            cores=os.cpu_count(),
            load=os.getloadavg()[0],
            machine=platform.machine(),
            python=platform.python_version(),
            others=pdf_report.table(others, OURS, "ratio to JD Builder"),
            stored=pdf_report.table(exports, next(iter(exports)), "ratio to the first"),
            growth=pdf_report.growth_table(lengths, OURS, {n: pages(n) for n in BULLETS}),
            workers=median(workers(options.repeats)),
            before=before,
            after=after,
            many=MEMORY_DOCUMENTS,
        )
    )


if __name__ == "__main__":
    main()
