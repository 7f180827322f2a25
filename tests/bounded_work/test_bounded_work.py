"""Child processes: results, limits, and what happens when one dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils.translation import override

from roles import bounded_work
from roles.bounded_work import LimitExceeded
from roles.exporters import FORMATS, logo_formats, pdf
from roles.importers import Unreadable
from tests import samples
from tests.bounded_work import child_work, hostile_files

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds; only a stall takes that long


def is_alive(pid: int) -> bool:
    """Whether the process exists and isn't a zombie (Linux)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def wait_for(is_true: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)


def exceeded(function: Callable[..., Any], *args: Any, seconds: float = 30) -> str:
    """Returns the limit that the work exceeds."""
    with pytest.raises(LimitExceeded) as caught:
        bounded_work.run_within(seconds / 10, function, *args)  # ten times that in the background
    return caught.value.limit


def test_work_is_done_in_another_process() -> None:
    assert bounded_work.run(os.getpid) != os.getpid()


def test_children_stay_warm() -> None:
    assert len({bounded_work.run(os.getpid) for _ in range(10)}) <= 2


def test_work_within_work_stays_in_its_process() -> None:
    outer, inner = bounded_work.run(child_work.nested)
    assert outer == inner


def test_answer_is_raised_here() -> None:
    with pytest.raises(Unreadable) as caught:
        bounded_work.run(child_work.refuse)
    assert caught.value.message == "This file is damaged."


def test_error_is_raised_here() -> None:
    with pytest.raises(ZeroDivisionError):
        bounded_work.run(child_work.break_down)


def test_messages_have_the_language_of_the_request() -> None:
    with override("de"):
        assert bounded_work.run(child_work.language) == "de"


def test_children_have_no_database() -> None:
    with pytest.raises(OperationalError, match="no such table"):
        bounded_work.run(child_work.count_rows)


# --- limits


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limit", "function", "arguments"),
    [
        ("time", child_work.sleep, (PATIENCE,)),
        ("time", child_work.spin, ()),
        ("memory", child_work.grow, ()),
        ("memory", bytes, (3_000_000_000,)),
        ("size", bytes, (51_000_000,)),
        ("crash", os._exit, (1,)),
        ("crash", os.abort, ()),
    ],
    ids=["sleeps", "spins", "grows", "one large value", "large result", "exits", "aborts"],
)
def test_work_is_ended_at_its_limit(
    limit: str, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    seconds = 1 if limit == "time" else 30
    assert exceeded(function, *arguments, seconds=seconds) == limit
    assert bounded_work.run(abs, -1) == 1  # other work goes on


@pytest.mark.slow
def test_ended_work_leaves_no_process(tmp_path: Path) -> None:
    started = tmp_path / "started"
    assert exceeded(child_work.sleep, PATIENCE, str(started), seconds=1) == "time"
    wait_for(lambda: not is_alive(int(started.read_text())))


def test_working_child_is_killed() -> None:
    assert exceeded(signal.raise_signal, signal.SIGKILL) == "crash"
    assert bounded_work.run(abs, -1) == 1


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2])
def test_idle_children_are_killed(count: int) -> None:
    """By the operating system, when memory is short. All are replaced, and none is left over."""
    bounded_work.run(int)
    pids = {child.pid or 0 for child in multiprocessing.active_children()}
    for pid in sorted(pids)[:count]:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.5)  # so that the loss is noticed while nothing runs
    assert bounded_work.run(os.getpid) not in pids
    wait_for(lambda: not any(is_alive(pid) for pid in pids))


# --- other processes


def script(text: str) -> list[str]:
    set_up = "import django; django.setup(); from roles import bounded_work\n"
    rest = "from tests.bounded_work import child_work; import os, sys\n"
    return [sys.executable, "-c", set_up + rest + text]


@pytest.mark.slow
def test_children_end_when_their_site_is_killed(tmp_path: Path) -> None:
    """Even one that works."""
    started = tmp_path / "started"
    text = f"bounded_work.run(child_work.sleep, 500, {str(started)!r})"
    site = subprocess.Popen(script(text), cwd=ROOT, env=os.environ)
    try:
        wait_for(lambda: started.exists() and started.read_text())
        assert is_alive(int(started.read_text()))
    finally:
        site.kill()
        site.wait()
    wait_for(lambda: not is_alive(int(started.read_text())))


@pytest.mark.slow
def test_forked_server_has_children_of_its_own() -> None:
    """As gunicorn does with --preload: it loads the site, and forks before the first request."""
    text = (
        "pid = os.fork()\n"
        "if pid == 0: sys.exit(bounded_work.run(abs, -3))\n"
        "assert bounded_work.run(abs, -1) == 1\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
    )
    done = subprocess.run(script(text), cwd=ROOT, timeout=3 * PATIENCE, check=False)
    assert done.returncode == 3


@pytest.mark.slow
def test_other_directory_than_the_projects(tmp_path: Path) -> None:
    """The fork server can't load anything in advance there; the children do."""
    text = "assert bounded_work.run(abs, -1) == 1"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(script(text), cwd=tmp_path, env=environment, timeout=3 * PATIENCE, check=True)


# --- what runs there


@pytest.mark.slow
@pytest.mark.parametrize("code", [code for code in FORMATS if code != "jsonld"])
def test_file_is_the_same_as_in_this_process(code: str) -> None:
    form, edition = FORMATS[code], samples.version()
    hostile = samples.hostile()
    short = replace(
        hostile, sections=hostile.sections[:-1]
    )  # without 300 lines, which take seconds
    for document in (samples.everything(), short):
        module = __import__(f"roles.exporters.{form.module}", fromlist=["render"])
        assert form.render(document, edition) == module.render(document, edition)


@pytest.mark.slow
@pytest.mark.parametrize("name", hostile_files.HOSTILE_LOGOS)
def test_hostile_logo_is_refused(name: str) -> None:
    assert logo_formats.checked_type(hostile_files.HOSTILE_LOGOS[name]()) is None


def test_warming_up_loads_the_fonts() -> None:
    pdf.warm_up()
    assert pdf._threads.engine is not None
