"""PDF -> `Document`: the JSON attachment of an exported PDF. Its pages are not read.

The file can come from anywhere: what pypdf unpacks is limited, and any error of pypdf becomes one
message.
"""

from __future__ import annotations

import io
import logging
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from roles.editions import DATA_ATTACHMENT
from roles.importers import BYTES_LIMIT, ImportedDocument, Unreadable, check_size, json_file

ATTACHMENTS_LIMIT = 50  # attachments that are searched
# Maximum counts of structures that take pypdf time. Exported files have a few thousand objects.
MARKS_LIMITS = {b" obj": 50_000, b" 00000 n": 50_000, b"trailer": 100, b"<<": 500_000}

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it logs a warning for every odd byte

# Limits of one stream and of all work on it: a small file can unpack to a very large one.
_LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": BYTES_LIMIT,
    "zlib_maximum_output_length": BYTES_LIMIT,
    "zlib_maximum_recovery_input_length": 100_000,
    "lzw_maximum_output_length": BYTES_LIMIT,
    "run_length_maximum_output_length": BYTES_LIMIT,
    "brotli_maximum_output_length": BYTES_LIMIT,
    "array_based_stream_maximum_output_length": BYTES_LIMIT,
    "stream_decoding_work_maximum_length": 4 * BYTES_LIMIT,
    "stream_filters_maximum_length": 3,
}


def read(data: bytes) -> ImportedDocument:
    """Returns the document attached to the PDF. Raises Unreadable."""
    check_size(len(data))
    if b"%PDF-" not in data[:1024]:
        raise Unreadable(_("This file isn’t a PDF."))
    if any(data.count(mark) > limit for mark, limit in MARKS_LIMITS.items()):
        raise Unreadable(_("This PDF is too complex to import. Use one exported from JD Builder."))
    content = _attached(data)
    if content is None:
        raise Unreadable(
            _(
                "This PDF has no job description data. Use an archive PDF or a JSON file exported"
                " from JD Builder."
            )
        )
    return json_file.read(content)


def _attached(data: bytes) -> bytes | None:
    """The content of the attachment, or None if there is none."""
    from pypdf import PdfReader, apply_configuration

    try:
        with apply_configuration(**_LIMITS):
            reader = PdfReader(io.BytesIO(data), strict=False)
            if reader.is_encrypted:
                raise Unreadable(_("This PDF has a password. Remove it and try again."))
            for file in islice(reader.attachment_list, ATTACHMENTS_LIMIT):
                if str(file.name) == DATA_ATTACHMENT:
                    return bytes(file.content)
    except Unreadable:
        raise
    except (Exception, RecursionError):  # pypdf raises errors of every kind on hostile bytes
        raise Unreadable(_("This PDF is damaged and can’t be read.")) from None
    return None
