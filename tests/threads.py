"""Deeds of several people at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run the deeds in threads that begin together; what each returned, or raised."""
    outcomes: list[Any] = [None] * len(deeds)
    begin = threading.Barrier(len(deeds))

    def run(number: int, deed: Callable[[], Any]) -> None:
        try:
            begin.wait()
            outcomes[number] = deed()
        except Exception as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
