"""Discounts worked out in comments: groups, promotions, the cap, floors, discretion and who must agree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.catalog.products import Selector
from pricing_engine.policies.approvals import ApprovalMatrix, ApprovalRow, Hit, Range
from pricing_engine.policies.discounts import Amount, Base, DiscountGroup, Pick
from pricing_engine.policies.discretion import Discretion, DiscretionLimit, Floor
from pricing_engine.pricing.waterfall import StepKind
from pricing_engine.quoting.request import AmountOff, DiscountRequest, PercentOff, RampStep, TargetPrice
from tests.rulebooks import (
    JPY,
    a_book,
    a_policy,
    a_product,
    a_rulebook,
    add,
    quote,
    ref,
    seats,
)
from tests.unit.quoting.reading import codes, line, total

D = Decimal

TWO = [a_product("crm"), a_product("analytics")]
TWO_PRICES = {"crm.seats": "50.00", "analytics.seats": "20.00"}


def test_groups_compound_in_their_declared_order_and_best_of_a_group_wins() -> None:
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


def test_an_additive_group_takes_its_share_of_list() -> None:
    # 60,000 − 10% = 54,000; 5% of list is 3,000: 51,000.
    groups = [DiscountGroup("portfolio", Pick.BEST, Base.COMPOUND), DiscountGroup("term", Pick.SUM, Base.ADDITIVE)]
    policies = [a_policy("term", "0.05", group="term"), a_policy("ten", "0.10")]
    priced = quote(a_rulebook(TWO, TWO_PRICES, discounts=policies, groups=groups), add("crm", "100"))
    assert line(priced, "crm.seats").net_per_year == D("51000.00")


def test_a_fixed_amount_is_shared_by_running_net_and_stops_at_what_is_left() -> None:
    # 8,400 over 60,000 : 24,000 is 6,000 : 2,400. 100,000 off 84,000 leaves exactly 0.
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[a_policy("fixed", Amount(D("8400.00")))])
    priced = quote(rulebook, add("crm", "100"), add("analytics", "100"))
    assert [each.net_per_year for each in priced.lines] == [D("54000.00"), D("21600.00")]
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[a_policy("all", Amount(D(100000)))])
    assert total(quote(rulebook, add("crm", "100"), add("analytics", "100"))).net == D("0.00")


def test_a_promotion_splits_the_term_and_shows_the_price_until_then_and_after() -> None:
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


def test_a_promotion_is_granted_only_inside_its_window_of_requests() -> None:
    window = {"requested_from": date(2026, 3, 1), "requested_until": date(2026, 6, 1)}
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[a_policy("spring", "0.12", **window)])
    nets = [
        total(quote(rulebook, add("crm", "1"), as_of=day)).arr
        for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1))
    ]
    assert nets == [D("600.00"), D("528.00"), D("528.00"), D("600.00")]


def test_the_total_cap_trims_policies_and_refuses_what_a_rep_asks_beyond_it() -> None:
    # 50% by policy, cap 45%: trimmed to 55% of 60,000 = 33,000. A rep's 10% then goes beyond: refused, not trimmed.
    discretion = Discretion((), frozenset(), D("0.45"), ref("cap"), None)
    rulebook = a_rulebook(TWO, TWO_PRICES, discounts=[a_policy("half", "0.50")], discretion=discretion)
    priced = quote(rulebook, add("crm", "100"))
    assert line(priced, "crm.seats").net_per_year == D("33000.00")
    assert line(priced, "crm.seats").segments[0].steps[-1].kind is StepKind.CAP
    assert not priced.is_refused


def test_discretion_beyond_the_cap_is_a_refusal() -> None:
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
def test_of_several_floors_the_higher_binds(ratio: str | None, margin: str | None, refused: bool) -> None:
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
def test_discretion_beyond_the_role_goes_to_the_level_of_the_matrix(
    percent: str, users: str, levels: tuple[str, ...]
) -> None:
    rulebook = a_rulebook(TWO, TWO_PRICES, discretion=LIMITS, approvals=matrix())
    priced = quote(rulebook, add("crm", users), discounts=(DiscountRequest(PercentOff(D(percent))),))
    assert priced.approval_levels == levels
    assert ("discretion-exceeded" in codes(priced)) is bool(levels)


def test_the_matrix_reads_amounts_in_the_reporting_currency() -> None:
    # 5,000 users × 5,000 JPY × 12 × 0.85 = 255,000,000 JPY = 1,785,000 USD at 0.0070: a director, not a manager.
    rulebook = a_rulebook(TWO, [a_book({"crm.seats": "5000"}, currency=JPY)], discretion=LIMITS, approvals=matrix())
    priced = quote(rulebook, add("crm", "5000"), currency="JPY", discounts=(DiscountRequest(PercentOff(D("0.15"))),))
    assert total(priced).arr == D(255000000)
    assert priced.approval_levels == ("director",)


def test_a_target_price_and_an_amount_off_are_discretion_too() -> None:
    # Target 45.00 on 50.00 is 10% off the line; 3,000 off 60,000 is 5%.
    rulebook = a_rulebook(TWO, TWO_PRICES, discretion=LIMITS, approvals=matrix())
    priced = quote(rulebook, add("crm", "100"), discounts=(DiscountRequest(TargetPrice(D("45.00")), product="crm"),))
    assert total(priced).arr == D("54000.00")
    priced = quote(rulebook, add("crm", "100"), discounts=(DiscountRequest(AmountOff(D("3000.00"))),))
    assert total(priced).arr == D("57000.00")
    assert priced.approval_levels == ()


def test_a_ramp_may_ask_a_unit_price_which_is_discretion() -> None:
    # 45.00 instead of 50.00 in the second year: 6,000 + 5,400, 10% off a line, the rep's limit.
    rulebook = a_rulebook(TWO, TWO_PRICES, discretion=LIMITS, approvals=matrix())
    steps = (RampStep(12, unit_prices={"seats": D("45.00")}),)
    priced = quote(rulebook, add("crm", "10", ramp=steps), term_months=24)
    assert line(priced, "crm.seats").net_term == D("11400.00")
    assert priced.approval_levels == ()
