"""Numbers as exact text in JSON: one that may be missing, and several by name."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal


def maybe_text(number: Decimal | None) -> str | None:
    """The number as text, if there is one."""
    return None if number is None else str(number)


def plain_numbers(numbers: Mapping[str, Decimal]) -> dict[str, str]:
    """The numbers as text."""
    return {name: str(number) for name, number in numbers.items()} if numbers else {}


def read_numbers(plain: Mapping[str, str]) -> dict[str, Decimal]:
    """The numbers `plain_numbers` was given."""
    return {name: Decimal(number) for name, number in plain.items()}
