"""Many job descriptions at once, as a person does it: select, export, leave, come back, fetch."""

from __future__ import annotations

import io
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from roles import exporters
from roles.bulk_exports import orders
from roles.models import BulkExport, User
from tests import builders
from tests.browser import acting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("in_the_web_process"),
]


@pytest.fixture
def author() -> User:
    return builders.user("hr", first_name="Alex", last_name="Morgan")


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Plain text that takes a while, until the event is set."""
    go = threading.Event()

    def slow(_document: Any, edition: Any) -> bytes:
        go.wait(0.4)
        return edition.reference.encode()  # type: ignore[no-any-return]

    text = builders.format(slow)
    text.label = "Plain text"
    monkeypatch.setitem(exporters.FORMATS, "txt", text)
    yield go
    go.set()


def select(page: Page, *references: str) -> None:
    for reference in references:
        page.get_by_role("checkbox", name=f"Select {reference}").check()


def choose_text_alone(page: Page) -> None:
    page.get_by_role("checkbox", name="PDF", exact=True).uncheck()
    page.get_by_role("checkbox", name="Plain text").check()


def fetched(page: Page) -> list[str]:
    content = acting.download(page, page.get_by_role("link", name="Download"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


@pytest.mark.both_databases
def test_select_export_close_the_tab_and_download_later(
    visitor: Callable[..., Page],
    author: User,
    held: threading.Event,
    assert_accessible: Callable[[Page], None],
) -> None:
    every = [builders.description(author, f"Account manager {n}") for n in range(4)]
    references = [one.reference for one in every]
    page = visitor(author, accept_downloads=True)
    page.goto("/descriptions/")
    bar = page.get_by_role("group", name="Selected job descriptions")
    expect(bar).to_be_hidden()
    select(page, *references[:2])
    expect(bar).to_be_visible()
    expect(page.locator("#selection-status")).to_have_text("2 selected")
    page.get_by_label("Select all on this page").check()
    expect(page.locator("#selection-status")).to_have_text("4 selected")
    page.get_by_role("checkbox", name=f"Select {references[3]}").uncheck()
    expect(page.get_by_label("Select all on this page")).not_to_be_checked()
    assert_accessible(page)

    page.get_by_role("button", name="Export…").click()
    acting.expect_heading(page, "Export 3 job descriptions")
    choose_text_alone(page)
    assert_accessible(page)
    page.get_by_role("button", name="Export", exact=True).click()
    progress = page.get_by_role("progressbar")
    expect(progress).to_be_visible()
    assert_accessible(page)
    address = page.url
    page.close()
    held.set()

    page = visitor(author, accept_downloads=True)
    page.goto("/")
    page.get_by_text("Alex Morgan").first.click()
    page.get_by_role("link", name="Your exports").click()
    page.get_by_role("link", name="Export 1", exact=False).first.click()
    assert page.url == address
    expect(page.locator("#export-status")).not_to_be_empty()
    names = [f"{r} Account manager {n} (draft, public).txt" for n, r in enumerate(references[:3])]
    assert fetched(page) == [*names, "index.html", "index.csv"]
    assert_accessible(page)


@pytest.mark.both_databases
def test_progress_updates_and_export_can_be_canceled(
    visitor: Callable[..., Page], author: User, held: threading.Event
) -> None:
    for n in range(30):
        builders.description(author, f"Clerk {n}")
    page = visitor(author)
    page.goto("/descriptions/?q=clerk")
    page.get_by_role("link", name="Export all 30 matches").click()
    choose_text_alone(page)
    page.get_by_role("button", name="Export", exact=True).click()
    progress = page.get_by_role("progressbar")
    expect(progress).not_to_have_attribute("value", "0")
    expect(page.locator("#export-words")).to_contain_text("30")
    page.get_by_role("button", name="Cancel export").click()
    expect(page.get_by_role("button", name="Cancel export")).to_have_count(0)
    held.set()
    time.sleep(1)
    export = BulkExport.objects.get()
    assert export.state == "cancelled"
    assert export.files.filter(state="waiting").exists()


def test_without_scripts(visitor: Callable[..., Page], author: User, held: threading.Event) -> None:
    """The bar is always there, and a link looks again."""
    one = builders.description(author)
    page = visitor(author, java_script_enabled=False, accept_downloads=True)
    page.goto("/descriptions/")
    expect(page.get_by_label("Select all on this page")).to_be_hidden()
    select(page, one.reference)
    page.get_by_role("button", name="Export…").click()
    choose_text_alone(page)
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_role("link", name="Refresh")).to_be_visible()
    held.set()
    deadline = time.monotonic() + 30
    while page.get_by_role("link", name="Refresh").count():
        assert time.monotonic() < deadline
        page.get_by_role("link", name="Refresh").click()
    assert len(fetched(page)) == 3


def test_by_keyboard(visitor: Callable[..., Page], author: User) -> None:
    """Space selects, Shift selects up to here, Enter does not open the row by accident."""
    every = [builders.description(author, f"Account manager {n}") for n in range(3)]
    page = visitor(author)
    page.goto("/descriptions/?sort=reference")
    first = page.get_by_role("checkbox", name=f"Select {every[0].reference}")
    first.focus()
    page.keyboard.press("Space")
    page.get_by_role("checkbox", name=f"Select {every[2].reference}").click(modifiers=["Shift"])
    expect(page.locator("#selection-status")).to_have_text("3 selected")
    page.get_by_role("button", name="Clear selection").click()
    expect(page.locator("#selection-status")).to_have_text("0 selected")
    expect(page.get_by_label("Select all on this page")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_fit_every_window(
    visitor: Callable[..., Page],
    author: User,
    assert_accessible: Callable[[Page], None],
    scheme: str,
    width: int,
) -> None:
    """Nothing sticks out, and axe finds nothing, waiting or finished."""
    one = builders.description(author)
    ask: dict[str, Any] = {"by": author, "references": [one.reference], "formats": ["txt"]}
    waiting, cancelled = orders.order(**ask), orders.order(**ask)
    orders.cancel(export=cancelled)
    page = visitor(author)
    page.goto("/descriptions/")
    for path in (
        *("/exports/", "/exports/new/", f"/exports/new/?jd={one.reference}"),
        *(f"/exports/{waiting.pk}/", f"/exports/{cancelled.pk}/"),
    ):
        page.goto(path)
        acting.look_like(page, scheme=scheme, width=width)
        assert_accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, path
