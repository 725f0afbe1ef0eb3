"""The schedule of invoices a set of priced lines causes; it sums to the total contract value to the cent (P30)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.catalog.products import Timing
from pricing_engine.money import ZERO, allocate
from pricing_engine.periods import Period, tile
from pricing_engine.pricing.line_item import PricingTerms
from pricing_engine.pricing.term import share_of_term, weigh
from pricing_engine.pricing.waterfall import PricedLine


class InvoiceLine(NamedTuple):
    """What one line adds to an invoice."""

    line: str
    amount: Decimal


class Invoice(NamedTuple):
    """One invoice: the day it is sent, the period `[start, end)` it is for, and the amount of each line."""

    day: date
    start: date
    end: date
    lines: tuple[InvoiceLine, ...]
    total: Decimal


def schedule_invoices(
    lines: Sequence[PricedLine], terms: PricingTerms, *, months: int | None, in_advance: bool
) -> tuple[Invoice, ...]:
    """The invoices of the term in order of date. `months` None: one invoice for all of it.

    One-time lines are invoiced on the first day of the term, whatever the plan.
    Rounds: a line's term amount is split over contract years, and a year's over its billing periods, by largest
    remainder, so that whole periods are equal parts of the yearly amount and the schedule sums to the TCV.
    Source: P3, P8, P30.
    """
    periods = [terms.term] if months is None else list(tile(terms.term, months=months))
    amounts: dict[tuple[date, Period], list[InvoiceLine]] = {}
    first = (terms.term.start, periods[0])
    for line in lines:
        if not line.net_term:
            continue
        if line.timing is Timing.ONE_TIME:
            amounts.setdefault(first, []).append(InvoiceLine(line.id, line.net_term))
            continue
        for period, amount in zip(periods, _instalments(line, periods, terms), strict=True):
            day = period.start if in_advance else period.end
            if amount:
                amounts.setdefault((day, period), []).append(InvoiceLine(line.id, amount))
    return tuple(
        Invoice(day, period.start, period.end, tuple(parts), sum((part.amount for part in parts), ZERO))
        for (day, period), parts in sorted(amounts.items())
    )


def _instalments(line: PricedLine, periods: Sequence[Period], terms: PricingTerms) -> list[Decimal]:
    if len(periods) == 1:
        return [line.net_term]
    years = list(tile(terms.term, months=12))
    yearly = allocate(line.net_term, [_weight(line, year, terms) for year in years], terms.currency.quantum)
    parts: list[Decimal] = []
    for year, amount in zip(years, yearly, strict=True):
        within = [period for period in periods if period.start in year]
        parts.extend(allocate(amount, [_weight(line, period, terms) for period in within], terms.currency.quantum))
    return parts


def _weight(line: PricedLine, period: Period, terms: PricingTerms) -> Decimal:
    """What the period is worth at the line's net prices, unrounded."""
    if len(line.segments) == 1:
        return weigh([line.segments[0].net], [share_of_term(period, terms)])
    overlaps = [
        (segment.net, share_of_term(shared, terms))
        for segment in line.segments
        if (shared := period.overlap(Period(segment.start, segment.end))).days
    ]
    return weigh([net for net, _ in overlaps], [share for _, share in overlaps])
