"""Figures of the book cut into segments, all of them at once: rates, bridges, and points by driver (N1, N2, N4, N9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from pricing_engine.money import ZERO
from pricing_engine.retention.bridge import Bridge, Moved
from pricing_engine.retention.columns import CAUSES, DRIVER_NUMBERS, DRIVERS, KINDS, Columns, Ints
from pricing_engine.retention.grouped import Runs, runs_of, sums_by, sums_in
from pricing_engine.retention.movements import KNOWN_DRIVERS, Driver
from pricing_engine.retention.rates import Rates, Window, share
from pricing_engine.retention.returned import Returned, returned_after
from pricing_engine.retention.valued import ValuedLedger

_WHATS: Final = len(KINDS) * len(CAUSES) * len(DRIVERS)


class Segments(NamedTuple):
    """Names of segments, and the one that each product line of each account is in, in the order of the ledger."""

    names: Sequence[str]
    of_line: Ints


@dataclass(frozen=True)
class Cut:
    """The book over a window, told apart; customers who returned after long count as lost and as new (N7)."""

    book: ValuedLedger
    window: Window
    segments: Segments
    returned: Returned

    def told_apart(self, segments: Segments) -> Cut:
        """The same in other segments."""
        return replace(self, segments=segments)

    @property
    def columns(self) -> Columns:
        """The movements, with what brought back those who returned told as new."""
        return self.returned.columns

    @cached_property
    def positions(self) -> tuple[Ints, Ints]:
        """What each product line of each account comes to at the opening and at the closing."""
        return positions_of(self.book, self.window)

    @cached_property
    def customers(self) -> tuple[Runs, Ints]:
        """The product lines of each account within each segment, and the order of lines in which they are together."""
        lines = self.book.ledger.by_line
        keys = self.columns.account[lines.starts].astype(np.int64) * len(self.segments.names) + self.segments.of_line
        is_sorted = bool((keys[1:] >= keys[:-1]).all())  # as they are unless an account is in several segments
        order = np.arange(len(keys)) if is_sorted else np.argsort(keys, kind="stable")
        return runs_of(keys[order]), order

    @cached_property
    def openings(self) -> Ints:
        """What each account has in each segment at the opening, in the order of `customers`."""
        runs, order = self.customers
        return runs.sum(self.positions[0][order])

    def rates(self) -> list[Rates]:
        """The rates of each segment.

        Source: N1, N2.
        """
        runs, order = self.customers
        first = order[runs.starts]
        segment = self.segments.of_line[first]
        returned = self.returned.has(self.columns.account[self.book.ledger.by_line.starts[first]])
        openings, closings = self.positions
        before, now = self.openings, runs.sum(closings[order])
        kept_lines = runs.sum(np.minimum(openings, closings)[order])
        there = before != 0
        stays = there & ~returned
        parts = (
            before,
            np.where(stays, now, 0),
            np.where(stays, kept_lines, 0),
            np.where(stays, np.minimum(before, now), 0),
            np.where(stays, 0, now),
        )
        count = len(self.segments.names)
        sums = [[self.book.money(each) for each in sums_in(segment, part, count)] for part in parts]
        counts = [
            sums_in(segment, part.astype(np.int64), count).tolist() for part in (there, there & (returned | (now == 0)))
        ]
        return [Rates(*found) for found in zip(*sums, *counts, strict=True)]

    def bridges(self, windows: Sequence[Window]) -> list[list[Bridge]]:
        """The bridges of each segment over windows that follow each other, from the opening of the first."""
        columns, lines, months = self.columns, self.book.ledger.by_line, len(windows)
        inside = np.flatnonzero((columns.day > windows[0].opening.toordinal()) & (columns.day <= self.book.until))
        what = _whats(columns, inside)
        month = np.searchsorted([each.closing.toordinal() for each in windows], columns.day[inside])
        segment = self.segments.of_line[lines.of[inside]]
        keys = (segment * months + month) * _WHATS + what
        keys, sums = sums_by(keys, self.book.amounts[inside], len(self.segments.names) * months * _WHATS)
        moved: list[list[list[Moved]]] = [[[] for _ in windows] for _ in self.segments.names]
        for key, amount in zip(keys.tolist(), sums.tolist(), strict=True):
            at, what_ = divmod(key, _WHATS)
            if amount:
                moved[at // months][at % months].append(_moved(what_, self.book.money(amount)))
        openings = sums_in(self.segments.of_line, positions_of(self.book, windows[0])[0], len(self.segments.names))
        return [
            _chained(self.book.money(opening), each) for opening, each in zip(openings.tolist(), moved, strict=True)
        ]

    def points(self) -> list[Mapping[Driver, Decimal | None]]:
        """By how much each driver moved net retention of each segment: of who was there, over the opening.

        NRR is 1 and the sum of these, but for rounding; what is unexplained is told where there is any. Rounds: as
        `share`.
        """
        columns, lines, count = self.columns, self.book.ledger.by_line, len(self.segments.names)
        runs, order = self.customers
        was_there = np.zeros(len(lines), bool)
        was_there[order] = (self.openings != 0)[runs.of]
        inside = (columns.day > self.window.opening.toordinal()) & (columns.day <= self.book.until)
        inside &= was_there[lines.of] & ~self.returned.is_over(columns)
        places = np.flatnonzero(inside)
        driver = columns.driver[places].astype(np.int64)
        # What is new business to a contract is cross-sell to a customer who was there.
        driver = np.where(driver == DRIVER_NUMBERS[None], DRIVER_NUMBERS[Driver.EXPANSION], driver)
        keys = self.segments.of_line[lines.of[places]] * len(DRIVERS) + driver
        sums = sums_in(keys, self.book.amounts[places], count * len(DRIVERS)).reshape(count, len(DRIVERS))
        openings = sums_in(self.segments.of_line, self.positions[0], count)
        return [
            {
                each: share(Decimal(int(row[DRIVER_NUMBERS[each]])), Decimal(int(opening)))
                for each in Driver
                if each in KNOWN_DRIVERS or row[DRIVER_NUMBERS[each]]
            }
            for row, opening in zip(sums, openings, strict=True)
        ]


def cut_of(book: ValuedLedger, window: Window, *, gap_days: int | None = None) -> Cut:
    """The whole book; customers who had nothing for more than `gap_days` count as lost and as new, None: never."""
    whole = Segments([""], np.zeros(len(book.ledger.by_line), np.int64))
    return Cut(book, window, whole, returned_after(book, window, gap_days=gap_days))


def positions_of(book: ValuedLedger, window: Window) -> tuple[Ints, Ints]:
    """What each product line of each account comes to at both ends of a window. Units: those of the book."""
    opening, closing = (book.ledger.by_line.sum(book.up_to(day)) for day in window)
    return opening, closing


def _whats(columns: Columns, places: Ints) -> Ints:
    """Kind, cause and driver of movements as one number, in the order of bridges."""
    kind, cause, driver = (each[places].astype(np.int64) for each in (columns.kind, columns.cause, columns.driver))
    return (kind * len(CAUSES) + cause) * len(DRIVERS) + driver


def _moved(what: int, amount: Decimal) -> Moved:
    rest, driver = divmod(what, len(DRIVERS))
    kind, cause = divmod(rest, len(CAUSES))
    return Moved(KINDS[kind], DRIVERS[driver], CAUSES[cause], amount)


def _chained(opening: Decimal, months: Sequence[Sequence[Moved]]) -> list[Bridge]:
    """The bridges, each from where the one before it closes."""
    bridges: list[Bridge] = []
    for moved in months:
        bridges.append(Bridge(opening, tuple(moved), opening + sum([each.amount for each in moved], ZERO)))
        opening = bridges[-1].closing
    return bridges
