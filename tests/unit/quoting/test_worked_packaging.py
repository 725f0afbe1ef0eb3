"""Tiers, product rules and requests that cannot be priced, each with the reason the quote or the refusal gives."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest

from pricing_engine.catalog.charge_models import Band, Flat, Graduated, Volume
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Limit, ProductType, QuantityRule, Selector, Timing
from pricing_engine.money import ZERO
from pricing_engine.policies.discounts import Schedule
from pricing_engine.policies.discretion import Discretion, DiscretionLimit
from pricing_engine.policies.findings import Severity
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.refusals import (
    AmountTooPrecise,
    DuplicateProduct,
    NoTierFits,
    QuantityMissing,
    RampOnOneTime,
    UnknownMetric,
    UnknownProduct,
)
from pricing_engine.quoting.request import DiscountRequest, PercentOff, RampStep, TargetPrice
from tests.rulebooks import (
    USD,
    a_ladder,
    a_policy,
    a_product,
    a_rulebook,
    a_tier,
    add,
    ask,
    condition,
    quote,
    ref,
    seats,
)
from tests.unit.quoting.reading import codes, line, total

D = Decimal

MULTI_PRODUCT = a_policy(
    "multi-product", Schedule("product_count", ((D(2), D("0.10")), (D(3), D("0.15")))), stacks_with_bundles=False
)
TWO = [a_product("crm"), a_product("analytics")]
TWO_PRICES = {"crm.seats": "50.00", "analytics.seats": "20.00"}


def test_a_product_lifts_the_account_to_the_tier_it_requires_and_the_quote_says_why() -> None:
    ladder = a_ladder(a_tier("essentials", limits=[Limit("users", D(50))]), a_tier("growth", seats("fee", metric=None)))
    rulebook = a_rulebook(
        [a_product("crm"), a_product("analytics", requires_tier="growth")],
        {**TWO_PRICES, "growth.fee": Flat(D("900.00"))},
        ladder=ladder,
    )
    priced = quote(rulebook, add("crm", "10"), add("analytics", "10"), tier="essentials")
    assert priced.tier is not None
    assert (priced.tier.tier, priced.tier.forced_by) == ("growth", "analytics requires growth")
    assert "tier-upgraded" in codes(priced)
    assert line(priced, "growth.fee").net_per_year == D("10800.00")
    assert quote(rulebook, add("crm", "10"), tier="essentials").tier.tier == "essentials"


def test_a_metric_above_its_limit_lifts_the_tier_and_a_tier_asked_for_is_never_lowered() -> None:
    ladder = a_ladder(
        a_tier("essentials", limits=[Limit("users", D(50))]), a_tier("growth", limits=[Limit("users", D(500))])
    )
    rulebook = a_rulebook(TWO, TWO_PRICES, ladder=ladder)
    tiers = [quote(rulebook, add("crm", users)).tier.tier for users in ("50", "51", "500")]
    assert tiers == ["essentials", "growth", "growth"]
    assert quote(rulebook, add("crm", "1"), tier="growth").tier.tier == "growth"
    with pytest.raises(NoTierFits, match="users 501 is above growth's 500"):
        quote(rulebook, add("crm", "501"))


def test_use_above_a_limit_with_overage_does_not_lift_the_tier_but_the_cheaper_way_is_named() -> None:
    # Growth 900.00 + (6,000 − 5,000) × 0.50 = 1,400.00 a month → 16,800; enterprise 1,500.00 → 18,000 a year.
    transfer = seats("transfer", metric="transfer_gb", timing=Timing.USAGE)
    ladder = a_ladder(
        a_tier("growth", seats("fee", metric=None), transfer, limits=[Limit("transfer_gb", D(5000), overage=True)]),
        a_tier("enterprise", seats("fee", metric=None)),
    )
    over = Price(Graduated((Band(None, D("0.50")),)), included=D(5000))
    prices = {**TWO_PRICES, "growth.fee": Flat(D(900)), "growth.transfer": over, "enterprise.fee": Flat(D(1500))}
    rulebook = a_rulebook(TWO, prices, ladder=ladder)
    priced = quote(rulebook, add("crm", "1"), usage={"transfer_gb": D(6000)})
    assert priced.tier.tier == "growth"
    finding = next(finding for finding in priced.findings if finding.code == "overage-or-upgrade")
    assert (finding.facts["stay"], finding.facts["upgrade"], finding.facts["cheaper"]) == (D(16800), D(18000), "growth")
    assert line(priced, "growth.transfer").usage_estimate == D("500.00")
    assert line(priced, "growth.transfer").net_term == ZERO


def test_product_rules_are_refusals_that_name_the_rule() -> None:
    products = [
        a_product("crm", quantities=(QuantityRule("users", D(5), D(1000), D(5)),)),
        a_product("analytics", requires=frozenset({"core"}), excludes=frozenset({"crm"})),
    ]
    priced = quote(a_rulebook(products, TWO_PRICES), add("crm", "7"), add("analytics", "1.5"))
    assert [(finding.code, finding.severity, finding.what) for finding in priced.findings] == [
        ("quantity-rule", Severity.REFUSAL, "crm: 7 users is not sold: it comes in steps of 5"),
        ("requires", Severity.REFUSAL, "analytics requires core"),
        ("excludes", Severity.REFUSAL, "analytics cannot be sold with crm"),
        ("quantity-rule", Severity.REFUSAL, "analytics: 1.5 users is not sold: it is counted in steps of 1"),
    ]


def test_what_cannot_be_priced_is_refused_with_a_pointer_and_a_way_out() -> None:
    rulebook = a_rulebook(TWO, TWO_PRICES)
    with pytest.raises(UnknownProduct) as refused:
        quote(rulebook, add("crn", "1"))
    assert (refused.value.pointer, refused.value.fix) == ("/changes/0/product", "did you mean crm?")
    with pytest.raises(DuplicateProduct):
        quote(rulebook, add("crm", "1"), add("crm", "1"))
    with pytest.raises(QuantityMissing):
        quote(rulebook, add("crm"))


def test_pricing_does_not_depend_on_the_callers_decimal_context() -> None:
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[MULTI_PRODUCT])
    expected = quote(rulebook, add("crm", "333"), add("analytics", "77"), term_months=17)
    with localcontext() as context:
        context.prec = 3
        assert quote(rulebook, add("crm", "333"), add("analytics", "77"), term_months=17) == expected


def test_the_request_is_kept_on_the_quote() -> None:
    request = ask(add("crm", "1"))
    assert assemble_quote(request, rulebook=a_rulebook(TWO, TWO_PRICES), quote_id="quo_1").request is request


@pytest.mark.parametrize(("users", "net"), [("39", D("23400.00")), ("40", D("21600.00"))])
def test_a_condition_may_ask_how_much_of_the_tiers_limit_is_used(users: str, net: Decimal) -> None:
    # 40 of 50 is 80%: 40 × 600 = 24,000 less 10%; 39 × 600 = 23,400 stays.
    ladder = a_ladder(a_tier("essentials", limits=[Limit("users", D(50))]))
    policy = a_policy("nearly-full", "0.10", when=condition('usage_share("users") >= 0.80'))
    rulebook = a_rulebook(TWO, TWO_PRICES, ladder=ladder, discounts=[policy])
    assert total(quote(rulebook, add("crm", users))).arr == net


def test_usage_is_declared_only_of_what_is_measured() -> None:
    rulebook = a_rulebook(TWO, TWO_PRICES)
    with pytest.raises(UnknownMetric, match="api_cals is not a metric") as refused:
        quote(rulebook, add("crm", "1"), usage={"api_cals": D(1)})
    assert (refused.value.pointer, refused.value.fix) == ("/usage/api_cals", "did you mean api_calls?")
    with pytest.raises(UnknownMetric):
        quote(rulebook, add("crm", "1"), usage={"users": D(1)})


def test_the_cheaper_quantity_is_one_the_product_is_sold_in() -> None:
    # Sold in tens: above 10 the next is 20, at 15.00 = 300.00; 10 cost 200.00, so nothing is cheaper. In fives 15 cost
    # 225.00. Sold singly 11 cost 165.00.
    model = Volume((Band(D(10), D("20.00")), Band(None, D("15.00"))))
    for step, cheaper in ((10, None), (5, None), (1, D(11))):
        product = a_product("crm", quantities=(QuantityRule("users", step=D(step)),))
        priced = quote(a_rulebook([product], {"crm.seats": model}), add("crm", "10"))
        found = [finding.facts["quantity"] for finding in priced.findings if finding.code == "cheaper-above"]
        assert found == ([] if cheaper is None else [cheaper])


def test_a_target_price_that_is_not_below_the_net_price_takes_nothing_off_and_says_so() -> None:
    priced = quote(
        a_rulebook(TWO, TWO_PRICES), add("crm", "1"), discounts=(DiscountRequest(TargetPrice(D(60)), "crm"),)
    )
    assert codes(priced) == ["discount-without-effect"]
    assert total(priced).arr == D("600.00")


def test_a_line_says_what_a_period_and_a_unit_come_to() -> None:
    # 7 users at 19.99 less 10%: 17.991 each, 125.937 a month → 125.94.
    rulebook = a_rulebook(TWO, {**TWO_PRICES, "crm.seats": "19.99"}, discounts=[a_policy("ten", "0.10")])
    crm = line(quote(rulebook, add("crm", "7")), "crm.seats")
    first = crm.segments[0]
    assert crm.unit_prices(first.list, first.net) == (D("19.99"), D("17.991"))
    assert crm.per_period(first.net, USD) == D("125.94")


def test_the_largest_amounts_are_shown_in_any_decimal_context() -> None:
    # 999,999,999,999,999 users at 999,999,999,999.999999: 26 digits before the point a month.
    rulebook = a_rulebook(TWO, {**TWO_PRICES, "crm.seats": "999999999999.999999"})
    crm = line(quote(rulebook, add("crm", "999999999999999")), "crm.seats")
    net = crm.segments[0].net
    assert crm.unit_prices(net, net) == (D("999999999999.999999"), D("999999999999.999999"))
    assert crm.per_period(net, USD) == D("999999999999998999000000000.00")


def test_a_tier_that_does_not_offer_what_was_chosen_is_no_way_out_of_overage():
    transfer = seats("transfer", metric="transfer_gb", timing=Timing.USAGE)
    ladder = a_ladder(
        a_tier("growth", transfer, limits=[Limit("transfer_gb", D(5000), overage=True)]),
        a_tier("enterprise", seats("fee", metric=None), offers=["analytics"]),
    )
    prices = {**TWO_PRICES, "growth.transfer": "0.50", "enterprise.fee": Flat(D(1500))}
    rulebook = a_rulebook(TWO, prices, ladder=ladder)
    assert "overage-or-upgrade" not in codes(quote(rulebook, add("crm", "1"), usage={"transfer_gb": D(6000)}))
    priced = quote(rulebook, add("analytics", "1"), usage={"transfer_gb": D(6000)})
    assert "overage-or-upgrade" in codes(priced)


def test_a_ramp_cannot_change_what_is_owed_once():
    setup = a_product("setup", seats("fee", months=None, timing=Timing.ONE_TIME), type_=ProductType.SERVICE)
    rulebook = a_rulebook([*TWO, setup], {**TWO_PRICES, "setup.fee": "10.00"})
    with pytest.raises(RampOnOneTime) as refused:
        quote(rulebook, add("setup", "5", ramp=(RampStep(6, {"users": D(200)}),)))
    assert refused.value.pointer == "/changes/0/ramp/0"


def test_a_discount_may_name_a_line_by_its_id_and_a_commitment_is_in_whole_cents():
    ladder = a_ladder(a_tier("growth", seats("fee", metric=None)))
    anything = Discretion((DiscretionLimit("d1", "rep", D(1), D(1), Selector(), ref("d1")),), frozenset())
    rulebook = a_rulebook(TWO, {**TWO_PRICES, "growth.fee": Flat(D(100))}, ladder=ladder, discretion=anything)
    half = (DiscountRequest(PercentOff(D("0.5")), product="growth", charge="fee"),)
    assert line(quote(rulebook, add("crm", "1"), discounts=half), "growth.fee").net_per_year == D("600.00")
    api = a_product("api", seats("calls", metric="api_calls", timing=Timing.USAGE))
    with pytest.raises(AmountTooPrecise) as refused:
        quote(a_rulebook([api], {"api.calls": "0.01"}), add("api", commitments={"calls": D("500.001")}))
    assert refused.value.pointer == "/changes/0/commitments/calls"
