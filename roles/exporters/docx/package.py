"""The package of a Word document: XML parts in a ZIP, the same bytes for the same parts."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from xml.sax.saxutils import quoteattr

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time in a ZIP
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"

# Each part: its path, content type, and relationship to the document.
_TYPES = {
    "word/document.xml": f"{_WORD}.document.main+xml",
    "word/styles.xml": f"{_WORD}.styles+xml",
    "word/numbering.xml": f"{_WORD}.numbering+xml",
    "word/settings.xml": f"{_WORD}.settings+xml",
    "word/fontTable.xml": f"{_WORD}.fontTable+xml",
    "word/comments.xml": f"{_WORD}.comments+xml",
    "word/header1.xml": f"{_WORD}.header+xml",
    "word/header2.xml": f"{_WORD}.header+xml",
    "word/footer1.xml": f"{_WORD}.footer+xml",
    "word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
_OF_PACKAGE = {
    "word/document.xml": f"{_OFFICE}/officeDocument",
    "docProps/core.xml": f"{_PACKAGE}/relationships/metadata/core-properties",
    "docProps/app.xml": f"{_OFFICE}/extended-properties",
}
HEADER, FIRST_HEADER, FOOTER, LOGO = "rId1", "rId2", "rId3", "rId4"
_IDS = {
    "word/header1.xml": HEADER,
    "word/header2.xml": FIRST_HEADER,
    "word/footer1.xml": FOOTER,
    "word/media/logo.png": LOGO,
}
_KINDS = {"word/media/logo.png": "image", "word/theme/theme1.xml": "theme"}


def write(
    parts: Mapping[str, str | bytes], *, links: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """Returns the parts as a .docx, with content types and relationships. `links` are the ids of
    the document's links by URL."""
    whole = {
        "[Content_Types].xml": _content_types(parts),
        "_rels/.rels": _relationships(
            {f"rId{n}": (kind, part) for n, (part, kind) in enumerate(_OF_PACKAGE.items(), 1)}
        ),
        **parts,
        "word/_rels/document.xml.rels": _relationships(
            {
                _IDS.get(part, f"rId{number}"): (f"{_OFFICE}/{_kind(part)}", part[len("word/") :])
                for number, part in enumerate(parts, 10)
                if part.startswith("word/") and part != "word/document.xml"
            },
            links,
        ),
    }
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            if isinstance(content, str):
                content = (_DECLARATION + legal(content)).encode()
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # the same on every machine
            archive.writestr(entry, content)
    return file.getvalue()


def legal(text: str) -> str:
    """Returns the text without characters that XML doesn't allow."""
    return _ILLEGAL.sub("", text)


def _kind(part: str) -> str:
    """Returns `header` for word/header1.xml."""
    name = part.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")
    return _KINDS.get(part, name)


def _content_types(parts: Mapping[str, str | bytes]) -> str:
    named = "".join(
        f'<Override PartName="/{part}" ContentType="{_TYPES[part]}"/>'
        for part in parts
        if part in _TYPES
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/'
        'vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="png" ContentType="image/png"/>{named}</Types>'
    )


def _relationships(
    found: Mapping[str, tuple[str, str]], links: Mapping[str, str] = MappingProxyType({})
) -> str:
    made = "".join(
        f'<Relationship Id="{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in found.items()
    )
    made += "".join(
        f'<Relationship Id="{number}" Type="{_OFFICE}/hyperlink" Target={quoteattr(url)}'
        ' TargetMode="External"/>'
        for url, number in links.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'
