"""What runs in a child: its limits, and one call after another."""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import resource
import signal
import threading
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from django.utils import translation

log = logging.getLogger(__name__)

PRELOAD = "roles.bounded_work.preloaded"
RESULT_LIMIT = 50_000_000  # bytes of a pickled result
OUT_OF_MEMORY = 70  # exit code
EXIT_CODES = {OUT_OF_MEMORY: "memory", -signal.SIGXCPU: "time"}
_SPARE_SECONDS = 5  # of processor time: the parent is first to end a child that takes too long

_is_child = False


class TooLarge(Exception):  # noqa: N818  # an answer of the child
    """The result has more than RESULT_LIMIT bytes."""


def is_child() -> bool:
    """Whether this process is a child, in which work is an ordinary call."""
    return _is_child


def begin(memory: int) -> None:
    """Prepares a new child: limits it to so many bytes of memory, and warms it up."""
    global _is_child
    _is_child = True
    # At once, also in a library that doesn't return to Python.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    preloaded = import_module(PRELOAD)
    preloaded.warm_up()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, memory)


def perform(
    seconds: float,
    language: str | None,
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> bytes:
    """Returns the pickled result of the function, with screen messages in that language. Raises
    what it raises, and TooLarge. Unexpected errors are logged here, where they have a traceback;
    those with a `message` are answers."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor_seconds = used.ru_utime + used.ru_stime + seconds + _SPARE_SECONDS
    _limit(resource.RLIMIT_CPU, int(processor_seconds), is_last=False)
    try:
        with translation.override(language):
            packed = pickle.dumps(function(*args, **kwargs))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # what is left of this process might be in any state
    except Exception as error:
        if not hasattr(error, "message"):
            log.exception("%s.%s failed", function.__module__, function.__qualname__)
        raise
    if len(packed) > RESULT_LIMIT:
        raise TooLarge
    return packed


def _limit(kind: int, value: int, *, is_last: bool = True) -> None:
    """Sets a limit of this process; the last one can't be raised again. Not every system has every
    limit: the parent's limit of time remains."""
    try:
        hard = value if is_last else resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (value, hard))
    except (ValueError, OSError):
        log.debug("limit %d isn't available", kind)


def _end_with_parent() -> None:
    """Waits until the process of the site ends, and ends this one, even while it works. Where a
    library doesn't let go of the interpreter, the limit of processor time ends it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
