"""How an amount of a change was made comes to the amount: worked out again from the numbers in its words alone."""

import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from pricing_engine.quoting.contract_change import ContractChange, DueItem, DueKind
from pricing_engine.quoting.request import Cancel, Reinstate, Waiver
from tests.contracts import fee
from tests.laws.any_contract_change import AnyChanges, Kinds, Moved, a_quarter, any_changes

FEES = Kinds(
    fees=(
        *("remaining_fees", "remaining_fees * 0.50", "min(remaining_fees / 3, 800.00)"),
        *("fees_per_year * 0.10 * months_left / 12", "fees_per_year / 7 * year_of_term"),
    )
)
SUMS = {DueKind.CHARGE, DueKind.CREDIT, DueKind.REPRICING}
NUMBER = r"-?\d+(?:\.\d+)?"


def in_cents(exact: Fraction) -> Decimal:
    """Rounds: half up, away from 0."""
    cents = (2 * abs(exact) * 100 + 1) // 2
    return Decimal(cents if exact >= 0 else -cents).scaleb(-2)


def sum_of(how: str) -> Fraction:
    """What a sum of amounts and shares comes to."""
    plain = how.removesuffix(" of rounding").replace(",", "").replace("×", "*").replace("−", "-")
    assert re.fullmatch(r"[\d./ *+()-]+", plain), how
    return eval(re.sub(NUMBER, lambda found: f"Fraction('{found[0]}')", plain), {"Fraction": Fraction})


def fee_of(how: str) -> Decimal:
    """What a fee comes to by its formula, the facts beside it, and what limits it."""
    told = re.fullmatch(rf"(.+), of ({NUMBER}) remaining fees(.*)", re.sub(r"(?<=\d),(?=\d)", "", how))
    assert told is not None, how
    formula, facts = told[1], {"remaining_fees": Decimal(told[2])}
    most, agreed = None, None
    for each in told[3].split(", ")[1:]:
        if found := re.fullmatch(rf"at most ({NUMBER})", each):
            most = Decimal(found[1])
        elif found := re.fullmatch(rf"agreed at ({NUMBER})", each):
            agreed = Decimal(found[1])
        else:
            name, number = each.split()
            facts[name] = Decimal(number)
    assert facts.keys() == {"remaining_fees", *fee(formula).formula.names}
    came_to = in_cents(Fraction(fee(formula).formula.evaluate(facts)))
    if most is not None:
        assert came_to > most
        came_to = most
    assert agreed is None or agreed < came_to
    return came_to if agreed is None else agreed


def check(items: tuple[DueItem, ...]) -> None:
    for item in items:
        if item.kind in SUMS:
            # What is credited alone is written without its sign.
            assert abs(in_cents(sum_of(item.how))) == abs(item.amount), item
        elif item.kind in {DueKind.PARTIAL_CANCELLATION_FEE, DueKind.CANCELLATION_FEE}:
            assert fee_of(item.how) == item.amount, item


def cancelled(last: Moved, days: int, *waivers: Waiver) -> ContractChange:
    """All of a contract given up, so many days after the last change."""
    day = max(last.move.day, last.move.as_of) + timedelta(days=days)
    assume(day < last.after.contract.ends)
    return last.after.change(Cancel(), on=day, waivers=waivers)


@a_quarter
@given(any_changes(FEES))
def test_what_is_due_by_a_change_is_what_its_words_come_to(any_: AnyChanges) -> None:
    for moved in any_.play():
        assert moved.quote.change is not None
        check(moved.quote.change.items)


@a_quarter
@given(any_changes(FEES), st.integers(0, 400), st.integers(0, 500_000))
def test_what_is_due_by_a_cancellation_is_what_its_words_come_to(any_: AnyChanges, days: int, waived: int) -> None:
    last = any_.play()[-1]
    check(cancelled(last, days).items)
    check(cancelled(last, days, Waiver("cancellation_fee", str(Decimal(waived).scaleb(-2)))).items)


@a_quarter
@given(any_changes(), st.integers(0, 400))
def test_leaving_for_all_remaining_fees_costs_what_staying_would_have_to_the_cent(any_: AnyChanges, days: int) -> None:
    last = any_.play()[-1]
    day = max(last.move.day, last.move.as_of) + timedelta(days=days)
    assume(day < last.after.contract.ends)
    quote = last.after.quote(Cancel(), on=day)
    assert quote.change is not None
    assume(any(each.kind is DueKind.CANCELLATION_FEE for each in quote.change.items))
    assert sum(each.total for each in quote.invoices) == sum(each.total for each in quote.change.invoices_before)


@a_quarter
@given(any_changes(), st.integers(0, 180))
def test_coming_back_costs_what_its_words_come_to(any_: AnyChanges, days: int) -> None:
    book = any_.play()[-1].after
    change = book.change(Reinstate(), on=book.contract.ends + timedelta(days=days))
    for item in change.items:
        if item.kind is DueKind.REINSTATEMENT_FEE:
            told = re.fullmatch(
                rf"({NUMBER})% of the fees from \S+ to \S+, ([\d,.]+) × (\d+(?:/\d+)?), "
                rf"and ({NUMBER})% of the last yearly fee, ([\d,.]+), the lapse is covered",
                item.how,
            )
            assert told is not None, item.how
            of_lapse, yearly, lapse, of_year, again = (Fraction(each.replace(",", "")) for each in told.groups())
            assert in_cents(of_lapse / 100 * yearly * lapse + of_year / 100 * again) == item.amount
