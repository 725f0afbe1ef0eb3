"""Usage charges: what is committed counts, what is declared is only estimated and moves tiers."""

from decimal import Decimal

import pytest

from pricing_engine.catalog.charge_models import Band, Flat, Graduated, Package, Percentage, PerUnit, Volume
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Limit, Selector, Timing
from pricing_engine.quoting.refusals import UnknownCharge, UnknownMetric
from pricing_engine.quoting.request import RampStep
from tests.rulebooks import a_ladder, a_product, a_rulebook, a_tier, add, quote, seats
from tests.unit.quoting.reading import codes, line, total

D = Decimal
CALLS = seats("calls", metric="api_calls", timing=Timing.USAGE)
API = a_product("api", CALLS)


@pytest.mark.parametrize(("committed", "fee"), [("1000", "20.00"), ("100000", "100.00"), ("1", "5.00")])
def test_a_committed_quantity_costs_no_more_than_the_maximum_and_no_less_than_the_minimum(committed, fee):
    # 0.02 a call, at least 5.00 and at most 100.00 a month; × 12.
    price = Price(PerUnit(D("0.02")), minimum=D("5.00"), maximum=D("100.00"))
    priced = quote(a_rulebook([API], {"api.calls": price}), add("api", quantities={"api_calls": committed}))
    assert total(priced).arr == D(fee) * 12


def test_overage_stops_at_the_maximum_of_the_period():
    # 80.00 committed of at most 100.00: 10,000 calls above at 0.02 are 20.00 and not 200.00.
    price = Price(PerUnit(D("0.02")), maximum=D("100.00"), overage_unit_price=D("0.02"))
    added = add("api", quantities={"api_calls": "4000"})
    priced = quote(a_rulebook([API], {"api.calls": price}), added, usage={"api_calls": D(14000)})
    assert line(priced, "api.calls").usage_estimate == D("20.00")


def test_a_committed_amount_counts_for_a_charge_whose_price_was_given():
    rulebook = a_rulebook([API], {"api.calls": None})
    added = add("api", commitments={"calls": D("60.00")}, unit_prices={"calls": D("0.001")})
    assert total(quote(rulebook, added, role="deal_desk")).arr == D("720.00")


def test_use_that_is_not_committed_is_never_cheaper_above():
    # 1,000 calls at 0.10 are 100.00 and 1,001 at 0.05 are 50.05, but only what is used is paid.
    model = Volume((Band(D(1000), D("0.10"), D("5.00")), Band(None, D("0.004"))))
    rulebook = a_rulebook([API], {"api.calls": model})
    assert codes(quote(rulebook, add("api"))) == []
    assert codes(quote(rulebook, add("api", commitments={"calls": D("60.00")}))) == []
    assert codes(quote(rulebook, add("api", quantities={"api_calls": "1000"}))) == ["cheaper-above"]


def test_a_committed_fee_is_part_of_what_support_is_a_percentage_of():
    # 20% of seats 600.00 and of the 240.00 committed, not of what is only declared.
    support = a_product("support", seats("fee", metric=None, of_lines=Selector()))
    prices = {
        "api.calls": "0.02",
        "crm.seats": "50.00",
        "support.fee": Percentage(Graduated((Band(None, D("0.20")),))),
    }
    rulebook = a_rulebook([API, a_product("crm"), support], prices)
    committed = add("api", quantities={"api_calls": "1000"})
    priced = quote(rulebook, committed, add("crm", "1"), add("support"), usage={"api_calls": D(5000)})
    assert line(priced, "support.fee").net_per_year == D("168.00")


def test_declared_use_above_a_tiers_limit_lifts_it():
    ladder = a_ladder(a_tier("low", limits=[Limit("api_calls", D(1000))]), a_tier("high"))
    rulebook = a_rulebook([API], {"api.calls": "0.02"}, ladder=ladder)
    tiers = [quote(rulebook, add("api"), usage={"api_calls": D(calls)}, tier="low").tier for calls in (1000, 1001)]
    assert [(each.tier, each.forced_by) for each in tiers] == [
        ("low", None),
        ("high", "api_calls 1001 is above low's 1000"),
    ]


def test_a_commitment_that_begins_with_a_ramp_step_counts_against_the_tiers_limit():
    ladder = a_ladder(a_tier("low", limits=[Limit("api_calls", D(1000))]), a_tier("high"))
    rulebook = a_rulebook([API], {"api.calls": "0.02"}, ladder=ladder)
    later = add("api", ramp=(RampStep(6, {"api_calls": D(5000)}),))
    assert quote(rulebook, later).tier.tier == "high"


def test_a_product_and_its_declared_use_are_the_same_use():
    # 800 committed and 900 declared are 900 calls, not 1,700.
    ladder = a_ladder(a_tier("low", limits=[Limit("api_calls", D(1000))]), a_tier("high"))
    rulebook = a_rulebook([API], {"api.calls": "0.02"}, ladder=ladder)
    priced = quote(rulebook, add("api", quantities={"api_calls": "800"}), usage={"api_calls": D(900)})
    assert priced.tier.tier == "low"


def test_use_is_declared_of_usage_and_committed_to_usage_charges_only():
    rulebook = a_rulebook([a_product("crm"), API], {"crm.seats": "50.00", "api.calls": Package(D(1000), D("7.50"))})
    with pytest.raises(UnknownMetric) as refused:
        quote(rulebook, add("crm", "1"), usage={"users": D(5)})
    assert refused.value.pointer == "/usage/users"
    with pytest.raises(UnknownCharge):
        quote(rulebook, add("crm", "1", commitments={"seats": D(5)}))


def test_a_flat_usage_charge_owes_nothing_until_it_is_committed():
    rulebook = a_rulebook([API], {"api.calls": Flat(D("99.00"))})
    assert total(quote(rulebook, add("api"))).tcv == 0
    assert total(quote(rulebook, add("api", quantities={"api_calls": "1"}))).tcv == D("1188.00")
