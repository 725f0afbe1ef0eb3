"""Rulebooks built in code, with good defaults, for tests of pricing that should not depend on reading YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pricing_engine.catalog.charge_models import PerUnit
from pricing_engine.catalog.price_books import DatedPrices, PriceBook, PriceEntry
from pricing_engine.catalog.prices import OnRequest, Price
from pricing_engine.catalog.products import (
    Bundle,
    Charge,
    Combine,
    Ladder,
    Metric,
    MetricKind,
    Product,
    ProductType,
    Selector,
    Tier,
    Timing,
)
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.expressions import Expression, Kind, Name, Scope, compile_expression
from pricing_engine.money import Currency
from pricing_engine.periods import ProrationMethod
from pricing_engine.policies.approvals import ApprovalMatrix
from pricing_engine.policies.discounts import Base, DiscountGroup, DiscountPolicy, Percent, Pick, Size
from pricing_engine.policies.discretion import Discretion
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Account, Add, Change, QuoteRequest
from pricing_engine.rulebook.rulebook import ExchangeRates, Rulebook, VocabularyName
from pricing_engine.terms.terms import Terms

D = Decimal
USD = Currency("USD", 2)
EUR = Currency("EUR", 2)
JPY = Currency("JPY", 0)

METRICS = {
    "users": Metric("users", MetricKind.CAPACITY, "user", Combine.MAX, D(1)),
    "storage_gb": Metric("storage_gb", MetricKind.CAPACITY, "GB", Combine.SUM, D(1)),
    "api_calls": Metric("api_calls", MetricKind.USAGE, "call", Combine.SUM, D(1)),
    "transfer_gb": Metric("transfer_gb", MetricKind.USAGE, "GB", Combine.SUM, D(1)),
}

VOCABULARY = {
    name.id: VocabularyName(name, origin)
    for name, origin in (
        (Name("segment", Kind.ENUM, values=("smb", "mid_market")), "account.segment"),
        (Name("rating", Kind.RATIO, optional=True), "account.rating"),
        (Name("users", Kind.COUNT), "metric.users"),
        (Name("term_months", Kind.MONTHS), "request.term_months"),
        (Name("product_count", Kind.COUNT), "quote.product_count"),
        (Name("list_arr", Kind.MONEY), "quote.list_arr"),
        (Name("arr_after", Kind.MONEY), "quote.arr_after"),
        (Name("acv", Kind.MONEY), "quote.acv"),
        (Name("discretionary", Kind.RATIO), "quote.discretionary"),
        (Name("remaining_fees", Kind.MONEY), "change.remaining_fees"),
        (Name("fees_per_year", Kind.MONEY), "change.fees_per_year"),
        (Name("months_left", Kind.MONTHS), "change.months_left"),
        (Name("year_of_term", Kind.COUNT), "change.year_of_term"),
    )
}

PLANS = {
    "yearly_in_advance": BillingPlan("yearly_in_advance", 12, True),
    "monthly_in_advance": BillingPlan("monthly_in_advance", 1, True),
    "quarterly_in_arrears": BillingPlan("quarterly_in_arrears", 3, False),
    "up_front": BillingPlan("up_front", None, True),
}


def condition(text: str) -> Expression:
    """A yes/no expression over the test vocabulary."""
    names = {id_: entry.name for id_, entry in VOCABULARY.items()}
    scope = Scope(names=names, metrics=frozenset(METRICS))
    return compile_expression(text, scope, expect=Kind.YES_NO)


def ref(id_: str, line: int = 1) -> RuleRef:
    """A rule's reference in a file named after it."""
    return RuleRef(id_, f"{id_}.yaml", line, f"because of {id_}")


def seats(id_: str = "seats", *, metric: str | None = "users", months: int | None = 1, **more: Any) -> Charge:
    """A recurring monthly charge by users."""
    return Charge(id_, more.pop("timing", Timing.RECURRING), metric=metric, months=months, **more)


def a_product(id_: str, *charges: Charge, type_: ProductType = ProductType.MODULE, **more: Any) -> Product:
    """A module of family `work` with a monthly charge by users unless charges are given."""
    return Product(id_, id_.title(), type_, more.pop("family", "work"), charges or (seats(),), ref(id_), **more)


def a_ladder(*tiers: Tier) -> Ladder:
    """A ladder of a platform product."""
    return Ladder(a_product("platform", seats("fee", metric=None), type_=ProductType.PLATFORM), tiers)


def a_tier(id_: str, *charges: Charge, limits: Sequence[Any] = (), offers: Sequence[str] | None = None) -> Tier:
    """A tier with the limits and offers given."""
    return Tier(id_, id_.title(), charges, tuple(limits), None if offers is None else frozenset(offers), ref(id_))


def a_policy(id_: str, size: Size | str, *, group: str = "portfolio", **more: Any) -> DiscountPolicy:
    """A discount on every recurring charge; a text is a percentage as a fraction."""
    size = Percent(D(size)) if isinstance(size, str) else size
    applies_to = more.pop("applies_to", Selector(timings=frozenset({Timing.RECURRING})))
    return DiscountPolicy(id_, group, applies_to, size, ref(id_), **more)


def a_book(prices: Mapping[str, Any], *, currency: Currency = USD, markets: Sequence[str] = ()) -> PriceBook:
    """A price book in force since 2020; a text is a price per unit, None is on request."""
    return PriceBook(
        f"book-{currency.code.lower()}",
        currency,
        frozenset(markets),
        {
            key: DatedPrices((PriceEntry(date(2020, 1, 1), None, _price(price), ref(f"price-{key}")),))
            for key, price in prices.items()
        },
        ref("book"),
    )


def _price(price: Any) -> Price | OnRequest:
    if price is None:
        return OnRequest()
    if isinstance(price, Price):
        return price
    return Price(PerUnit(D(price)) if isinstance(price, str) else price)


def a_rulebook(
    products: Sequence[Product],
    prices: Mapping[str, Any] | Sequence[PriceBook],
    *,
    discounts: Sequence[DiscountPolicy] = (),
    groups: Sequence[DiscountGroup] = (
        DiscountGroup("portfolio", Pick.BEST, Base.COMPOUND),
        DiscountGroup("promotions", Pick.SUM, Base.COMPOUND),
    ),
    ladder: Ladder | None = None,
    bundles: Sequence[Bundle] = (),
    discretion: Discretion | None = None,
    approvals: ApprovalMatrix | None = None,
    proration: ProrationMethod = ProrationMethod.DAYS,
    terms: Sequence[Terms] = (),
    hash: str = "0" * 64,
) -> Rulebook:
    """A rulebook reporting in USD, with EUR at 1.10 and JPY at 0.0070."""
    books = tuple(prices) if isinstance(prices, Sequence) else (a_book(prices),)
    sold = {product.id: product for product in products}
    if ladder is not None:
        sold[ladder.platform.id] = ladder.platform
    return Rulebook(
        hash=hash,
        name="test",
        reporting_currency=USD,
        currencies={"USD": USD, "EUR": EUR, "JPY": JPY},
        proration=proration,
        billing_plans=PLANS,
        default_billing="yearly_in_advance",
        term_months=(1, 120),
        vocabulary=VOCABULARY,
        metrics=METRICS,
        products=sold,
        ladder=ladder,
        bundles={bundle.id: bundle for bundle in bundles},
        price_books=books,
        rates=ExchangeRates("USD", (date(2020, 1, 1),), ({"EUR": D("1.10"), "JPY": D("0.0070")},)),
        discount_groups=tuple(groups),
        discounts=tuple(discounts),
        discretion=discretion or Discretion(limits=(), may_price=frozenset({"deal_desk"})),
        approvals=approvals,
        roles=("rep", "manager", "deal_desk"),
        sources={},
        terms=tuple(terms),
    )


ACCOUNT = Account("acc_test", "Test Ltd", "USD", "US", {"segment": "mid_market"})


def add(product: str, users: str | None = None, **more: Any) -> Add:
    """An added product with so many users."""
    quantities = {"users": D(users)} if users else {}
    quantities.update({metric: D(quantity) for metric, quantity in more.pop("quantities", {}).items()})
    return Add(product, quantities=quantities, **more)


def ask(*changes: Change, **more: Any) -> QuoteRequest:
    """A rep's request for a year from 2026-01-01 in USD."""
    defaults: dict[str, Any] = {
        "account": ACCOUNT,
        "as_of": date(2026, 1, 1),
        "effective_date": date(2026, 1, 1),
        "term_months": 12,
        "currency": "USD",
        "role": "rep",
    }
    return QuoteRequest(changes=changes, **(defaults | more))


def quote(rulebook: Rulebook, *changes: Change, **more: Any) -> Quote:
    """The quote of a request for the changes."""
    return assemble_quote(ask(*changes, **more), rulebook=rulebook, quote_id="quo_test")
