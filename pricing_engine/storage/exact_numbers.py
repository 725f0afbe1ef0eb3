"""Numbers by name, as exact text in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal


def plain_numbers(numbers: Mapping[str, Decimal]) -> dict[str, str]:
    """The numbers as text."""
    return {name: str(number) for name, number in numbers.items()} if numbers else {}


def read_numbers(plain: Mapping[str, str]) -> dict[str, Decimal]:
    """The numbers `plain_numbers` was given."""
    return {name: Decimal(number) for name, number in plain.items()}
