"""The pages of lists, found by the values of a row instead of by number.

A link to a page says which row it starts after or ends before: the values that the list is sorted
by, and the id. The database finds that place in the index of the order, as quickly on a deep page
as on the first one, and rows that are added or deleted elsewhere don't shift the page. The links
are signed, so the values in them have the types that the columns have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats

from roles.web.shared.sort_order import SortOrder

COUNTED = 1_000  # more rows than this are counted as "1,000+"


@dataclass
class KeyPage:
    """A page of a list. `previous` and `next` are values of `page` in links, or "". `start` is the
    place of its first row, None where it isn't known. `count` is the number of all rows, at most
    COUNTED if `is_capped`, or None if they aren't counted."""

    object_list: list[Any]
    previous: str = ""
    next: str = ""
    start: int | None = None
    count: int | None = None
    is_capped: bool = False

    def __iter__(self) -> Iterator[Any]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def is_only_one(self) -> bool:
        return not (self.previous or self.next)

    @property
    def end(self) -> int:
        """The place of the last row, if `start` is known."""
        return (self.start or 1) + len(self.object_list) - 1

    @property
    def count_words(self) -> str:
        count = formats.number_format(self.count or 0, force_grouping=True)
        return f"{count}+" if self.is_capped else count


def page_of(
    request: HttpRequest,
    rows: QuerySet[Any],
    order: SortOrder,
    size: int,
    *,
    parts: Sequence[QuerySet[Any]] = (),
    is_counted: bool = True,
) -> KeyPage:
    """Returns the page of the list that the URL asks for (the first one if it asks for none that
    exists). `parts` are rows that come one part after another, each in this order: together, all
    rows."""
    listed = _KeyedList([order.annotated(part) for part in parts or [rows]], order, size)
    signer = signing.Signer(salt=f"{request.path} {order.name}")
    page = listed.load(request.GET.get("page", ""), signer)
    if is_counted:
        _count(page, lambda limit: _first_ids(rows, limit).count())
    return page


def page_of_sequence(request: HttpRequest, items: Sequence[Any], size: int) -> KeyPage:
    """Returns the page of items (rows, or ids) that are in memory already. A link has the id of an
    item and its place, in case that the item has gone."""
    wanted, _dot, token = request.GET.get("page", "").partition(".")
    ids = [getattr(item, "pk", item) for item in items]
    start = 0
    if wanted == "last":
        start = max(len(items) - size, 0)
    elif wanted in ("after", "before"):
        place = _place(ids, token)
        start = place + 1 if wanted == "after" else max(place - size, 0)
        start = start if start < len(items) else max(len(items) - size, 0)
    shown = list(items[start : start + size])
    end = start + len(shown)
    return KeyPage(
        shown,
        previous=f"before.{start}-{ids[start]}" if start else "",
        next=f"after.{end - 1}-{ids[end - 1]}" if end < len(items) else "",
        start=start + 1,
        count=len(items),
    )


def page_of_best(
    request: HttpRequest, best: Callable[[int], list[int]], size: int, *, most: int
) -> KeyPage:
    """Returns the page of ranked ids, of which `best` returns as many as are asked for; at most
    `most` can be paged through. They aren't counted."""
    wanted, _dot, token = request.GET.get("page", "").partition(".")
    place = token.partition("-")[0]
    start = int(place) + 1 if wanted in ("after", "before") and _is_number(place) else 0
    stop = most if wanted == "last" else min(start + size + 1, most)
    page = page_of_sequence(request, best(stop), size)
    page.count = None
    return page


def _place(ids: list[Any], token: str) -> int:
    """Returns where the item of a link is now, or was; -1 for no item."""
    place, _dash, pk = token.partition("-")
    if not (_is_number(place) and _is_number(pk)):
        return -1
    return ids.index(int(pk)) if int(pk) in ids else min(int(place), len(ids)) - 1


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _first_ids(rows: QuerySet[Any], limit: int) -> QuerySet[Any]:
    """Returns some ids, to count them: without what else the rows are read with."""
    ids: QuerySet[Any] = rows.order_by().values("pk")
    return ids[:limit]


def _count(page: KeyPage, count: Callable[[int], int]) -> None:
    """Sets the count of a page, by `count` up to a limit unless the page has all rows."""
    if page.is_only_one:
        page.count = len(page)
    else:
        found = count(COUNTED + 1)
        page.count, page.is_capped = min(found, COUNTED), found > COUNTED


Position = tuple[int, list[Any]]  # a part, and the values of a row in it


class _KeyedList:
    """Reads pages of parts of rows in an order."""

    def __init__(self, parts: Sequence[QuerySet[Any]], order: SortOrder, size: int) -> None:
        self.parts, self.order, self.size = parts, order, size

    def load(self, wanted: str, signer: signing.Signer) -> KeyPage:
        """Returns the page that a link asks for."""
        direction, _dot, token = wanted.partition(".")
        position = self._position(token, signer) if direction in ("after", "before") else None
        if position is not None and direction == "after":
            found = self._read(position)
            if found:
                start = self._count_until(position, including=True)
                return self._page(found[: self.size], signer, start, has_next=self._is_over(found))
            direction = "last"  # its rows have gone
        if position is not None and direction == "before":
            found = self._read(position, backward=True)
            if len(found) >= self.size:  # else rows have gone, and the first page has more
                return self._ending(found, signer, has_next=True)
        if direction == "last":
            return self._ending(self._read(backward=True), signer, has_next=False)
        found = self._read()
        return self._page(
            found[: self.size], signer, 0, has_next=self._is_over(found), is_first=True
        )

    def _ending(self, found: list[Any], signer: signing.Signer, *, has_next: bool) -> KeyPage:
        """Returns the page of rows that were read backward."""
        rows, is_first = found[: self.size][::-1], not self._is_over(found)
        start = 0 if is_first else self._count_until(self._position_of(rows[0]))
        return self._page(rows, signer, start, has_next=has_next, is_first=is_first)

    def _is_over(self, found: list[Any]) -> bool:
        return len(found) > self.size

    def _page(
        self,
        rows: list[Any],
        signer: signing.Signer,
        before: int | None,
        *,
        has_next: bool,
        is_first: bool = False,
    ) -> KeyPage:
        """Returns the page of these rows; `before` is the number of rows before them, if known."""
        return KeyPage(
            rows,
            previous="" if is_first else f"before.{self._token(rows[0], signer)}",
            next=f"after.{self._token(rows[-1], signer)}" if has_next else "",
            start=None if before is None else before + 1,
        )

    def _read(self, position: Position | None = None, *, backward: bool = False) -> list[Any]:
        """Returns the rows after (or before) the position in the order of reading, one more than
        a page has."""
        found: list[Any] = []
        for number, part in self._from(position, backward=backward):
            rest = part
            if position is not None and number == position[0]:
                rest = self.order.beyond(part, position[1], backward=backward)
            for row in self.order.applied(rest, backward=backward)[: self.size + 1 - len(found)]:
                row.list_part = number
                found.append(row)
            if len(found) > self.size:
                break
        return found

    def _from(
        self, position: Position | None, *, backward: bool
    ) -> Iterator[tuple[int, QuerySet[Any]]]:
        """Yields the parts from the one of the position on, with their numbers."""
        numbered = list(enumerate(self.parts))
        for number, part in reversed(numbered) if backward else numbered:
            is_passed = position is not None and (
                number > position[0] if backward else number < position[0]
            )
            if not is_passed:
                yield number, part

    def _count_until(self, position: Position, *, including: bool = False) -> int | None:
        """Returns the number of rows before the position, or None if there are many."""
        count = 0
        for number, part in self._from(position, backward=True):
            rows = part
            if number == position[0]:
                rows = self.order.beyond(part, position[1], backward=True, including=including)
            count += _first_ids(rows, COUNTED + 1 - count).count()
            if count > COUNTED:
                return None
        return count

    def _position_of(self, row: Any) -> Position:
        return row.list_part, self.order.values_of(row)

    def _token(self, row: Any, signer: signing.Signer) -> str:
        part, values = self._position_of(row)
        texts = [one.isoformat() if isinstance(one, date) else one for one in values]
        return signer.sign_object([part, *texts])

    def _position(self, token: str, signer: signing.Signer) -> Position | None:
        """Returns the position in a link, or None if the link isn't one of this list's."""
        try:
            part, *values = signer.unsign_object(token)
            return part, self.order.to_python(self.parts[part], values)
        except (signing.BadSignature, ValidationError, ValueError, LookupError):
            return None
