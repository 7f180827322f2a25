"""Uploaded files that don't fit into memory."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler


class UploadHandler(TemporaryFileUploadHandler):
    """Django's handler. If the disk is full, the other fields are still read, and
    `request.lost_upload` has the error (see middleware.AnswerOutages)."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._skip(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._skip(error)

    def _skip(self, error: OSError) -> None:
        if self.request is not None:
            self.request.lost_upload = error  # type: ignore[attr-defined]
        raise SkipFile from error
