"""Named tuples and dataclasses as JSON data and back, by their types; Decimals and days are text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints


def to_plain(value: Any) -> Any:
    """What JSON can hold of a value: objects by the names of their fields, tuples as lists."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: to_plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        names = getattr(value, "_fields", None)
        plain = [to_plain(each) for each in value]
        return plain if names is None else dict(zip(names, plain, strict=True))
    if is_dataclass(value):
        return {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
    return value


def from_plain(shape: Any, plain: Any) -> Any:
    """The value of this type that `to_plain` was given.

    Shape: unions are of one type and None.
    Raises: KeyError, TypeError or ValueError for data of another shape.
    """
    if shape is Any or plain is None:
        return plain
    origin = get_origin(shape)
    if origin in (Union, UnionType):
        (inner,) = [each for each in get_args(shape) if each is not NoneType]
        return from_plain(inner, plain)
    if origin is tuple:
        return _tuple(get_args(shape), plain)
    if origin is not None:  # a mapping
        return {key: from_plain(get_args(shape)[1], each) for key, each in plain.items()}
    if shape is date:
        return date.fromisoformat(plain)
    if hints := _fields(shape):
        return shape(**{name: from_plain(hints[name], each) for name, each in plain.items()})
    return shape(plain)


def _tuple(shapes: tuple[Any, ...], plain: list[Any]) -> tuple[Any, ...]:
    if shapes[-1] is Ellipsis:
        return tuple([from_plain(shapes[0], each) for each in plain])
    return tuple([from_plain(shape, each) for shape, each in zip(shapes, plain, strict=True)])


@cache
def _fields(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape) if is_dataclass(shape) or hasattr(shape, "_fields") else {}
