"""Read net and gross revenue retention of the book: of a window, by month, and of any segment of it (N1–N9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing_engine.desk import Desk
from pricing_engine.money import ZERO, Currency, exact_arithmetic
from pricing_engine.retention.bridge import Bridge, bridge_of, bridges_of, months_of, points_by_driver
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import Driver
from pricing_engine.retention.rates import Rates, Window, opening_of, positions_of, rates_of
from pricing_engine.usecases.retained_book import (
    RetainedBook,
    conversion_on,
    read_book,
    with_returned_as_new,
)
from pricing_engine.usecases.retained_segments import by_segment


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures: `by` is what segments are told apart by (None: the whole book alone).

    A customer that had nothing for more than `gap_days` and came back counts as lost and as new; None: never (N7).
    """

    closing: date
    months: int = 12
    by: str | None = None
    gap_days: int | None = None

    @property
    def window(self) -> Window:
        """The days the figures are of."""
        return Window.ending(self.closing, months=self.months)


@dataclass(frozen=True, slots=True)
class Figures:
    """The rates of some customers or product lines, the bridge, and how far each driver moved NRR, as fractions."""

    rates: Rates
    bridge: Bridge
    points: Mapping[Driver, Decimal | None]


@dataclass(frozen=True, slots=True)
class Retention:
    """The figures of a window in one currency, at the rates of its opening day (N3).

    `currency_effect` is what the closing would be worth more at the rates of its own day; `contracted` is the closing
    with what is signed and not in force yet, at the prices signed (N18). `months` are the bridges of
    the window's months by their last days; segments sum to the whole.
    """

    asked: Asked
    window: Window
    currency: Currency
    whole: Figures
    segments: Mapping[str, Figures]
    months: Sequence[tuple[date, Bridge]]
    currency_effect: Decimal
    contracted: Decimal


def read_retention(desk: Desk, asked: Asked) -> Retention:
    """The figures, read from the ledger.

    Raises: SegmentUnknown; NoRulebookInForce; RateMissing for a currency that the rules in force do not convert on the
    opening or closing day.
    """
    book = read_book(desk, asked.window)
    with exact_arithmetic():
        book, left = with_returned_as_new(book, asked.gap_days)
        segments = {} if asked.by is None else by_segment(book, asked.by)
        months = months_of(book.window, months=asked.months)
        bridges = bridges_of(book.entries, months)
        return Retention(
            asked,
            book.window,
            book.currency,
            _figures(book.entries, book.window, left),
            {name: _figures(found, book.window, left) for name, found in segments.items()},
            [(month.closing, bridge) for month, bridge in zip(months, bridges, strict=True)],
            _currency_effect(book),
            bridges[-1].closing + book.later,
        )


def _figures(entries: Sequence[Entry], window: Window, left: Mapping[str, date]) -> Figures:
    """The figures; customers who `left` on a day for long count as lost then, and what they have since as new (N7)."""
    positions = positions_of(entries, window)
    rates = rates_of(positions, returned_as_new=left)
    cohort = frozenset([account for account, lines in positions.items() if opening_of(lines)])
    points = points_by_driver(entries, window, cohort, rates.opening, until=left)
    return Figures(rates, bridge_of(entries, window), points)


def _currency_effect(book: RetainedBook) -> Decimal:
    """What there is at the closing, at the rates of that day, less the same at those of the opening (N3)."""
    closing: dict[str, Decimal] = {}
    for each in book.native:
        closing[each.currency] = closing.get(each.currency, ZERO) + each.amount
    then, now = (conversion_on(book.rulebook, day) for day in book.window)
    return sum([now(code, amount) - then(code, amount) for code, amount in closing.items()], book.currency.zero)
