"""Movements as columns of whole numbers: a million of them are summed exactly, and in milliseconds (record 42)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pricing_engine.money import EXACT
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, Cause, Driver

Ints = npt.NDArray[Any]
"""Whole numbers; Python's own where 64 bits could be too few."""

KINDS: Final = tuple(ArrKind)
CAUSES: Final = tuple(Cause)
DRIVERS: Final = (None, *Driver)
KIND_NUMBERS: Final[Mapping[str, int]] = {each: place for place, each in enumerate(KINDS)}
CAUSE_NUMBERS: Final[Mapping[str, int]] = {each: place for place, each in enumerate(CAUSES)}
DRIVER_NUMBERS: Final[Mapping[str | None, int]] = {each: place for place, each in enumerate(DRIVERS)}
"""What kinds, causes and drivers are in columns, by themselves or by their text."""

NEVER: Final = date.max.toordinal()
UNKNOWN: Final = -(2**31)
DECIMALS: Final = 4
"""Amounts are in ten-thousandths, whatever their currency: no currency has more decimals."""

_MOST: Final = 2**61


class Codes(dict[str, int]):
    """Names by number, counted up as they are first asked for; a number stays what it is."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __missing__(self, name: str) -> int:
        self[name] = number = len(self.names)
        self.names.append(name)
        return number

    def of(self, names: Sequence[str]) -> Ints:
        """The numbers of names."""
        return np.fromiter(map(self.__getitem__, names), np.int32, len(names))


class Columns(NamedTuple):
    """Movements, a column for each thing known of them. Units: ten-thousandths of each one's currency; ordinal days.

    Accounts, contracts, product lines, currencies and tiers are numbers of `Named`; `quote` is an id or None; the term
    is in months, the discount in hundredths of a percent, `booked` the day it was known; what is not known is UNKNOWN.
    """

    account: Ints
    contract: Ints
    line: Ints
    currency: Ints
    day: Ints
    kind: Ints
    driver: Ints
    cause: Ints
    amount: Ints
    quote: npt.NDArray[Any]
    tier: Ints
    term: Ints
    discount: Ints
    booked: Ints

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.day)

    def take(self, places: Ints | slice) -> Columns:
        """Those at some places."""
        return Columns._make([each[places] for each in self])

    @classmethod
    def joined(cls, parts: Sequence[Columns]) -> Columns:
        """One after the other."""
        joined = cls._make([np.concatenate(column) for column in zip(*parts, strict=True)])
        return joined._replace(amount=unbounded(joined.amount))


class Named(NamedTuple):
    """What the numbers in columns stand for."""

    accounts: Codes
    contracts: Codes
    lines: Codes
    currencies: Codes
    tiers: Codes

    @classmethod
    def nothing(cls) -> Named:
        """No names yet."""
        return cls(*[Codes() for _ in cls._fields])


def columns_of(entries: Iterable[Entry], named: Named) -> Columns:
    """Entries as columns, in their order."""
    rows = list(entries)
    return Columns(
        named.accounts.of([each.account for each in rows]),
        named.contracts.of([each.contract for each in rows]),
        named.lines.of([each.product_line for each in rows]),
        named.currencies.of([each.currency for each in rows]),
        np.array([each.day.toordinal() for each in rows], np.int32),
        small([KIND_NUMBERS[each.kind] for each in rows]),
        small([DRIVER_NUMBERS[each.driver] for each in rows]),
        small([CAUSE_NUMBERS[each.cause] for each in rows]),
        amounts([in_parts(each.amount) for each in rows]),
        np.array([each.quote for each in rows], object),
        *[np.full(len(rows), UNKNOWN, np.int32) for _ in ("tier", "term", "discount", "booked")],
    )


def small(numbers: Sequence[int]) -> Ints:
    """Numbers that a byte holds."""
    return np.array(numbers, np.int8)


def amounts(parts: Sequence[int]) -> Ints:
    """Amounts as a column."""
    try:
        return unbounded(np.array(parts, np.int64))
    except OverflowError:
        return np.array(parts, object)


def unbounded(column: Ints) -> Ints:
    """The amounts as numbers without end where a sum of them could leave 64 bits."""
    is_safe = column.dtype == object or np.abs(column).sum(dtype=np.float64) < _MOST
    return column if is_safe else column.astype(object)


def in_parts(amount: Decimal) -> int:
    """An amount in ten-thousandths.

    Raises: ValueError for one that is no whole number of them.
    """
    scaled = amount.scaleb(DECIMALS, EXACT)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more than {DECIMALS} decimals")
    return int(scaled)
