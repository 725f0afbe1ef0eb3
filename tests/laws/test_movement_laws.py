"""The law of the ledger: movements sum to what the contract is worth, on every day, whatever has been changed."""

from datetime import timedelta

from hypothesis import given

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.value import arr_on
from pricing_engine.money import ZERO
from pricing_engine.quoting.movements import movements_of
from tests.laws.any_contract_change import AnyChanges, a_quarter, any_changes


def days_of(contract: Contract) -> list:
    """The days from this version on, on which anything of it changes, and those before them."""
    cuts = {day for line in contract.lines for each in line.stretches for day in (each.start, each.end)}
    days = {contract.effective, *cuts, *(day - timedelta(days=1) for day in cuts)}
    return sorted(day for day in days if contract.effective <= day < contract.ends)


@a_quarter
@given(any_changes())
def test_movements_sum_to_the_value_of_every_day(any_: AnyChanges) -> None:
    ledger = list(movements_of(None, None, any_.book.contract))
    for moved in any_.play():
        change = moved.quote.change
        assert change is not None
        found = movements_of(change, moved.before.contract, moved.after.contract)
        now = [each.amount for each in found if each.day == moved.move.day]
        assert sum(now, ZERO) == change.arr_after - change.arr_before
        assert all(each.amount for each in found)
        ledger += found
        for day in days_of(moved.after.contract):
            assert sum((each.amount for each in ledger if each.day <= day), ZERO) == arr_on(moved.after.contract, day)
