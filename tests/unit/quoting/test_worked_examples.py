"""The worked figures of the design, and one whole quote per rule of P15 to P21, worked out in comments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Band, Flat, Graduated, Package, Percentage, Volume
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle, Limit, ProductType, QuantityRule, Selector, Timing
from pricing_engine.money import ZERO
from pricing_engine.policies.approvals import ApprovalMatrix, ApprovalRow, Hit, Range
from pricing_engine.policies.discounts import Amount, Base, DiscountGroup, Pick, Schedule
from pricing_engine.policies.discretion import Discretion, DiscretionLimit, Floor
from pricing_engine.policies.findings import Severity
from pricing_engine.pricing.waterfall import StepKind
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.refusals import (
    BundleIncomplete,
    DuplicateProduct,
    NoTierFits,
    PriceNotAllowed,
    QuantityMissing,
    RoleMayNotPrice,
    UnknownMetric,
    UnknownProduct,
)
from pricing_engine.quoting.request import AmountOff, DiscountRequest, PercentOff, RampStep, TargetPrice
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

D = Decimal

MULTI_PRODUCT = a_policy(
    "multi-product", Schedule("product_count", ((D(2), D("0.10")), (D(3), D("0.15")))), stacks_with_bundles=False
)
TWO = [a_product("crm"), a_product("analytics")]
TWO_PRICES = {"crm.seats": "50.00", "analytics.seats": "20.00"}


def line(priced: Quote, id_: str):
    return next(each for each in priced.lines if each.id == id_)


def codes(priced: Quote) -> list[str]:
    return [finding.code for finding in priced.findings]


def total(priced: Quote):
    assert priced.totals is not None
    return priced.totals


def test_two_products_get_ten_percent_as_in_the_worked_example_of_the_design():
    # CRM 100 × 50.00 × 12 = 60,000 → 54,000; Analytics 100 × 20.00 × 12 = 24,000 → 21,600; ARR 75,600.
    priced = quote(a_rulebook(TWO, TWO_PRICES, discounts=[MULTI_PRODUCT]), add("crm", "100"), add("analytics", "100"))
    assert line(priced, "crm.seats").net_per_year == D("54000.00")
    assert line(priced, "analytics.seats").net_per_year == D("21600.00")
    assert total(priced).arr == D("75600.00")
    assert total(priced).mrr == D("6300.00")
    assert total(priced).discount == D("8400.00")


def test_the_waterfall_adds_up_to_the_last_decimal():
    priced = quote(a_rulebook(TWO, TWO_PRICES, discounts=[MULTI_PRODUCT]), add("crm", "7"), add("analytics", "3"))
    for each in priced.lines:
        for segment in each.segments:
            assert sum((step.amount for step in segment.steps), ZERO) == segment.net - segment.list
            for before, after in zip(segment.steps, segment.steps[1:], strict=False):
                assert before.after == after.before
        assert each.closing[-1].after == each.net_term


def test_eleven_users_cost_less_than_nine_and_the_quote_says_so():
    # Volume bands [≤10: 20.00][open: 15.00]: 9 → 180.00, 11 → 165.00, so 11 saves 15.00.
    model = Volume((Band(D(10), D("20.00")), Band(None, D("15.00"))))
    priced = quote(a_rulebook([a_product("crm")], {"crm.seats": model}), add("crm", "9"))
    finding = next(finding for finding in priced.findings if finding.code == "cheaper-above")
    assert (finding.facts["quantity"], finding.facts["saving"]) == (D(11), D("15.00"))
    assert "cheaper-above" not in codes(quote(a_rulebook([a_product("crm")], {"crm.seats": model}), add("crm", "8")))


def test_an_eighteen_month_yearly_plan_measures_its_stub_on_the_whole_second_year():
    # Year one 600.00; 2027-01-01 → 2027-07-01 is 181 of 365 days: 600 × 181/365 = 297.534… → 897.53.
    priced = quote(a_rulebook(TWO, TWO_PRICES), add("crm", "1"), term_months=18)
    assert line(priced, "crm.seats").net_term == D("897.53")
    assert [invoice.total for invoice in priced.invoices] == [D("600.00"), D("297.53")]
    assert total(priced).acv == D("598.35")  # 897.53 × 12/18 = 598.3533


def test_monthly_invoices_of_a_year_are_equal_parts_and_sum_to_the_contract():
    # 1 user at 8.33⅓ is not sold; 10.01 × 12 = 120.12 in twelve parts of 10.01.
    priced = quote(a_rulebook(TWO, {**TWO_PRICES, "crm.seats": "10.01"}), add("crm", "1"), billing="monthly_in_advance")
    assert [invoice.total for invoice in priced.invoices] == [D("10.01")] * 12
    assert priced.invoices[1].day == date(2026, 2, 1)


def test_arrears_are_invoiced_at_the_end_of_each_period_and_one_time_fees_on_the_first_day():
    setup = a_product(
        "setup", seats("fee", metric=None, months=None, timing=Timing.ONE_TIME), type_=ProductType.SERVICE
    )
    rulebook = a_rulebook([*TWO, setup], {**TWO_PRICES, "setup.fee": Flat(D("500.00"))})
    priced = quote(rulebook, add("crm", "1"), add("setup"), billing="quarterly_in_arrears")
    assert [(str(invoice.day), invoice.total) for invoice in priced.invoices] == [
        ("2026-01-01", D("500.00")),
        ("2026-04-01", D("150.00")),
        ("2026-07-01", D("150.00")),
        ("2026-10-01", D("150.00")),
        ("2027-01-01", D("150.00")),
    ]
    assert total(priced).one_time == D("500.00")
    assert total(priced).arr == D("600.00")


def test_groups_compound_in_their_declared_order_and_best_of_a_group_wins():
    # 60,000 − 10% = 54,000; of 5% and 8% the 8% wins: 54,000 − 4,320 = 49,680.
    groups = [DiscountGroup("portfolio", Pick.BEST, Base.COMPOUND), DiscountGroup("term", Pick.BEST, Base.COMPOUND)]
    policies = [
        a_policy("small-term", "0.05", group="term"),
        a_policy("large-term", "0.08", group="term"),
        a_policy("ten", "0.10"),
    ]
    priced = quote(a_rulebook(TWO, TWO_PRICES, discounts=policies, groups=groups), add("crm", "100"))
    steps = line(priced, "crm.seats").segments[0].steps
    assert [(step.rule.id, step.after) for step in steps[1:]] == [("ten", D(54000)), ("large-term", D(49680))]


def test_an_additive_group_takes_its_share_of_list():
    # 60,000 − 10% = 54,000; 5% of list is 3,000: 51,000.
    groups = [DiscountGroup("portfolio", Pick.BEST, Base.COMPOUND), DiscountGroup("term", Pick.SUM, Base.ADDITIVE)]
    policies = [a_policy("term", "0.05", group="term"), a_policy("ten", "0.10")]
    priced = quote(a_rulebook(TWO, TWO_PRICES, discounts=policies, groups=groups), add("crm", "100"))
    assert line(priced, "crm.seats").net_per_year == D("51000.00")


def test_a_fixed_amount_is_shared_by_running_net_and_stops_at_what_is_left():
    # 8,400 over 60,000 : 24,000 is 6,000 : 2,400. 100,000 off 84,000 leaves exactly 0.
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[a_policy("fixed", Amount(D("8400.00")))])
    priced = quote(rulebook, add("crm", "100"), add("analytics", "100"))
    assert [each.net_per_year for each in priced.lines] == [D("54000.00"), D("21600.00")]
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[a_policy("all", Amount(D(100000)))])
    assert total(quote(rulebook, add("crm", "100"), add("analytics", "100"))).net == D("0.00")


def test_a_promotion_splits_the_term_and_shows_the_price_until_then_and_after():
    # 6 months at 12% off of 24: 600 × 0.88 = 528 a year. Year one is 365 days, 181 of them on promotion:
    # 528 × 181/365 + 600 × 184/365 = 261.830… + 302.465… = 564.30; year two 600; 1,164.30.
    spring = a_policy("spring", "0.12", group="promotions", months=6)
    priced = quote(a_rulebook(TWO, TWO_PRICES, discounts=[spring]), add("crm", "1"), term_months=24)
    crm = line(priced, "crm.seats")
    assert [(str(each.start), each.net) for each in crm.segments] == [("2026-01-01", D(528)), ("2026-07-01", D(600))]
    assert crm.net_per_year == D("528.00")
    assert crm.net_term == D("1164.30")
    assert [invoice.total for invoice in priced.invoices] == [D("564.30"), D("600.00")]
    finding = next(finding for finding in priced.findings if finding.code == "promotion-ends")
    assert (finding.facts["ends"], finding.facts["until"], finding.facts["after"]) == (
        date(2026, 7, 1),
        D("528.00"),
        D("600.00"),
    )


def test_a_promotion_is_granted_only_inside_its_window_of_requests():
    window = {"requested_from": date(2026, 3, 1), "requested_until": date(2026, 6, 1)}
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[a_policy("spring", "0.12", **window)])
    nets = [
        total(quote(rulebook, add("crm", "1"), as_of=day)).arr
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1))
    ]
    assert nets == [D("600.00"), D("528.00"), D("528.00"), D("600.00")]


def test_the_total_cap_trims_policies_and_refuses_what_a_rep_asks_beyond_it():
    # 50% by policy, cap 45%: trimmed to 55% of 60,000 = 33,000. A rep's 10% then goes beyond: refused, not trimmed.
    discretion = Discretion((), frozenset(), D("0.45"), ref("cap"), None)
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[a_policy("half", "0.50")], discretion=discretion)
    priced = quote(rulebook, add("crm", "100"))
    assert line(priced, "crm.seats").net_per_year == D("33000.00")
    assert line(priced, "crm.seats").segments[0].steps[-1].kind is StepKind.CAP
    assert not priced.is_refused


def test_discretion_beyond_the_cap_is_a_refusal():
    discretion = Discretion(
        (DiscretionLimit("d1", "rep", D(1), D(1), Selector(), ref("d1")),), frozenset(), D("0.45"), ref("cap"), None
    )
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[a_policy("forty", "0.40")], discretion=discretion)
    ten = (DiscountRequest(PercentOff(D("0.10"))),)
    priced = quote(rulebook, add("crm", "100"), discounts=ten)
    # 60,000 × 0.60 × 0.90 = 32,400 is below 33,000.
    assert line(priced, "crm.seats").net_per_year == D("32400.00")
    assert codes(priced) == ["discount-beyond-cap"]
    assert priced.is_refused


@pytest.mark.parametrize(
    ("ratio", "margin", "refused"), [("0.55", None, False), ("0.95", None, True), (None, "0.80", True)]
)
def test_of_several_floors_the_higher_binds(ratio, margin, refused):
    # Cost 9.00 of 45.00 net is a margin of exactly 80% → floor 45.00; a cost of 9.01 breaks it.
    product = a_product("crm", seats(unit_cost=D("9.01")))
    floor = Floor(D(ratio) if ratio else None, D(margin) if margin else None, ref("floor"))
    discretion = Discretion((), frozenset(), None, None, floor)
    rulebook = a_rulebook([product], {"crm.seats": "50.00"}, discounts=[a_policy("ten", "0.10")], discretion=discretion)
    assert quote(rulebook, add("crm", "100")).is_refused is refused


def matrix() -> ApprovalMatrix:
    rows = (
        ApprovalRow((Range(D(0), D("0.20")), Range(None, D(250000))), "manager", ref("a1")),
        ApprovalRow((Range(D(0), D("0.20")), Range(D(250000), None)), "director", ref("a2")),
        ApprovalRow((Range(D("0.20"), None), Range(None, None)), "deal_desk", ref("a3")),
    )
    return ApprovalMatrix("discount", ("discretionary", "acv"), ("manager", "director", "deal_desk"), Hit.HIGHEST, rows)


LIMITS = Discretion(
    (DiscretionLimit("d1", "rep", D("0.10"), D("0.08"), Selector(), ref("d1")),), frozenset({"deal_desk"})
)


@pytest.mark.parametrize(
    ("percent", "users", "levels"),
    [
        ("0.08", "100", ()),  # exactly the rep's limit over the quote
        ("0.0801", "100", ("manager",)),
        ("0.15", "1000", ("director",)),  # 600,000 a year
        ("0.20", "100", ("deal_desk",)),
    ],
)
def test_discretion_beyond_the_role_goes_to_the_level_of_the_matrix(percent, users, levels):
    rulebook = a_rulebook(TWO, TWO_PRICES, discretion=LIMITS, approvals=matrix())
    priced = quote(rulebook, add("crm", users), discounts=(DiscountRequest(PercentOff(D(percent))),))
    assert priced.approval_levels == levels
    assert ("discretion-exceeded" in codes(priced)) is bool(levels)


def test_the_matrix_reads_amounts_in_the_reporting_currency():
    # 5,000 users × 5,000 JPY × 12 × 0.85 = 255,000,000 JPY = 1,785,000 USD at 0.0070: a director, not a manager.
    from tests.rulebooks import JPY, a_book

    rulebook = a_rulebook(TWO, [a_book({"crm.seats": "5000"}, currency=JPY)], discretion=LIMITS, approvals=matrix())
    priced = quote(rulebook, add("crm", "5000"), currency="JPY", discounts=(DiscountRequest(PercentOff(D("0.15"))),))
    assert total(priced).arr == D(255000000)
    assert priced.approval_levels == ("director",)


def test_a_target_price_and_an_amount_off_are_discretion_too():
    # Target 45.00 on 50.00 is 10% off the line; 3,000 off 60,000 is 5%.
    rulebook = a_rulebook(TWO, TWO_PRICES, discretion=LIMITS, approvals=matrix())
    priced = quote(rulebook, add("crm", "100"), discounts=(DiscountRequest(TargetPrice(D("45.00")), product="crm"),))
    assert total(priced).arr == D("54000.00")
    priced = quote(rulebook, add("crm", "100"), discounts=(DiscountRequest(AmountOff(D("3000.00"))),))
    assert total(priced).arr == D("57000.00")
    assert priced.approval_levels == ()


def test_a_product_lifts_the_account_to_the_tier_it_requires_and_the_quote_says_why():
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


def test_a_metric_above_its_limit_lifts_the_tier_and_a_tier_asked_for_is_never_lowered():
    ladder = a_ladder(
        a_tier("essentials", limits=[Limit("users", D(50))]), a_tier("growth", limits=[Limit("users", D(500))])
    )
    rulebook = a_rulebook(TWO, TWO_PRICES, ladder=ladder)
    tiers = [quote(rulebook, add("crm", users)).tier.tier for users in ("50", "51", "500")]
    assert tiers == ["essentials", "growth", "growth"]
    assert quote(rulebook, add("crm", "1"), tier="growth").tier.tier == "growth"
    with pytest.raises(NoTierFits, match="users 501 is above growth's 500"):
        quote(rulebook, add("crm", "501"))


def test_use_above_a_limit_with_overage_does_not_lift_the_tier_but_the_cheaper_way_is_named():
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


def test_a_bundle_comes_off_list_and_its_lines_get_no_policy_unless_it_stacks():
    # 84,000 − 18% = 68,880; multi-product does not stack with bundles.
    bundle = Bundle("suite", "Suite", (frozenset({"crm"}), frozenset({"analytics", "other"})), ref("suite"), D("0.18"))
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[MULTI_PRODUCT], bundles=[bundle])
    priced = quote(rulebook, add("crm", "100"), add("analytics", "100"), bundles=("suite",))
    assert total(priced).arr == D("68880.00")
    with pytest.raises(BundleIncomplete, match="analytics or other"):
        quote(rulebook, add("crm", "100"), bundles=("suite",))


def test_a_fixed_bundle_price_is_shared_over_its_lines_by_list():
    # 5,000.00 a month → 60,000 a year over 60,000 : 24,000 = 42,857.14 : 17,142.86.
    bundle = Bundle(
        "suite", "Suite", (frozenset({"crm"}), frozenset({"analytics"})), ref("suite"), None, "suite.price", 1
    )
    rulebook = a_rulebook(TWO, {**TWO_PRICES, "suite.price": Flat(D(5000))}, bundles=[bundle])
    priced = quote(rulebook, add("crm", "100"), add("analytics", "100"), bundles=("suite",))
    assert [each.net_per_year for each in priced.lines] == [D("42857.14"), D("17142.86")]


def test_support_is_a_percentage_of_the_net_of_other_lines():
    # 20% of the net 75,600 = 15,120, although list is 84,000.
    support = a_product(
        "support",
        seats("fee", metric=None, of_lines=Selector(types=frozenset({ProductType.MODULE}))),
        type_=ProductType.SERVICE,
    )
    model = Percentage(Graduated((Band(None, D("0.20")),)))
    policy = a_policy("multi", MULTI_PRODUCT.size, applies_to=Selector(types=frozenset({ProductType.MODULE})))
    rulebook = a_rulebook([support, *TWO], {**TWO_PRICES, "support.fee": model}, discounts=[policy])
    priced = quote(rulebook, add("support"), add("crm", "100"), add("analytics", "100"))
    assert line(priced, "support.fee").net_per_year == D("15120.00")
    assert [each.id for each in priced.lines] == ["support.fee", "crm.seats", "analytics.seats"]


def test_a_ramp_prices_each_stretch_and_arr_is_the_first():
    # 10 users the first year, 20 the second, at 50.00: 6,000 + 12,000.
    rulebook = a_rulebook(TWO, TWO_PRICES)
    steps = (RampStep(12, {"users": D(20)}),)
    priced = quote(rulebook, add("crm", "10", ramp=steps), term_months=24)
    crm = line(priced, "crm.seats")
    assert [segment.quantity for segment in crm.segments] == [D(10), D(20)]
    assert (crm.net_per_year, crm.net_term) == (D("6000.00"), D("18000.00"))
    assert [invoice.total for invoice in priced.invoices] == [D("6000.00"), D("12000.00")]


def test_a_ramp_may_ask_a_unit_price_which_is_discretion():
    # 45.00 instead of 50.00 in the second year: 6,000 + 5,400, 10% off a line, the rep's limit.
    rulebook = a_rulebook(TWO, TWO_PRICES, discretion=LIMITS, approvals=matrix())
    steps = (RampStep(12, unit_prices={"seats": D("45.00")}),)
    priced = quote(rulebook, add("crm", "10", ramp=steps), term_months=24)
    assert line(priced, "crm.seats").net_term == D("11400.00")
    assert priced.approval_levels == ()


def test_a_price_on_request_leaves_the_quote_without_a_total_until_someone_allowed_gives_one():
    rulebook = a_rulebook([*TWO, a_product("region", seats("fee", metric=None))], {**TWO_PRICES, "region.fee": None})
    priced = quote(rulebook, add("crm", "1"), add("region"))
    assert priced.totals is None
    assert priced.invoices == ()
    assert (codes(priced), priced.is_refused) == (["price-on-request"], True)
    given = add("region", unit_prices={"fee": D("2000.00")})
    assert total(quote(rulebook, add("crm", "1"), given, role="deal_desk")).arr == D("24600.00")
    with pytest.raises(RoleMayNotPrice):
        quote(rulebook, given)
    with pytest.raises(PriceNotAllowed):
        quote(rulebook, add("crm", "1", unit_prices={"seats": D(1)}), role="deal_desk")


def test_a_committed_quantity_counts_and_usage_above_it_is_only_estimated():
    # 100,000 calls committed at 7.50 per 10,000 = 75.00 a month; 20,000 more at 0.001 = 20.00.
    api = a_product("api", seats("calls", metric="api_calls", timing=Timing.USAGE))
    price = Price(Package(D(10000), D("7.50")), overage_unit_price=D("0.001"))
    rulebook = a_rulebook([api], {"api.calls": price})
    priced = quote(rulebook, add("api", quantities={"api_calls": "100000"}), usage={"api_calls": D(120000)})
    calls = line(priced, "api.calls")
    assert (calls.net_per_year, calls.usage_estimate) == (D("900.00"), D("20.00"))
    assert total(quote(rulebook, add("api"))).arr == D("0.00")
    committed = add("api", commitments={"calls": D("60.00")})
    assert total(quote(rulebook, committed)).arr == D("720.00")


def test_product_rules_are_refusals_that_name_the_rule():
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


def test_what_cannot_be_priced_is_refused_with_a_pointer_and_a_way_out():
    rulebook = a_rulebook(TWO, TWO_PRICES)
    with pytest.raises(UnknownProduct) as refused:
        quote(rulebook, add("crn", "1"))
    assert (refused.value.pointer, refused.value.fix) == ("/changes/0/product", "did you mean crm?")
    with pytest.raises(DuplicateProduct):
        quote(rulebook, add("crm", "1"), add("crm", "1"))
    with pytest.raises(QuantityMissing):
        quote(rulebook, add("crm"))


def test_pricing_does_not_depend_on_the_callers_decimal_context():
    from decimal import localcontext

    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[MULTI_PRODUCT])
    expected = quote(rulebook, add("crm", "333"), add("analytics", "77"), term_months=17)
    with localcontext() as context:
        context.prec = 3
        assert quote(rulebook, add("crm", "333"), add("analytics", "77"), term_months=17) == expected


def test_the_request_is_kept_on_the_quote():
    request = ask(add("crm", "1"))
    from pricing_engine.quoting.assemble import assemble_quote

    assert assemble_quote(request, rulebook=a_rulebook(TWO, TWO_PRICES), quote_id="quo_1").request is request


@pytest.mark.parametrize(("users", "net"), [("39", D("23400.00")), ("40", D("21600.00"))])
def test_a_condition_may_ask_how_much_of_the_tiers_limit_is_used(users, net):
    # 40 of 50 is 80%: 40 × 600 = 24,000 less 10%; 39 × 600 = 23,400 stays.
    ladder = a_ladder(a_tier("essentials", limits=[Limit("users", D(50))]))
    policy = a_policy("nearly-full", "0.10", when=condition('usage_share("users") >= 0.80'))
    rulebook = a_rulebook(TWO, TWO_PRICES, ladder=ladder, discounts=[policy])
    assert total(quote(rulebook, add("crm", users))).arr == net


def test_usage_is_declared_only_of_what_is_measured():
    rulebook = a_rulebook(TWO, TWO_PRICES)
    with pytest.raises(UnknownMetric, match="api_cals is not a metric") as refused:
        quote(rulebook, add("crm", "1"), usage={"api_cals": D(1)})
    assert (refused.value.pointer, refused.value.fix) == ("/usage/api_cals", "did you mean api_calls?")
    with pytest.raises(UnknownMetric):
        quote(rulebook, add("crm", "1"), usage={"users": D(1)})


def test_the_cheaper_quantity_is_one_the_product_is_sold_in():
    # Sold in tens: above 10 the next is 20, at 15.00 = 300.00; 10 cost 200.00, so nothing is cheaper. In fives 15 cost
    # 225.00. Sold singly 11 cost 165.00.
    model = Volume((Band(D(10), D("20.00")), Band(None, D("15.00"))))
    for step, cheaper in ((10, None), (5, None), (1, D(11))):
        product = a_product("crm", quantities=(QuantityRule("users", step=D(step)),))
        priced = quote(a_rulebook([product], {"crm.seats": model}), add("crm", "10"))
        found = [finding.facts["quantity"] for finding in priced.findings if finding.code == "cheaper-above"]
        assert found == ([] if cheaper is None else [cheaper])


def test_a_target_price_that_is_not_below_the_net_price_takes_nothing_off_and_says_so():
    priced = quote(
        a_rulebook(TWO, TWO_PRICES), add("crm", "1"), discounts=(DiscountRequest(TargetPrice(D(60)), "crm"),)
    )
    assert codes(priced) == ["discount-without-effect"]
    assert total(priced).arr == D("600.00")


def test_a_line_says_what_a_period_and_a_unit_come_to():
    # 7 users at 19.99 less 10%: 17.991 each, 125.937 a month → 125.94.
    rulebook = a_rulebook(TWO, {**TWO_PRICES, "crm.seats": "19.99"}, discounts=[a_policy("ten", "0.10")])
    crm = line(quote(rulebook, add("crm", "7")), "crm.seats")
    net = crm.segments[0].net
    assert (crm.per_unit(net), crm.per_period(net, USD)) == (D("17.991"), D("125.94"))


def test_the_largest_amounts_are_shown_in_any_decimal_context():
    # 999,999,999,999,999 users at 999,999,999,999.999999: 26 digits before the point a month.
    rulebook = a_rulebook(TWO, {**TWO_PRICES, "crm.seats": "999999999999.999999"})
    crm = line(quote(rulebook, add("crm", "999999999999999")), "crm.seats")
    net = crm.segments[0].net
    assert crm.per_unit(net) == D("999999999999.999999")
    assert crm.per_period(net, USD) == D("999999999999998999000000000.00")
