"""Market figures as a CSV file: reading one to import, with an error for each wrong field, and
writing the stored ones.

The csv module and the form of the page do this: the same rules and messages apply to a typed and to
an imported figure. A package such as django-import-export would bring its own rules for amounts.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from roles.importers import csv_text
from roles.models import PayReference
from roles.organization.pay_figures import FIGURES, FigureRow
from roles.web.settings.list_forms import AMOUNTS, FigureForm
from roles.web.shared import money

COLUMNS = ("code", *FIGURES.fields)
ROWS_LIMIT = 1_000
BYTES_LIMIT = 1_000_000
EXAMPLE = {
    "role": "Account manager",
    "country": "US",
    "location": "Denver",
    "amount": "60000",
    "currency": "USD",
    "period": "year",
    "statistic": "average",
    "source": "Example survey",
    "as_of": "2026-02",
}
FORMULA = ("=", "+", "-", "@")  # what spreadsheets would run
NO_CSV = _lazy("This isn’t a CSV file. Save the spreadsheet as CSV first.")


@dataclass
class ReadFigure:
    """A row of a file: its line, the form with its values, and errors as label and text."""

    line: int
    code: str
    role: str
    is_new: bool
    form: FigureForm
    errors: list[tuple[str, str]] = field(default_factory=list)

    def to_import(self) -> FigureRow:
        return FigureRow(self.line, self.code, self.form.values())


def decoded(content: bytes) -> str:
    """Returns the text of an uploaded file (csv_text.decode). Raises ValidationError."""
    if len(content) > BYTES_LIMIT:
        raise ValidationError(_("This file is too large. Split it into several files."))
    text = "\0" if csv_text.is_other_format(content) else csv_text.decode(content)
    if "\0" in text:
        raise ValidationError(NO_CSV)
    return text


def read(text: str) -> list[ReadFigure]:
    """Returns the rows of a CSV text, each with its errors. Raises ValidationError if the text as a
    whole can't be used."""
    first, _end, _rest = text.lstrip().partition("\n")
    delimiter = max(csv_text.DELIMITERS, key=first.count)
    rows = csv.DictReader(StringIO(text.lstrip(), newline=""), delimiter=delimiter)
    try:
        _check_columns(rows.fieldnames or ())
        found = [(rows.line_num, row) for row in rows if any(_texts(row))]
    except csv.Error as error:
        raise ValidationError(NO_CSV) from error
    if not found:
        raise ValidationError(_("This file has no rows."))
    if len(found) > ROWS_LIMIT:
        raise ValidationError(_("Import up to %d rows at a time.") % ROWS_LIMIT)
    known = set(PayReference.objects.values_list("code", flat=True))
    read_rows = [_read_row(line, row, known) for line, row in found]
    _refuse_repeats(read_rows)
    return read_rows


def _check_columns(names: Iterable[str]) -> None:
    columns = [_column(name) for name in names]
    unknown = [name for name in columns if name not in COLUMNS]
    if "role" not in columns:
        raise ValidationError(_("The first row must name the columns, at least “role”."))
    if unknown:
        message = _("Unknown columns: %(columns)s. Use those of the template.")
        raise ValidationError(message % {"columns": ", ".join(unknown)[:200]})


def _column(name: str | None) -> str:
    return (name or "").strip().lower().replace(" ", "_")


def _texts(row: Mapping[Any, Any]) -> list[str]:
    return [str(value).strip() for value in row.values() if value]


def _read_row(line: int, row: Mapping[str | None, Any], known: set[str]) -> ReadFigure:
    values = {_column(name): _plain(value) for name, value in row.items() if name is not None}
    code = values.pop("code", "")
    stated, _sign = money.currency_of(*(values.get(name, "") for name in AMOUNTS))
    values["currency"] = values.get("currency") or stated
    for name in ("currency", "period", "statistic"):
        if not values.get(name):  # as on the page
            values[name] = str(FigureForm.base_fields[name].initial)
    values["country"] = values.get("country", "").upper()
    form = FigureForm(values)
    errors = [
        (str(form.fields[name].label) if name in form.fields else "", str(message))
        for name, messages in form.errors.items()
        for message in messages
    ]
    if row.get(None):
        errors.append(("", _("This row has more cells than the first one.")))
    if code and code not in known:
        errors.append((_("Code"), _("No market figure has this code. Leave it blank to add one.")))
    role = values.get("role", "")
    return ReadFigure(line, code, role, is_new=not code, form=form, errors=errors)


def _refuse_repeats(rows: Iterable[ReadFigure]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if row.code in seen:
            message = _("Row %d has the same code.") % seen[row.code]
            row.errors.append((_("Code"), message))
        elif row.code:
            seen[row.code] = row.line


def _plain(value: Any) -> str:
    """Returns the text of a cell, without the apostrophe that keeps it from being a formula."""
    text = str(value or "").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def written(figures: Iterable[PayReference]) -> str:
    """Returns figures as CSV; an example if there are none."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    rows = [_cells(figure) for figure in figures]
    writer.writerows(rows or [EXAMPLE])
    return "\ufeff" + out.getvalue()  # by which spreadsheets know that it is UTF-8


def _cells(figure: PayReference) -> dict[str, str]:
    cells = {}
    for name in COLUMNS:
        value = getattr(figure, name)
        text = money.written(value) if name in AMOUNTS else "" if value is None else str(value)
        cells[name] = f"'{text}" if text.startswith(FORMULA) else text
    return cells
