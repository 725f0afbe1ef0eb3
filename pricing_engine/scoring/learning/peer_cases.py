"""Lines of won deals in columns: what each was sold at, when and to whom, and what tells it apart (S4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pricing_engine.money import ZERO
from pricing_engine.periods import add_months
from pricing_engine.scoring.deal import FAMILY, PRODUCT, Deal, DealLine, Outcome
from pricing_engine.scoring.peers import Dimension

Whole = NDArray[np.int64]

MILLION: Final = 1_000_000
UNKNOWN: Final = -1


class Cases(NamedTuple):
    """One place for each line: `discounts` in millionths of list, numbers of deals and accounts, the day of closing.

    `buckets` are numbers of what a dimension calls the line, by `names`; UNKNOWN where the fact is not known.
    """

    discounts: Whole
    deals: Whole
    accounts: Whole
    days: Whole
    buckets: tuple[Whole, ...]
    names: tuple[tuple[str, ...], ...]


def cases_of(deals: Iterable[Deal], by: Sequence[Dimension], *, months: int | None, as_of: date) -> Cases:
    """Every line with a known discount of the deals won in the `months` up to a day; one above list counts as at list.

    Deals whose price was drawn by lot are none: they tell of the lot, and not of what seller and buyer agreed.
    """
    since = date.min if months is None else add_months(as_of, -months)
    rows: list[tuple[int, int, int, int]] = []
    numbers: dict[str, int] = {}
    named = [_Named(each) for each in by]
    for number, deal in enumerate(deals):
        closed = deal.closed or deal.created
        if deal.outcome is not Outcome.WON or deal.draw is not None or not since < closed <= as_of:
            continue
        account = numbers.setdefault(deal.account, len(numbers))
        for line in deal.lines:
            if (discount := line.discount) is None:
                continue
            rows.append((_millionths(discount), number, account, closed.toordinal()))
            for each in named:
                each.add(deal, line)
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return Cases(
        *(table[:, 0], table[:, 1], table[:, 2], table[:, 3]),
        tuple([np.array(each.found, dtype=np.int64) for each in named]),
        tuple([tuple(each.numbers) for each in named]),
    )


def _millionths(share: Decimal) -> int:
    return int((max(share, ZERO) * MILLION).to_integral_value(ROUND_HALF_UP))


class _Named:
    """Numbers what a dimension calls lines; a value seen before is not named again."""

    def __init__(self, dimension: Dimension) -> None:
        self.dimension = dimension
        self.numbers: dict[str, int] = {}
        self.found: list[int] = []
        self._seen: dict[Any, int] = {}

    def add(self, deal: Deal, line: DealLine) -> None:
        fact = self.dimension.fact
        value = line.family if fact == FAMILY else line.product if fact == PRODUCT else deal.facts.get(fact)
        key = (type(value), value)  # True is 1 for a dict, and not for us
        number = self._seen.get(key)
        if number is None:
            name = self.dimension.bucket(value)
            number = UNKNOWN if name is None else self.numbers.setdefault(name, len(self.numbers))
            self._seen[key] = number
        self.found.append(number)
