"""Laws every change to a contract keeps, over random contracts: what must add up, and what must not matter."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.value import arr_on, tcv_of
from pricing_engine.money import ZERO, exact_arithmetic
from pricing_engine.pricing.instalments import billed_periods, invoice_day
from pricing_engine.quoting.changes.schedule import cadence_of
from pricing_engine.quoting.request import Add, Change, Set
from pricing_engine.storage.contract_json import decode_contract, encode_contract
from tests.contracts import Book
from tests.laws.any_contract_change import AnyChanges, Kinds, Moved, a_quarter, any_changes, changes
from tests.rulebooks import VOCABULARY

LASTING = Kinds(improves=(True,), promotes=False, asks=(), ramps=False)
INDEPENDENT = Kinds(improves=(True,), asks=())


def instalments(contract: Contract) -> dict[str, tuple[Decimal, ...]]:
    """What each line is billed by period; lines that come to nothing are left out."""
    return {line.id: line.instalments for line in contract.lines if any(line.instalments)}


def billed_before(moved: Moved) -> int:
    """How many periods were invoiced before what is due by the change."""
    cadence = cadence_of(moved.before.contract)
    due_on = max(moved.move.day, moved.move.as_of)
    return sum(invoice_day(cadence, period) < due_on for period in billed_periods(cadence).periods)


def billed(contract: Contract, periods: int) -> Decimal:
    """What the lines come to in the first so many periods."""
    return sum((sum(line.instalments[:periods], ZERO) for line in contract.lines), ZERO)


def worth_by_charge(contract: Contract) -> dict[str, list[tuple[date, Decimal]]]:
    """What each charge is worth a year, layers together, by the days on which that changes."""
    days = sorted({day for line in contract.lines for each in line.stretches for day in (each.start, each.end)})
    worth: dict[str, list[tuple[date, Decimal]]] = {}
    for key in sorted({line.key for line in contract.lines}):
        layers = [line for line in contract.lines if line.key == key]
        for day in days:
            net = sum((stretch.net for line in layers if (stretch := line.stretch_on(day))), ZERO)
            steps = worth.setdefault(key, [(contract.term.start, ZERO)])
            if net != steps[-1][1]:
                steps.append((day, net))
    return worth


def held_again(contract: Contract) -> list[Change]:
    """A request for the quantities the contract has; those of a ramp are left as they are."""
    return [Set(each.product, each.quantities[0] if len(each.starts) == 1 else {}) for each in contract.products]


@a_quarter
@given(any_changes())
def test_what_was_billed_what_is_due_and_what_follows_sum_to_the_value_of_the_term(any_: AnyChanges) -> None:
    for moved in any_.play():
        change, count = moved.quote.change, billed_before(moved)
        assert change is not None
        before, after = moved.before.contract, moved.after.contract
        once = sum((charge.amount for charge in before.charges), ZERO)
        to_come = sum((invoice.total for invoice in moved.quote.invoices), ZERO)
        assert tcv_of(after) == change.tcv_after == billed(before, count) + once + to_come
        assert change.due_now == billed(after, count) - billed(before, count)
        assert change.due_now == sum((line.due for line in change.lines), ZERO)
        assert change.tcv_before == tcv_of(before)


@a_quarter
@given(any_changes())
def test_no_credit_exceeds_what_was_billed_and_the_past_is_left_as_it_was(any_: AnyChanges) -> None:
    for moved in any_.play():
        periods = billed_periods(cadence_of(moved.before.contract)).periods
        settled = sum(period.end <= moved.move.day for period in periods)
        was = {line.id: line for line in moved.before.contract.lines}
        for line in moved.after.contract.lines:
            assert min(line.instalments) >= 0
            assert line.instalments == tuple([part.quantize(Decimal("0.01")) for part in line.instalments])
            old = was[line.id].instalments if line.id in was else (ZERO,) * len(periods)
            assert line.instalments[:settled] == old[:settled]


@a_quarter
@given(any_changes())
def test_the_yearly_value_shown_is_what_the_booked_contract_has(any_: AnyChanges) -> None:
    for moved in any_.play():
        change, quote = moved.quote.change, moved.quote
        assert change is not None
        assert quote.totals is not None
        assert change.arr_before == arr_on(moved.before.contract, moved.move.day)
        assert change.arr_after == arr_on(moved.after.contract, moved.move.day) == quote.totals.arr
        assert change.arr_after - change.arr_before == sum(each.net_after - each.net_before for each in change.lines)


@a_quarter
@given(any_changes(), st.integers(0, 400))
def test_asking_for_what_there_is_gives_nothing_due_and_changes_nothing(any_: AnyChanges, days: int) -> None:
    moved = any_.play()[-1]
    contract = moved.after.contract
    day = min(moved.move.day + timedelta(days=days), contract.term.end - timedelta(days=1))
    again = held_again(contract)
    change = moved.after.change(*again, on=day)
    assert (change.items, change.due_now, change.tcv_after) == ((), 0, change.tcv_before)
    assert instalments(moved.after.book(*again, on=day).contract) == instalments(contract)


@st.composite
def independent_changes(draw: st.DrawFn) -> tuple[AnyChanges, tuple[Change, Change]]:
    """A contract, and changes to two products of it on the day of its last change."""
    any_ = draw(any_changes(INDEPENDENT, most=1))
    held = {
        each.product: min(quantities["users"] for quantities in each.quantities)
        for each in any_.play()[-1].after.contract.products
    }
    one, other = draw(st.permutations(["crm", "analytics", "core"]))[:2]
    before = set(held)
    found = draw(changes(held, one)), draw(changes(held, other))
    assume(before & set(held))  # giving up all there is is another thing, also halfway
    return any_, found


@a_quarter
@given(independent_changes())
def test_two_changes_on_a_day_come_to_the_same_in_either_order_and_in_one_request(
    drawn: tuple[AnyChanges, tuple[Change, Change]],
) -> None:
    any_, (one, other) = drawn
    moved = any_.play()[-1]
    book, on = moved.after, moved.move.day
    together = instalments(book.book(one, other, on=on).contract)
    assert instalments(book.book(other, one, on=on).contract) == together
    assert instalments(book.book(one, on=on).book(other, on=on).contract) == together
    assert instalments(book.book(other, on=on).book(one, on=on).contract) == together


@a_quarter
@given(any_changes(LASTING, most=2), st.data())
def test_a_change_that_is_undone_on_its_day_is_neutral(any_: AnyChanges, data: st.DataObject) -> None:
    moved = any_.play()[-1]
    book, on = moved.after, moved.move.day
    contract = book.contract
    assume({line.rulebook for line in contract.lines if line.phases} == {book.rulebook.hash})
    held = {each.product: each.quantities[0]["users"] for each in contract.products}
    product = data.draw(st.sampled_from(sorted(held)))
    left = dict(held)
    there = data.draw(changes(left, product))
    assume(left)
    first = book.change(there, on=on)
    booked = book.book(there, on=on)
    back: Change = Set(product, {"users": held[product]})
    if all(each.product != product for each in booked.contract.products):
        back = Add(product, {"users": held[product]})
    second = booked.change(back, on=on)
    undone = booked.book(back, on=on).contract
    assert second.arr_after == first.arr_before
    assert worth_by_charge(undone) == worth_by_charge(contract)
    # What was rounded once over the term is rounded once from the change on: a cent a line may move between periods.
    assert abs(first.due_now + second.due_now) <= Decimal("0.01") * len(contract.lines)
    assert abs(tcv_of(undone) - tcv_of(contract)) <= Decimal("0.01") * len(contract.lines)


@a_quarter
@given(any_changes())
def test_a_change_replayed_after_the_rulebook_changed_and_the_contract_went_on_equals_itself(
    any_: AnyChanges,
) -> None:
    played = any_.play()
    last = played[-1].after.rulebook
    later = replace(last, hash="f" * 64, discounts=(), vocabulary=VOCABULARY)
    for moved in played:
        stored = decode_contract(encode_contract(moved.before.contract))
        assert stored == moved.before.contract
        rulebooks = {later.hash: later, **moved.before.rulebooks}
        again = Book(stored, rulebooks).quote(*moved.move.changes, **moved.move.asked())
        assert again == moved.quote


@a_quarter
@given(any_changes())
def test_the_steps_of_a_changed_contract_chain_and_sum_to_net_less_list(any_: AnyChanges) -> None:
    with exact_arithmetic():
        for moved in any_.play():
            for line in moved.quote.lines:
                for segment in line.segments:
                    steps = segment.steps
                    assert (steps[0].before, steps[-1].after) == (segment.list, segment.net)
                    assert all(step.before == earlier.after for earlier, step in pairwise(steps))
                    assert sum((step.amount for step in steps), ZERO) == segment.net - segment.list
                    assert 0 <= segment.net <= segment.list
