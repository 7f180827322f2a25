"""Pages of lists: each row once in both directions, however rows are added and deleted between."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models.functions import Lower
from django.test import RequestFactory
from django.utils import timezone

from roles.models import JobDescription
from roles.reviews import requests
from roles.web.shared import key_pages
from roles.web.shared.key_pages import KeyPage, page_of, page_of_sequence
from roles.web.shared.sort_order import SortOrder
from tests import builders
from tests.html import find, words
from tests.pages import next_page

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# As (title, status); several rows have the same.
ROWS = (
    *(("bravo", "draft"), ("Alpha", "approved"), ("alpha", "draft"), ("Échelon", "archived")),
    *(("Bravo", "draft"), ("alpha", "approved"), ("charlie", "draft")),
)
ORDERS = [
    SortOrder("title", (Lower("title"),)),
    SortOrder("-title", (Lower("title"),), is_descending=True),
    SortOrder("changed", ("changed_at",)),
    SortOrder("-changed", ("changed_at",), is_descending=True),
    SortOrder("status", ("status", Lower("title"))),
    SortOrder("id", ()),
]


@pytest.fixture(autouse=True)
def _rows() -> None:
    for title, status in ROWS:
        builders.description(title=title, status=status)
    # The same time for several.
    JobDescription.objects.filter(title__in=["alpha", "bravo"]).update(changed_at=timezone.now())


def get(page: str, order: SortOrder, size: int = 2, **options: Any) -> KeyPage:
    request = RequestFactory().get("/list/", {"page": page} if page else {})
    return page_of(request, JobDescription.objects.all(), order, size, **options)


def ids(page: KeyPage) -> list[int]:
    return [row.pk for row in page]


def forward(order: SortOrder, size: int = 2, **options: Any) -> list[KeyPage]:
    pages = [get("", order, size, **options)]
    while pages[-1].next:
        pages.append(get(pages[-1].next, order, size, **options))
    return pages


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.name)
@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_every_row_is_on_one_page_in_both_directions(order: SortOrder, size: int) -> None:
    expected = [row.pk for row in order.applied(JobDescription.objects.all())]
    assert len(expected) == len(ROWS)
    pages = forward(order, size)
    assert [pk for page in pages for pk in ids(page)] == expected
    assert [page.start for page in pages] == [1 + n * size for n in range(len(pages))]
    assert {page.count for page in pages} == {len(ROWS)}
    back = [get("last", order, size)]
    while back[-1].previous:
        back.append(get(back[-1].previous, order, size))
    shown = [pk for page in reversed(back[:-1]) for pk in ids(page)]
    assert shown == expected[len(expected) - len(shown) :]
    assert ids(back[-1]) == expected[:size]
    assert back[0].end == len(ROWS)
    assert not back[0].next


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_parts_follow_each_other(size: int) -> None:
    order = SortOrder("parts", (Lower("title"),), is_descending=True)
    rows = JobDescription.objects.all()
    parts = [rows.filter(status=s) for s in ("draft", "in_review", "approved", "archived")]
    expected = [row.pk for part in parts for row in order.applied(part)]
    pages = forward(order, size, parts=parts)
    assert [pk for page in pages for pk in ids(page)] == expected
    assert [page.start for page in pages] == [1 + n * size for n in range(len(pages))]
    for page, earlier in zip(pages[1:], pages, strict=False):
        assert ids(get(page.previous, order, size, parts=parts)) == ids(earlier)
    assert ids(get("last", order, size, parts=parts)) == expected[-size:]


def test_a_link_survives_rows_that_are_added_or_deleted() -> None:
    order = ORDERS[0]
    first, second, *_rest = forward(order)
    builders.description(title="aaa")  # by number, the second page would repeat a row
    assert ids(get(first.next, order)) == ids(second)
    JobDescription.objects.filter(pk__in=ids(first)).delete()  # the link is after one of them
    assert ids(get(first.next, order)) == ids(second)
    JobDescription.objects.filter(pk__in=ids(second)).delete()
    assert len(get(first.next, order).object_list) == 2
    assert len(get(second.previous, order).object_list) == 2  # the first page, not a short one
    assert not get(second.previous, order).previous


def test_a_page_whose_rows_have_gone_is_the_last_one() -> None:
    order = SortOrder("id", ())
    pages = forward(order)
    JobDescription.objects.filter(pk__in=ids(pages[-1])).delete()
    shown = get(pages[-2].next, order)
    assert ids(shown) == ids(pages[-2])
    assert not shown.next
    JobDescription.objects.all().delete()
    assert (ids(get(pages[-2].next, order)), get("last", order).count) == ([], 0)
    assert get(pages[1].previous, order).is_only_one


@pytest.mark.parametrize(
    "junk",
    ["2", "after", "after.", "after.x", "before.WzFd:x", "last.x", "\0", "x" * 5000],
)
def test_other_links_lead_to_the_first_page(junk: str) -> None:
    order = ORDERS[0]
    shown = get(junk, order)
    if not junk.startswith("last"):
        assert ids(shown) == ids(get("", order))
    assert ids(get(forward(order)[0].next, ORDERS[1])) == ids(get("", ORDERS[1]))  # another order


def test_counts_stop_at_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    order = SortOrder("id", ())
    assert get("", order).count_words == "7"
    monkeypatch.setattr(key_pages, "COUNTED", 3)
    pages = forward(order)
    assert {page.count_words for page in pages} == {"3+"}
    assert [page.start for page in pages] == [1, 3, None, None]
    assert get("", order, is_counted=False).count is None


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_sequences_have_the_same_pages(size: int) -> None:
    items = [5, 3, 9, 1, 7, 2, 8]

    def of(page: str, of_items: list[int] = items) -> KeyPage:
        return page_of_sequence(RequestFactory().get("/", {"page": page}), of_items, size)

    pages = [of("")]
    while pages[-1].next:
        pages.append(of(pages[-1].next))
    assert [item for page in pages for item in page] == items
    assert list(of("last")) == items[-size:]
    for page, earlier in zip(pages[1:], pages, strict=False):
        assert list(of(page.previous)) == list(earlier)
    if size == 2:
        assert list(of(pages[0].next, [4, *items])) == [9, 1]  # by the item
        assert list(of(pages[0].next, [5, 9, 1, 7])) == [9, 1]  # it has gone: by its place
        assert list(of(pages[2].next, [5, 9, 1])) == [9, 1]
    assert list(of("after.9-x")) == list(of("after." + "9" * 30)) == items[:size]
    assert list(of("", [])) == list(of("last", [])) == []


# Each list with a sort order of its own, and the orders that it offers.
PAGES = {
    "/descriptions/": (
        "roles.web.descriptions.description_page",
        ("", "title", "-title", "reference", "-reference", "changed", "status", "-status"),
    ),
    "/reviews/?show=all": (
        "roles.web.reviews.review_list",
        ("", "due", "-due", "asked", "-asked", "title", "-title"),
    ),
    "/catalog/": (
        "roles.web.catalog.job_catalog",
        ("", "-title", "since", "-since", "reference", "-reference"),
    ),
    "/people/": (
        "roles.web.accounts.people_pages",
        ("", "-name", "owns", "-owns", "seen", "-seen"),
    ),
    "/library/": (
        "roles.web.library.snippet_page",
        ("", "used", "text", "-text", "changed", "-changed"),
    ),
    "/templates/": ("roles.web.library.template_pages", ("",)),
    "/settings/lists/departments/": ("roles.web.settings.list_pages", ("",)),
    "/settings/lists/levels/": ("roles.web.settings.list_pages", ("",)),
    "/settings/history/": ("roles.web.settings.system_pages", ("",)),
    "/notifications/": ("roles.web.home.notification_list", ("",)),
    "/activity/": ("roles.web.home.activity", ("",)),
}


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_every_list_is_read_to_its_end_and_back(
    client_for: Any, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """With one row a page, in every order that it offers."""
    client = client_for("admin")
    for number in range(4):
        jd = builders.published(builders.description(title=f"Nurse {number % 2}")).description
        builders.version(jd)
        due = timezone.localdate() if number % 2 else None
        review = builders.review(jd, client.user, due=due)
        if number == 3:
            requests.withdraw(review=review, by=jd.owner)
        builders.snippet(f"Prepare plan {number % 2}.", by=client.user)
        builders.template(f"Template {number}")
        for name in ("Sales", "Service", "Support"):
            builders.department(name)
            builders.level(name)
    module, sorts = PAGES[path]
    everything = {
        sort: sorted(_shown(client.get(f"{path}{'&' if '?' in path else '?'}sort={sort}")))
        for sort in sorts
    }
    monkeypatch.setattr(f"{module}.PAGE_SIZE", 1)
    for sort in sorts:
        start = path + ("&" if "?" in path else "?") + (f"sort={sort}" if sort else "")
        pages = [client.get(start)]
        while find(pages[-1], "a", rel="next"):
            pages.append(next_page(client, pages[-1]))
        shown = [row for page in pages for row in _shown(page)]
        assert sorted(shown) == everything[sort], sort
        assert len(pages) > 2
        for number in range(len(pages) - 1, 0, -1):
            [link] = find(pages[number], "a", rel="prev")
            back = client.get(pages[0].request["PATH_INFO"] + link.attrib["href"])
            assert _shown(back) == _shown(pages[number - 1]), sort
        [last] = [a for a in find(pages[0], "a") if words(a) == "Last"]
        end = client.get(pages[0].request["PATH_INFO"] + last.attrib["href"])
        assert _shown(end) == _shown(pages[-1])


def _shown(response: Any) -> list[int]:
    rows = response.context["page"].object_list
    return [_pk(row) for row in rows]


def _pk(row: Any) -> int:
    if isinstance(row, tuple):  # a row with more
        row = row[0]
    if isinstance(row, dict):
        row = row["row"]
    return int(row.pk)
