"""Net and gross revenue retention of a window, from what every customer had at both of its ends (N1, N2, N6, N7)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from pricing_engine.money import EXACT, ZERO
from pricing_engine.periods import add_months
from pricing_engine.retention.ledger import Entry

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
        return cls(add_months(closing, -months), closing)


class Position(NamedTuple):
    """What a customer had of one product line at the opening, and has at the closing. Units: the ledger's."""

    opening: Decimal
    closing: Decimal


Positions = Mapping[str, Mapping[str, Position]]
"""By customer and product line."""


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


def share(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part of a whole; None of nothing, which is neither 0 nor all (N6).

    Rounds: half up to 6 decimals.
    """
    return EXACT.divide(part, whole).quantize(_SIX_DECIMALS, ROUND_HALF_UP, EXACT) if whole else None


def positions_of(entries: Iterable[Entry], window: Window) -> dict[str, dict[str, Position]]:
    """What every customer has at both ends of a window; those that have nothing at either are left out."""
    sums: dict[str, dict[str, Position]] = {}
    for each in entries:
        if each.day > window.closing:
            continue
        lines = sums.setdefault(each.account, {})
        opening, closing = lines.get(each.product_line, Position(ZERO, ZERO))
        if each.day <= window.opening:
            opening += each.amount
        lines[each.product_line] = Position(opening, closing + each.amount)
    found = {
        account: {line: each for line, each in lines.items() if each.opening or each.closing}
        for account, lines in sums.items()
    }
    return {account: lines for account, lines in found.items() if lines}


def opening_of(lines: Mapping[str, Position]) -> Decimal:
    """What a customer had at the opening, of all product lines."""
    return sum([each.opening for each in lines.values()], ZERO)


def rates_of(positions: Positions, *, returned_as_new: Container[str] = ()) -> Rates:
    """The rates of customers; those `returned_as_new` count as lost, and what they have as new (N7).

    Source: N1, N2.
    """
    opening = kept = by_line = by_account = new = ZERO
    customers = lost = 0
    for account, lines in positions.items():
        before = opening_of(lines)
        now = sum([each.closing for each in lines.values()], ZERO)
        if not before:
            new += now
            continue
        customers += 1
        opening += before
        if account in returned_as_new:
            new += now
        else:
            kept += now
            by_line += sum([min(each) for each in lines.values()], ZERO)
            by_account += min(before, now)
        lost += not now or account in returned_as_new
    return Rates(opening, kept, by_line, by_account, new, customers, lost)


def returned_after(entries: Iterable[Entry], window: Window, *, gap_days: int) -> dict[str, date]:
    """The customers that had nothing for more than so many days of a window and came back within it (N7).

    Shape: the first day without anything, by customer.
    """
    by_account: dict[str, dict[date, Decimal]] = {}
    for each in entries:
        if each.day <= window.closing:
            days = by_account.setdefault(each.account, {})
            day = max(each.day, window.opening)
            days[day] = days.get(day, ZERO) + each.amount
    left = {account: _left(days, longer_than=timedelta(days=gap_days)) for account, days in by_account.items()}
    return {account: day for account, day in left.items() if day is not None}


def _left(days: Mapping[date, Decimal], *, longer_than: timedelta) -> date | None:
    """The first day of the first such time with nothing, between two times with something."""
    total = ZERO
    gone: date | None = None
    for day in sorted(days):
        before, total = total, total + days[day]
        if before and not total:
            gone = day
        elif total and not before and gone is not None and day - gone > longer_than:
            return gone
    return None
