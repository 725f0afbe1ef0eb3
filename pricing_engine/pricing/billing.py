"""The schedule of invoices a set of priced lines causes; it sums to the total contract value to the cent (P30)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from pricing_engine.catalog.products import Timing
from pricing_engine.money import ZERO, Currency, split_units
from pricing_engine.periods import Period, ProrationMethod, share_of_year, tile
from pricing_engine.pricing.line_item import PricingTerms
from pricing_engine.pricing.term import share_of_term
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
    years = _contract_years(terms.term, months)
    periods = [period for year in years for period in year]
    first_day = terms.term.start
    drafts: dict[tuple[date, Period], list[InvoiceLine]] = {}
    for line in lines:
        if not line.net_term:
            continue
        if line.timing is Timing.ONE_TIME:
            drafts.setdefault((first_day, periods[0]), []).append(InvoiceLine(line.id, line.net_term))
            continue
        for period, amount in zip(periods, _instalments(line, years, terms), strict=True):
            if amount:
                day = period.start if in_advance else period.end
                drafts.setdefault((day, period), []).append(InvoiceLine(line.id, amount))
    return tuple(
        Invoice(day, period.start, period.end, tuple(parts), sum([part.amount for part in parts], ZERO))
        for (day, period), parts in sorted(drafts.items())
    )


@lru_cache(maxsize=1024)
def _contract_years(term: Period, months: int | None) -> tuple[tuple[Period, ...], ...]:
    """The billing periods of each contract year; remembered, being the same for all quotes of a day."""
    if months is None:
        return ((term,),)
    return tuple(tuple(tile(year, months=months, anchor=term.start)) for year in tile(term, months=12))


def _instalments(line: PricedLine, years: tuple[tuple[Period, ...], ...], terms: PricingTerms) -> Sequence[Decimal]:
    """The line's term amount over the billing periods."""
    if len(years) == 1 == len(years[0]):
        return (line.net_term,)
    if len(line.segments) == 1:
        return _split(line.net_term, _even_weights(years, terms), terms.currency)
    worths = [[_worth(line, period, terms) for period in year] for year in years]
    return _split(line.net_term, _whole_numbers(worths), terms.currency)


def _split(amount: Decimal, weights: Sequence[Sequence[int]], currency: Currency) -> list[Decimal]:
    """The amount over years, and each year's over its periods, in whole minor units."""
    units = int(amount / currency.quantum)
    by_year = split_units(units, [sum(year) for year in weights])
    quantum = currency.quantum
    return [part * quantum for year, whole in zip(weights, by_year, strict=True) for part in split_units(whole, year)]


def _even_weights(years: tuple[tuple[Period, ...], ...], terms: PricingTerms) -> tuple[tuple[int, ...], ...]:
    """Whole numbers in proportion to the periods' shares of a year: the weights of a price that does not change."""
    return _share_weights(years, terms.term.start, terms.billing_months, terms.proration)


@lru_cache(maxsize=1024)
def _share_weights(
    years: tuple[tuple[Period, ...], ...], anchor: date, billing_months: int, method: ProrationMethod
) -> tuple[tuple[int, ...], ...]:
    return _whole_numbers(
        [
            [share_of_year(period, anchor=anchor, billing_months=billing_months, method=method) for period in year]
            for year in years
        ]
    )


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
