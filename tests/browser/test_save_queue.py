"""The queue of autosave without the page: what is sent when, and what an answer changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.templatetags.static import static
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAUSE = 500  # milliseconds, as in save_queue.js

IMPORT = """async (address) => {
  const { SaveQueue } = await import(address);
  const send = (id) => { window.sends.push(id); window.queue.sent([id]); };
  window.sends = [];
  window.queue = new SaveQueue({ send });
}"""


class Queue:
    """A SaveQueue in a browser page whose clock stands still."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def call(self, method: str, *arguments: Any) -> Any:
        return self.page.evaluate(
            "([method, args]) => window.queue[method](...args)", [method, list(arguments)]
        )

    def wait(self, milliseconds: int) -> None:
        self.page.clock.run_for(milliseconds)

    def type_and_send(self, row: str) -> None:
        self.call("typed", row)
        self.wait(PAUSE)

    @property
    def sends(self) -> list[str]:
        """The rows that were sent, in order."""
        rows: list[str] = self.page.evaluate("window.sends")
        return rows

    @property
    def state(self) -> str:
        return str(self.page.evaluate("window.queue.state"))


@pytest.fixture
def queue(page: Page, url: Callable[[str], str]) -> Queue:
    page.clock.install()
    page.goto(url("/sign-in/"))
    page.evaluate(IMPORT, url(static("js/wizard/save_queue.js")))
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    return Queue(page)


def test_a_row_is_sent_after_a_pause(queue: Queue) -> None:
    queue.call("typed", "a")
    queue.wait(PAUSE - 100)
    queue.call("typed", "a")
    queue.wait(PAUSE - 100)
    assert queue.sends == []
    assert queue.state == "saving"
    queue.wait(100)
    assert queue.sends == ["a"]
    queue.call("answered", ["a"], 204)
    assert queue.state == "saved"


def test_rows_are_sent_apart(queue: Queue) -> None:
    queue.call("typed", "a")
    queue.wait(300)
    queue.call("typed", "b")
    queue.wait(PAUSE)
    assert queue.sends == ["a", "b"]
    queue.call("answered", ["a"], 204)
    assert queue.state == "saving"
    queue.call("answered", ["b"], 204)
    assert queue.state == "saved"


def test_text_typed_during_a_request_is_sent_too(queue: Queue) -> None:
    queue.type_and_send("a")
    queue.call("typed", "a")
    queue.call("answered", ["a"], 204)
    assert queue.state == "saving"
    queue.wait(PAUSE)
    assert queue.sends == ["a", "a"]


def test_a_failure_does_not_touch_what_was_typed_since(queue: Queue) -> None:
    queue.type_and_send("a")
    queue.call("typed", "a")
    queue.call("answered", ["a"], 422)
    assert queue.state == "saving"
    queue.wait(PAUSE)
    queue.call("answered", ["a"], 204)
    assert queue.state == "saved"


@pytest.mark.parametrize("status", [0, 500, 503])
def test_an_unreachable_server_is_tried_again_ever_later(queue: Queue, status: int) -> None:
    queue.type_and_send("a")
    for sends, delay in enumerate([2_000, 5_000, 10_000, 30_000, 30_000], 1):
        queue.call("answered", ["a"], status)
        assert queue.state == "waiting"
        queue.wait(delay - 1)
        assert len(queue.sends) == sends
        queue.wait(1)
        assert len(queue.sends) == sends + 1
    queue.call("answered", ["a"], 204)
    assert queue.state == "saved"


def test_the_delays_begin_again_after_an_answer(queue: Queue) -> None:
    queue.type_and_send("a")
    queue.call("answered", ["a"], 0)
    queue.wait(2_000)
    queue.call("answered", ["a"], 204)
    queue.type_and_send("a")
    queue.call("answered", ["a"], 0)
    queue.wait(2_000)
    assert len(queue.sends) == 4


def test_a_sign_of_the_network_tries_at_once(queue: Queue) -> None:
    queue.call("retryAfterOutage")
    assert queue.sends == []
    queue.type_and_send("a")
    queue.call("answered", ["a"], 0)
    queue.call("retryAfterOutage")
    assert queue.sends == ["a", "a"]
    queue.wait(60_000)
    assert queue.sends == ["a", "a"]


def test_an_expired_sign_in_is_a_failure(queue: Queue) -> None:
    queue.type_and_send("a")
    queue.call("answered", ["a"], 401)
    assert queue.state == "failed"


def test_a_refused_row_is_sent_again_once_it_is_changed(queue: Queue) -> None:
    queue.type_and_send("a")
    queue.call("answered", ["a"], 422)
    assert queue.state == "failed"
    queue.wait(60_000)
    assert queue.sends == ["a"]
    queue.type_and_send("a")
    assert queue.sends == ["a", "a"]


def test_a_conflict_keeps_the_row(queue: Queue) -> None:
    queue.type_and_send("a")
    queue.call("answered", ["a"], 409)
    assert queue.state == "failed"
    assert queue.page.evaluate("window.queue.rows") == ["a"]


def test_rows_dropped_by_the_page_are_sent(queue: Queue) -> None:
    """A row whose request never left has no timer any more, and is not on its way."""
    queue.page.evaluate("() => { window.queue.send = (id) => window.sends.push(id); }")
    queue.type_and_send("a")
    queue.call("typed", "b")
    queue.call("sendDropped")
    assert queue.sends == ["a", "a"]


def test_a_row_that_is_gone_is_forgotten(queue: Queue) -> None:
    queue.page.evaluate("() => { window.queue.send = (id) => window.queue.forget(id); }")
    queue.type_and_send("a")
    assert queue.state == "saved"


def test_everything_is_sent_before_the_page_is_left(queue: Queue) -> None:
    assert not queue.call("sendAll")
    queue.call("typed", "a")
    queue.call("typed", "b")
    assert queue.call("sendAll")
    assert queue.sends == ["a", "b"]
    queue.wait(PAUSE)
    assert queue.sends == ["a", "b"]


def test_an_error_of_the_loaded_page_counts(queue: Queue) -> None:
    queue.call("refuse", "a")
    assert queue.state == "failed"
    queue.type_and_send("a")
    queue.call("answered", ["a"], 204)
    assert queue.state == "saved"
