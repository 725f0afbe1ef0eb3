"""Renewals, extensions, cancellations, reinstatements, true-ups and trials (P25–P29)."""

from dataclasses import replace
from datetime import date

import pytest

from pricing_engine.catalog.charge_models import PerUnit
from pricing_engine.catalog.prices import Price
from pricing_engine.policies.discretion import Discretion, Floor
from pricing_engine.pricing.waterfall import StepKind
from pricing_engine.quoting.changes.refusals import (
    LaterChangeBooked,
    OutsideTerm,
    ProductGone,
    TrialNotOffered,
)
from pricing_engine.quoting.request import (
    Add,
    Cancel,
    Extend,
    Reinstate,
    Remove,
    Renew,
    Set,
    Trial,
    TrueUp,
    Waiver,
)
from pricing_engine.terms.terms import OverUse, OverUseMode, RenewalBasis, RenewalTerms, TrialRule, Waivable
from tests.contracts import DAY, MIDYEAR, PRICES, START, a_contract, a_rulebook_of_three, crm_and_analytics, some_terms
from tests.rulebooks import D, a_policy, add, ref

END = date(2027, 1, 1)
DEARER = {**PRICES, "crm.seats": "60"}


def rulebook_of(prices=PRICES, **more):
    return a_rulebook_of_three(prices, **({"hash": "1" * 64} | more))


def uplifts(quote):
    return [step for line in quote.lines for step in line.segments[0].steps if step.kind is StepKind.UPLIFT]


def test_a_renewal_by_list_is_limited_to_the_cap_over_the_contracted_price():
    # List rises from 50 to 60, 20%; the cap is 7%: 60,000 × 1.07 = 64,200.
    quote = a_contract(a_rulebook_of_three(), add("crm", "100")).under(rulebook_of(DEARER)).quote(Renew(), on=END)
    assert (quote.term_start, quote.term_end) == (END, date(2028, 1, 1))
    assert [line.net_per_year for line in quote.lines] == [D("64200.00")]
    assert [(step.before, step.after) for step in uplifts(quote)] == [(D(72000), D("64200.00"))]
    assert quote.change is not None
    assert (quote.change.arr_before, quote.change.arr_after) == (D("60000.00"), D("64200.00"))


def test_a_renewal_by_list_is_not_below_the_floor():
    cheaper = {**PRICES, "crm.seats": "40"}
    quote = a_contract(a_rulebook_of_three(), add("crm", "100")).under(rulebook_of(cheaper)).quote(Renew(), on=END)
    assert quote.lines[0].net_per_year == D("60000.00")


def test_a_renewal_by_contract_rises_by_the_uplift_and_not_above_list():
    terms = some_terms(renewal=RenewalTerms(ref("renewal"), RenewalBasis.CONTRACTED, uplift=D("0.05")))
    book = a_contract(a_rulebook_of_three(terms=[terms]), add("crm", "100"))
    assert book.under(rulebook_of(DEARER)).quote(Renew(), on=END).lines[0].net_per_year == D("63000.00")
    little = {**PRICES, "crm.seats": "51"}
    assert book.under(rulebook_of(little)).quote(Renew(), on=END).lines[0].net_per_year == D("61200.00")


def test_a_waived_cap_is_another_cap_that_somebody_must_agree_to():
    terms = some_terms(waivers={Waivable.UPLIFT_CAP: "director"})
    book = a_contract(a_rulebook_of_three(terms=[terms]), add("crm", "100")).under(rulebook_of(DEARER))
    quote = book.quote(Renew(), on=END, waivers=(Waiver("uplift_cap", "3%", "key account"),))
    assert quote.lines[0].net_per_year == D("61800.00")
    assert quote.approval_levels == ("director",)


def test_a_cap_does_not_undo_the_end_of_a_promotion():
    # 20% for half a year: the price is 48,000 and then 60,000, which is what the cap is over.
    promotion = a_policy("spring", "0.20", group="promotions", months=6)
    book = a_contract(a_rulebook_of_three(discounts=[promotion]), add("crm", "100"))
    assert [each.net for each in book.contract.lines[0].stretches] == [D("48000.00"), D(60000)]
    plain = rulebook_of(DEARER, discounts=[])
    assert book.under(plain).quote(Renew(), on=END).lines[0].net_per_year == D("64200.00")


def test_a_cap_does_not_undo_a_repricing():
    # Renewed without Analytics: the contracted price without multi-product is 60,000, not 54,000.
    book = crm_and_analytics().under(rulebook_of(DEARER))
    quote = book.quote(Renew(), Remove("analytics"), on=END)
    assert [(line.id, line.net_per_year) for line in quote.lines] == [("crm.seats", D("64200.00"))]
    assert quote.change is not None
    assert [item.kind for item in quote.change.items] == []


def test_a_renewal_joins_layers_bought_at_different_prices():
    book = a_contract(a_rulebook_of_three(), add("crm", "100")).under(rulebook_of(DEARER))
    grown = book.book(Add("crm", {"users": D(10)}))
    assert [line.id for line in grown.contract.lines] == ["crm.seats", "crm.seats~2"]
    quote = grown.quote(Renew(), on=END)
    # Contracted: 60,000 + 10 × 60 × 12 = 67,200; list 110 × 60 × 12 = 79,200; cap 67,200 × 1.07 = 71,904. At the
    # renewal's quantity the contracted schedule gives 60,000 + 7,200.
    assert [(line.id, line.quantity, line.net_per_year) for line in quote.lines] == [("crm.seats", 110, D("71904.00"))]


def test_a_contracted_product_that_is_not_sold_any_more_fails_loudly_when_it_renews():
    book = crm_and_analytics().under(rulebook_of({"crm.seats": "50"}))
    with pytest.raises(ProductGone, match="analytics"):
        book.quote(Renew(), on=END)
    with pytest.raises(ProductGone, match="analytics"):
        book.quote(Add("analytics", {"users": D(1)}))
    assert book.quote(Set("crm", {"users": D(110)})).lines[1].net_per_year == D("21600.00")


def test_a_late_renewal_within_the_grace_days_starts_where_the_old_term_ended():
    book = a_contract(a_rulebook_of_three(), add("crm", "100"))
    assert book.quote(Renew(), on=END + 30 * DAY).term_start == END
    with pytest.raises(OutsideTerm):
        book.quote(Renew(), on=END + 31 * DAY)


def test_an_early_renewal_credits_what_is_unused_of_the_old_term():
    change = a_contract(a_rulebook_of_three(), add("crm", "100")).quote(Renew(), on=MIDYEAR)
    assert change.change is not None
    # 60,000 × 184/365 = 30,246.575…
    assert [(item.kind.value, item.amount) for item in change.change.items] == [("unused_term", D("-30246.58"))]
    assert [(each.day, each.total) for each in change.invoices] == [
        (MIDYEAR, D("-30246.58")),
        (MIDYEAR, D("60000.00")),
    ]


def test_an_extension_is_a_renewal_of_another_length_when_the_term_ends():
    book = a_contract(a_rulebook_of_three(), add("crm", "100"))
    quote = book.quote(Extend(6), on=END)
    assert (quote.term_start, quote.term_end) == (END, date(2027, 7, 1))
    with pytest.raises(OutsideTerm, match="2027-01-01"):
        book.quote(Extend(6), on=MIDYEAR)


def test_cancelling_on_the_last_day_credits_that_day():
    change = a_contract(a_rulebook_of_three(), add("crm", "100")).change(Cancel(), on=END - DAY)
    # 60,000 / 365 = 164.38, and all of the remaining fees as the fee.
    assert [(item.kind.value, item.amount) for item in change.items] == [
        ("credit", D("-164.38")),
        ("cancellation_fee", D("164.38")),
    ]
    assert change.arr_after == 0


def test_coming_back_is_possible_at_both_ends_of_the_window_and_not_a_day_later():
    book = a_contract(a_rulebook_of_three(), add("crm", "100"))
    first = book.change(Reinstate(), on=END)
    # No lapse; 20% of the last yearly fee.
    assert [item.amount for item in first.items] == [D("12000.00")]
    last = book.change(Reinstate(), on=END + 180 * DAY)
    # 60,000 × 180/365 = 29,589.041… and 12,000.
    assert [item.amount for item in last.items] == [D("41589.04")]
    with pytest.raises(OutsideTerm, match="within 180 days"):
        book.change(Reinstate(), on=END + 181 * DAY)


def test_a_cancelled_contract_comes_back_with_what_it_had():
    book = crm_and_analytics().book(Cancel(), on=MIDYEAR)
    assert book.contract.ends == MIDYEAR
    back = book.quote(Reinstate(), on=MIDYEAR + 10 * DAY)
    assert [(line.id, line.net_per_year) for line in back.lines] == [
        ("crm.seats", D("54000.00")),
        ("analytics.seats", D("21600.00")),
    ]


def test_use_beyond_the_tolerance_is_charged_in_full_since_it_began():
    book = a_contract(a_rulebook_of_three(), add("crm", "100"))
    since = date(2026, 4, 1)
    change = book.change(TrueUp("crm", {"users": D(130)}, since))
    # 30 × 50 × 12 × 1.25 = 22,500 × 91/365 = 5,609.589…; from today 18,000 × 184/365 = 9,073.972…
    assert [(item.kind.value, item.amount) for item in change.items] == [
        ("charge", D("9073.97")),
        ("over_use", D("5609.59")),
    ]
    assert change.arr_after == D("78000.00")


def test_use_within_the_tolerance_costs_nothing():
    quote = a_contract(a_rulebook_of_three(), add("crm", "100")).quote(TrueUp("crm", {"users": D(105)}, START))
    assert quote.change is not None
    assert (quote.change.items, quote.change.arr_after) == ((), D("60000.00"))
    assert [finding.code for finding in quote.findings] == ["within-tolerance"]


def test_true_forward_charges_only_from_now_on():
    forward = some_terms(over_use=OverUse(ref("over-use"), OverUseMode.TRUE_FORWARD, D("0.05"), D("1.25")))
    change = a_contract(a_rulebook_of_three(terms=[forward]), add("crm", "100")).change(
        TrueUp("crm", {"users": D(130)}, START)
    )
    assert [(item.kind.value, item.amount) for item in change.items] == [("charge", D("9073.97"))]


def a_trial():
    return some_terms(trials=(TrialRule("analytics", ref("trial"), 30, {"users": D(25)}),))


def test_a_trial_costs_nothing_counts_for_nothing_and_ends():
    book = a_contract(a_rulebook_of_three(terms=[a_trial()]), add("crm", "100"))
    quote = book.quote(Trial("analytics", {"users": D(25)}))
    trial = quote.lines[1]
    assert (trial.net_per_year, trial.segments[0].end) == (D("0.00"), MIDYEAR + 30 * DAY)
    assert quote.lines[0].net_per_year == D("60000.00")
    assert quote.change is not None
    assert quote.change.due_now == 0
    with pytest.raises(TrialNotOffered, match="tried before"):
        book.book(Trial("analytics", {"users": D(25)})).quote(Trial("analytics", {"users": D(1)}))
    with pytest.raises(TrialNotOffered, match="at most 25"):
        book.quote(Trial("analytics", {"users": D(26)}))


def test_what_is_tried_is_not_below_a_floor_or_beyond_a_cap():
    limits = Discretion((), frozenset(), D("0.45"), ref("cap"), Floor(D("0.55"), None, ref("floor")))
    book = a_contract(a_rulebook_of_three(terms=[a_trial()], discretion=limits), add("crm", "100"))
    assert [finding.code for finding in book.quote(Trial("analytics", {"users": D(25)})).findings] == []


def test_a_running_trial_goes_on_through_another_change_and_is_bought_at_the_price_of_the_day():
    book = a_contract(a_rulebook_of_three(terms=[a_trial()]), add("crm", "100"))
    tried = book.book(Trial("analytics", {"users": D(25)})).book(Set("crm", {"users": D(110)}), on=MIDYEAR + DAY)
    assert [line.id for line in tried.contract.lines_on(MIDYEAR + DAY)] == ["crm.seats", "analytics.seats~trial"]
    bought = tried.book(add("analytics", "25"), on=MIDYEAR + 10 * DAY)
    assert [line.id for line in bought.contract.lines_on(MIDYEAR + 10 * DAY)] == ["crm.seats", "analytics.seats"]


def test_a_change_before_one_that_is_booked_is_refused_and_names_it():
    book = a_contract(a_rulebook_of_three(), add("crm", "100")).book(Set("crm", {"users": D(110)}), on=MIDYEAR)
    with pytest.raises(LaterChangeBooked, match=r"version 2 .* 2026-07-01"):
        book.quote(Set("crm", {"users": D(120)}), on=MIDYEAR - DAY)


def test_a_change_asked_for_late_is_due_for_every_period_that_was_invoiced_meanwhile():
    book = a_contract(a_rulebook_of_three(), add("crm", "100"), billing="monthly_in_advance")
    change = book.change(Set("crm", {"users": D(110)}), on=MIDYEAR, as_of=date(2026, 9, 15))
    # July, August and September have been invoiced: 3 × 500.00.
    assert (change.due_now, change.due_on) == (D("1500.00"), date(2026, 9, 15))


def test_growth_is_at_the_price_in_force_and_at_the_contracted_one_with_a_price_hold():
    grown = Add("crm", {"users": D(10)})
    book = a_contract(a_rulebook_of_three(), add("crm", "100")).under(rulebook_of(DEARER))
    assert [line.net_per_year for line in book.quote(grown).lines] == [D("60000.00"), D("7200.00")]
    held = a_contract(a_rulebook_of_three(terms=[replace(some_terms(), price_hold=True)]), add("crm", "100"))
    assert [line.net_per_year for line in held.under(rulebook_of(DEARER)).quote(grown).lines] == [D("66000.00")]


def test_what_was_bought_last_leaves_first():
    book = a_contract(a_rulebook_of_three(), add("crm", "100")).under(rulebook_of(DEARER))
    grown = book.book(Add("crm", {"users": D(10)}))
    cut = grown.quote(Set("crm", {"users": D(95)}), on=MIDYEAR + DAY)
    assert [(line.id, line.quantity) for line in cut.lines] == [("crm.seats", D(95))]
    some = grown.quote(Set("crm", {"users": D(104)}), on=MIDYEAR + DAY)
    assert [(line.id, line.quantity, line.net_per_year) for line in some.lines] == [
        ("crm.seats", D(100), D("60000.00")),
        ("crm.seats~2", D(4), D("2880.00")),
    ]


def test_the_price_of_a_band_is_the_contracted_one_at_the_quantity_that_is_left():
    book = a_contract(a_rulebook_of_three({**PRICES, "crm.seats": Price(PerUnit(D("0.125")))}), add("crm", "1000"))
    assert book.quote(Set("crm", {"users": D(999)})).lines[0].net_per_year == D("1498.50")


def test_a_change_before_a_renewal_that_is_booked_is_refused_and_names_it():
    book = a_contract(a_rulebook_of_three(), add("crm", "100")).book(Renew(), on=END, as_of=MIDYEAR)
    with pytest.raises(LaterChangeBooked, match=r"version 2 .* 2027-01-01"):
        book.quote(Set("crm", {"users": D(120)}))
