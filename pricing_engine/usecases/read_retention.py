"""Read net and gross revenue retention of the book: of a window, by month, and of any segment of it (N1–N9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing_engine.desk import Desk
from pricing_engine.money import Currency, exact_arithmetic
from pricing_engine.retention.bridge import Bridge, months_of
from pricing_engine.retention.cut import Cut, cut_of
from pricing_engine.retention.movements import Driver
from pricing_engine.retention.rates import Rates, Window
from pricing_engine.retention.targets import Target
from pricing_engine.usecases.retained_book import RetainedBook, conversion_on, read_book
from pricing_engine.usecases.retained_segments import segments_of


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
    the window's months by their last days; segments sum to the whole. `targets` are all that the rules in force have.
    """

    asked: Asked
    window: Window
    currency: Currency
    whole: Figures
    segments: Mapping[str, Figures]
    months: Sequence[tuple[date, Bridge]]
    currency_effect: Decimal
    contracted: Decimal
    targets: Sequence[Target]


def read_retention(desk: Desk, asked: Asked) -> Retention:
    """The figures, read from the ledger.

    Raises: SegmentUnknown; NoRulebookInForce; RateMissing for a currency that the rules in force do not convert on the
    opening or closing day.
    """
    book = read_book(desk, asked.window)
    with exact_arithmetic():
        whole = cut_of(book.ledger, book.window, gap_days=asked.gap_days)
        months = months_of(book.window, months=asked.months)
        (bridges,) = whole.bridges(months)
        return Retention(
            asked,
            book.window,
            book.currency,
            _figures(whole)[""],
            {} if asked.by is None else _figures(whole.told_apart(segments_of(book, asked.by))),
            [(month.closing, bridge) for month, bridge in zip(months, bridges, strict=True)],
            _currency_effect(book),
            bridges[-1].closing + book.later,
            book.rulebook.retention_targets,
        )


def _figures(cut: Cut) -> dict[str, Figures]:
    """The figures of each segment, by its name."""
    bridges = [bridge for (bridge,) in cut.bridges([cut.window])]
    found = zip(cut.segments.names, cut.rates(), bridges, cut.points(), strict=True)
    return {name: Figures(rates, bridge, points) for name, rates, bridge, points in found}


def _currency_effect(book: RetainedBook) -> Decimal:
    """What there is at the closing, at the rates of that day, less the same at those of the opening (N3)."""
    then, now = (conversion_on(book.rulebook, day) for day in book.window)
    closing = book.ledger.native_totals()
    return sum([now(code, amount) - then(code, amount) for code, amount in closing.items()], book.currency.zero)
