"""The expressions by which lists are sorted, where a column alone doesn't do. Each has an index.

None is null, so that a page can start after the values of a row. Constants are part of the SQL,
because SQLite compares the text of an expression with that of its index: a parameter never matches.
"""

from __future__ import annotations

from django.db.models import CharField, DateField, DateTimeField, F, Func, TextField
from django.db.models.functions import Lower

SORTED_CHARACTERS = 200  # of a text; an entry of an index of PostgreSQL has at most 2,704 bytes


def _start_of(column: str) -> Func:
    template = f"SUBSTR(%(expressions)s, 1, {SORTED_CHARACTERS})"
    return Func(F(column), template=template, output_field=TextField())


def _date_or(column: str, constant: str) -> Func:
    template = f"COALESCE(%(expressions)s, '{constant}')"
    return Func(F(column), template=template, output_field=DateField())


SNIPPET_TEXT = _start_of("text")
CATALOG_TITLE = Lower(_start_of("title"))
# An expression, so that SQLite doesn't prefer its index to find periods that have started, which
# most have, over the index of the order.
CURRENT_SINCE = _date_or("since", "0001-01-01")
DUE_FIRST = _date_or("due", "9999-12-31")  # without a due date: last
DUE_LAST = _date_or("due", "0001-01-01")  # descending; without a due date: last
# Their name, or their username if they have none.
PERSON_NAME = Lower(
    Func(
        Func(
            *(F("first_name"), F("last_name")),
            arg_joiner=" || ' ' || ",
            template="NULLIF(%(expressions)s, ' ')",
        ),
        F("username"),
        function="COALESCE",
        output_field=CharField(),
    )
)
LAST_SIGN_IN = Func(
    F("last_login"),
    template="COALESCE(%(expressions)s, '0001-01-01 00:00:00')",
    output_field=DateTimeField(),
)
