"""Net and gross revenue retention of a window, from what every customer had at both of its ends (N1, N2, N6, N7)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from operator import add, sub
from typing import Final, NamedTuple

from pricing_engine.money import EXACT, ZERO
from pricing_engine.periods import add_months

_SIX_DECIMALS: Final = Decimal("0.000001")


class Window(NamedTuple):
    """From a day to a day: what was there at the end of `opening` is compared with what is at the end of `closing`."""

    opening: date
    closing: date

    def has(self, day: date) -> bool:
        """Whether what happens on a day is a movement of the window."""
        return self.opening < day <= self.closing

    @classmethod
    def ending(cls, closing: date, *, months: int) -> Window:
        """The window of so many months that ends with a day (N1)."""
        return cls(months_before(closing, months), closing)


def months_before(day: date, months: int) -> date:
    """The day so many months before another; before the last day of a month it is that of its month."""
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The day so many months after another; after the last day of a month it is that of its month."""
    after = add_months(day, months)
    if day.day < monthrange(day.year, day.month)[1]:
        return after
    return after.replace(day=monthrange(after.year, after.month)[1])


class Position(NamedTuple):
    """What a customer had of one product line at the opening, and has at the closing. Units: the ledger's."""

    opening: Decimal
    closing: Decimal


class Rates(NamedTuple):
    """What became of the customers that were there at the opening, and what others brought.

    `kept` is what they have at the closing, `kept_by_line` and `kept_by_account` the same with no growth, line by line
    and customer by customer; `new` is what customers have that were not there. Units: the ledger's.
    """

    opening: Decimal
    kept: Decimal
    kept_by_line: Decimal
    kept_by_account: Decimal
    new: Decimal
    customers: int
    lost: int

    @property
    def closing(self) -> Decimal:
        """All there is at the closing."""
        return self.kept + self.new

    @property
    def nrr(self) -> Decimal | None:
        """Net revenue retention. Rounds: as `share`."""
        return share(self.kept, self.opening)

    @property
    def grr(self) -> Decimal | None:
        """Gross revenue retention at the grain of customer and product line. Rounds: as `share`."""
        return share(self.kept_by_line, self.opening)

    @property
    def grr_by_account(self) -> Decimal | None:
        """Gross revenue retention at the grain of customers, which does not see partial churn. Rounds: as `share`."""
        return share(self.kept_by_account, self.opening)

    def plus(self, other: Rates) -> Rates:
        """Those of these customers and others together."""
        return Rates._make(map(add, self, other))

    def less(self, some: Rates) -> Rates:
        """Those of these customers without some of them."""
        return Rates._make(map(sub, self, some))


NOTHING: Final = Rates(ZERO, ZERO, ZERO, ZERO, ZERO, 0, 0)
"""The rates of nobody."""


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part of a whole; None of nothing, which is neither 0 nor all (N6).

    Rounds: half up to 6 decimals.
    """
    return EXACT.divide(part, whole).quantize(_SIX_DECIMALS, ROUND_HALF_UP, EXACT) if whole else None
