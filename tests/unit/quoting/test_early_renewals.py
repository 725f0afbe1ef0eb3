"""A renewal before the term ends gives up what its changes would within that term; 184 of 365 days are left in July."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pricing_engine.contracts.contract import ChargeKind, Outcome
from pricing_engine.policies.discounts import Clawback
from pricing_engine.quoting.request import Add, RampStep, Remove, Renew, Set, TrueUp, Waiver
from pricing_engine.terms.terms import Allowed, Credit, CreditBase, Guarantee, Waivable
from tests.contracts import MIDYEAR, a_contract, a_rulebook_of_three, crm_and_analytics, giving_up, some_terms
from tests.contracts import multi_product as multi
from tests.rulebooks import D, add, ref

END = date(2027, 1, 1)
CRM_UNUSED = ("unused_term", "crm.seats", "-27221.92")  # 54,000 × 184/365
ANALYTICS_UNUSED = ("unused_term", "analytics.seats", "-10888.77")  # 21,600 × 184/365


def due(change):
    return [(item.kind.value, item.line, str(item.amount)) for item in change.items]


def codes(quote):
    return [finding.code for finding in quote.findings]


def test_what_an_early_renewal_leaves_out_has_its_fee():
    change = crm_and_analytics().change(Renew(), Remove("analytics"))
    # As the worked partial churn: 50% × 10,888.77.
    assert due(change) == [CRM_UNUSED, ANALYTICS_UNUSED, ("partial_cancellation_fee", None, "5444.38")]


def test_fewer_units_in_an_early_renewal_have_their_fee():
    change = crm_and_analytics().change(Renew(), Set("analytics", {"users": D(50)}))
    # Half of Analytics: 50% × 10,800 × 184/365 = 2,722.19.
    assert due(change)[-1] == ("partial_cancellation_fee", None, "2722.19")


def test_a_renewal_when_the_term_ends_leaves_out_what_it_likes():
    quote = crm_and_analytics().quote(Renew(), Remove("analytics"), on=END)
    assert quote.change is not None
    assert quote.change.items == ()
    assert "notice-too-short" not in codes(quote)


def test_an_early_swap_like_for_like_has_no_fee():
    change = crm_and_analytics().change(Renew(), Remove("analytics"), add("core", "250"))  # 30,000 for 24,000 by list
    assert due(change) == [CRM_UNUSED, ANALYTICS_UNUSED]


def test_the_fee_of_an_early_renewal_can_be_waived():
    waiver = Waiver(Waivable.PARTIAL_CANCELLATION_FEE.value, "1000")
    change = crm_and_analytics().change(Renew(), Remove("analytics"), waivers=(waiver,))
    assert due(change)[-1] == ("partial_cancellation_fee", None, "1000.00")


def test_terms_that_allow_less_only_at_renewal_mean_the_end_of_the_term():
    terms = some_terms(partial_cancellation=giving_up(None, allowed=Allowed.AT_RENEWAL))
    book = crm_and_analytics(terms=[terms])
    early = book.quote(Renew(), Remove("analytics"))
    assert "reduction-not-allowed" in codes(early)
    assert "2027-01-01" in next(each.what for each in early.findings if each.code == "reduction-not-allowed")
    assert "reduction-not-allowed" not in codes(book.quote(Renew(), Remove("analytics"), on=END))
    assert "reduction-not-allowed" not in codes(book.quote(Renew(), add("core", "10")))


def test_notice_is_due_for_what_an_early_renewal_leaves_out():
    book = crm_and_analytics(terms=[some_terms(partial_cancellation=giving_up(notice_days=60))])
    assert "notice-too-short" in codes(book.quote(Renew(), Remove("analytics")))
    given = book.quote(Renew(), Remove("analytics"), as_of=MIDYEAR - timedelta(days=60))
    assert "notice-too-short" not in codes(given)


def test_what_is_not_credited_is_not_credited_by_renewing_early():
    terms = some_terms(partial_cancellation=giving_up(credit=Credit.NONE))
    change = crm_and_analytics(terms=[terms]).change(Renew(), Remove("analytics"))
    # No fee on top: together they are never more than the remaining fees.
    assert due(change) == [CRM_UNUSED, ANALYTICS_UNUSED, ("forfeited_credit", None, "10888.77")]


def test_a_discount_is_taken_back_when_an_early_renewal_breaks_its_condition():
    book = crm_and_analytics(discounts=[multi(clawback=Clawback.FULL)])
    change = book.change(Renew(), Remove("analytics"))
    # CRM's 6,000 a year for 181 days: 2,975.34.
    assert due(change)[-1] == ("clawback", None, "2975.34")


def test_what_is_only_for_the_new_term_is_no_matter_of_the_old_one():
    ramp = (RampStep(18, {"users": D(200)}),)
    quote = crm_and_analytics().quote(Renew(), Set("crm", {"users": D(50)}, ramp=ramp), term_months=24)
    # 50 users less until the old term ends: 50% × 27,000 × 184/365 = 6,805.48.
    assert due(quote.change)[-1] == ("partial_cancellation_fee", None, "6805.48")


@pytest.mark.parametrize("day", [MIDYEAR, END])
def test_use_above_the_commitment_is_charged_when_it_is_renewed(day):
    book = a_contract(a_rulebook_of_three(), add("crm", "100"))
    change = book.change(Renew(), TrueUp("crm", {"users": D(130)}, date(2026, 4, 1)), on=day)
    # 30 × 50 × 12 × 1.25 = 22,500 × 91/365 = 5,609.59, or × 275/365 = 16,952.05.
    amount = {MIDYEAR: "5609.59", END: "16952.05"}[day]
    assert due(change)[-1] == ("over_use", "crm.seats", amount)
    assert change.lines[0].quantity_after == 130


def test_a_booked_early_renewal_owes_the_fee():
    contract = crm_and_analytics().book(Renew(), Remove("analytics")).contract
    fees = {charge.kind: charge.amount for charge in contract.charges}
    assert fees[ChargeKind.PARTIAL_CANCELLATION_FEE] == D("5444.38")


def test_a_milestone_that_is_open_stays_so_and_is_not_promised_twice():
    guarantee = Guarantee("go-live", ref("go-live"), 270, D("0.1"), CreditBase.QUARTER_FEES)
    book = a_contract(a_rulebook_of_three(terms=[some_terms(guarantees=(guarantee,))]), add("crm", "100"))
    (promised,) = book.contract.milestones
    renewed = book.book(Renew(), on=MIDYEAR)
    assert renewed.contract.milestones == (promised,)
    assert [each.milestone for each in book.change(Renew(), on=MIDYEAR).exposures] == ["go-live"]


def test_a_milestone_whose_outcome_is_known_is_promised_anew():
    guarantee = Guarantee("go-live", ref("go-live"), 90, D("0.1"), CreditBase.QUARTER_FEES)
    book = a_contract(a_rulebook_of_three(terms=[some_terms(guarantees=(guarantee,))]), add("crm", "100"))
    (promised,) = book.contract.milestones
    known = book.contract._replace(milestones=(promised._replace(outcome=Outcome.MET),))
    (again,) = replace(book, contract=known).book(Renew(), on=END).contract.milestones
    assert (again.due, again.outcome) == (END + timedelta(days=90), Outcome.PENDING)


def test_adding_in_an_early_renewal_gives_nothing_up():
    assert due(crm_and_analytics().change(Renew(), Add("crm", {"users": D(10)}))) == [CRM_UNUSED, ANALYTICS_UNUSED]
