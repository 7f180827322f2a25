"""The children of this process: started by a fork server, which has loaded everything they need, so
that a new one costs a tenth of a second; kept warm; replaced when they were ended."""

from __future__ import annotations

import atexit
import logging
import multiprocessing
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from typing import Any, ParamSpec, TypeVar

import pebble
from django.conf import settings
from django.utils.translation import get_language

from roles.bounded_work import child_process

log = logging.getLogger(__name__)

CALLS_LIMIT = 500  # of a child, before another takes its place
START_SECONDS = 30  # for the first children of a process; then the time limit begins

P = ParamSpec("P")
R = TypeVar("R")


class LimitExceeded(Exception):  # noqa: N818  # named for what the work did
    """The work was ended. `limit` is time, memory, size (of the result), or crash."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


def call(seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Returns `function(*args, **kwargs)` from a child. Raises what it raises, and
    LimitExceeded."""
    work = (seconds, get_language(), function, args, kwargs)
    try:
        packed = _packed_result(seconds, work)
    except TimeoutError:
        raise _exceeded("time", function) from None
    except MemoryError:  # of a child that could still say so
        raise _exceeded("memory", function) from None
    except child_process.TooLarge:
        raise _exceeded("size", function) from None
    except pebble.ProcessExpired as error:
        limit = child_process.EXIT_CODES.get(error.exitcode, "crash")
        raise _exceeded(limit, function) from None
    result: R = pickle.loads(packed)  # noqa: S301  # of our own child
    return result


def start() -> None:
    """Starts the children in the background, so that the first work finds them ready. Call it in
    the process that serves requests: a server can load the site in one process and then fork. A
    process that ends first waits for them."""
    nothing = int  # any call starts them, even one that does nothing
    threading.Thread(target=call, args=(START_SECONDS, nothing), name="start").start()


def _packed_result(seconds: float, work: tuple[Any, ...]) -> bytes:
    """Returns the pickled result. A pool that lost a child while it was idle is broken: it's
    replaced once."""
    for is_last in (False, True):
        future = _scheduled(seconds, work)
        try:
            packed: bytes = future.result(seconds + START_SECONDS)
        except TimeoutError:
            future.cancel()  # type: ignore[no-untyped-call]
            raise
        except (BrokenProcessPool, CancelledError):
            if is_last:
                raise
        else:
            return packed
    raise AssertionError  # the loop returns or raises


def _scheduled(seconds: float, work: tuple[Any, ...]) -> pebble.ProcessFuture[bytes]:
    try:
        return _pool().schedule(child_process.perform, args=work, timeout=seconds)
    except RuntimeError:  # the pool broke in this moment
        return _pool().schedule(child_process.perform, args=work, timeout=seconds)


def _exceeded(limit: str, function: Callable[..., Any]) -> LimitExceeded:
    log.warning("%s.%s exceeded its limit: %s", function.__module__, function.__qualname__, limit)
    return LimitExceeded(limit)


class _State:
    """The pool of this process, once it's started."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.pool: pebble.ProcessPool | None = None


_state = _State()


def _pool() -> pebble.ProcessPool:
    """Returns the pool of this process. One that broke is replaced."""
    with _state.lock:
        if _state.pool is None or not _state.pool.active:
            if _state.pool is not None:
                log.error("the child processes are replaced")
                _state.pool.stop()  # type: ignore[no-untyped-call]
                threading.Thread(target=_state.pool.join, daemon=True).start()  # ends the others
            else:
                atexit.register(_end)
            _state.pool = _new_pool()
        return _state.pool


def _end() -> None:
    """Ends the children with this process. One that is still starting would otherwise look for what
    is gone, and say so in the log."""
    with _state.lock:
        if _state.pool is not None:
            _state.pool.stop()  # type: ignore[no-untyped-call]
            _state.pool.join()


def _new_pool() -> pebble.ProcessPool:
    context = multiprocessing.get_context("forkserver")
    # Found only if the server runs in the project's directory; otherwise each child loads it.
    context.set_forkserver_preload([child_process.PRELOAD])
    return pebble.ProcessPool(
        max_workers=settings.WORK_PROCESSES,
        max_tasks=CALLS_LIMIT,
        initializer=child_process.begin,
        initargs=(settings.WORK_MEMORY * 1024 * 1024,),
        context=context,
    )
