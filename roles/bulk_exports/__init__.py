"""Many job descriptions as one ZIP, made file by file in the background.

`asking` takes the order, cancels it, tries again; `working` does it: a process claims an export,
makes its files one by one (`making`) and packs them (`packing`, named by `names`). Each file is
committed with its row, so a process that is killed costs the file at hand, and the next one
carries on once `beating` gives no more signs of life. `reading` says who may have what, `keeping`
removes what has expired.
"""

from __future__ import annotations


class ExportRefused(Exception):  # noqa: N818  # an answer, not a fault
    """What was asked cannot be had; `message` says why, for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
