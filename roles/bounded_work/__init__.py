"""Work on content from outside (parsing a file, decoding an image, rendering a document), with
limits of time, memory, and size of the result.

    content = bounded_work.run(pdf.render, document, edition)

It runs in a child process, which is ended when it exceeds a limit. A few warm children per process
do all of it (`process_pool`). `lanes` decides who can wait for one: a request sets its lane in the
middleware; everything else (commands, background work) waits until it's its turn.

Functions are given by reference; arguments and results are plain values that can be pickled. The
children have no database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.conf import settings

from roles.bounded_work import child_process, lanes, process_pool
from roles.bounded_work.lanes import RETRY_SECONDS, Busy, choose_lane, in_lane, is_for_authors
from roles.bounded_work.process_pool import LimitExceeded, start

__all__ = [
    "RETRY_SECONDS",
    "Busy",
    "LimitExceeded",
    "choose_lane",
    "in_lane",
    "is_for_authors",
    "run",
    "run_within",
    "start",
]

P = ParamSpec("P")
R = TypeVar("R")


def run(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Returns `function(*args, **kwargs)`, computed in a child process within WORK_SECONDS. Raises
    what the function raises, LimitExceeded, and in a request Busy if too much is waiting already.
    In a child, it's an ordinary call: work that is part of other work has the limits of the
    whole."""
    return run_within(settings.WORK_SECONDS, function, *args, **kwargs)


def run_within(seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Returns the same as `run`, with a time limit of its own. In the background, both limits are
    longer (`lanes.Lane.patience`)."""
    if child_process.is_child():
        return function(*args, **kwargs)
    lane = lanes.current()
    with lanes.admitted(lane):
        return process_pool.call(lane.patience * seconds, function, *args, **kwargs)
