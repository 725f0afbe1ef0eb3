"""What contracts bill after changes, and a slow oracle that counts what their lines are worth day by day, agree."""

from datetime import date
from fractions import Fraction

from hypothesis import given

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.contract_line import ContractLine
from pricing_engine.periods import ProrationMethod
from tests.laws.any_contract_change import AnyChanges, Kinds, a_quarter, any_changes
from tests.oracle.contract_oracle import (
    billing_periods,
    contract_years,
    nets,
    period_on,
    rounded,
    worth_by_period,
)

BY_DAYS = Kinds(methods=[ProrationMethod.DAYS])


def bills(contract: Contract, line: ContractLine | None) -> list[Fraction]:
    """What the line is or will be billed by period."""
    return [Fraction(part) for part in line.instalments] if line else [Fraction(0)] * len(billing_periods(contract))


@a_quarter
@given(any_changes(BY_DAYS))
def test_every_version_bills_what_its_lines_are_worth_from_the_period_of_its_change_on(any_: AnyChanges) -> None:
    first = any_.book.contract
    for line in first.lines:
        check_bills(first, line, since=0)
    for moved in any_.play():
        before, after = moved.before.contract, moved.after.contract
        was = {line.id: line for line in before.lines}
        assert was.keys() <= {line.id for line in after.lines}
        for line in after.lines:
            check_change(before, was.get(line.id), after, line, moved.move.day)


def check_change(before: Contract, was: ContractLine | None, after: Contract, line: ContractLine, day: date) -> None:
    """A line that is worth the same is billed the same; another one is billed anew from the period of the change on."""
    old, new = nets(before, was), nets(after, line)
    assert [net for on, net in old.items() if on < day] == [net for on, net in new.items() if on < day]
    since = period_on(after, day)
    assert bills(after, line)[:since] == bills(before, was)[:since]
    if old == new:
        assert bills(after, line) == bills(before, was)
    else:
        check_bills(after, line, since)


def check_bills(contract: Contract, line: ContractLine, since: int) -> None:
    """From a period on, bills sum to the exact worth rounded once; each year's and each bill is next to its own.

    A bill is rounded within its year, and the year within the whole: two roundings, each by less than a cent.
    """
    billed, worth = bills(contract, line), worth_by_period(contract, nets(contract, line))
    assert sum(billed[since:]) == rounded(sum(worth[since:], Fraction(0)))
    cent, start = Fraction(1, 100), 0
    for length in contract_years(contract):
        of_year = slice(max(start, since), start + length)
        ours, theirs = billed[of_year], worth[of_year]
        share = sum(theirs, Fraction(0)) / (sum(worth[since:], Fraction(0)) or 1)
        assert abs(sum(ours) - sum(theirs)) < cent * (1 + share)
        for bill, exact in zip(ours, theirs, strict=True):
            part = exact / (sum(theirs) or 1)
            assert abs(bill - exact) < cent * (1 + part * (1 + share))
            assert exact or not bill
        start += length
