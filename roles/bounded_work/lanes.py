"""Who can use the children, and who waits. The limits are those of one process of the site.

A request that waits holds a thread, so few can: the others are refused at once (`Busy`), and the
remaining threads answer other pages.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

RETRY_SECONDS = 10  # after which a refused request can be tried again


class Busy(Exception):  # noqa: N818  # named for the state
    """Too much work is waiting: try again in RETRY_SECONDS."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Work that has the same limits. `admitted_by` names the semaphores that admit it without
    waiting; `wait` is the number of seconds for which it then waits for a child (None: until it's
    its turn). Time limits are multiplied by `patience`."""

    admitted_by: tuple[str, ...] = ()
    wait: float | None = None
    patience: int = 1


LANES = {
    "visitors": Lane(("visitors", "requests"), wait=RETRY_SECONDS),
    "people": Lane(("requests",), wait=3 * RETRY_SECONDS),
    "background": Lane(patience=10),
    "advance": Lane(),  # what no one waits for: as long as a request can take, and no longer
}

_lane: ContextVar[str] = ContextVar("lane", default="background")


def current() -> Lane:
    """Returns the lane of this request, or that of background work."""
    return LANES[_lane.get()]


def is_for_authors() -> bool:
    """Whether the work is for someone who could change what takes too long: not for a page without
    sign-in, and not in advance."""
    return _lane.get() not in ("visitors", "advance")


def choose_lane(name: str) -> None:
    """Sets the lane of the current request to a key of LANES."""
    _lane.set(name)


@contextmanager
def in_lane(name: str) -> Iterator[None]:
    """Work in this block is in a lane of LANES, or in the one that `choose_lane` sets in it."""
    token = _lane.set(name)
    try:
        yield
    finally:
        _lane.reset(token)


@contextmanager
def admitted(lane: Lane) -> Iterator[None]:
    """A child is free for the work in this block. Raises Busy."""
    semaphores = _semaphores()
    with ExitStack() as held:
        for name in lane.admitted_by:
            if not semaphores[name].acquire(blocking=False):
                raise Busy
            held.callback(semaphores[name].release)
        if not semaphores["children"].acquire(timeout=lane.wait):
            raise Busy
        held.callback(semaphores["children"].release)
        yield


@lru_cache(maxsize=1)
def _semaphores() -> dict[str, threading.BoundedSemaphore]:
    return {
        "visitors": threading.BoundedSemaphore(1),
        "requests": threading.BoundedSemaphore(settings.WORK_QUEUE),
        "children": threading.BoundedSemaphore(settings.WORK_PROCESSES),
    }
