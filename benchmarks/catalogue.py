"""The rulebook and request of the workloads: as many modules as lines, graduated prices, three discounts, a tier."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from benchmarks.floor import BANDS
from pricing_engine.catalog.charge_models import Band, Graduated
from pricing_engine.catalog.products import Limit
from pricing_engine.policies.discounts import Base, DiscountGroup, Pick, Schedule
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook
from tests.rulebooks import a_ladder as ladder_of
from tests.rulebooks import a_policy, a_product, a_rulebook, a_tier, add, ask, condition

QUANTITIES = (30, 120, 75, 260, 180)


def a_catalogue(products: int) -> Rulebook:
    """A rulebook with so many modules, each with its own price."""
    model = Graduated(tuple(Band(up_to, unit_price) for up_to, unit_price in BANDS))
    sold = [a_product(f"module-{index}") for index in range(products)]
    prices = {f"{product.id}.seats": model for product in sold}
    ladder = ladder_of(
        a_tier("essentials", limits=[Limit("users", Decimal(50))], offers=["module-0"]),
        a_tier("growth", limits=[Limit("users", Decimal(500))]),
    )
    count = Schedule("product_count", ((Decimal(2), Decimal("0.10")), (Decimal(3), Decimal("0.15"))))
    term = Schedule("term_months", ((Decimal(12), Decimal("0.05")),))
    return a_rulebook(
        sold,
        prices,
        ladder=ladder,
        groups=[
            DiscountGroup("portfolio", Pick.BEST, Base.COMPOUND),
            DiscountGroup("term", Pick.BEST, Base.COMPOUND),
            DiscountGroup("promotions", Pick.SUM, Base.COMPOUND),
        ],
        discounts=[
            a_policy("multi-product", count),
            a_policy("longer-term", term, group="term"),
            a_policy("spring", "0.12", group="promotions", when=condition('segment in ["mid_market"]')),
        ],
    )


def quantities(lines: int) -> list[Decimal]:
    """The users of each line."""
    return [Decimal(QUANTITIES[index % len(QUANTITIES)]) for index in range(lines)]


def a_request(lines: int) -> QuoteRequest:
    """A quote for the first so many modules: 18 months, so that the second year is a stub."""
    changes = [add(f"module-{index}", str(users)) for index, users in enumerate(quantities(lines))]
    return ask(*changes, tier="growth", term_months=18, effective_date=date(2026, 1, 1))
