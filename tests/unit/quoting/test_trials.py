"""Trials through renewals, beside fixed amounts, and those that are to be bought in the end (P29)."""

from datetime import date

import pytest

from pricing_engine.contracts.contract import Conversion
from pricing_engine.contracts.value import tcv_of
from pricing_engine.policies.discounts import Amount
from pricing_engine.quoting.changes.refusals import ChangesConflict, NotOnContract
from pricing_engine.quoting.request import Cancel, Remove, Renew, Set, Trial
from pricing_engine.terms.terms import TrialEnd, TrialRule
from tests.contracts import DAY, PRICES, a_contract, a_rulebook_of_three, some_terms
from tests.rulebooks import D, a_policy, add, condition, ref

JUNE, JULY, OVER, END = date(2026, 6, 15), date(2026, 7, 1), date(2026, 7, 15), date(2027, 1, 1)
TEN_OF_CORE = Trial("core", {"users": D(10)})


def a_rulebook(prices=PRICES, then=TrialEnd.END, **more):
    terms = some_terms(trials=(TrialRule("core", ref("t"), 30, then=then),))
    return a_rulebook_of_three(prices, terms=[terms], **more)


@pytest.fixture
def tried():
    return a_contract(a_rulebook(), add("crm", "100")).book(TEN_OF_CORE, on=JUNE)


def on_day(book, day):
    return [line.id for line in book.contract.lines_on(day)]


def test_a_trial_is_on_the_contract_until_its_last_day(tried):
    assert on_day(tried, OVER - DAY) == ["crm.seats", "core.seats~trial"]
    assert on_day(tried, OVER) == ["crm.seats"]
    assert on_day(tried.book(add("crm", "10"), on=JULY), OVER) == ["crm.seats"]


def test_a_trial_goes_on_through_an_early_renewal_to_its_end(tried):
    renewed = tried.book(Renew(), on=JULY)
    assert on_day(renewed, OVER - DAY) == ["crm.seats", "core.seats~trial"]
    assert on_day(renewed, OVER) == ["crm.seats"]
    # The new term's 60,000, less the 184 of 365 days that are credited of the old one: 30,246.58.
    assert tcv_of(renewed.contract) == D("29753.42")


def test_it_goes_on_through_changes_after_the_renewal_too(tried):
    grown = tried.book(Renew(), on=JULY).book(add("crm", "10"), on=JULY + DAY)
    assert on_day(grown, OVER - DAY) == ["crm.seats", "core.seats~trial"]


def test_a_renewal_that_buys_what_is_tried_ends_the_trial(tried):
    assert on_day(tried.book(Renew(), add("core", "10"), on=JULY), JULY) == ["crm.seats", "core.seats"]


def test_a_renewal_after_the_trial_has_nothing_of_it(tried):
    assert [line.id for line in tried.book(Renew(), on=END).contract.lines] == ["crm.seats"]


def test_a_trial_that_is_to_be_bought_says_from_when_on_and_for_how_much():
    book = a_contract(a_rulebook(then=TrialEnd.CONVERT), add("crm", "100"))
    (found,) = book.quote(TEN_OF_CORE, on=JUNE).findings
    # 10 × 10 × 12.
    assert (found.code, found.severity.value) == ("trial-converts", "info")
    assert found.facts == {"product": "core", "on": OVER, "list": D("1200.00")}
    on_request = a_rulebook({**PRICES, "core.seats": None}, then=TrialEnd.CONVERT, hash="1" * 64)
    found = book.under(on_request).quote(TEN_OF_CORE, on=JUNE).findings
    # The terms are those of the contract's own version, the price is that in force: on request.
    assert [(each.code, each.facts.get("list")) for each in found][-1] == ("trial-converts", None)


def test_a_trial_that_ends_says_nothing():
    assert a_contract(a_rulebook(), add("crm", "100")).quote(TEN_OF_CORE, on=JUNE).findings == ()


AMOUNT = a_policy("amt", Amount(D(1200)))


def test_a_trial_shares_in_no_fixed_amount():
    book = a_contract(a_rulebook(discounts=[AMOUNT]), add("crm", "100"))
    renewed = book.book(Renew(), TEN_OF_CORE, on=END)
    assert [len(line.grants) for line in renewed.contract.lines] == [1, 0]
    change = renewed.change(add("analytics", "1"), on=date(2027, 1, 5))
    # One user of Analytics: 240 × 361/365 = 237.37; CRM stays as it is.
    assert [(item.line, item.amount) for item in change.items] == [("analytics.seats", D("237.37"))]


def test_a_trial_is_in_no_amount_that_a_policy_goes_by():
    # 60,000 of CRM is not beyond 60,500; with 1,200 of what is tried it would be.
    policy = a_policy("large", "0.10", when=condition("list_arr > 60500"))
    book = a_contract(a_rulebook(discounts=[policy]), add("crm", "100"))
    assert [line.net_per_year for line in book.quote(Renew(), TEN_OF_CORE, on=END).lines] == [D("60000.00"), D("0.00")]


def converting(days=30):
    terms = some_terms(trials=(TrialRule("core", ref("t"), days, then=TrialEnd.CONVERT),))
    return a_contract(a_rulebook_of_three(discounts=[], terms=[terms]), add("crm", "100"))


def test_a_contract_knows_when_what_is_tried_is_bought():
    tried = converting().book(Trial("core", {"users": D(10)}), on=JULY)
    assert tried.contract.conversions == (Conversion("core", {"users": D(10)}, JULY + 30 * DAY),)
    later = tried.book(Set("crm", {"users": D(110)}), on=JULY + DAY)
    assert later.contract.conversions == tried.contract.conversions
    assert later.book(Renew(), on=JULY + 2 * DAY).contract.conversions == tried.contract.conversions


@pytest.mark.parametrize(
    "change", [Remove("core"), add("core", "5"), Cancel()], ids=["given up", "bought", "cancelled"]
)
def test_what_is_given_up_bought_or_cancelled_is_not_bought_again(change):
    tried = converting().book(Trial("core", {"users": D(10)}), on=JULY)
    assert tried.book(change, on=JULY + DAY).contract.conversions == ()


def test_a_trial_that_ends_with_the_term_or_by_its_rule_is_not_bought():
    assert converting(days=400).book(Trial("core", {"users": D(10)}), on=JULY).contract.conversions == ()
    ending = some_terms(trials=(TrialRule("core", ref("t"), 30),))
    book = a_contract(a_rulebook_of_three(discounts=[], terms=[ending]), add("crm", "100"))
    assert book.book(Trial("core", {"users": D(10)}), on=JULY).contract.conversions == ()


def test_a_trial_can_be_given_up_as_a_whole():
    tried = converting().book(Trial("core", {"users": D(10)}), on=JULY)
    change = tried.change(Remove("core"), on=JULY + DAY)
    assert (change.due_now, change.arr_after) == (0, D("60000.00"))
    ended = tried.book(Remove("core"), on=JULY + DAY).contract
    assert [line.id for line in ended.lines_on(JULY + DAY)] == ["crm.seats"]
    renewed = tried.book(Renew(), Remove("core"), on=JULY + DAY).contract
    assert [line.id for line in renewed.lines_on(JULY + DAY)] == ["crm.seats"]
    with pytest.raises(ChangesConflict, match="as a whole"):
        tried.quote(Remove("core", {"users": D(5)}), on=JULY + DAY)
    with pytest.raises(NotOnContract):
        tried.quote(Remove("core"), on=JULY + 30 * DAY)
