"""The connection of the backend. Django loads this module by its name."""

from __future__ import annotations

import os
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to a file of SQLite. It is closed at the next request if another file is in its
    place: what was moved away, or replaced by a restored backup, must not get any more writes."""

    _opened: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        opened = super().get_new_connection(conn_params)
        self._opened = self._file()
        return opened

    def is_usable(self) -> bool:
        """Whether the file that was opened is still at its path. With CONN_HEALTH_CHECKS, Django
        asks once in each request."""
        return self.is_in_memory_db() or self._file() == self._opened

    def _file(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.settings_dict["NAME"])
        except OSError:
            return None
        return found.st_dev, found.st_ino
