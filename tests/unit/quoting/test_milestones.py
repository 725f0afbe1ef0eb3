"""How a promised milestone came out: recorded once, on a day of the term, and credited when it was missed (P28)."""

from dataclasses import replace
from datetime import date

import pytest

from pricing_engine.contracts.contract import BookedCharge, ChargeKind, Milestone, Outcome
from pricing_engine.contracts.value import arr_on, tcv_of
from pricing_engine.quoting.changes.milestones import record_outcome
from pricing_engine.quoting.changes.refusals import (
    MilestoneMetLate,
    MilestoneNotPromised,
    OutcomeRecorded,
    OutsideTerm,
)
from pricing_engine.quoting.request import Renew
from pricing_engine.terms.terms import CreditBase, Guarantee
from tests.contracts import a_contract as a_sold_contract
from tests.contracts import a_rulebook_of_three, some_terms
from tests.rulebooks import D, add, ref
from tests.storage.any_contract import a_contract

DUE = date(2026, 6, 30)
LATE = date(2026, 7, 1)
PROMISED = a_contract(
    milestones=(Milestone("go-live", DUE, D("100.00")), Milestone("training", date(2026, 9, 30), D("50.00")))
)


def recorded(contract=PROMISED, milestone="go-live", outcome=Outcome.MISSED, on=LATE):
    return record_outcome(contract, milestone=milestone, outcome=outcome, on=on)


def test_a_missed_milestone_is_credited_on_its_day():
    after = recorded()
    assert after.charges == (BookedCharge(LATE, ChargeKind.GUARANTEE_CREDIT, "go-live", D("-100.00")),)
    assert [each.outcome for each in after.milestones] == [Outcome.MISSED, Outcome.PENDING]
    assert (after.version, after.effective) == (2, LATE)
    # The 20,400 of the year less the credit; what recurs is as it was.
    assert (tcv_of(PROMISED), tcv_of(after)) == (D("20400.00"), D("20300.00"))
    assert arr_on(after, LATE) == arr_on(PROMISED, LATE)


@pytest.mark.parametrize("day", [PROMISED.term.start, DUE])
def test_a_milestone_met_by_its_last_day_costs_nothing(day):
    after = recorded(outcome=Outcome.MET, on=day)
    assert (after.charges, after.milestones[0].outcome, after.effective) == ((), Outcome.MET, day)


def test_nothing_else_of_the_contract_changes():
    after = recorded()
    assert after._replace(version=1, effective=PROMISED.effective, charges=(), milestones=()) == PROMISED._replace(
        milestones=()
    )


def test_a_credit_of_nothing_is_no_charge():
    free = PROMISED._replace(milestones=(Milestone("go-live", DUE, D("0.00")),))
    assert recorded(free).charges == ()


def test_a_credit_may_be_given_before_the_last_day():
    assert recorded(on=date(2026, 3, 1)).charges[0].day == date(2026, 3, 1)


def test_behind_a_change_that_is_booked_it_takes_force_with_that():
    # Of the versions in force on a day the latest counts: an earlier day would hide the change until then.
    changed = PROMISED._replace(version=2, effective=date(2026, 10, 1))
    after = recorded(changed, outcome=Outcome.MET, on=DUE)
    assert (after.version, after.effective) == (3, date(2026, 10, 1))
    assert recorded(changed).charges[0].day == LATE


def test_a_milestone_missed_before_a_renewal_that_is_booked_is_credited_on_its_day():
    go_live = Guarantee("go-live", ref("go-live"), 90, D("0.10"), CreditBase.QUARTER_FEES)
    rulebook = a_rulebook_of_three(discounts=[], terms=[some_terms(guarantees=(go_live,))])
    book = a_sold_contract(rulebook, add("crm", "100"))
    renewed = book.book(Renew(), on=date(2027, 1, 1), as_of=date(2026, 3, 1)).contract
    after = recorded(renewed, on=date(2026, 5, 1))
    # 10% of a quarter of 60,000, given once, and the year of 60,000 as it was.
    credit = BookedCharge(date(2026, 5, 1), ChargeKind.GUARANTEE_CREDIT, "go-live", D("-1500.00"))
    assert [charge for charge in after.charges if charge not in renewed.charges] == [credit]
    assert (after.effective, tcv_of(after)) == (date(2027, 1, 1), D("58500.00"))
    grown = replace(book, contract=after).book(add("crm", "10"), on=date(2027, 1, 1))
    assert tcv_of(grown.contract) == D("64500.00")


@pytest.mark.parametrize(
    ("asked", "fix"), [("golive", "did you mean go-live?"), ("x", "write one of go-live, training")]
)
def test_a_milestone_that_was_not_promised_is_refused(asked, fix):
    with pytest.raises(MilestoneNotPromised) as refused:
        recorded(milestone=asked)
    assert (refused.value.fix, refused.value.pointer) == (fix, "/milestone")


def test_a_contract_without_milestones_says_so():
    with pytest.raises(MilestoneNotPromised) as refused:
        recorded(a_contract())
    assert refused.value.fix == "its terms promise none at all"


@pytest.mark.parametrize("first", [Outcome.MET, Outcome.MISSED])
@pytest.mark.parametrize("second", [Outcome.MET, Outcome.MISSED])
def test_an_outcome_is_recorded_once(first, second):
    once = recorded(outcome=first, on=DUE)
    with pytest.raises(OutcomeRecorded, match=f"recorded as {first} already") as refused:
        recorded(once, outcome=second, on=DUE)
    assert refused.value.facts["outcome"] is first


def test_met_after_the_last_day_is_missed():
    with pytest.raises(MilestoneMetLate, match=r"2026-06-30 was the last day .* it is missed") as refused:
        recorded(outcome=Outcome.MET)
    assert refused.value.pointer == "/on"


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
def test_a_day_outside_the_term_is_refused(day):
    with pytest.raises(OutsideTerm, match="in force from 2026-01-01 to 2026-12-31") as refused:
        recorded(on=day)
    assert refused.value.pointer == "/on"


def test_after_a_cancellation_nothing_is_recorded():
    cancelled = PROMISED._replace(version=2, effective=date(2026, 5, 1), ends=date(2026, 5, 1))
    with pytest.raises(OutsideTerm):
        recorded(cancelled, on=date(2026, 5, 1))
    assert recorded(cancelled, on=date(2026, 4, 30)).effective == date(2026, 5, 1)


def test_pending_is_no_outcome():
    with pytest.raises(ValueError, match="no outcome"):
        recorded(outcome=Outcome.PENDING)
