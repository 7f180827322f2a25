"""JSON export and import: the same document and SHA-256. Other files are refused with a message
that names the place."""

from __future__ import annotations

import io
import json
import re
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf.generic import DecodedStreamObject, NameObject, NumberObject

from roles import importers, limits, vocabulary
from roles.document import Document, DocumentPayRange, sha256
from roles.exporters import FORMATS, document_json
from roles.importers import Unreadable, document_limits
from roles.models import JobDescription, PayReference
from tests import samples, strategies

SAMPLES = {
    "everything": samples.everything(),
    "hostile": samples.hostile(),
    "right_to_left": samples.right_to_left(),
    **samples.of_templates(),
}


def written(value: Document, edition: Any = None) -> bytes:
    return FORMATS["json"].render(value, edition or samples.version())


def read(data: bytes | Any, name: str = "jd.json") -> importers.ImportedDocument:
    if not isinstance(data, bytes):
        data = json.dumps(data).encode()
    return importers.read(name, data)


def refusal(data: bytes | Any, name: str = "jd.json") -> str:
    with pytest.raises(Unreadable) as caught:
        read(data, name)
    assert str(caught.value) == caught.value.message
    return caught.value.message


# --- export and import


@pytest.mark.parametrize("name", SAMPLES)
def test_document_round_trips_with_the_same_hash(name: str) -> None:
    value = SAMPLES[name]
    imported = read(written(value))
    assert imported.document == value
    assert sha256(imported.document.canonical_json()) == sha256(value.canonical_json())


def test_envelope_has_the_edition() -> None:
    data = json.loads(written(samples.everything()))
    assert list(data) == ["format", "edition", "document"]
    assert data["edition"] == {
        "reference": "ACC-0007",
        "number": 3,
        "day": "2026-03-12",
        "sha256": "ab" * 32,
    }
    assert data["document"] == samples.everything().to_dict()
    imported = read(written(samples.everything()))
    assert (imported.reference, imported.number, imported.sha256) == ("ACC-0007", 3, "ab" * 32)
    draft = read(written(samples.everything(), samples.draft()))
    assert (draft.number, draft.sha256) == (None, "")


def test_json_is_readable() -> None:
    page = written(samples.right_to_left()).decode("utf-8")
    assert "\\u" not in page
    assert page.startswith('{\n  "format": "jd-builder",\n  "edition": {\n    "reference"')
    assert page.endswith("}\n")
    assert written(samples.hostile()) == written(samples.hostile())
    assert len(document_json.fingerprint()) == 64


def test_document_without_envelope_is_imported() -> None:
    """Also from a file with a byte order mark."""
    value = samples.everything()
    assert read(value.canonical_json()).document == value
    assert read(b"\xef\xbb\xbf" + written(value)).document == value


@pytest.mark.parametrize("audience", vocabulary.AUDIENCE_ORDER)
def test_export_has_the_document_of_its_audience(audience: str) -> None:
    page = written(samples.hostile().for_audience(audience)).decode("utf-8")
    hidden = set(samples.SECRETS) - set(
        vocabulary.AUDIENCE_ORDER[: vocabulary.AUDIENCE_ORDER.index(audience) + 1]
    )
    assert not any(samples.SECRETS[one] in page for one in hidden)


@given(strategies.documents)
@strategies.examples(60)
def test_every_storable_document_is_exported_without_loss(value: Document) -> None:
    data = json.loads(written(value))
    assert Document.from_dict(data["document"]) == value


# --- invalid files


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "This file is empty. Choose another one."),
        (
            b" " * (importers.BYTES_LIMIT + 1),
            "This file is larger than 10 MB. Choose a smaller one.",
        ),
        (b"\xff\xfe{", "This file isn’t UTF-8 text."),
        (b"PK\x03\x04", "This file isn’t valid JSON. Check line 1, column 1."),
        (b'{"a": 1,\n}', "This file isn’t valid JSON. Check line 2, column 1."),
        (b"null", "This isn’t a JD Builder file."),
        (b"[]", "This isn’t a JD Builder file."),
        (b"{}", "This isn’t a JD Builder file."),
        (
            b'"' + b'\\"' * 1_000_000,
            "This file isn’t valid JSON. Check line 1, column 1.",
        ),  # a string with no end
        (b"[" * 5_000_000, "too large or too deeply nested"),
        (b"[" * 31 + b"]" * 31, "too large or too deeply nested"),
        (b"[" + b"[]," * 3_000_000 + b"0]", "too large or too deeply nested"),
        (b'"' + b"\\" * 9_000_000, "This file isn’t valid JSON"),
        (b'{"schema": 1, "schema": 1}', "“schema” appears twice in the same object."),
        (b'{"schema": NaN}', "This isn’t a whole number: NaN"),
        (b'{"schema": 1.0}', "This isn’t a whole number: 1.0"),
        (b'{"schema": 1e999999}', "This isn’t a whole number"),
        (b'{"schema": ' + b"9" * 1_000_000 + b"}", "This number is too long: 999999999999999…"),
        (b'{"schema": 2, "title": "x"}', "not a document of schema 1"),
        (b'{"schema": true, "title": "x"}', "its schema is missing"),
        (b'{"schema": 1}', "document: the field “title” is missing."),
        (
            b'{"schema": 1, "title": "x", "owner": "me"}',
            "document: “owner” isn’t a known field.",
        ),
        (b'{"schema": 1, "title": 5}', "document.title: text is expected."),
        (b'{"schema": 1, "title": "x", "sections": {}}', "document.sections: a list is expected."),
        (
            b'{"schema": 1, "title": "x", "sections": ["y"]}',
            "document.sections[0]: an object is expected.",
        ),
        (
            b'{"schema": 1, "title": "\\ud800"}',
            "title: it has a character that isn’t allowed (U+D800).",
        ),
        (b'{"schema": 1, "title": "a\\u0000b"}', "it has a character that isn’t allowed (U+0000)."),
        (b'{"document": {}, "format": "other"}', "unknown format"),
        (b'{"document": {"schema": 1, "title": "x"}}', "unknown format"),
    ],
)
def test_foreign_file_is_refused(data: bytes, message: str) -> None:
    began = time.monotonic()
    assert message in refusal(data)
    assert time.monotonic() - began < 5


CHANGES: list[tuple[Callable[[dict[str, Any]], Any], str]] = [
    (lambda d: d.update(title=" "), "title: it is empty."),
    (lambda d: d.update(title="x" * 151), "title: it is longer than 150 characters."),
    (lambda d: d.update(title="a\nb"), "title: it can’t have line breaks."),
    (lambda d: d.update(language="x-evil\n"), "language: this isn’t a language code."),
    (
        lambda d: d["sections"][0].update(kind="moon"),
        "sections[0].kind: “moon” isn’t a known value.",
    ),
    (lambda d: d["sections"][0].update(audience="all"), "sections[0].audience: “all”"),
    (lambda d: d["sections"][0].update(audience=""), "sections[0].audience: “nothing”"),
    (lambda d: d["sections"][0].update(style="marquee"), "sections[0].style: “marquee”"),
    (lambda d: d["sections"][0].update(uid="../x"), "sections[0].uid: this isn’t a valid ID."),
    (lambda d: d["sections"][0].update(uid="facts"), "sections[0].uid: this isn’t a valid ID."),
    (lambda d: d["sections"][0].update(uid="outline"), "sections[0].uid: this isn’t a valid ID."),
    (lambda d: d["sections"][1].update(uid=d["sections"][0]["uid"]), "sections: “section-1”"),
    (lambda d: d["sections"][0].update(heading=""), "sections[0].heading: it is empty."),
    (lambda d: d["sections"][1].update(facts=["a b"]), "sections[1].facts: “a b”"),
    (lambda d: _line(d).update(uid=""), "sections[0].lines[0].uid"),
    (lambda d: _line(d).update(form="poem"), "sections[0].lines[0].form: “poem”"),
    (lambda d: _line(d).update(text="x" * 10_001), "lines[0].text: it is longer than 10000"),
    (lambda d: _line(d).update(text="x" * 2_001, form="entry"), "it is longer than 2000"),
    (lambda d: _line(d).update(detail="x" * 2_001), "lines[0].detail: it is longer than 2000"),
    (lambda d: _line(d).update(group="x" * 101), "lines[0].group: it is longer than 100"),
    (lambda d: _line(d).update(percent=101), "lines[0].percent: it must be between 0 and 100."),
    (lambda d: _line(d).update(percent=-1), "lines[0].percent: it must be between 0 and 100."),
    (lambda d: _line(d).update(requirement="must"), "lines[0].requirement: “must”"),
    (lambda d: _line(d).update(frequency="hourly"), "lines[0].frequency: “hourly”"),
    (lambda d: _line(d).update(category="moon"), "lines[0].category: “moon”"),
    (lambda d: d["sections"][0].pop("kind"), "document.sections[0]: the field “kind” is missing."),
    (lambda d: _line(d).pop("text"), "sections[0].lines[0]: the field “text” is missing."),
    (lambda d: _line(d).update(percent="5"), "lines[0].percent: a whole number is expected."),
    (lambda d: _line(d).update(lines=[_sub(2)]), "sub-lines have one level"),
    (lambda d: _line(d).update(answers=[{"placeholder": "x"}] * 2), "“x” appears more than once."),
    (lambda d: d.update(answers=[{"placeholder": "x", "value": "y" * 301}]), "than 300 characters"),
    (
        lambda d: _pay(d).update(currency="ABC"),
        "pay_ranges[0].currency: this isn’t a currency code.",
    ),
    (lambda d: _pay(d).update(minimum="-1"), "pay_ranges[0].minimum: this isn’t a valid amount."),
    (lambda d: _pay(d).update(minimum="1e999999"), "minimum: this isn’t a valid amount."),
    (lambda d: _pay(d).update(minimum="1e-999999"), "minimum: this isn’t a valid amount."),
    (lambda d: _pay(d).update(minimum="NaN"), "minimum: an amount is expected"),
    (lambda d: _pay(d).update(minimum="99999999"), "the maximum can’t be below the minimum."),
    (lambda d: _pay(d).update(period="shift"), "pay_ranges[0].period: “shift”"),
    (
        lambda d: _pay(d).update(years_from=99_999),
        "years_from: this isn’t a valid number of years.",
    ),
    (lambda d: _reference(d).update(as_of="July"), "as_of: this isn’t a date."),
    (lambda d: _reference(d).pop("amount"), "pay_references[0]: it has no amount."),
    (lambda d: _fact(d, "years", ["two", ""]), "“two, ” isn’t valid."),
    (lambda d: _fact(d, "years", ["2"]), "“2” isn’t valid."),
    (lambda d: _fact(d, "years", ["02", "٣"]), "isn’t valid."),
    (lambda d: _fact(d, "weekly_hours", ["40.0"]), "“40.0” isn’t valid."),
    (lambda d: _fact(d, "weekly_hours", ["169"]), "“169” isn’t valid."),
    (lambda d: _fact(d, "apply_by", ["2026-02-30"]), "“2026-02-30” isn’t valid."),
    (lambda d: _fact(d, "soc_code", ["41"]), "“41” isn’t valid."),
    (lambda d: _fact(d, "work_mode", ["moon"]), "“moon” isn’t a known value."),
    (lambda d: _fact(d, "department", ["a", "b"]), "it must have exactly one value."),
    (lambda d: _fact(d, "cost centre", ["a"]), "name: “cost centre” isn’t a known value."),
    (lambda d: d["facts"].append(d["facts"][0]), "facts: “department” appears more than once."),
    (lambda d: d["facts"][2]["places"][0].update(country="USA"), "this isn’t a country code"),
    (lambda d: d.update(sections=[_section(n) for n in range(61)]), "the limit is 60."),
    (lambda d: d.update(sections=[_section(0, 401)]), "lines: the limit is 400."),
    (lambda d: d.update(facts=_numbered(101, "values")), "facts: the limit is 100."),
    (lambda d: d.update(answers=_numbered(2001, "answer")), "answers: the limit is 2000."),
]


def _line(data: dict[str, Any]) -> dict[str, Any]:
    imported: dict[str, Any] = data["sections"][0]["lines"][0]
    return imported


def _sub(below: int) -> dict[str, Any]:
    return {"uid": f"s{below}", "text": "x", "lines": [_sub(below - 1)] if below else []}


def _pay(data: dict[str, Any]) -> dict[str, Any]:
    imported: dict[str, Any] = data["sections"][13]["pay_ranges"][0]
    return imported


def _reference(data: dict[str, Any]) -> dict[str, Any]:
    imported: dict[str, Any] = data["sections"][13]["pay_references"][0]
    return imported


def _fact(data: dict[str, Any], name: str, values: list[str]) -> None:
    data["facts"] = [{"name": name, "values": values}]


def _numbered(count: int, kind: str) -> list[dict[str, Any]]:
    """Facts of one value each, or answers."""
    if kind == "values":
        return [{"name": f"own-{n}", "values": ["x"], "label": "Own"} for n in range(count)]
    return [{"placeholder": f"p{n}", "value": "x"} for n in range(count)]


def _section(number: int, lines: int = 0) -> dict[str, Any]:
    texts = [{"uid": f"l{n}", "text": "x"} for n in range(lines)]
    return {"uid": f"s{number}", "kind": "other", "heading": "H", "lines": texts}


def test_currencies_are_read_in_any_case() -> None:
    data = json.loads(written(samples.everything()))
    _pay(data["document"])["currency"] = "usd"
    assert read(data).document == samples.everything()


@pytest.mark.parametrize(("change", "message"), CHANGES)
def test_document_beyond_the_limits_is_refused(
    change: Callable[[dict[str, Any]], Any], message: str
) -> None:
    """The same file without the change is accepted; the message names the place."""
    data = json.loads(written(samples.everything()))
    assert read(data).document == samples.everything()
    change(data["document"])
    assert message in refusal(data)


def test_too_much_text_is_refused() -> None:
    long = [{"uid": f"l{n}", "text": "x" * 10_000, "form": "paragraph"} for n in range(101)]
    section = {"uid": "s", "kind": "other", "heading": "H", "lines": long}
    data = {"schema": 1, "title": "T", "sections": [section]}
    assert "the text is longer than 1000000 characters" in refusal(data)


@pytest.mark.parametrize("edition", [None, 1, [], {"reference": 5, "number": "3", "sha256": "x"}])
def test_invalid_edition_is_ignored(edition: Any) -> None:
    data = json.loads(written(samples.everything()))
    data["edition"] = edition
    imported = read(data)
    assert (imported.document, imported.reference) == (samples.everything(), "")
    assert (imported.number, imported.sha256) == (None, "")


@given(st.binary(max_size=300))
@strategies.examples(100)
def test_any_bytes_are_imported_or_refused(data: bytes) -> None:
    for name in ("a.json", "a.pdf"):
        with suppress(Unreadable):
            read(data, name)


@given(st.data())
@strategies.examples(100)
def test_file_with_one_replaced_value_is_imported_or_refused(data: st.DataObject) -> None:
    """Never another error."""
    whole = json.loads(written(samples.everything()))
    node: Any = whole["document"]
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if not (isinstance(node[key], (dict, list)) and node[key] and data.draw(st.booleans())):
            break
        node = node[key]
    odd: tuple[Any, ...] = (
        None,
        True,
        0,
        -1,
        10**14,
        "",
        "x",
        "\u202e",
        "9" * 400,
        [],
        [[]],
        {},
        {"uid": 1},
    )
    node[key] = data.draw(st.sampled_from(odd))
    with suppress(Unreadable):
        read(whole)


def test_limits_equal_those_of_the_models() -> None:
    """What the importer accepts fits into the tables."""

    def length(model: Any, name: str) -> int:
        return int(model._meta.get_field(name).max_length)

    for name in ("pay_grade", "job_code", "reports_to"):
        assert document_limits._TEXTS[name] == length(JobDescription, name)
    assert length(PayReference, "source") == limits.FACT_LIMIT


# --- from a PDF


def pdf_with(*attached: tuple[str, bytes]) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    for name, body in attached:
        writer.add_attachment(name, body)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_attachment_of_a_pdf_is_imported() -> None:
    data = pdf_with(("notes.txt", b"x"), ("job-description.json", written(samples.everything())))
    assert read(data, "JD.PDF").document == samples.everything()


def test_pdf_without_an_attachment_is_refused() -> None:
    for data in (pdf_with(), pdf_with(("other.json", written(samples.everything())))):
        assert "This PDF has no job description data." in refusal(data, "jd.pdf")


def test_invalid_attachment_is_refused() -> None:
    data = pdf_with(("job-description.json", b'{"schema": 1, "title": ""}'))
    assert refusal(data, "jd.pdf") == "title: it is empty."


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"{}", "This file isn’t a PDF."),
        (b"%PDF-1.7\n" + b"1 0 obj\n" * 40_000, "This PDF is damaged"),
        (b"%PDF-1.7\n%%EOF", "This PDF is damaged"),
        (pdf_with()[:-200], "This PDF"),
        (b"%PDF-1.7\n" + b"trailer\n<</Prev 9>>\n" * 300_000, "too complex"),
        (b"%PDF-1.7\nxref\n0 400000\n" + b"0000000009 00000 n \n" * 400_000, "too complex"),
        (b"%PDF-1.7\n1 0 obj\n" + b"[" * 5_000_000, "This PDF is damaged"),
        (b"%PDF-1.7\n1 0 obj\n" + b"<</A" * 1_000_000, "too complex"),
    ],
)
def test_broken_pdf_is_refused(data: bytes, message: str) -> None:
    """Quickly, even if it was made to take long."""
    began = time.monotonic()
    assert message in refusal(data, "jd.pdf")
    assert time.monotonic() - began < 10


def test_protected_pdf_is_refused() -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_with(("job-description.json", b"{}"))))
    writer.encrypt("secret", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    assert "This PDF has a password." in refusal(target.getvalue(), "jd.pdf")


@pytest.mark.slow
def test_pdf_that_unpacks_to_far_more_is_refused() -> None:
    """A hundred megabytes in a hundred kilobytes."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    file = writer.add_attachment("job-description.json", b"{}")
    packed = zlib.compress(b" " * 100_000_000, 9)
    stream = file._embedded_file
    assert isinstance(stream, DecodedStreamObject)
    stream._data = packed
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    stream[NameObject("/Length")] = NumberObject(len(packed))
    target = io.BytesIO()
    writer.write(target)
    assert len(target.getvalue()) < 200_000
    assert "This PDF is damaged" in refusal(target.getvalue(), "jd.pdf")


@pytest.mark.parametrize("name", ["jd.docx", "jd", "", ".json", "jd.json.exe"])
def test_other_file_formats_are_refused(name: str) -> None:
    assert refusal(b"{}", name) == "Choose one of these file types: .json, .pdf."


def test_amount_keeps_its_cents() -> None:
    pay = DocumentPayRange("p", Decimal("0.10"), Decimal("9999999999.99"))
    section = replace(samples.section("pay", "Pay", pay_ranges=(pay,)), uid="s")
    value = Document("T", sections=(section,))
    assert re.search(r'"minimum": "0.10"', written(value).decode())
    assert read(written(value)).document == value


@pytest.mark.slow
def test_exported_archive_pdf_is_imported() -> None:
    """It carries the complete document of its audience."""
    value = samples.everything().for_audience("public")
    data = FORMATS["pdfa"].render(value, samples.version())
    imported = read(data, "ACC-0007 Account Manager (version 3, public).archive.pdf")
    assert imported.document == value
    assert imported.reference == "ACC-0007"
    assert "has no job description data" in refusal(
        FORMATS["pdf"].render(value, samples.version()), "jd.pdf"
    )


def test_codes_of_earlier_versions_are_converted() -> None:
    """The category of a line was spelled otherwise before version 0.2."""
    value = samples.everything()
    section = next(s for s in value.sections if s.kind == "qualifications")
    line = replace(section.lines[0], category="license")
    section = replace(section, lines=(line, *section.lines[1:]))
    value = replace(value, sections=(section,))
    old = written(value).replace(b'"license"', b'"licen%se"' % b"c")
    assert old != written(value)
    assert read(old).document == value
