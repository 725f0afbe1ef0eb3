"""Tiers that products and ramps force, ladders that offer lists, and groups that take more than there is."""

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Flat
from pricing_engine.catalog.products import Limit, ProductType, Timing
from pricing_engine.policies.discounts import Amount, Base, DiscountGroup, Pick, Schedule
from pricing_engine.quoting.facts import FactMissing, FactOutOfVocabulary
from pricing_engine.quoting.refusals import NoTierFits, QuantityMissing, UnknownTier
from pricing_engine.quoting.request import RampStep
from tests.rulebooks import ACCOUNT, a_ladder, a_policy, a_product, a_rulebook, a_tier, add, condition, quote, seats
from tests.unit.quoting.reading import codes, finding, line, total

D = Decimal
FEE = seats("fee", metric=None)
BY_USERS = seats("by_users")
PRODUCTS = [a_product("crm"), a_product("analytics"), a_product("audit", requires_tier="high")]
PRICES = {
    "crm.seats": "50.00",
    "analytics.seats": "20.00",
    "audit.seats": "5.00",
    "middle.fee": Flat(D(100)),
    "high.by_users": "1.00",
}


def ladder():
    return a_ladder(
        a_tier("low", limits=[Limit("users", D(10))], offers=["crm"]),
        a_tier("middle", FEE, limits=[Limit("users", D(50))], offers=["crm", "analytics"]),
        a_tier("high", BY_USERS),
    )


RULES = a_rulebook(PRODUCTS, PRICES, ladder=ladder())


@pytest.mark.parametrize(
    ("changes", "asked", "tier", "reason"),
    [
        ([add("crm", "10")], None, "low", None),
        ([add("crm", "10")], "middle", "middle", None),  # asked above the need: never lowered
        ([add("crm", "11")], "low", "middle", "users 11 is above low's 10"),
        ([add("crm", "1"), add("analytics", "1")], "low", "middle", "analytics is not offered in low"),
        ([add("audit", "1")], "middle", "high", "audit requires high"),
        ([add("crm", "51")], None, "high", "users 51 is above middle's 50"),
    ],
)
def test_the_tier_is_the_lowest_that_holds_and_offers_everything(changes, asked, tier, reason):
    found = quote(RULES, *changes, tier=asked).tier
    assert (found.tier, found.asked, found.forced_by) == (tier, asked, reason)
    assert found.is_upgrade is (asked not in (None, tier))


def test_only_an_upgrade_from_the_tier_asked_for_is_a_finding():
    assert codes(quote(RULES, add("crm", "11"))) == []
    assert finding(quote(RULES, add("crm", "11"), tier="low"), "tier-upgraded").facts["because"] == (
        "users 11 is above low's 10"
    )


def test_a_tier_that_does_not_exist_and_one_too_many_are_refused():
    with pytest.raises(UnknownTier, match="no tier lwo"):
        quote(RULES, add("crm", "1"), tier="lwo")
    small = a_rulebook(PRODUCTS[:1], PRICES, ladder=a_ladder(a_tier("only", limits=[Limit("users", D(10))])))
    with pytest.raises(NoTierFits, match="users 11 is above only's 10"):
        quote(small, add("crm", "11"))


def test_the_tier_holds_the_highest_quantity_of_a_ramp_but_its_charge_follows_the_ramp():
    # 40 users need middle, 60 in the second year need high; high costs 1.00 a user: 480.00, then 720.00 a year.
    ramped = add("crm", "40", ramp=(RampStep(12, {"users": D(60)}),))
    priced = quote(RULES, ramped, term_months=24)
    assert priced.tier.tier == "high"
    assert [segment.quantity for segment in line(priced, "high.by_users").segments] == [D(40), D(60)]
    assert line(priced, "high.by_users").net_term == D("1200.00")


def test_a_charge_by_the_accounts_users_needs_someone_to_have_users():
    products = [*PRODUCTS, a_product("hub", FEE)]
    rulebook = a_rulebook(products, {**PRICES, "hub.fee": Flat(D(1))}, ladder=ladder())
    with pytest.raises(QuantityMissing):
        quote(rulebook, add("hub"), tier="high")
    named = quote(rulebook, add("hub"), add("platform", "7"), tier="high")
    assert line(named, "high.by_users").quantity == D(7)


GROUP = [DiscountGroup("g", Pick.SUM, Base.ADDITIVE)]


def test_an_additive_group_of_more_than_everything_ends_at_exactly_nothing():
    # 60% + 50% of list: 600 − 360 = 240, then 240 of the 300, and nothing is left for the third, which so is no step.
    policies = [a_policy(id_, size, group="g") for id_, size in (("a", "0.60"), ("b", "0.50"), ("c", "0.10"))]
    rulebook = a_rulebook(PRODUCTS, PRICES, discounts=policies, groups=GROUP)
    priced = quote(rulebook, add("crm", "1"))
    assert [step.after for step in line(priced, "crm.seats").segments[0].steps] == [600, 240, 0]
    assert total(priced).net == 0


def test_a_sum_group_takes_every_share_of_the_price_before_the_group():
    # 10% and 20% of 600 are 180, not 600 − 60 − 108.
    groups = [DiscountGroup("g", Pick.SUM, Base.COMPOUND)]
    policies = [a_policy("a", "0.10", group="g"), a_policy("b", "0.20", group="g")]
    rulebook = a_rulebook(PRODUCTS, PRICES, discounts=policies, groups=groups)
    assert total(quote(rulebook, add("crm", "1"))).net == D("420.00")


def test_of_equal_discounts_the_first_by_id_wins_the_best_group():
    policies = [a_policy("b", "0.10"), a_policy("a", "0.10")]
    priced = quote(a_rulebook(PRODUCTS, PRICES, discounts=policies), add("crm", "1"))
    assert [step.rule.id for step in line(priced, "crm.seats").segments[0].steps] == ["price-crm.seats", "a"]


def test_a_fixed_amount_competes_line_by_line_with_its_share():
    # 84.00 over 600 : 240 is 60 : 24. 12% of 600 is 72 and wins; 12% of 240 is 28.80 and wins; 9% loses on both.
    for percent, nets in (("0.12", ["528.00", "211.20"]), ("0.09", ["540.00", "216.00"])):
        policies = [a_policy("amount", Amount(D("84.00"))), a_policy("percent", percent)]
        rulebook = a_rulebook(PRODUCTS, PRICES, discounts=policies)
        priced = quote(rulebook, add("crm", "1"), add("analytics", "1"))
        assert [each.net_per_year for each in priced.lines] == [D(net) for net in nets]


def test_a_schedule_by_a_lines_own_quantity_follows_its_ramp():
    by_quantity = a_policy("many", Schedule("quantity", ((D(10), D("0.05")), (D(20), D("0.10")))))
    rulebook = a_rulebook(PRODUCTS, PRICES, discounts=[by_quantity])
    ramped = add("crm", "9", ramp=(RampStep(3, {"users": D(10)}), RampStep(6, {"users": D(20)})))
    segments = line(quote(rulebook, ramped), "crm.seats").segments
    assert [1 - segment.net / segment.list for segment in segments] == [0, D("0.05"), D("0.10")]


def test_a_condition_on_what_the_account_does_not_say_is_named():
    rulebook = a_rulebook(PRODUCTS, PRICES, discounts=[a_policy("smb", "0.10", when=condition('segment == "smb"'))])
    with pytest.raises(FactMissing, match="needs segment"):
        quote(rulebook, add("crm", "1"), account=ACCOUNT._replace(attributes={}))
    with pytest.raises(FactOutOfVocabulary, match=r"account\.segment is enterprise"):
        quote(rulebook, add("crm", "1"), account=ACCOUNT._replace(attributes={"segment": "enterprise"}))


def test_a_product_on_request_and_a_paid_one_count_free_and_service_ones_do_not():
    kinds = [a_product("crm"), a_product("gift"), a_product("region"), a_product("setup", type_=ProductType.SERVICE)]
    prices = {"crm.seats": "50.00", "gift.seats": "0", "region.seats": None, "setup.seats": "9.00"}
    counted = a_policy("two", "0.10", when=condition("product_count == 2"))
    rulebook = a_rulebook(kinds, prices, discounts=[counted])
    everything = [add(product.id, "1") for product in kinds]
    assert line(quote(rulebook, *everything), "crm.seats").net_per_year == D("540.00")


def test_rules_about_the_list_price_see_it_in_the_reporting_currency_before_any_discount():
    large = a_policy("large", "0.10", when=condition("list_arr >= 20000"))
    rulebook = a_rulebook(PRODUCTS, PRICES, discounts=[large])
    nets = [total(quote(rulebook, add("crm", users))).net for users in ("33", "34")]
    assert nets == [D("19800.00"), D("18360.00")]  # 34 × 600 = 20,400 less 10%


def test_a_window_of_requests_is_about_the_day_asked_and_not_the_day_it_begins():
    window = {"requested_from": date(2026, 3, 1), "requested_until": date(2026, 4, 1)}
    rulebook = a_rulebook(PRODUCTS, PRICES, discounts=[a_policy("march", "0.10", **window)])
    asked_in_march = {"as_of": date(2026, 3, 31), "effective_date": date(2026, 9, 1)}
    assert total(quote(rulebook, add("crm", "1"), **asked_in_march)).net == D("540.00")
    assert total(quote(rulebook, add("crm", "1"), effective_date=date(2026, 3, 15))).net == D("600.00")


def test_a_setup_fee_is_not_part_of_what_recurs():
    setup = a_product("setup", seats("fee", metric=None, months=None, timing=Timing.ONE_TIME))
    priced = quote(a_rulebook([*PRODUCTS, setup], {**PRICES, "setup.fee": Flat(D(100))}), add("crm", "1"), add("setup"))
    totals = total(priced)
    assert (totals.arr, totals.mrr, totals.acv) == (D("600.00"), D("50.00"), D("600.00"))
    assert (totals.tcv, totals.one_time, totals.first_invoice) == (D("700.00"), D("100.00"), D("700.00"))
