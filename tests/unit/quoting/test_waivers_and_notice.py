"""Waivers change what they are agreed for, or are refused (P32); notice is told as it was given (P23)."""

from datetime import date

import pytest

from pricing_engine.quoting.changes.refusals import ChangesConflict, WaiverNotReadable
from pricing_engine.quoting.request import Remove, Renew, Waiver
from pricing_engine.terms.terms import RenewalBasis, RenewalTerms, Waivable
from tests.contracts import PRICES, a_contract, a_rulebook_of_three, crm_and_analytics, giving_up, some_terms
from tests.rulebooks import D, add, quote, ref

END, MAY, JUNE = date(2027, 1, 1), date(2026, 5, 1), date(2026, 6, 1)
ALL = dict.fromkeys(Waivable, "director")


def crm_by_contract():
    """100 users of CRM at 50, renewed at the contracted price and 5%, while list has become 60."""
    renewal = RenewalTerms(ref("renewal"), RenewalBasis.CONTRACTED, uplift=D("0.05"))
    book = a_contract(a_rulebook_of_three(terms=[some_terms(renewal=renewal, waivers=ALL)]), add("crm", "100"))
    return book.under(a_rulebook_of_three({**PRICES, "crm.seats": "60"}, hash="1" * 64))


@pytest.mark.parametrize(("cap", "net"), [("1%", "60600.00"), ("9%", "63000.00"), (None, "63000.00")])
def test_a_cap_below_the_uplift_binds_it(cap, net):
    # 60,000 × 1.05, or × 1.01 where that is the cap agreed.
    renewal = crm_by_contract().quote(Renew(), on=END, waivers=(Waiver("uplift_cap", cap),))
    assert [line.net_per_year for line in renewal.lines] == [D(net)]


def crm():
    return a_contract(a_rulebook_of_three(terms=[some_terms(waivers=ALL)]), add("crm", "100"))


def test_a_billing_plan_cannot_be_waived_altogether():
    with pytest.raises(WaiverNotReadable) as refused:
        crm().quote(Renew(), on=END, waivers=(Waiver("billing_plan"),))
    assert "monthly_in_advance, quarterly_in_arrears" in refused.value.fix
    assert refused.value.pointer == "/waivers/0/to"
    with pytest.raises(WaiverNotReadable):
        quote(a_rulebook_of_three(), add("crm", "1"), waivers=(Waiver("billing_plan"),))


def test_a_billing_plan_is_the_one_the_waiver_or_the_request_names():
    quarterly, monthly = Waiver("billing_plan", "quarterly_in_arrears"), "monthly_in_advance"
    assert crm().quote(Renew(), on=END, waivers=(quarterly,)).billing == "quarterly_in_arrears"
    named = crm().quote(Renew(), on=END, waivers=(Waiver("billing_plan"),), billing=monthly)
    assert (named.billing, [finding.facts["to"] for finding in named.findings]) == (monthly, [monthly])
    rulebook = a_rulebook_of_three(terms=[some_terms(waivers=ALL)])
    assert quote(rulebook, add("crm", "1"), waivers=(quarterly,)).billing == "quarterly_in_arrears"


def test_two_billing_plans_of_one_request_are_refused_by_name():
    asked = {"waivers": (Waiver("billing_plan", "quarterly_in_arrears"),), "billing": "monthly_in_advance"}
    with pytest.raises(ChangesConflict, match=r"quarterly_in_arrears .* monthly_in_advance"):
        crm().quote(Renew(), on=END, **asked)
    with pytest.raises(ChangesConflict):
        quote(a_rulebook_of_three(), add("crm", "1"), **asked)


def test_another_billing_plan_may_be_agreed_when_an_early_renewal_gives_something_up():
    book = crm_and_analytics(terms=[some_terms(waivers=ALL)])
    monthly = Waiver("billing_plan", "monthly_in_advance")
    assert book.quote(Renew(), Remove("analytics"), waivers=(monthly,)).billing == "monthly_in_advance"


def test_a_reduction_may_be_back_dated_where_no_notice_is_due():
    codes = [each.code for each in crm_and_analytics().quote(Remove("analytics"), on=MAY, as_of=JUNE).findings]
    assert codes == ["repriced"]


def test_notice_that_was_waived_refuses_no_back_dated_reduction():
    terms = some_terms(partial_cancellation=giving_up(notice_days=30), waivers=ALL)
    book = crm_and_analytics(terms=[terms])
    waived = book.quote(Remove("analytics"), on=MAY, as_of=JUNE, waivers=(Waiver("notice"),))
    assert "notice-too-short" not in [each.code for each in waived.findings]
    (found, _) = book.quote(Remove("analytics"), on=MAY, as_of=JUNE).findings
    # From 1 May to 1 June are 31 days; 30 days after 1 June is 1 July.
    assert found.what == "it took force 31 days ago, and 30 days of notice are due: on 2026-07-01 at the earliest"
    assert (found.facts["given"], found.facts["due"]) == (D(-31), D(30))
