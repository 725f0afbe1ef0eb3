"""Whole quotes as text, step by step; running this file writes them anew, and what differs is read in review."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pricing_engine.catalog.charge_models import Band, Flat, Graduated, Package, Percentage, Volume
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle, Limit, ProductType, Selector, Timing
from pricing_engine.policies.approvals import ApprovalMatrix, ApprovalRow, Hit, Range
from pricing_engine.policies.discounts import Amount, Schedule
from pricing_engine.policies.discretion import Discretion, DiscretionLimit, Floor
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import AmountOff, DiscountRequest, PercentOff, RampStep
from pricing_engine.rulebook.rulebook import Rulebook
from tests.rulebooks import JPY, USD, a_book, a_ladder, a_policy, a_product, a_rulebook, a_tier, add, quote, ref, seats

FOLDER = Path(__file__).parent / "quotes"
D = Decimal


DOLLARS = {
    "crm.seats": Graduated((Band(D(100), D("50.00")), Band(None, D("42.50")))),
    "analytics.seats": Volume((Band(D(100), D("20.00")), Band(None, D("15.00")))),
    "api.calls": Price(Package(D(10000), D("7.50")), included=D(10000), overage_unit_price=D("0.001")),
    "training.days": Flat(D("1500.00")),
    "support.fee": Percentage(Graduated((Band(None, D("0.20")),))),
    "region.fee": None,
    "growth.fee": Flat(D("900.00")),
    "enterprise.fee": Flat(D("2400.00")),
    "suite.price": Flat(D("5555.55")),
}
YEN = {
    **DOLLARS,
    "crm.seats": "7350.5",
    "analytics.seats": "2940",
    "api.calls": Price(Package(D(10000), D("1100.5")), included=D(10000), overage_unit_price=D("0.15")),
    "growth.fee": Flat(D(132300)),
    "enterprise.fee": Flat(D(352800)),
    "suite.price": Flat(D("255555.55")),
}


def rules() -> Rulebook:
    """Two modules in a bundle, calls by packages, training, support at 20%, three tiers, and who may give what."""
    fee = seats("fee", metric=None)
    ladder = a_ladder(
        a_tier("essentials", limits=[Limit("users", D(50))]),
        a_tier("growth", fee, limits=[Limit("users", D(500)), Limit("api_calls", D(200000), overage=True)]),
        a_tier("enterprise", fee),
    )
    modules = Selector(types=frozenset({ProductType.MODULE}))
    products = [
        a_product("crm", seats(unit_cost=D("9.00"))),
        a_product("analytics", requires_tier="growth"),
        a_product("api", seats("calls", metric="api_calls", timing=Timing.USAGE)),
        a_product(
            "training", seats("days", metric=None, months=None, timing=Timing.ONE_TIME), type_=ProductType.SERVICE
        ),
        a_product("support", seats("fee", metric=None, of_lines=modules), type_=ProductType.SERVICE),
        a_product("region", fee, type_=ProductType.ADD_ON),
    ]
    discretion = Discretion(
        (DiscretionLimit("d1", "rep", D("0.10"), D("0.08"), Selector(), ref("d1")),),
        frozenset({"deal_desk"}),
        D("0.45"),
        ref("cap"),
        Floor(D("0.55"), D("0.30"), ref("floor")),
    )
    rows = (
        ApprovalRow((Range(None, D("0.20")),), "manager", ref("a1")),
        ApprovalRow((Range(D("0.20"), None),), "deal_desk", ref("a2")),
    )
    return a_rulebook(
        products,
        [a_book(DOLLARS, currency=USD), a_book(YEN, currency=JPY)],
        discounts=[
            a_policy("multi-product", Schedule("product_count", ((D(2), D("0.10")), (D(3), D("0.15"))))),
            a_policy("welcome", Amount(D("1000.00")), group="promotions", months=6, stacks_with_bundles=True),
        ],
        ladder=ladder,
        bundles=[
            Bundle("suite", "", (frozenset({"crm"}), frozenset({"analytics"})), ref("suite"), None, "suite.price", 1)
        ],
        discretion=discretion,
        approvals=ApprovalMatrix("m", ("discretionary",), ("manager", "deal_desk"), Hit.HIGHEST, rows),
    )


def a_growing_customer() -> Quote:
    """A ramp, a promotion and support over 18 months from 29 February, with more asked than a rep may give."""
    growing = add("crm", "80", ramp=(RampStep(9, {"users": D(130)}),))
    return quote(
        rules(),
        growing,
        add("analytics", "95"),
        add("support"),
        add("training"),
        tier="essentials",
        effective_date=date(2024, 2, 29),
        as_of=date(2024, 2, 1),
        term_months=18,
        billing="quarterly_in_arrears",
        discounts=(DiscountRequest(PercentOff(D("0.12")), "crm", why="competing offer"),),
    )


def a_suite_in_yen() -> Quote:
    """A bundle at a fixed price and committed calls in a currency without cents, monthly."""
    return quote(
        rules(),
        add("crm", "33"),
        add("analytics", "33"),
        add("api", quantities={"api_calls": "155000"}),
        bundles=("suite",),
        usage={"api_calls": D(260000)},
        currency="JPY",
        term_months=7,
        effective_date=date(2026, 1, 31),
        billing="monthly_in_advance",
        discounts=(DiscountRequest(AmountOff(D(10001)), why="round figure"),),
    )


def a_price_on_request() -> Quote:
    """A line nobody has priced, so that the quote has no totals."""
    return quote(rules(), add("crm", "10"), add("region"), term_months=24)


QUOTES: tuple[Callable[[], Quote], ...] = (a_growing_customer, a_suite_in_yen, a_price_on_request)


def as_text(priced: Quote) -> str:
    """The whole quote, one fact a line."""
    head = [f"{priced.term_start} → {priced.term_end} {priced.currency.code} {priced.billing} tier {priced.tier}"]
    lines = [text for line in priced.lines for text in _line(line)]
    totals = [f"{name}: {amount}" for name, amount in priced.totals._asdict().items()] if priced.totals else []
    invoices = [
        f"{each.day}: {each.start} → {each.end} {each.total} = "
        + " + ".join(f"{part.line} {part.amount}" for part in each.lines)
        for each in priced.invoices
    ]
    findings = [f"{each.severity} {each.code} {each.line or ''}: {each.what}" for each in priced.findings]
    levels = [f"approval: {', '.join(priced.approval_levels) or 'nobody'}"]
    parts = (head, lines, totals, invoices, findings, levels)
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _line(line: PricedLine) -> Iterator[str]:
    yield f"{line.id} × {line.quantity}"
    yield f"  a year {line.list_per_year} → {line.net_per_year}, over the term {line.list_term} → {line.net_term}"
    if line.usage_estimate is not None:
        yield f"    declared use would add {line.usage_estimate} a period"
    for segment in line.segments:
        yield f"  {segment.start} → {segment.end} × {segment.quantity}, {segment.share} years"
        yield from (f"    {step.kind:<13} {step.rule.id:<20} {step.before} → {step.after}" for step in segment.steps)
    for step in line.closing:
        yield f"  {step.kind:<13} {step.before:.6f} → {step.after:.6f}"


@pytest.mark.parametrize("make", QUOTES, ids=lambda make: make.__name__)
def test_the_quote_is_the_one_that_was_reviewed(make: Callable[[], Quote]) -> None:
    assert as_text(make()) == (FOLDER / f"{make.__name__}.txt").read_text(encoding="utf-8")


def test_every_reviewed_quote_is_still_made() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == {make.__name__ for make in QUOTES}


if __name__ == "__main__":
    for made in QUOTES:
        (FOLDER / f"{made.__name__}.txt").write_text(as_text(made()), encoding="utf-8")
