"""The order of a list, and the rows before or after a place in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Field, Func, QuerySet, Value
from django.db.models.expressions import Combinable


@dataclass(frozen=True)
class SortOrder:
    """The order of a list: columns or expressions that are never null. Rows with the same values
    are sorted by id, in the same direction, as in the indexes. `name` tells the orders of one list
    apart."""

    name: str
    keys: tuple[str | Combinable, ...]
    is_descending: bool = False

    def applied(self, rows: QuerySet[Any], *, backward: bool = False) -> QuerySet[Any]:
        """Returns the rows in this order, or in the opposite one."""
        is_descending = self.is_descending != backward
        columns = [*self._expressions(), F("pk")]
        ordered: QuerySet[Any] = rows.order_by(
            *(one.desc() if is_descending else one.asc() for one in columns)
        )
        return ordered

    def annotated(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Returns the rows with the values of the expressions, for `values_of`."""
        found = {
            f"sort_key_{number}": key
            for number, key in enumerate(self.keys)
            if not isinstance(key, str)
        }
        annotated: QuerySet[Any] = rows.annotate(**found)
        return annotated

    def values_of(self, row: Any) -> list[Any]:
        """Returns the values that the row is sorted by, and its id."""
        return [*(getattr(row, name) for name in self._names()), row.pk]

    def beyond(
        self, rows: QuerySet[Any], values: Sequence[Any], *, backward: bool, including: bool = False
    ) -> QuerySet[Any]:
        """Returns the rows after these values in the order, or before them."""
        operator = "<" if self.is_descending != backward else ">"
        fields = self._fields(rows)
        right = [Value(v, output_field=field) for v, field in zip(values, fields, strict=True)]
        left = [*self._expressions(), F("pk")]
        return rows.filter(_RowComparison(left, right, f"{operator}=" if including else operator))

    def to_python(self, rows: QuerySet[Any], values: Sequence[Any]) -> list[Any]:
        """Returns the values of a link. Raises ValueError or ValidationError for those of another
        order."""
        fields = self._fields(rows)
        return [field.to_python(v) for v, field in zip(values, fields, strict=True)]

    def _expressions(self) -> list[Any]:
        return [F(key) if isinstance(key, str) else key for key in self.keys]

    def _names(self) -> list[str]:
        return [
            key if isinstance(key, str) else f"sort_key_{number}"
            for number, key in enumerate(self.keys)
        ]

    def _fields(self, rows: QuerySet[Any]) -> list[Field[Any, Any]]:
        meta, annotations = rows.model._meta, rows.query.annotations
        names = self._names()
        found = [
            annotations[name].output_field if name in annotations else meta.get_field(name)
            for name in names
        ]
        return [*found, meta.pk]


class _RowComparison(Func):
    """Compares rows of values, as `(title, id) > ('Nurse', 7)`: databases look that up in an
    index."""

    output_field = BooleanField()

    def __init__(self, left: Sequence[Any], right: Sequence[Any], operator: str) -> None:
        super().__init__(*left, *right)
        self.operator = operator

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]
        compiled = [compiler.compile(one) for one in self.source_expressions]
        middle = len(compiled) // 2
        left, right = (
            ", ".join(sql for sql, _params in side)
            for side in (compiled[:middle], compiled[middle:])
        )
        params = [value for _sql, values in compiled for value in values]
        return f"({left}) {self.operator} ({right})", params
