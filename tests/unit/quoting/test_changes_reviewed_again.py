"""What a second sceptical review of changes found wrong, worked by hand; 184 of 365 days are left in July."""

from datetime import date

from pricing_engine.catalog.charge_models import Band, Volume
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle, Selector
from pricing_engine.policies.discounts import Clawback, Schedule
from pricing_engine.policies.discretion import Discretion, DiscretionLimit
from pricing_engine.quoting.request import (
    Add,
    ChangeTier,
    DiscountRequest,
    PercentOff,
    RampStep,
    Remove,
    Renew,
    Set,
    TrueUp,
)
from tests.contracts import MIDYEAR, PRICES, a_contract, a_rulebook_of_three, crm_and_analytics, some_terms
from tests.rulebooks import D, a_ladder, a_policy, a_product, a_rulebook, a_tier, add, condition, ref, seats

END = date(2027, 1, 1)
FEBRUARY = date(2027, 2, 1)
GENEROUS = Discretion((DiscretionLimit("any", "rep", D(1), D(1), Selector(), ref("any")),), frozenset())


def due(change):
    return [(item.kind.value, item.line, str(item.amount)) for item in change.items]


def renewed(promotion, price):
    """CRM of 60,000, renewed under a higher price with a promotion until July 2027; the cap is 64,200."""
    promo = a_policy("spring", promotion, group="promotions", ends_on=date(2027, 7, 1))
    dearer = a_rulebook_of_three({**PRICES, "crm.seats": price}, discounts=[promo], hash="1" * 64)
    return a_contract(a_rulebook_of_three(discounts=[]), add("crm", "100")).under(dearer).book(Renew(), on=END)


def test_a_renewals_limit_stays_in_every_part_of_the_term():
    # At 70 less 30% CRM is 58,800, raised to 60,000 by the floor; from July 84,000 by list, 64,200 by the cap.
    book = renewed("0.30", "70")
    assert [segment.net for segment in book.quote(add("core", "1"), on=FEBRUARY).lines[0].segments] == [60000, 64200]
    # Core only: 84 for 150 days and 120 for 184.
    assert due(book.change(add("core", "1"), on=FEBRUARY)) == [("charge", "core.seats", "95.01")]
    # At 55 less 5% 62,700 are within the limits; from July 66,000 are not.
    book = renewed("0.05", "55")
    assert [segment.net for segment in book.quote(add("core", "1"), on=FEBRUARY).lines[0].segments] == [62700, 64200]
    assert due(book.change(add("core", "1"), on=FEBRUARY)) == [("charge", "core.seats", "107.34")]  # 114, then 120


def test_a_renewals_limit_goes_by_the_quantity_of_each_part():
    bands = Price(Volume((Band(D(100), D(50)), Band(None, D(40)))))
    dearer = Price(Volume((Band(D(100), D(80)), Band(None, D(42)))))
    book = a_contract(a_rulebook_of_three({**PRICES, "crm.seats": bands}, discounts=[]), add("crm", "100"))
    book = book.under(a_rulebook_of_three({**PRICES, "crm.seats": dearer}, discounts=[], hash="1" * 64))
    book = book.book(Renew(), Set("crm", {"users": D(100)}, ramp=(RampStep(6, {"users": D(200)}),)), on=END)
    assert due(book.change(add("core", "1"), on=FEBRUARY)) == [("charge", "core.seats", "109.81")]  # 120 × 334/365


def test_growth_joins_the_layer_beneath_though_a_layer_of_its_name_has_ended():
    asked = (DiscountRequest(PercentOff(D("0.10"))),)
    book = a_contract(a_rulebook_of_three(discounts=[], discretion=GENEROUS), add("crm", "100"))
    book = book.book(add("crm", "20"), on=date(2026, 3, 1), discounts=asked)
    book = book.book(Set("crm", {"users": D(100)}), on=date(2026, 5, 1))
    assert due(book.change(add("crm", "20"))) == [("charge", "crm.seats", "6049.32")]  # 12,000 × 184/365
    grown = book.book(add("crm", "20"))
    assert [line.stretch_on(MIDYEAR).quantity for line in grown.contract.lines_on(MIDYEAR)] == [120]


def test_use_that_was_charged_is_not_charged_again():
    excess = TrueUp("crm", {"users": D(120)}, date(2026, 3, 1))
    book = crm_and_analytics().book(excess)
    assert due(book.change(excess, on=date(2026, 8, 1))) == []
    # 30 above 120 from March to August: 30 × 750 × 153/365 = 9,431.51; the 20 until July are paid.
    more = book.change(TrueUp("crm", {"users": D(150)}, date(2026, 3, 1)), on=date(2026, 8, 1))
    assert due(more)[-1] == ("over_use", "crm.seats", "9431.51")


def test_a_lower_tier_in_the_request_of_an_early_renewal_has_its_fee():
    tiers = [a_tier("growth", seats("fee", metric=None)), a_tier("enterprise", seats("fee", metric=None))]
    prices = {"growth.fee": "100", "enterprise.fee": "300", "crm.seats": "50"}
    rulebook = a_rulebook([a_product("crm")], prices, ladder=a_ladder(*tiers), terms=[some_terms()])
    book = a_contract(rulebook, add("crm", "10"), tier="enterprise")
    # 50% × 2,400 × 184/365 = 604.93, however it is asked for.
    fee = ("partial_cancellation_fee", None, "604.93")
    assert due(book.change(Renew(), tier="growth"))[-1] == fee
    assert due(book.change(Renew(), ChangeTier("growth")))[-1] == fee


def test_growth_at_a_price_given_for_the_new_term_does_not_hide_what_is_given_up():
    on_request = a_rulebook_of_three({**PRICES, "crm.seats": None}, discounts=[], hash="1" * 64)
    book = crm_and_analytics(discounts=[]).under(on_request)
    grown = Set("crm", {"users": D(110)}, unit_prices={"seats": D(50)})
    # 24,000 of Analytics for 10 × 50 × 12 of CRM: 50% × 18,000 × 184/365 = 4,536.99.
    assert due(book.change(Renew(), Remove("analytics"), grown, role="deal_desk"))[-1] == (
        ("partial_cancellation_fee", None, "4536.99")
    )


def test_the_running_term_is_as_long_as_it_is_whatever_is_renewed_for():
    long = a_policy("term", Schedule("term_months", ((D(24), D("0.05")),)), clawback=Clawback.FULL)
    book = a_contract(a_rulebook_of_three(discounts=[long]), add("crm", "100"), add("analytics", "100"), term_months=24)
    kinds = [item.kind.value for item in book.change(Renew(), Remove("analytics"), on=END, term_months=12).items]
    assert "clawback" not in kinds
    assert "partial_cancellation_fee" in kinds


def test_an_early_renewal_that_ends_with_the_old_term_is_a_term_of_its_own():
    start = date(2023, 9, 1)
    book = a_contract(a_rulebook_of_three(), add("crm", "100"), effective_date=start, as_of=start)
    quote = book.quote(Renew(), on=date(2024, 3, 1), term_months=6)
    # Of a contract year that begins in March 2024: 60,000 × 184/365.
    assert quote.totals is not None
    assert (quote.totals.net, quote.invoices[-1].total) == (D("30246.58"), D("30246.58"))
    priced = Set("crm", {"users": D(100)}, unit_prices={})
    assert book.quote(Renew(), priced, on=date(2024, 3, 1), term_months=6).is_complete


def test_nothing_is_taken_back_twice_where_another_discount_takes_its_place():
    multi = a_policy(
        "multi", "0.10", hold=condition("product_count >= 2"), clawback=Clawback.FULL, reprice_on_improved=True
    )
    rulebook = a_rulebook_of_three(discounts=[multi, a_policy("other", "0.10")])
    book = a_contract(rulebook, add("crm", "100"), add("analytics", "100"))
    book = book.book(Remove("analytics"), on=MIDYEAR).book(add("analytics", "10"), on=date(2026, 8, 1))
    # August only: 6,000 × 31/365 = 509.59.
    assert due(book.change(Remove("analytics"), on=date(2026, 9, 1)))[-1] == ("clawback", None, "509.59")


def test_layers_that_become_one_in_a_bundle_give_nothing_up():
    suite = Bundle("suite", "Suite", (frozenset({"crm"}), frozenset({"analytics"})), ref("suite"), D("0.5"))
    dearer = a_rulebook_of_three({**PRICES, "crm.seats": "60"}, discounts=[], bundles=[suite], hash="1" * 64)
    book = a_contract(a_rulebook_of_three(discounts=[]), add("crm", "100"), add("analytics", "10")).under(dearer)
    change = book.book(add("crm", "20"), on=date(2026, 3, 1)).change(on=MIDYEAR, bundles=("suite",))
    assert "partial_cancellation_fee" not in [item.kind.value for item in change.items]


def test_the_yearly_value_of_a_change_is_the_arr_of_what_recurs_at_one_price():
    quote = (
        crm_and_analytics()
        .book(TrueUp("crm", {"users": D(120)}, date(2026, 3, 1)))
        .quote(Add("core", {"users": D(7)}), on=date(2026, 8, 1))
    )
    assert quote.totals is not None
    assert quote.totals.acv == quote.totals.arr
