"""What each line of a contract is worth in each billing period, counted day by day, to compare with its bills."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.contract_line import ContractLine
from tests.oracle.calendar import days_of, period_of

Nets = dict[date, Fraction | None]
"""A line's yearly net on each day of the term; None where the line is not there."""


def billing_periods(contract: Contract) -> Sequence[Sequence[date]]:
    """The days of each billing period, cut at every contract year: nobody pays for two of them at once."""
    return _billing_periods(contract.term.start, contract.term.end, contract.billing.months)


@lru_cache(maxsize=64)
def _billing_periods(start: date, end: date, months: int | None) -> Sequence[Sequence[date]]:
    if months is None:
        return [days_of(start, end)]
    found: dict[tuple[date, date], list[date]] = {}
    for day in days_of(start, end):
        found.setdefault((period_of(start, day, 12)[0], period_of(start, day, months)[0]), []).append(day)
    return list(found.values())


@lru_cache(maxsize=64)
def _parts_of_year(start: date, end: date, months: int) -> dict[date, Fraction]:
    """What part of a year each day is billed for: its part of the billing period it is in."""
    parts = {}
    for day in days_of(start, end):
        first, after = period_of(start, day, months)
        parts[day] = Fraction(months, 12) / (after - first).days
    return parts


def contract_years(contract: Contract) -> list[int]:
    """How many billing periods each contract year has; all up front there is one of both."""
    if contract.billing.months is None:
        return [1]
    starts = [period_of(contract.term.start, days[0], 12)[0] for days in billing_periods(contract)]
    return [starts.count(start) for start in sorted(set(starts))]


def nets(contract: Contract, line: ContractLine | None) -> Nets:
    """The line's yearly net day by day, as the contract has it booked."""
    by_day: Nets = dict.fromkeys(days_of(contract.term.start, contract.term.end))
    for stretch in line.stretches if line is not None else ():
        for day in days_of(stretch.start, stretch.end):
            assert by_day[day] is None, f"{line} has two prices on {day}"
            by_day[day] = Fraction(stretch.net)
    return by_day


def worth_by_period(contract: Contract, by_day: Nets) -> list[Fraction]:
    """What a line is worth in each billing period: every day its part of the billing period it is in."""
    parts = _parts_of_year(contract.term.start, contract.term.end, contract.billing.months or 12)
    return [
        sum((net * parts[day] for day in days if (net := by_day[day]) is not None), Fraction(0))
        for days in billing_periods(contract)
    ]


def period_on(contract: Contract, day: date) -> int:
    """The place of the billing period that a day is in."""
    return next(index for index, days in enumerate(billing_periods(contract)) if day in days)


def rounded(amount: Fraction) -> Fraction:
    """To the cent, half up; amounts are not below 0."""
    return Fraction((amount * 100 + Fraction(1, 2)).__floor__(), 100)
