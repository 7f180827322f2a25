"""Fixtures of all tests. `client_for` signs people in, `page` is a browser page that fails the test
on console errors and failed requests, and `assert_accessible` runs axe."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase

from roles import outages
from tests import builders, rows

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request, Response

# Playwright's event loop runs in this thread, in which Django's ORM would otherwise refuse to work.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

BROWSER_TESTS = Path(__file__).parent / "browser"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_finish() -> None:
    """Exclude objects that exist before the first test from garbage collection, which saves a tenth
    of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


# --- the database


@pytest.hookimpl(tryfirst=True)  # before pytest selects by markers
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that use a database, and choose those that run here.

    SQLite runs everything. PostgreSQL runs the tests that use a database, with one case of each
    parametrized test, because most cases differ only in values. Two markers change this:

    - `any_database`, mostly of a module about pages: its statements are those of other tests, so
      PostgreSQL leaves it out.
    - `both_databases`: PostgreSQL runs all cases, also in such a module, because they make
      statements of their own, or their values reach one (search, constraints, locks, outages).

    `bin/test --fast` runs one case of each parametrized test, too.
    """
    on_postgresql = connection.vendor == "postgresql"
    chosen: dict[str, pytest.Item] = {}
    for item in items:
        has_marker = item.get_closest_marker
        if bool(has_marker("browser")) != item.path.is_relative_to(BROWSER_TESTS):
            raise pytest.UsageError(f"{item.nodeid}: {BROWSER_TESTS} holds the browser tests")
        uses = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        on_both = has_marker("both_databases") or not has_marker("any_database")
        if (uses or has_marker("django_db")) and (on_both or not on_postgresql):
            item.add_marker("database")
        one_case = os.environ.get("FAST") or (on_postgresql and not has_marker("both_databases"))
        chosen.setdefault(item.nodeid.partition("[")[0] if one_case else item.nodeid, item)
    config.hook.pytest_deselected(items=list(set(items) - set(chosen.values())))
    items[:] = chosen.values()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Replace the slow flush after tests with real transactions: the rows of the new database are
    restored, with the same keys, on which fixtures of modules rely."""
    with django_db_blocker.unblock():
        first = rows.read(connection)

    def teardown(_self: TransactionTestCase) -> None:
        rows.restore(connection, first)
        cache.clear()  # attempts to sign in

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def _library_rows(django_db_setup: None, django_db_blocker: Any) -> rows.Rows:
    """The rows of the starter library, loaded once per worker."""
    with django_db_blocker.unblock():
        return rows.written_by(connection, builders.starter_library)


@pytest.fixture
def starter_library(db: None, _library_rows: rows.Rows) -> None:
    """The starter library, as bin/run loads it, inserted as rows."""
    rows.insert(connection, _library_rows)


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep rendered files of tests apart from those of the product."""
    settings.MEDIA_ROOT = str(tmp_path_factory.getbasetemp() / "media")


@pytest.fixture(autouse=True)
def _forget_outages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep an outage that a test simulates apart from the next test's pages."""
    monkeypatch.setattr(outages, "_last", outages.LastOutage("", 0))


# --- people


class SignedInClient(Client):
    """Django's test client, with the account that is signed in."""

    user: Any = None


@pytest.fixture
def client_for(db: None) -> Callable[..., SignedInClient]:
    """Returns a function that makes a client signed in as an account or as a new account of a
    kind (builders.user); `anonymous` isn't signed in."""

    def make(who: Any = "hr") -> SignedInClient:
        client = SignedInClient()
        if who != "anonymous":
            client.user = builders.user(who) if isinstance(who, str) else who
            builders.sign_in(client, client.user)
        return client

    return make


# --- browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if Path(CHROMIUM).exists():
        browser_type_launch_args["executable_path"] = CHROMIUM
    return {**browser_type_launch_args, "args": CHROMIUM_ARGUMENTS}


class Complaints:
    """Errors of a browser page; `allow` takes a pattern for those that a test provokes."""

    def __init__(self) -> None:
        self.recorded: list[str] = []
        self.allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str) -> None:
        self.allowed.append(re.compile(pattern))

    def left(self) -> list[str]:
        return [c for c in self.recorded if not any(p.search(c) for p in self.allowed)]

    def watch(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.recorded.append(f"script error: {error}"))
        page.on("requestfailed", self._on_failed)
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.recorded.append(f"console {message.type}: {message.text}")

    def _on_failed(self, request: Request) -> None:
        # A download aborts its navigation, and leaving a page aborts what it still loads.
        if request.failure != "net::ERR_ABORTED":
            self.recorded.append(f"failed request: {request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.recorded.append(f"status {response.status}: {response.url}")


@pytest.fixture
def complaints() -> Complaints:
    """The errors of this test's page; `complaints.allow("409")` permits an expected one."""
    return Complaints()


@pytest.fixture
def page(page: Page, complaints: Complaints) -> Iterator[Page]:
    """A browser page, which must have no errors at the end of the test."""
    complaints.watch(page)
    yield page
    assert not complaints.left(), "\n".join(complaints.left())


# The rules of axe that depend on the color scheme; all others read the page's structure.
COLORS = ["color-contrast", "link-in-text-block"]
ABOUT: dict[str, dict[str, Any]] = {
    "everything": {"rules": {"color-contrast": {"enabled": False}}},
    "colors": {"runOnly": {"type": "rule", "values": ["link-in-text-block"]}},
    "structure": {"rules": {rule: {"enabled": False} for rule in COLORS}},
}
# Contrast is nine tenths of axe's work. It depends on these properties of an element and of its
# ancestors, so of the visible elements that agree in all of them, one is enough.
AXE = """
async ([options, contrast]) => {
  const styles = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize",
    "fontWeight", "textShadow", "position", "filter", "mixBlendMode", "clip", "clipPath",
    "visibility", "overflow"];
  const numbers = new Map([["", 0]]), known = new Map([[null, 0]]);
  function look(element) {
    if (!known.has(element)) {
      const style = getComputedStyle(element);
      const disabled = element.matches(":disabled, [aria-disabled=true]");
      const key = [look(element.parentElement), disabled, ...styles.map(name => style[name])];
      const text = key.join("|");
      if (!numbers.has(text)) numbers.set(text, numbers.size);
      known.set(element, numbers.get(text));
    }
    return known.get(element);
  }
  function shows(element) {
    const hasText = element.matches("input, select, textarea, button") ||
      [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    return hasText && element.checkVisibility() && element.getClientRects().length > 0;
  }
  const violations = (await axe.run(options)).violations;
  const one = new Map();
  for (const element of contrast ? document.querySelectorAll("body, body *") : [])
    if (shows(element) && !one.has(look(element))) one.set(look(element), element);
  if (one.size) {
    const rule = {...options, rules: {}, runOnly: {type: "rule", values: ["color-contrast"]}};
    violations.push(...(await axe.run({include: [...one.values()]}, rule)).violations);
  }
  return violations;
}
"""


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[..., None]:
    """Returns a function that fails with a readable list of what axe finds on a page: everything,
    or only what concerns colors or structure."""
    from axe_playwright_python.sync_playwright import Axe

    script = Axe().axe_script

    def check(page: Page, about: str = "everything") -> None:
        # A click on a link returns before the next page has loaded; axe needs a whole one.
        page.wait_for_load_state()
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        # Preloading would copy imported style sheets into inline ones, which the policy forbids.
        options = {"resultTypes": ["violations"], "preload": False, **ABOUT[about]}
        violations = page.evaluate(AXE, [options, about != "structure"])
        messages = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
            + "\n".join(
                f"    {' '.join(node['target'])}\n      {node['html'][:200]}\n"
                f"      {node.get('failureSummary', '').strip()}"
                for node in violation["nodes"]
            )
            for violation in violations
        ]
        assert not messages, f"axe finds on {page.url}:\n" + "\n".join(messages)

    return check


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, Any], None]:
    """Returns a function that signs an account in to a page, without the sign-in form."""

    def do(page: Page, account: Any) -> None:
        client = Client()
        builders.sign_in(client, account)
        value = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])

    return do
