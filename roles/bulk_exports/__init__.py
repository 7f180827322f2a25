"""Many job descriptions as one ZIP, rendered file by file in the background.

`orders` creates, cancels and retries an export; `export_worker` processes it: any number of
processes each claim a file (roles.leases), render it (`render_file`), and go on to the next. The
one that finds none left claims the export, and writes the ZIP (`zip_archive`, with the names of
`entry_names`). Each file is committed with its row: a process that is killed loses one file, and
another takes it over once the lease has expired. `file_access` checks permissions, `retention`
removes expired files.
"""

from __future__ import annotations


class ExportRefused(Exception):  # noqa: N818  # an answer, not a fault
    """The export cannot be ordered; `message` gives the reason, for the person who orders it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
