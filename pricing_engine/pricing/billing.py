"""The schedule of invoices a set of priced lines causes; it sums to the total contract value to the cent (P30)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from math import lcm
from typing import NamedTuple, cast

from pricing_engine.money import ZERO, split_units
from pricing_engine.periods import Period, ProrationMethod, share_of_year, tile
from pricing_engine.pricing.line_item import PricingTerms
from pricing_engine.pricing.term import share_of_term
from pricing_engine.pricing.waterfall import PricedLine


class InvoiceLine(NamedTuple):
    """What one line adds to an invoice."""

    line: str
    amount: Decimal


make_invoice_line = cast("Callable[[tuple[str, Decimal]], InvoiceLine]", partial(tuple.__new__, InvoiceLine))
"""A line of an invoice from a tuple of its fields, as `make_step`."""


class Invoice(NamedTuple):
    """One invoice: the day it is sent, the period `[start, end)` it is for, and the amount of each line."""

    day: date
    start: date
    end: date
    lines: tuple[InvoiceLine, ...]
    total: Decimal


class Calendar(NamedTuple):
    """The billing periods of a term by contract year, with whole numbers in proportion to their share of a year.

    `yearly` are the sums of each year's weights.
    """

    years: tuple[tuple[Period, ...], ...]
    weights: tuple[tuple[int, ...], ...]
    yearly: tuple[int, ...]


def schedule_invoices(
    lines: Sequence[PricedLine], terms: PricingTerms, *, months: int | None, in_advance: bool
) -> tuple[Invoice, ...]:
    """The invoices of the term in order of date. `months` None: one invoice for all of it.

    One-time lines are invoiced on the first day of the term, whatever the plan.
    Rounds: a line's term amount is split over contract years, and a year's over its billing periods, by largest
    remainder, so that whole periods are equal parts of the yearly amount and the schedule sums to the TCV.
    Source: P3, P8, P30.
    """
    calendar = _calendar(terms.term, months, terms.billing_months, terms.proration)
    periods = [period for year in calendar.years for period in year]
    once: list[InvoiceLine] = []
    parts: list[list[InvoiceLine]] = [[] for _ in periods]
    for line in lines:
        if line.months is None:
            if line.net_term:
                once.append(InvoiceLine(line.id, line.net_term))
        elif line.net_term:
            for found, amount in zip(parts, _instalments(line, calendar, terms), strict=True):
                if amount:
                    found.append(make_invoice_line((line.id, amount)))
    if in_advance:
        parts[0] = [*once, *parts[0]]
        once = []
    invoices = [_invoice(terms.term.start, periods[0], once)] if once else []
    invoices += [
        _invoice(period.start if in_advance else period.end, period, found)
        for period, found in zip(periods, parts, strict=True)
        if found
    ]
    return tuple(invoices)


def _invoice(day: date, period: Period, lines: Sequence[InvoiceLine]) -> Invoice:
    return Invoice(day, period.start, period.end, tuple(lines), sum([line.amount for line in lines], ZERO))


@lru_cache(maxsize=1024)
def _calendar(term: Period, months: int | None, billing_months: int, method: ProrationMethod) -> Calendar:
    """The calendar of a term and plan; remembered, being the same for all quotes of a day."""
    if months is None:
        return Calendar(((term,),), ((1,),), (1,))
    years = tuple(tuple(tile(year, months=months, anchor=term.start)) for year in tile(term, months=12))
    shares = [
        [share_of_year(period, anchor=term.start, billing_months=billing_months, method=method) for period in year]
        for year in years
    ]
    weights = _whole_numbers(shares)
    return Calendar(years, weights, tuple(map(sum, weights)))


def _instalments(line: PricedLine, calendar: Calendar, terms: PricingTerms) -> Sequence[Decimal]:
    """The line's term amount over the billing periods, in whole minor units."""
    weights, yearly = calendar.weights, calendar.yearly
    if len(weights) == 1 == len(weights[0]):
        return (line.net_term,)
    if len(line.segments) > 1:  # the price changes within the term, so periods are worth more than their length
        weights = _whole_numbers([[_worth(line, period, terms) for period in year] for year in calendar.years])
        yearly = tuple(map(sum, weights))
    quantum = terms.currency.quantum
    by_year = split_units(int(line.net_term * terms.currency.units), yearly)
    if len(weights[0]) == 1:  # a period lasts a year, and only the last year can be shorter
        return [whole * quantum for whole in by_year]
    return [part * quantum for year, whole in zip(weights, by_year, strict=True) for part in split_units(whole, year)]


def _worth(line: PricedLine, period: Period, terms: PricingTerms) -> Fraction:
    """What a billing period is worth at the line's net prices, exactly."""
    return sum(
        (
            Fraction(segment.net) * share_of_term(shared, terms)
            for segment in line.segments
            if (shared := period.overlap(Period(segment.start, segment.end))).days
        ),
        Fraction(0),
    )


def _whole_numbers(worths: Sequence[Sequence[Fraction]]) -> tuple[tuple[int, ...], ...]:
    """Whole numbers in the same proportion."""
    common = lcm(*(worth.denominator for year in worths for worth in year))
    return tuple(tuple(worth.numerator * (common // worth.denominator) for worth in year) for year in worths)
