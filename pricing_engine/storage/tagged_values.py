"""Values JSON cannot tell apart or hold exactly, as one-key objects: {"decimal": "0.10"}, {"date": "2026-07-01"}."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any


def to_plain(value: object) -> Any:
    """Strings, booleans, whole numbers and None as they are, sequences as lists, everything else with its tag.

    Raises: TypeError for a value that could not be read back; a float is one.
    """
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if type(value) is date:
        return {"date": value.isoformat()}
    if isinstance(value, Fraction):
        return {"fraction": str(value)}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {"mapping": mapping_to_plain(value)}
    raise TypeError(f"a {type(value).__name__} cannot be stored: {value!r}")


def from_plain(plain: Any) -> Any:
    """The value `to_plain` was given; lists come back as tuples."""
    if isinstance(plain, list):
        return tuple(from_plain(item) for item in plain)
    if isinstance(plain, dict):
        ((tag, content),) = plain.items()
        return _READERS[tag](content)
    return plain


def mapping_to_plain(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Names with their plain values."""
    return {name: to_plain(value) for name, value in mapping.items()}


def mapping_from_plain(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping `mapping_to_plain` was given."""
    return {name: from_plain(value) for name, value in plain.items()}


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "decimal": Decimal,
    "date": date.fromisoformat,
    "fraction": Fraction,
    "mapping": mapping_from_plain,
}
