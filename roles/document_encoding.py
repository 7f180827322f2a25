"""Frozen dataclasses to plain JSON values and back.

Defaults are left out, so adding a field doesn't change existing documents.
"""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any


class DocumentError(ValueError):
    """The dictionary isn't a document of a supported schema. The message says where and why."""


# Types of fields, in messages.
_EXPECTED = {str: "text", int: "a whole number", bool: "true or false"}


@lru_cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


@lru_cache
def _required(kind: type) -> tuple[str, ...]:
    """Returns the names of the fields that have no default."""
    return tuple(
        f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING
    )


def encode(value: Any) -> Any:
    """Returns the value as JSON types: a dataclass as a dictionary without its defaults, a tuple as
    a list, an amount (Decimal) as text with two decimals; everything else unchanged."""
    if is_dataclass(value):
        return {
            f.name: encode(item)
            for f in fields(value)
            if (item := getattr(value, f.name)) != f.default or f.default is MISSING
        }
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value


def decode(kind: Any, value: Any, where: str) -> Any:
    """Returns the value of type `kind` that `encode` was given. `where` names the value in
    messages. Raises DocumentError for any other type, unknown key, or missing field."""
    origin = typing.get_origin(kind)
    if origin is tuple:
        if not isinstance(value, list):
            raise DocumentError(f"{where}: a list is expected")
        item = typing.get_args(kind)[0]
        return tuple(decode(item, v, f"{where}[{n}]") for n, v in enumerate(value))
    if origin in (types.UnionType, typing.Union):
        kind = next(k for k in typing.get_args(kind) if k is not type(None))
        return None if value is None else decode(kind, value, where)
    if kind is Decimal:
        return _decimal(value, where)
    if is_dataclass(kind) and isinstance(kind, type):
        return _decode_dataclass(kind, value, where)
    if type(value) is not kind:
        raise DocumentError(f"{where}: {_EXPECTED[kind]} is expected")
    return value


def _decode_dataclass(kind: type, value: Any, where: str) -> Any:
    if where.count(".lines[") > 2:
        raise DocumentError(f"{where}: sub-lines have one level")
    if not isinstance(value, dict):
        raise DocumentError(f"{where}: an object is expected")
    hints = _hints(kind)
    if unknown := [name for name in value if name not in hints]:
        raise DocumentError(f"{where}: “{unknown[0][:50]}” isn’t a known field")
    if missing := [name for name in _required(kind) if name not in value]:
        raise DocumentError(f"{where}: the field “{missing[0]}” is missing")
    return kind(**{n: decode(hints[n], item, f"{where}.{n}") for n, item in value.items()})


def _decimal(value: Any, where: str) -> Decimal:
    try:
        number = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise DocumentError(f"{where}: an amount is expected")
    return number
