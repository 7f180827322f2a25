"""Measures the wizard in a browser: the bytes of a first load, and the time from a button to the
changed page. bin/bench browser calls it with a database that `bench/run.py build` filled:

    python bench/browser.py --chromium PATH [--presses 20]
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jdbuilder.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright has an event loop in this thread

import django

django.setup()
logging.getLogger("jdbuilder.logs").setLevel(logging.WARNING)

from playwright.sync_api import sync_playwright  # noqa: E402

from bench import measured_pages  # noqa: E402
from bench.benchmark_data import LENGTH_TITLE, TITLE  # noqa: E402
from bench.benchmark_sizes import LENGTHS, WARM_UP  # noqa: E402
from roles.models import JobDescription  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
START_SECONDS = 60
RATES = (1, 4)  # how many times slower the browser's processor is
KINDS = ("Document", "Stylesheet", "Script", "Font")

# Presses the button, and returns the milliseconds until its line has another place on the screen.
PRESS = """id => new Promise(done => {
  const button = document.getElementById(id), line = button.closest("li.line");
  const place = () => [...line.parentElement.children].indexOf(document.getElementById(line.id));
  const start = performance.now(), old = place();
  const look = () => requestAnimationFrame(() => {
    if (place() === old) look();
    else setTimeout(() => done(performance.now() - start));
  });
  button.click();
  look();
})"""

REPORT = """\
# Browser benchmarks

Written by `bin/bench browser` ({day}); do not edit. The wizard in Chromium, served by gunicorn \
with the settings of production, SQLite and the starter data, on one machine without a network. \
Absolute times depend on the machine (here {cores} cores, {machine}, Python {python}). Compare \
within one run.

## First load

Kilobytes over the network with an empty cache, compressed as they are sent.

| | {kinds} | all |
|---|{lines}---:|
{loads}

## From a button to the changed page

A button that moves a line, in a section of {length} lines: the milliseconds until the page shows \
it, median of {presses} presses. The processor of the browser is slowed, that of the server isn't.

| Processor | milliseconds | ratio |
|---|---:|---:|
{buttons}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chromium", required=True)
    parser.add_argument("--presses", type=int, default=20)
    options = parser.parse_args()
    session = measured_pages.signed_in().cookies["sessionid"].value
    with serving() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=ARGUMENTS)
        loads = {name: first_load(browser, address, session, path) for name, path in steps()}
        buttons = press_buttons(browser, address, session, options.presses)
        browser.close()
    print(report(loads, buttons, options.presses), end="")


def steps() -> Iterator[tuple[str, str]]:
    """Yields the names and paths of the steps to load."""
    in_one = JobDescription.objects.get(title=LENGTH_TITLE.format(LENGTHS[0])).reference
    in_all = JobDescription.objects.get(title=TITLE).reference
    yield f"Responsibilities, {LENGTHS[0]} lines", f"{in_one}/edit/responsibilities/"
    yield "Responsibilities", f"{in_all}/edit/responsibilities/"
    yield "Job details", f"{in_all}/edit/details/"


@contextmanager
def serving() -> Iterator[str]:
    """Serves the product as docs/operations.md says, and yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "jdbuilder.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--threads", "8", "--no-control-socket", "--log-level", "warning"]
    environment = {**os.environ, "ALLOWED_HOSTS": "localhost", "HTTPS": "0"}
    log = subprocess.DEVNULL  # a line for each request
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)  # noqa: S603  # ours
    try:
        wait_for(port)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The server did not start.")


def new_context(browser: Browser, address: str, session: str) -> BrowserContext:
    """Returns a context with an empty cache, signed in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    return context


def first_load(browser: Browser, address: str, session: str, path: str) -> Counter[str]:
    """Returns the bytes that a page transfers, by the kind of what was asked for."""
    context = new_context(browser, address, session)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: Counter[str] = Counter()

    def add(event: dict[str, Any]) -> None:
        sizes[kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])

    network.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    network.on("Network.loadingFinished", add)
    page.goto(f"{address}/descriptions/{path}", wait_until="networkidle")
    context.close()
    return sizes


def press_buttons(
    browser: Browser, address: str, session: str, presses: int
) -> dict[int, list[float]]:
    """Returns the milliseconds from a button to the changed page, by rate, alternately."""
    context = new_context(browser, address, session)
    page = context.new_page()
    processor = context.new_cdp_session(page)
    (_name, path), *_others = steps()
    page.goto(f"{address}/descriptions/{path}", wait_until="networkidle")
    taken: dict[int, list[float]] = {rate: [] for rate in RATES}
    for number in range(presses + WARM_UP):
        for rate, times in taken.items():
            processor.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            milliseconds = press(page, number)
            if number >= WARM_UP:
                times.append(milliseconds)
    context.close()
    return taken


def press(page: Page, number: int) -> float:
    """Moves a line in the middle: down, or up again."""
    buttons = page.locator(f"[id^=line-{'up' if number % 2 else 'down'}-]")
    name = buttons.nth(LENGTHS[0] // 2).get_attribute("id")
    milliseconds: float = page.evaluate(PRESS, name)
    page.wait_for_load_state("networkidle")
    return milliseconds


def report(loads: dict[str, Counter[str]], buttons: dict[int, list[float]], presses: int) -> str:
    rows = [
        f"| {name} | {' | '.join(f'{sizes[kind] / 1000:.0f}' for kind in KINDS)}"
        f" | {sizes.total() / 1000:.0f} |"
        for name, sizes in loads.items()
    ]
    fastest = median(buttons[RATES[0]])
    names = {rate: f"{rate} times slower" if rate > 1 else "at full speed" for rate in RATES}
    return REPORT.format(
        day=datetime.now(UTC).date().isoformat(),
        cores=os.cpu_count(),
        machine=platform.machine(),
        python=platform.python_version(),
        kinds=" | ".join(("pages", "style sheets", "scripts", "fonts")),
        lines="---:|" * len(KINDS),
        loads="\n".join(rows),
        length=LENGTHS[0],
        presses=presses,
        buttons="\n".join(
            f"| {names[rate]} | {median(times):.0f} | {median(times) / fastest:.1f} |"
            for rate, times in buttons.items()
        ),
    )


if __name__ == "__main__":
    main()
