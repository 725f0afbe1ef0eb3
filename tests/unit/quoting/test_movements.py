"""What a booked quote moves of recurring revenue, with driver and cause (N4, N5)."""

from datetime import date

from pricing_engine.catalog.charge_models import Band, Graduated, Percentage
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Charge, ProductType, Selector, Timing
from pricing_engine.policies.discretion import Discretion, DiscretionLimit
from pricing_engine.quoting.movements import movements_of
from pricing_engine.quoting.request import (
    Add,
    Cancel,
    ChangeTier,
    DiscountRequest,
    PercentOff,
    RampStep,
    Reinstate,
    Remove,
    Renew,
)
from pricing_engine.terms.terms import RenewalTerms
from tests.contracts import (
    MIDYEAR,
    PRICES,
    a_contract,
    a_rulebook_of_three,
    crm_and_analytics,
    multi_product,
    some_terms,
)
from tests.rulebooks import D, a_ladder, a_policy, a_product, a_rulebook, a_tier, add, ref, seats

END = date(2027, 1, 1)


def moved(book, *changes, on=MIDYEAR, **more):
    """What some changes move: line, kind, driver, cause, amount; with the day where it is a later one."""
    after = book.book(*changes, on=on, **more).contract
    return told(movements_of(book.change(*changes, on=on, **more), book.contract, after), after.effective)


def told(movements, day):
    return [
        (each.line, each.kind.value, each.driver and each.driver.value, each.cause.value, str(each.amount))
        + (() if each.day == day else (str(each.day),))
        for each in movements
    ]


def test_a_first_sale_is_new_business():
    contract = crm_and_analytics().contract
    assert told(movements_of(None, None, contract), contract.effective) == [
        ("crm.seats", "new", None, "new_business", "54000.00"),
        ("analytics.seats", "new", None, "new_business", "21600.00"),
    ]


def test_partial_churn_moves_retention_and_pricing_apart():
    # pricing.md, worked: −21,600 partial churn, +6,000 repricing; 75,600 to 60,000.
    assert moved(crm_and_analytics(), Remove("analytics")) == [
        ("crm.seats", "expansion", "pricing", "repricing", "6000.00"),
        ("analytics.seats", "contraction", "retention", "partial_churn", "-21600.00"),
    ]


def test_more_and_fewer_users_are_volume_and_partial_churn():
    assert moved(crm_and_analytics(), Add("crm", {"users": D(20)})) == [
        ("crm.seats", "expansion", "expansion", "volume", "10800.00")  # 20 × 50 × 12 less 10%
    ]
    assert moved(crm_and_analytics(), Remove("crm", {"users": D(20)})) == [
        ("crm.seats", "contraction", "retention", "partial_churn", "-10800.00")
    ]


def test_a_further_product_is_cross_sell_and_what_it_improves_is_pricing():
    # Three products: 15% instead of 10% off 60,000 and 24,000; Core 100 × 10 × 12 less 15%.
    assert moved(crm_and_analytics(), add("core", "100")) == [
        ("crm.seats", "contraction", "pricing", "repricing", "-3000.00"),
        ("analytics.seats", "contraction", "pricing", "repricing", "-1200.00"),
        ("core.seats", "expansion", "expansion", "cross_sell", "10200.00"),
    ]


def test_a_cancellation_is_churn_and_coming_back_reactivation():
    cancelled = crm_and_analytics().book(Cancel(), on=MIDYEAR)
    assert [each[1:4] for each in moved(crm_and_analytics(), Cancel())] == [("churn", "retention", "churn")] * 2
    assert moved(cancelled, Reinstate(), on=date(2026, 8, 1)) == [
        ("crm.seats", "reactivation", "retention", "reactivation", "54000.00"),
        ("analytics.seats", "reactivation", "retention", "reactivation", "21600.00"),
    ]


def test_a_renewal_splits_more_users_at_the_old_price_from_the_new_list():
    dearer = a_rulebook_of_three({**PRICES, "crm.seats": "52"}, discounts=[], hash="1" * 64)
    book = a_contract(a_rulebook_of_three(discounts=[]), add("crm", "100")).under(dearer)
    # 110 at 50 are 66,000; at 52 they are 68,640.
    assert moved(book, Renew(), Add("crm", {"users": D(10)}), on=END) == [
        ("crm.seats", "expansion", "expansion", "volume", "6000.00"),
        ("crm.seats", "expansion", "pricing", "list_change", "2640.00"),
    ]


def test_a_renewal_at_the_limit_of_its_terms_is_uplift_whatever_the_list_became():
    dearer = a_rulebook_of_three({**PRICES, "crm.seats": "60"}, discounts=[], hash="1" * 64)
    book = a_contract(a_rulebook_of_three(discounts=[]), add("crm", "100")).under(dearer)
    # At 60 it would be 72,000: 7% more than 60,000 are 4,200.
    assert moved(book, Renew(), on=END) == [("crm.seats", "expansion", "pricing", "uplift", "4200.00")]


def test_a_cent_of_rounding_is_no_discount():
    some = a_policy("some", "0.1234", group="promotions")
    book = a_contract(a_rulebook_of_three({**PRICES, "crm.seats": "9.99"}, discounts=[some]), add("crm", "7"))
    dearer = a_rulebook_of_three({**PRICES, "crm.seats": "10.41"}, discounts=[some], hash="1" * 64)
    # 735.607656 to 766.534104; what the list makes of it rounds to 30.93.
    assert moved(book.under(dearer), Renew(), on=END) == [("crm.seats", "expansion", "pricing", "list_change", "30.92")]


def test_a_new_list_counts_less_the_discount_that_stays():
    tenth = a_policy("tenth", "0.10", group="promotions")
    book = a_contract(a_rulebook_of_three(discounts=[tenth]), add("crm", "100"))
    dearer = a_rulebook_of_three({**PRICES, "crm.seats": "52"}, discounts=[tenth], hash="1" * 64)
    # 54,000 to 56,160: nine tenths of 2,400.
    assert moved(book.under(dearer), Renew(), on=END) == [
        ("crm.seats", "expansion", "pricing", "list_change", "2160.00")
    ]


def test_a_list_that_comes_to_be_by_the_year_is_compared_by_the_year():
    def a_book_of(months, price):
        crm = a_product("crm", seats(months=months))
        return a_rulebook([crm], {"crm.seats": price}, terms=[some_terms(renewal=no_floor)], hash=str(months) * 64)

    no_floor = RenewalTerms(ref("renewal"), cap=D("0.07"))
    book = a_contract(a_book_of(1, "50"), add("crm", "100")).under(a_book_of(3, "147"))
    # 100 at 50 a month are 60,000 a year, at 147 a quarter 58,800.
    assert moved(book, Renew(), on=END) == [("crm.seats", "contraction", "pricing", "list_change", "-1200.00")]


def test_a_discount_given_now_on_what_there_was_is_a_discount_change():
    asked = (DiscountRequest(PercentOff(D("0.10")), product="crm"),)
    limit = DiscretionLimit("any", "rep", D("0.5"), D("0.5"), Selector(), ref("any"))
    book = crm_and_analytics(discretion=Discretion((limit,), frozenset()))
    assert moved(book, Add("analytics", {"users": D(1)}), discounts=asked)[0] == (
        ("crm.seats", "contraction", "pricing", "discount_change", "-5400.00")
    )


def test_another_tier_is_one_movement():
    tiers = [a_tier("growth", seats("fee", metric=None)), a_tier("enterprise", seats("fee", metric=None))]
    prices = {"growth.fee": "100", "enterprise.fee": "300", "crm.seats": "50"}
    rulebook = a_rulebook([a_product("crm")], prices, ladder=a_ladder(*tiers), terms=[some_terms()])
    book = a_contract(rulebook, add("crm", "10"), tier="growth")
    assert moved(book, ChangeTier("enterprise")) == [
        ("enterprise.fee", "expansion", "expansion", "tier_upgrade", "2400.00")
    ]


def test_a_percentage_of_lines_moves_by_volume_with_them():
    share = Charge("fee", Timing.RECURRING, months=12, of_lines=Selector(types=frozenset({ProductType.MODULE})))
    fifth = Price(Percentage(Graduated((Band(None, D("0.20")),))))
    products = [a_product("crm"), a_product("support", share, type_=ProductType.SERVICE)]
    rulebook = a_rulebook(products, {"crm.seats": "50", "support.fee": fifth}, terms=[some_terms()])
    book = a_contract(rulebook, add("crm", "100"), Add("support"))
    assert moved(book, Add("crm", {"users": D(10)})) == [
        ("crm.seats", "expansion", "expansion", "volume", "6000.00"),
        ("support.fee", "expansion", "expansion", "volume", "1200.00"),
    ]


def test_ramps_and_ends_of_promotions_move_on_their_days():
    promotion = a_policy("promo", "0.20", group="promotions", ends_on=date(2026, 10, 1))
    rulebook = a_rulebook_of_three(discounts=[promotion])
    contract = a_contract(rulebook, add("crm", "100", ramp=(RampStep(3, {"users": D(150)}),))).contract
    assert told(movements_of(None, None, contract), contract.effective) == [
        ("crm.seats", "new", None, "new_business", "48000.00"),
        ("crm.seats", "expansion", "expansion", "volume", "24000.00", "2026-04-01"),
        ("crm.seats", "expansion", "pricing", "promotion_end", "18000.00", "2026-10-01"),
    ]


def test_what_was_to_come_is_taken_back_when_the_line_goes():
    promotion = a_policy("promo", "0.20", group="promotions", ends_on=date(2026, 10, 1))
    book = a_contract(a_rulebook_of_three(discounts=[promotion]), add("crm", "100"), add("core", "100"))
    assert moved(book, Remove("core")) == [
        ("core.seats", "contraction", "retention", "partial_churn", "-9600.00"),
        ("core.seats", "expansion", "pricing", "promotion_end", "-2400.00", "2026-10-01"),
    ]


def test_an_early_renewal_takes_back_what_the_old_term_was_to_bring():
    promotion = a_policy("promo", "0.20", group="promotions", ends_on=date(2026, 10, 1))
    book = a_contract(a_rulebook_of_three(discounts=[promotion]), add("crm", "100"))
    without = book.under(a_rulebook_of_three(discounts=[], hash="1" * 64))
    # 48,000 capped at 51,360 while the promotion would have lasted, then 60,000: 8,640 instead of 12,000 in October.
    assert moved(without, Renew()) == [
        ("crm.seats", "expansion", "pricing", "uplift", "3360.00"),
        ("crm.seats", "expansion", "pricing", "discount_change", "8640.00", "2026-10-01"),
        ("crm.seats", "expansion", "pricing", "promotion_end", "-12000.00", "2026-10-01"),
    ]


def supported(discounts=(), **more):
    share = Charge("fee", Timing.RECURRING, months=12, of_lines=Selector(types=frozenset({ProductType.MODULE})))
    fifth = Price(Percentage(Graduated((Band(None, D("0.20")),))))
    products = [a_product(id_) for id_ in ("crm", "analytics", "core")]
    support = a_product("support", share, type_=ProductType.SERVICE)
    return a_rulebook(
        [*products, support], {**PRICES, "support.fee": fifth}, terms=[some_terms()], discounts=discounts, **more
    )


def test_a_percentage_of_lines_is_repriced_with_them_and_not_given_up():
    modules = multi_product(applies_to=Selector(types=frozenset({ProductType.MODULE})))
    book = a_contract(supported([modules]), add("crm", "100"), add("analytics", "100"), Add("support"))
    # CRM and Analytics fall by 3,000 and 1,200 with the third product, Core comes with 10,200: a fifth of each.
    assert [each for each in moved(book, add("core", "100")) if each[0] == "support.fee"] == [
        ("support.fee", "expansion", "expansion", "volume", "2040.00"),
        ("support.fee", "contraction", "pricing", "repricing", "-840.00"),
    ]


def test_a_renewal_tells_the_end_of_a_promotion_from_the_new_list():
    promotion = a_policy("promo", "0.20", group="promotions", ends_on=END)
    book = a_contract(a_rulebook_of_three(discounts=[promotion]), add("crm", "100"))
    dearer = a_rulebook_of_three({**PRICES, "crm.seats": "52"}, discounts=[], hash="1" * 64)
    # 48,000 to 62,400: 12,000 of the promotion, 2,400 of the price.
    assert moved(book.under(dearer), Renew(), on=END) == [
        ("crm.seats", "expansion", "pricing", "promotion_end", "12000.00"),
        ("crm.seats", "expansion", "pricing", "list_change", "2400.00"),
    ]


def test_what_lapsed_and_comes_back_was_lost_meanwhile():
    assert moved(a_contract(a_rulebook_of_three(), add("crm", "100")), Reinstate(), on=date(2027, 2, 1)) == [
        ("crm.seats", "reactivation", "retention", "reactivation", "60000.00"),
        ("crm.seats", "churn", "retention", "churn", "-60000.00", "2027-01-01"),
    ]


def test_a_cancellation_takes_back_what_was_to_come_as_what_it_was():
    book = a_contract(a_rulebook_of_three(discounts=[]), add("crm", "50", ramp=(RampStep(9, {"users": D(150)}),)))
    assert moved(book, Cancel()) == [
        ("crm.seats", "churn", "retention", "churn", "-30000.00"),
        ("crm.seats", "expansion", "expansion", "volume", "-60000.00", "2026-10-01"),
    ]
