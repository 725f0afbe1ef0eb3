"""Deals as columns of numbers, made once: what every look at them in training goes through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pricing_engine.scoring.deal import Deal, Fact, Outcome
from pricing_engine.scoring.win_model import word_of

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

UNKNOWN: Final = -1
WON: Final = 1
LOST: Final = 0
OPEN: Final = -1
_OUTCOMES: Final = {Outcome.WON: WON, Outcome.LOST: LOST, Outcome.OPEN: OPEN}


class NumberColumn(NamedTuple):
    """A fact that is a number wherever it is known; NaN where not."""

    fact: str
    values: Numbers

    @property
    def is_known(self) -> Flags:
        """Where it is."""
        return ~np.isnan(self.values)

    def taken(self, where: Flags | Whole) -> NumberColumn:
        """Those deals only."""
        return self._replace(values=self.values[where])


class WordColumn(NamedTuple):
    """A fact that is a word: its place in `words`; UNKNOWN where it is not known."""

    fact: str
    codes: Whole
    words: tuple[str, ...]

    @property
    def is_known(self) -> Flags:
        """Where it is."""
        known: Flags = self.codes != UNKNOWN
        return known

    def taken(self, where: Flags | Whole) -> WordColumn:
        """Those deals only."""
        return self._replace(codes=self.codes[where])


Column = NumberColumn | WordColumn


class Columns(NamedTuple):
    """One place for each deal. Days are numbers, as `date.toordinal` counts; `closed` is UNKNOWN where there is none.

    `accounts` are numbers, a new one for each deal without an account: nothing says that those are of one customer.
    """

    accounts: Whole
    created: Whole
    closed: Whole
    outcome: Whole
    net: NumberColumn
    list: NumberColumn
    discount: NumberColumn
    facts: tuple[Column, ...]

    @property
    def is_decided(self) -> Flags:
        """Which are won or lost, and have a day on which they were."""
        decided: Flags = (self.outcome != OPEN) & (self.closed != UNKNOWN)
        return decided

    def taken(self, where: Flags | Whole) -> Columns:
        """Those deals only."""
        days = self.accounts[where], self.created[where], self.closed[where], self.outcome[where]
        amounts = self.net.taken(where), self.list.taken(where), self.discount.taken(where)
        return Columns(*days, *amounts, tuple([each.taken(where) for each in self.facts]))

    def without(self, facts: Iterable[str]) -> Columns:
        """The same without these facts."""
        left_out = set(facts)
        return self._replace(facts=tuple([each for each in self.facts if each.fact not in left_out]))


def columns_of(deals: Sequence[Deal]) -> Columns:
    """The columns of deals, with facts by name."""
    numbers: dict[str, int] = {}
    found: dict[str, tuple[list[int], list[Fact]]] = {}
    days, amounts = [], []
    for row, deal in enumerate(deals):
        account = numbers.setdefault(deal.account or f"\0{row}", len(numbers))
        closed = UNKNOWN if deal.closed is None else deal.closed.toordinal()
        days.append((account, deal.created.toordinal(), closed, _OUTCOMES[deal.outcome]))
        amounts.append((deal.net, deal.list, deal.discount))
        for fact, value in deal.facts.items():
            if value is not None:
                rows, values = found.setdefault(fact, ([], []))
                rows.append(row)
                values.append(value)
    whole = np.array(days, dtype=np.int64).reshape(-1, 4)
    net, listed, discount = np.array(amounts, dtype=np.float64).reshape(-1, 3).T.copy()  # None becomes NaN
    return Columns(
        *(whole[:, 0], whole[:, 1], whole[:, 2], whole[:, 3]),
        *(NumberColumn("net", net), NumberColumn("list", listed), NumberColumn("discount", discount)),
        tuple([_column(fact, len(deals), *found[fact]) for fact in sorted(found)]),
    )


def _column(fact: str, count: int, rows: list[int], values: list[Any]) -> Column:
    if all(map(_is_number, values)):
        numbers = np.full(count, np.nan)
        numbers[rows] = np.fromiter(map(float, values), np.float64, len(values))
        return NumberColumn(fact, numbers)
    words: dict[str, int] = {}
    codes = np.full(count, UNKNOWN, dtype=np.int64)
    codes[rows] = [words.setdefault(word_of(value), len(words)) for value in values]
    return WordColumn(fact, codes, tuple(words))


def _is_number(value: Any) -> bool:
    return isinstance(value, Decimal)
