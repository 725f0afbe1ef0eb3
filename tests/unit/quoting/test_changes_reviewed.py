"""What a sceptical review of contract changes found wrong, each worked by hand; 184 of 365 days are left in July."""

from dataclasses import replace
from datetime import date

import pytest

from pricing_engine.catalog.charge_models import Band, Flat, Graduated, Percentage, Volume
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle, Charge, ProductType, Selector, Timing
from pricing_engine.expressions import Kind, Name
from pricing_engine.policies.discounts import Clawback
from pricing_engine.policies.discretion import Discretion, DiscretionLimit
from pricing_engine.quoting.changes.refusals import ChangesConflict, OutsideTerm
from pricing_engine.quoting.request import (
    Add,
    DiscountRequest,
    PercentOff,
    RampStep,
    Remove,
    Renew,
    Set,
    Trial,
    TrueUp,
    Waiver,
)
from pricing_engine.rulebook.rulebook import VocabularyName
from pricing_engine.terms.terms import Allowed, Credit, TrialRule, Waivable
from tests.contracts import PRICES, START, a_contract, a_rulebook_of_three, giving_up, multi_product, some_terms
from tests.rulebooks import PLANS, D, a_ladder, a_policy, a_product, a_rulebook, a_tier, add, condition, ref, seats

END = date(2027, 1, 1)
NEVER = some_terms(partial_cancellation=giving_up(None, allowed=Allowed.NEVER))
GENEROUS = Discretion((DiscretionLimit("any", "rep", D("0.5"), D("0.5"), Selector(), ref("any")),), frozenset())
SETUP = a_product("setup", Charge("fee", Timing.ONE_TIME, metric="users"), type_=ProductType.SERVICE)


def due(change):
    return [(item.kind.value, item.line, str(item.amount)) for item in change.items]


def test_a_renewals_cap_stays_with_the_line():
    # 72,000 by list is capped at 64,200; one user of Core changes nothing there: 10 × 12 × 184/365 = 60.49.
    dearer = a_rulebook_of_three({**PRICES, "crm.seats": "60"}, discounts=[], hash="1" * 64)
    book = a_contract(a_rulebook_of_three(discounts=[]), add("crm", "100")).under(dearer).book(Renew(), on=END)
    change = book.change(add("core", "1"), on=date(2027, 7, 1))
    assert due(change) == [("charge", "core.seats", "60.49")]
    assert change.arr_after == D("64320.00")
    # The next cap is over 64,200: 68,694, and 72,000 by list.
    again = book.quote(Renew(), on=date(2028, 1, 1))
    assert [line.net_per_year for line in again.lines] == [D("68694.00")]
    grown = book.quote(Add("crm", {"users": D(10)}), on=date(2027, 7, 1))
    assert [line.net_per_year for line in grown.lines] == [D("64200.00"), D("7200.00")]


def test_what_was_paid_once_is_not_paid_again():
    rulebook = a_rulebook([a_product("crm"), SETUP], {"crm.seats": "50", "setup.fee": "60"}, terms=[some_terms()])
    book = a_contract(rulebook, add("crm", "100"), add("setup", "100"))
    assert due(book.change(add("crm", "1"))) == [("charge", "crm.seats", "302.47")]  # 600 × 184/365
    assert due(book.change(add("setup", "10"))) == [("one_time", "setup.fee", "600.00")]
    assert book.quote(Renew(), on=END).totals.one_time == 0
    gone = a_rulebook([a_product("crm")], {"crm.seats": "50"}, terms=[some_terms()], hash="1" * 64)
    assert book.under(gone).quote(Set("crm", {"users": D(110)})).is_complete


def test_a_renewal_prices_the_tier_anew_within_the_cap():
    def rulebook(fee, hash):
        tier = a_ladder(a_tier("std", seats("fee", metric=None)))
        ladder = replace(tier, platform=replace(tier.platform, charges=()))
        prices = {"crm.seats": "50", "std.fee": Price(Flat(D(fee)))}
        return a_rulebook([a_product("crm")], prices, ladder=ladder, terms=[some_terms()], hash=hash)

    book = a_contract(rulebook(100, "0" * 64), add("crm", "80")).under(rulebook(200, "1" * 64))
    assert [line.net_per_year for line in book.quote(Renew(), on=END).lines] == [D("1284.00"), D("48000.00")]


def test_what_was_used_in_arrears_is_invoiced_when_the_term_is_replaced():
    book = a_contract(a_rulebook_of_three(discounts=[]), add("crm", "100"), billing="quarterly_in_arrears")
    quote = book.quote(Renew(), on=date(2026, 8, 15))
    # 45 of 92 days of the quarter: 15,000 × 45/92 = 7,336.956…
    assert (quote.invoices[0].day, quote.invoices[0].total) == (date(2026, 10, 1), D("7336.96"))
    after = book.book(Renew(), on=date(2026, 8, 15)).contract
    assert sum(charge.amount for charge in after.charges) == D("7336.96")


def test_a_change_knows_how_the_contract_is_billed(monkeypatch):
    import tests.rulebooks as made

    billing = VocabularyName(Name("billing", Kind.ENUM, values=tuple(PLANS)), "request.billing")
    monkeypatch.setitem(made.VOCABULARY, "billing", billing)
    policy = a_policy("up-front", "0.05", hold=condition('billing == "up_front"'))
    book = a_contract(a_rulebook_of_three(discounts=[policy]), add("crm", "100"), billing="up_front")
    assert book.quote(add("core", "1")).lines[0].net_per_year == D("57000.00")


def test_a_discount_asked_for_on_growth_is_off_the_growth():
    book = a_contract(a_rulebook_of_three(discounts=[], discretion=GENEROUS), add("crm", "100"))
    for target in (None, "crm"):
        quote = book.quote(add("crm", "10"), discounts=(DiscountRequest(PercentOff(D("0.10")), target),))
        assert [line.net_per_year for line in quote.lines] == [D("60000.00"), D("5400.00")]


def test_nothing_is_given_up_by_more_units_in_a_cheaper_band():
    bands = Volume((Band(D(10), D(20)), Band(None, D(15))))
    book = a_contract(a_rulebook_of_three({"crm.seats": bands}, terms=[NEVER]), add("crm", "10"))
    grown = book.quote(add("crm", "1"))
    assert [finding.code for finding in grown.findings] == []


def test_nothing_is_given_up_by_a_discount():
    book = a_contract(a_rulebook_of_three(discounts=[], discretion=GENEROUS, terms=[NEVER]), add("crm", "100"))
    quote = book.quote(add("analytics", "1"), discounts=(DiscountRequest(PercentOff(D("0.10")), "crm"),))
    assert [finding.code for finding in quote.findings] == []


def test_repricing_gives_nothing_back_through_a_percentage_of_lines():
    share = Charge("fee", Timing.RECURRING, months=12, of_lines=Selector(types=frozenset({ProductType.MODULE})))
    support = a_product("support", share, type_=ProductType.SERVICE)
    fifth = Price(Percentage(Graduated((Band(None, D("0.20")),))))
    prices = {**PRICES, "support.fee": fifth}
    products = [a_product("crm"), a_product("analytics"), a_product("core"), support]
    rulebook = a_rulebook(products, prices, discounts=a_rulebook_of_three().discounts, terms=[NEVER])
    book = a_contract(rulebook, add("crm", "1000"), add("core", "1"), Add("support"))
    assert "reduction-not-allowed" in [finding.code for finding in book.quote(Remove("core")).findings]


def test_a_fixed_bundle_that_is_lost_was_its_share_for_what_stays():
    bundle = Bundle(
        "duo", "Duo", (frozenset({"crm"}), frozenset({"analytics"})), ref("duo"), price_key="duo.price", price_months=12
    )
    prices = {**PRICES, "duo.price": Price(Flat(D(70000)))}
    rulebook = a_rulebook_of_three({k: v for k, v in prices.items() if k != "duo.price"}, discounts=[])
    rulebook = a_rulebook(list(rulebook.products.values()), prices, bundles=[bundle], terms=[some_terms()])
    book = a_contract(rulebook, add("crm", "100"), add("analytics", "100"), bundles=("duo",))
    # CRM 50,000 of 70,000 by list; alone it is 60,000: (60,000 − 50,000) × 184/365 = 5,041.10.
    assert due(book.change(Remove("analytics"))) == [
        ("repricing", "crm.seats", "5041.10"),
        ("credit", "analytics.seats", "-10082.19"),
        ("partial_cancellation_fee", None, "5041.10"),
    ]


def test_a_term_that_ends_before_the_running_one_is_no_renewal():
    with pytest.raises(OutsideTerm, match="ends before the running one"):
        a_contract(a_rulebook_of_three(), add("crm", "100")).quote(Renew(), term_months=1)


def test_a_ramps_price_is_not_given_to_what_comes_on_top():
    crm = add("crm", "100", ramp=(RampStep(3, {}, {"seats": D(40)}),))
    book = a_contract(a_rulebook_of_three(discounts=[], discretion=GENEROUS), crm)
    assert [line.net_per_year for line in book.quote(add("crm", "10")).lines] == [D("48000.00"), D("6000.00")]


def test_a_waiver_never_raises_a_fee():
    terms = some_terms(waivers={Waivable.PARTIAL_CANCELLATION_FEE: "director"})
    book = a_contract(a_rulebook_of_three(terms=[terms]), add("crm", "100"))
    waiver = Waiver("partial_cancellation_fee", "500.00")
    # One user: 600 × 184/365 = 302.47 given up, half of it 151.23.
    assert due(book.change(Remove("crm", {"users": D(1)}), waivers=(waiver,)))[1][2] == "151.23"


def test_a_running_trial_is_no_line_of_another_change():
    terms = some_terms(trials=(TrialRule("analytics", ref("trial"), 30),))
    book = a_contract(a_rulebook_of_three(terms=[terms]), add("crm", "100")).book(Trial("analytics", {"users": D(5)}))
    assert [each.line for each in book.change(add("crm", "1"), on=date(2026, 7, 2)).lines] == ["crm.seats"]


def test_a_tiers_charge_is_trued_up_too():
    tiers = a_ladder(a_tier("std", seats("fee")))
    ladder = replace(tiers, platform=replace(tiers.platform, charges=()))
    rulebook = a_rulebook([a_product("crm")], {"crm.seats": "50", "std.fee": "10"}, ladder=ladder, terms=[some_terms()])
    book = a_contract(rulebook, add("platform", "100"), add("crm", "80"))
    change = book.change(TrueUp("platform", {"users": D(130)}, START))
    # 30 × 10 × 12 × 1.25 × 181/365 = 2,231.506…
    assert ("over_use", "std.fee", "2231.51") in due(change)


def test_a_discount_is_taken_back_once_and_only_of_lines_that_lose_it():
    terms = some_terms(partial_cancellation=giving_up(None))
    full = multi_product(clawback=Clawback.FULL)
    book = a_contract(
        a_rulebook_of_three(discounts=[full], terms=[terms]),
        add("crm", "100"),
        add("analytics", "100"),
        add("core", "100"),
    )
    first = date(2026, 4, 1)
    # From 15% to 10%: a third of what 84,000 had off in 90 days: 12,600 / 3 × 90/365 = 1,035.62.
    assert due(book.change(Remove("core"), on=first))[-1] == ("clawback", None, "1035.62")
    # Then CRM's 10% goes, enjoyed for 181 days: 6,000 × 181/365 = 2,975.34.
    assert due(book.book(Remove("core"), on=first).change(Remove("analytics")))[-1] == ("clawback", None, "2975.34")
    keeps = multi_product(improves=False, clawback=Clawback.FULL)
    two = a_contract(a_rulebook_of_three(discounts=[keeps], terms=[terms]), add("crm", "100"), add("analytics", "100"))
    grown = two.book(add("core", "100"), on=first)
    # Only Core's 15% falls to 10%: 1,800 / 3 × 91/365 = 149.59.
    assert due(grown.change(Remove("analytics")))[-1] == ("clawback", None, "149.59")


@pytest.mark.parametrize("change", [Add, Set])
def test_another_price_of_what_is_agreed_is_refused_and_not_ignored(change):
    book = a_contract(a_rulebook_of_three(), add("crm", "100"))
    with pytest.raises(ChangesConflict, match="prices agreed"):
        book.quote(change("crm", {"users": D(110)}, unit_prices={"seats": D(25)}))


def test_a_fee_and_what_is_not_credited_are_never_more_than_what_was_left():
    terms = some_terms(partial_cancellation=giving_up("remaining_fees", credit=Credit.NONE))
    book = a_contract(a_rulebook_of_three(discounts=[], terms=[terms]), add("crm", "100"), add("analytics", "100"))
    # 24,000 × 184/365 = 12,098.63 is credited, and kept; nothing is left for the fee of all remaining fees.
    assert due(book.change(Remove("analytics"))) == [
        ("credit", "analytics.seats", "-12098.63"),
        ("forfeited_credit", None, "12098.63"),
    ]


def test_growth_with_another_discount_is_a_layer_of_its_own():
    first = a_policy("welcome", "0.20", group="promotions", requested_until=date(2026, 2, 1))
    book = a_contract(a_rulebook_of_three(discounts=[first]), add("crm", "100"))
    grown = book.quote(add("crm", "10"))
    assert [(line.id, line.net_per_year) for line in grown.lines] == [
        ("crm.seats", D("48000.00")),
        ("crm.seats~2", D("6000.00")),
    ]


def test_a_removal_without_the_notice_of_the_terms_is_refused_and_says_from_when():
    terms = some_terms(partial_cancellation=giving_up(notice_days=30))
    book = a_contract(a_rulebook_of_three(terms=[terms]), add("crm", "100"), add("analytics", "100"))
    asked = date(2026, 6, 15)
    (found,) = [each for each in book.quote(Remove("analytics"), as_of=asked).findings if each.code != "repriced"]
    assert (found.code, found.facts["earliest"]) == ("notice-too-short", date(2026, 7, 15))
