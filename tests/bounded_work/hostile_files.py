"""Small files that take a parser a lot of time or memory."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from collections.abc import Callable

LIMIT = 5_000_000  # bytes of a file at the page for verification


def pdf_of(*objects: bytes, catalog: bytes = b"<< /Type /Catalog >>") -> bytes:
    """Returns a PDF with these objects from number 2, and a cross-reference table."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, content in enumerate((catalog, *objects), 1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
    out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(offsets) + 1
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, start))
    return out.getvalue()


def attached(stream: bytes, filters: bytes) -> bytes:
    """Returns a PDF with the stream attached under the name that the importer looks for."""
    names = b"<< /Names << /EmbeddedFiles << /Names [(job-description.json) 2 0 R] >> >> >>"
    spec = (
        b"<< /Type /Filespec /F (job-description.json) /UF (job-description.json)"
        b" /EF << /F 3 0 R /UF 3 0 R >> >>"
    )
    body = b"<< /Type /EmbeddedFile /Filter %s /Length %d >>\nstream\n%s\nendstream" % (
        *(filters, len(stream), stream),
    )
    return pdf_of(spec, body, catalog=names)


def deep_arrays() -> bytes:
    return pdf_of(b"[" * 400_000 + b"]" * 400_000)


def deep_catalog() -> bytes:
    return pdf_of(catalog=b"<< /Names " + b"[" * 400_000 + b"]" * 400_000 + b" >>")


def without_table() -> bytes:
    """Makes pypdf look for the objects itself."""
    return b"%PDF-1.7\n" + b"1 0 obj\n<< >>\nendobj\n" * 49_000 + b"trailer\n<< /Root 1 0 R >>"


def endless_numbers() -> bytes:
    return b"%PDF-1.7\n" + b"1 0 R " * 800_000 + b"startxref\n9\n%%EOF"


def looping_tables() -> bytes:
    start = b"%PDF-1.7\n"
    return (
        start
        + b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Prev 9 >>\nstartxref\n9\n%%EOF"
    )


def many_comments() -> bytes:
    return b"%PDF-1.7\n" + b"%\n" * 2_400_000 + b"startxref\n9\n%%EOF"


def flate_bomb() -> bytes:
    inner = zlib.compress(zlib.compress(b"\0" * 200_000_000, 9), 9)
    return attached(inner, b"[/FlateDecode /FlateDecode]")


def ascii85_bomb() -> bytes:
    return attached(b"z" * 4_900_000 + b"~>", b"/ASCII85Decode")


def ascii85_digits() -> bytes:
    return attached(b"s8W-!" * 950_000 + b"~>", b"/ASCII85Decode")


def hex_bomb() -> bytes:
    return attached(b"41" * 2_400_000 + b">", b"/ASCIIHexDecode")


def run_length_bomb() -> bytes:
    return attached(b"\x81a" * 2_400_000 + b"\x80", b"/RunLengthDecode")


def kids_without_end() -> bytes:
    catalog = b"<< /Type /Catalog /Names << /EmbeddedFiles 2 0 R >> >>"
    return pdf_of(b"<< /Kids [2 0 R 2 0 R] >>", catalog=catalog)


def many_names() -> bytes:
    names = b"(a) 2 0 R " * 400_000
    catalog = b"<< /Names << /EmbeddedFiles << /Names [%s] >> >> >>" % names
    return pdf_of(b"<< /EF << /F 3 0 R >> >>", catalog=catalog)


HOSTILE_PDFS: dict[str, Callable[[], bytes]] = {
    made.__name__: made
    for made in (
        *(deep_arrays, deep_catalog, without_table, endless_numbers, looping_tables),
        *(many_comments, flate_bomb, ascii85_bomb, ascii85_digits, hex_bomb, run_length_bomb),
        *(kids_without_end, many_names),
    )
}


def many_lines() -> bytes:
    line = {"uid": "a", "text": "b"}
    section = {"uid": "s", "kind": "other", "heading": "h", "lines": [line] * 60_000}
    return json.dumps({"document": {"schema": 1, "title": "t", "sections": [section]}}).encode()


def many_keys() -> bytes:
    return b'{"document":{' + b",".join(b'"%d":0' % n for n in range(250_000)) + b"}}"


def long_number() -> bytes:
    return b'{"document":' + b"9" * 4_900_000 + b"}"


def many_quotes() -> bytes:
    return b'"' * 4_900_000


def many_escapes() -> bytes:
    return b'{"document":"' + b"\\u0041" * 800_000 + b'"}'


def many_brackets() -> bytes:
    return b"[" * 4_900_000


def one_text() -> bytes:
    return b'{"document":{"schema":1,"title":"' + b"a" * 4_900_000 + b'"}}'


HOSTILE_JSON: dict[str, Callable[[], bytes]] = {
    made.__name__: made
    for made in (
        *(many_lines, many_keys, long_number, many_quotes, many_escapes, many_brackets),
        one_text,
    )
}


# --- logos


def png_bomb() -> bytes:
    """Returns a PNG of 100,000 by 100,000 pixels in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 50_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def svg_of(inner: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inner}</svg>'.encode()


def svg_entities() -> bytes:
    lines = [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9)]
    head = f'<!DOCTYPE svg [<!ENTITY a0 "lol">{"".join(lines)}]>'
    return head.encode() + svg_of("<text>&a8;</text>")


def svg_deep() -> bytes:
    return svg_of("<g>" * 20_000 + "</g>" * 20_000)


def svg_nested_uses() -> bytes:
    groups = "".join(f'<g id="g{n}">{f"""<use href="#g{n - 1}"/>""" * 5}</g>' for n in range(1, 10))
    return svg_of(f'<g id="g0"><path d="M0 0h9"/></g>{groups}<use href="#g9"/>')


HOSTILE_LOGOS: dict[str, Callable[[], bytes]] = {
    made.__name__: made for made in (png_bomb, svg_entities, svg_deep, svg_nested_uses)
}


def dashed_logo() -> bytes:
    """Returns a valid SVG that takes minutes to draw: a line of a million dashes."""
    path = "M0 0h9e5" * 2_000
    return svg_of(f'<path d="{path}" stroke="red" stroke-dasharray="0.001"/>')


def base64_text(data: bytes) -> str:
    return base64.b64encode(data).decode()
