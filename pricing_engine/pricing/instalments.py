"""What each billing period of a term is billed for a line whose price changes: whole minor units that sum (P3, P24).

A line's instalments are settled for periods that are over. From the period of a change on they are what the line is
worth in them, rounded once together, so that several changes in a row come to what one change would have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.contracts.contract_line import Stretch
from pricing_engine.money import Currency, split_units, whole_units
from pricing_engine.periods import Period, ProrationMethod, share_of_stretch, tile


@dataclass(frozen=True, slots=True, eq=False)
class Cadence:
    """How a term is billed. `cadence_for` makes one for all contracts that are billed alike.

    So it is compared by identity: what is remembered of it, over and over in a quote, is found without hashing it anew.
    """

    term: Period
    plan: BillingPlan
    proration: ProrationMethod

    def over(self, term: Period) -> Cadence:
        """The same over another term."""
        return cadence_for(term, self.plan, self.proration)


@lru_cache(maxsize=1024)
def cadence_for(term: Period, plan: BillingPlan, proration: ProrationMethod) -> Cadence:
    """How a term is billed by a plan."""
    return Cadence(term, plan, proration)


class BilledPeriods(NamedTuple):
    """The billing periods of a term in order, and how many of them each contract year has."""

    periods: tuple[Period, ...]
    by_year: tuple[int, ...]


@lru_cache(maxsize=1024)
def billed_periods(cadence: Cadence) -> BilledPeriods:
    """The periods of a cadence."""
    term, months = cadence.term, cadence.plan.months
    if months is None:
        return BilledPeriods((term,), (1,))
    years = [tuple(tile(year, months=months, anchor=term.start)) for year in tile(term, months=12)]
    return BilledPeriods(tuple(period for year in years for period in year), tuple(map(len, years)))


def invoice_day(cadence: Cadence, period: Period) -> date:
    """The day a period is invoiced."""
    return period.start if cadence.plan.in_advance else period.end


@lru_cache(maxsize=4096)
def _shares(cadence: Cadence, start: date, end: date) -> tuple[tuple[int, ...], int]:
    """How many years' worth each billing period has of the days `[start, end)`: numerators over one denominator."""
    shares = [
        share_of_stretch(
            shared,
            anchor=cadence.term.start,
            billing_months=cadence.plan.billing_months,
            method=cadence.proration,
        )
        if (shared := period.overlap(Period(start, end))).days
        else Fraction(0)
        for period in billed_periods(cadence).periods
    ]
    common = lcm(*(share.denominator for share in shares))
    return tuple(share.numerator * (common // share.denominator) for share in shares), common


@lru_cache(maxsize=4096)
def share_of_days(cadence: Cadence, start: date, end: date) -> Fraction:
    """How many years' worth the days `[start, end)` of the term are billed for; 0 when there are none."""
    if start >= end:
        return Fraction(0)
    numerators, denominator = _shares(cadence, start, end)
    return Fraction(sum(numerators), denominator)


def worth_in(cadence: Cadence, stretches: Sequence[Stretch]) -> tuple[list[int], int]:
    """What a line is worth in each billing period, exactly: numerators over one denominator."""
    count = len(billed_periods(cadence).periods)
    known = [(*each.net.as_integer_ratio(), *_shares(cadence, each.start, each.end)) for each in stretches if each.net]
    common = lcm(*(below * denominator for _, below, _, denominator in known))
    worth = [0] * count
    for above, below, numerators, denominator in known:
        times = above * (common // (below * denominator))
        for index, numerator in enumerate(numerators):
            if numerator:
                worth[index] += times * numerator
    return worth, common


def respread(
    cadence: Cadence, settled: Sequence[Decimal], stretches: Sequence[Stretch], *, first: int, currency: Currency
) -> tuple[Decimal, ...]:
    """The line's instalments: `settled` for the periods before the one at index `first`, from there on anew.

    Rounds: the sum of the new ones once, half up; over contract years and their periods by largest remainder.
    Source: P3, P8, P24.
    """
    worth, denominator = worth_in(cadence, stretches)
    units = whole_units(sum(worth[first:]), denominator, currency)
    quantum = currency.quantum
    return (*settled[:first], *[part * quantum for part in _split(cadence, units, worth, first)])


def _split(cadence: Cadence, units: int, worth: Sequence[int], first: int) -> list[int]:
    """Minor units over the periods from the one at index `first` on: by contract year, then within each."""
    years: list[Sequence[int]] = []
    start = 0
    for length in billed_periods(cadence).by_year:
        end = start + length
        if end > first:
            years.append(worth[max(start, first) : end])
        start = end
    if not years:
        return []
    by_year = split_units(units, [sum(year) for year in years])
    return [part for year, whole in zip(years, by_year, strict=True) for part in split_units(whole, year)]


def spread(cadence: Cadence, stretches: Sequence[Stretch], *, currency: Currency) -> tuple[Decimal, ...]:
    """The instalments of a line from the start of the term."""
    return respread(cadence, (), stretches, first=0, currency=currency)
