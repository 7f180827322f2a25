"""Who is admitted to the child processes, who waits, and who is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from roles import bounded_work
from roles.bounded_work import lanes


@pytest.fixture(autouse=True)
def _own_semaphores(settings: Any) -> Any:
    settings.WORK_QUEUE, settings.WORK_PROCESSES = 3, 2
    lanes._semaphores.cache_clear()
    yield
    lanes._semaphores.cache_clear()


@pytest.fixture
def hold() -> Any:
    """Returns a function that holds a place in a lane, in another thread, until the test ends."""
    is_over = threading.Event()
    threads: list[threading.Thread] = []

    def hold(name: str) -> None:
        is_held = threading.Event()

        def work() -> None:
            with lanes.admitted(lanes.LANES[name]):
                is_held.set()
                is_over.wait(60)

        threads.append(threading.Thread(target=work))
        threads[-1].start()
        assert is_held.wait(60)

    yield hold
    is_over.set()
    for thread in threads:
        thread.join()


Hold = Callable[[str], None]


def is_admitted(name: str) -> bool:
    try:
        with lanes.admitted(lanes.LANES[name]):
            return True
    except bounded_work.Busy:
        return False


def test_visitors_are_admitted_one_at_a_time(hold: Hold) -> None:
    assert is_admitted("visitors")
    hold("visitors")
    assert not is_admitted("visitors")
    assert is_admitted("people")
    assert is_admitted("background")


@pytest.mark.slow
def test_people_leave_threads_for_other_pages(monkeypatch: pytest.MonkeyPatch, hold: Hold) -> None:
    """WORK_QUEUE counts those that wait, too; others are refused at once."""
    hold("people")
    hold("people")
    outcomes: list[bool] = []
    waiting = threading.Thread(target=lambda: outcomes.append(is_admitted("people")))
    monkeypatch.setitem(lanes.LANES, "people", lanes.Lane(("requests",), wait=2))
    waiting.start()
    while lanes._semaphores()["requests"]._value:
        pass
    assert not is_admitted("people")
    assert not is_admitted("visitors")
    waiting.join()
    assert outcomes == [False]  # it waited, but not forever


def test_background_waits_for_its_turn(hold: Hold) -> None:
    hold("background")
    with ThreadPoolExecutor(1) as pool:
        with lanes.admitted(lanes.LANES["background"]):
            waiting = pool.submit(is_admitted, "background")
            assert not waiting.done()
        assert waiting.result(60)


def test_refused_work_takes_no_place(hold: Hold) -> None:
    hold("visitors")
    for _ in range(10):
        assert not is_admitted("visitors")
    assert is_admitted("people")


def test_failed_work_gives_its_place_back() -> None:
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), bounded_work.in_lane("visitors"):
            bounded_work.run(divmod, 1, 0)


# --- requests


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "kind", "lane"),
    [("/verify/", "anonymous", "visitors"), ("/descriptions/new/file/", "hr", "people")],
)
def test_busy_server_says_when_to_try_again(
    url: str, kind: str, lane: str, client_for: Any, hold: Hold
) -> None:
    client = client_for(kind)
    for _ in range(1 if lane == "visitors" else 2):
        hold(lane)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(lanes.LANES, "people", lanes.Lane(("requests",), wait=0))
        response = client.post(url, {"file": SimpleUploadedFile("a.json", b"{}")})
    assert response.status_code == 429
    assert response["Retry-After"] == "10"
    assert "The server is busy" in response.text
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
def test_lane_ends_with_its_request(client: Client) -> None:
    client.get("/verify/")
    assert lanes.current() is lanes.LANES["background"]
