"""Fixtures of the browser tests: the starter library, a browser context for each person, and
timeouts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from roles import bounded_work
from tests import builders
from tests.browser import acting, editing
from tests.conftest import Complaints

PATIENCE = 20_000  # milliseconds: two cores, and a database test may run beside


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session", autouse=True)
def _ready_to_render() -> None:
    """The first file doesn't wait for the child processes to start."""
    bounded_work.start()


@pytest.fixture
def page(page: Page) -> Page:
    page.set_default_timeout(PATIENCE)
    return page


@pytest.fixture
def library(transactional_db: None, starter_library: None) -> None:
    """The starter library, committed, so that the live server reads it."""


@pytest.fixture
def in_the_web_process(settings: Any) -> Iterator[None]:
    """Background work runs in a thread of the live server, as with bin/run, and ends before the
    test's rows are deleted."""
    settings.BACKGROUND = "web"
    yield
    for thread in threading.enumerate():
        if thread.name in ("background", "email"):
            thread.join(timeout=30)


@pytest.fixture
def is_fine(assert_accessible: Callable[..., None]) -> Callable[[Page], None]:
    """Returns a function that runs axe on a page: everything in dark, and colors in light."""

    def check(page: Page) -> None:
        acting.look_like(page, scheme="dark")
        assert_accessible(page)
        acting.look_like(page, scheme="light")
        assert_accessible(page, about="colors")

    return check


@pytest.fixture
def url(live_server: Any) -> Callable[[str], str]:
    """Returns a function that turns a path into a URL of the live server."""
    return lambda path: live_server.url + path


@pytest.fixture
def visitor(
    browser: Browser, live_server: Any, sign_in: Callable[[Page, Any], None]
) -> Iterator[Callable[..., Page]]:
    """Returns a function that opens a page in a new browser context, signed in as an account or as
    a new account of a kind. `page.complaints` are its errors, of which none may be left."""
    opened_pages: list[tuple[Page, Complaints]] = []

    def make(who: Any = None, **options: Any) -> Page:
        page = browser.new_context(**{"base_url": live_server.url, **options}).new_page()
        page.set_default_timeout(PATIENCE)
        complaints = Complaints()
        complaints.watch(page)
        page.complaints = complaints  # type: ignore[attr-defined]
        opened_pages.append((page, complaints))
        if who is not None:
            sign_in(page, builders.user(who) if isinstance(who, str) else who)
        return page

    yield make
    left = [complaint for _page, complaints in opened_pages for complaint in complaints.left()]
    for page, _complaints in opened_pages:
        page.context.close()
    assert not left, "\n".join(left)


# The responsibilities step of the draft `jd`, opened by `account`: each module defines these two
# fixtures.


@pytest.fixture(params=editing.SCREENS)
def wizard(visitor: Callable[..., Page], account: Any, jd: Any, request: Any) -> Page:
    """The step in a wide window with a mouse, and on a phone with touch."""
    page = visitor(account, **editing.SCREENS[request.param])
    return editing.open_step(page, jd.reference)


@pytest.fixture
def wide(visitor: Callable[..., Page], account: Any, jd: Any) -> Page:
    """The step in a wide window with a mouse."""
    page = visitor(account, **editing.SCREENS["1280"])
    return editing.open_step(page, jd.reference)
