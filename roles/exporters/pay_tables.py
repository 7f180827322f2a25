"""Pay ranges and market figures as tables of plain text, for all formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from roles.document import DocumentPayRange, DocumentPayReference, DocumentSection
from roles.exporters import fact_labels, pay_labels


def ranges(section: DocumentSection) -> dict[str, Any]:
    """Returns the table of pay ranges as plain text; empty if there are none."""
    return pay_table([range_cells(pay) | {"uid": pay.uid} for pay in section.pay_ranges])


def range_cells(pay: DocumentPayRange) -> dict[str, str]:
    """Returns the cells of a pay range's row by column."""
    return {
        "location": pay.location,
        "level": pay.level,
        "years": fact_labels.years(pay.years_from, pay.years_to),
        "figure": pay_labels.pay_range(pay),
        "period": pay_labels.period(pay.period),
    }


def references(section: DocumentSection) -> dict[str, Any]:
    """Returns the table of market figures as plain text; empty if there are none."""
    return figure_table([reference_cells(reference) for reference in section.pay_references])


def reference_cells(reference: DocumentPayReference) -> dict[str, str]:
    """Returns the cells of a market figure's row by column."""
    return {
        "role": reference.role,
        "location": reference.location,
        "level": reference.level,
        "years": fact_labels.years(reference.years_from, reference.years_to),
        "figure": pay_labels.pay_figure(reference),
        "source": pay_labels.pay_source(reference),
    }


def pay_table(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Returns the columns in use; empty if there are no rows."""
    if not rows:
        return {}
    used = {f"has_{name}": any(row[name] for row in rows) for name in ("location", "level")}
    return {"rows": rows, "has_years": any(row["years"] for row in rows), **used}


def figure_table(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Returns the table of market figures; empty if there are no rows. Of several figures, a column
    with the same value in all rows isn't in use: its value is in `shared`, for the caption, or in
    `source`."""
    table = pay_table(rows)
    if not table:
        return {}
    names = [name for name in rows[0] if name != "figure"]
    same = {n for n in names if len(rows) > 1 and len({row[n] for row in rows}) == 1}
    table |= {f"has_{name}": name not in same and any(row[name] for row in rows) for name in names}
    table["shared"] = [rows[0][n] for n in names if n in same - {"source"} and rows[0][n]]
    return table | {"source": rows[0]["source"] if "source" in same else ""}
