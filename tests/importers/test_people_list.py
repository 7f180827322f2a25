"""Lists of people to invite: pasted addresses and CSV files as spreadsheets save them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles.importers import csv_text, people_list
from roles.importers.people_list import PeopleList
from tests.strategies import examples

HEADER = "Email,First name,Last name,Groups,Departments"


def people(text: str) -> list[tuple[str, str, str]]:
    return [(row.email, row.first_name, row.last_name) for row in people_list.read(text).rows]


def addresses(text: str) -> list[str]:
    return [row.email for row in people_list.read(text).rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kim@example.org", ["kim@example.org"]),
        ("  kim@example.org \n\n sam@example.org\r\n", ["kim@example.org", "sam@example.org"]),
        ("a@x.org, b@x.org; c@x.org\td@x.org", ["a@x.org", "b@x.org", "c@x.org", "d@x.org"]),
        ("a@x.org b@x.org", ["a@x.org", "b@x.org"]),
        ("'a@x.org'\nmailto:b@x.org\n<c@x.org>", ["a@x.org", "b@x.org", "c@x.org"]),
        ("a@x.org, nonsense, b@x.org", ["a@x.org", "nonsense", "b@x.org"]),
        ("nonsense\na@x.org", ["nonsense", "a@x.org"]),
        ("", []),
        (" \n;;;\n,\t,\n", []),
    ],
)
def test_pasted_addresses(text: str, expected: list[str]) -> None:
    assert addresses(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Dana Reyes <dana@example.org>",
        '"Reyes, Dana" <dana@example.org>',
        "Reyes, Dana <dana@example.org>",
        "dana@example.org,Dana,Reyes",
        "dana@example.org;Dana;Reyes",
        "dana@example.org\tDana\tReyes",
        "Dana Reyes,dana@example.org",
        "Dana,Reyes,dana@example.org",
        "\ufeffEmail,Name\ndana@example.org,Dana Reyes",
        'E-Mail Address [Required];Full name\ndana@example.org;"Reyes, Dana"',
        "Last Name\tGiven name\tWork e-mail\nReyes\tDana\tdana@example.org",
        "NAME,MAIL\n,Dana Reyes <dana@example.org>",
        "first_name,last_name,e-mail\r\nDana,Reyes,dana@example.org\r\n",
        "UserPrincipalName,DisplayName\ndana@example.org,Dana Reyes",
    ],
)
def test_names_beside_an_address(text: str) -> None:
    assert people(text) == [("dana@example.org", "Dana", "Reyes")]


def test_outlook_separates_people_with_semicolons() -> None:
    pasted = "Reyes, Dana <dana@example.org>; Rivera, Sam <sam@example.org>"
    assert people(pasted) == [
        ("dana@example.org", "Dana", "Reyes"),
        ("sam@example.org", "Sam", "Rivera"),
    ]


def test_groups_and_departments_are_cells() -> None:
    text = f'{HEADER}\ndana@example.org,Dana,Reyes,HR;Curators,"Sales, Legal"'
    [row] = people_list.read(text).rows
    assert (row.groups, row.departments, row.line) == ("HR;Curators", "Sales, Legal", 2)


def test_columns_without_a_meaning_are_named() -> None:
    found = people_list.read("Badge,Email,Office\n7,kim@example.org,Denver")
    assert found.unused_columns == ("Badge", "Office")
    assert [row.email for row in found.rows] == ["kim@example.org"]


def test_a_row_with_more_values_than_columns_is_marked() -> None:
    rows = people_list.read("email,department\nkim@x.org,Sales, Legal\nsam@x.org,Sales,,\n").rows
    assert [row.has_extra for row in rows] == [True, False]


def test_a_stray_quotation_mark_swallows_no_lines() -> None:
    text = f'{HEADER}\n"kim@x.org,Kim\nsam@x.org,Sam'
    assert addresses(text) == ["kim@x.org", "sam@x.org"]


def test_some_rows_can_be_read_again() -> None:
    text = f"{HEADER}\nkim@x.org,Kim,Lee,,\nwrong,Sam,Rivera,HR,\n"
    found = people_list.read(text)
    again = people_list.read(found.text_of(found.rows[1:]))
    assert again.header == HEADER
    assert people(found.text_of(found.rows[1:])) == [("wrong", "Sam", "Rivera")]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_of_spreadsheets(encoding: str, delimiter: str) -> None:
    text = delimiter.join(["Email", "First name", "Last name"]) + "\r\n"
    text += delimiter.join(["zoe@example.org", "Zoë", "Müller"]) + "\r\n"
    assert people(csv_text.decode(text.encode(encoding))) == [("zoe@example.org", "Zoë", "Müller")]


def test_spreadsheets_and_pdf_files_are_no_text() -> None:
    assert csv_text.is_other_format(b"PK\x03\x04 xlsx")
    assert csv_text.is_other_format(b"%PDF-1.7")
    assert not csv_text.is_other_format(b"email\n")


# What lists are made of, so that the examples come close to them.
PIECES = st.sampled_from(
    ["a@x.org", "Kim", "email", "name", "<", ">", '"', ",", ";", "\t", " ", "\n", "\r", "@", "\0"]
)
LISTS = st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join)


def letters(text: str) -> str:
    return "".join(sorted(c for c in text if c.isalnum()))


def letters_of(found: PeopleList) -> str:
    return letters(found.header + "".join(row.text for row in found.rows))


@given(LISTS)
@examples(400)
def test_no_list_raises_and_nothing_typed_is_left_out(text: str) -> None:
    """Every letter is in the header or in a row, and every line with letters has a row."""
    found = people_list.read(text)
    assert letters_of(found) == letters(text)
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    filled = [number for number, line in enumerate(lines, 1) if letters(line)]
    numbers = {row.line for row in found.rows}
    assert set(filled) - numbers == ({filled[0]} if found.header else set())


@given(st.binary(max_size=200))
@examples(300)
def test_no_file_raises(content: bytes) -> None:
    text = csv_text.decode(content)
    assert letters_of(people_list.read(text)) == letters(text)


@given(LISTS)
@examples(200)
def test_rows_that_are_kept_can_be_read_again(text: str) -> None:
    found = people_list.read(text)
    again = people_list.read(found.text_of(found.rows))
    assert letters_of(again) == letters_of(found)
