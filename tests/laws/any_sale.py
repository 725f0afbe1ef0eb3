"""Random small rulebooks, and requests that can be priced under them."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import assume, settings
from hypothesis import strategies as st

from pricing_engine.catalog.charge_models import (
    Band,
    ChargeModel,
    Flat,
    Graduated,
    Package,
    Percentage,
    PerUnit,
    Stairstep,
    Volume,
)
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import (
    Bundle,
    Charge,
    Ladder,
    Limit,
    Product,
    ProductType,
    QuantityRule,
    Selector,
    Tier,
    Timing,
)
from pricing_engine.money import Currency
from pricing_engine.periods import ProrationMethod
from pricing_engine.quoting.request import (
    Add,
    AmountOff,
    DiscountRequest,
    PercentOff,
    QuoteRequest,
    RampStep,
    TargetPrice,
)
from pricing_engine.rulebook.rulebook import ExchangeRates, Rulebook
from tests.laws.any_policy import approval_matrices, discretions, groups, percents, policies
from tests.rulebooks import ACCOUNT, a_book, a_ladder, a_product, a_rulebook, a_tier, ask, ref, seats

D = Decimal
CURRENCIES = {code: Currency(code, digits) for code, digits in (("USD", 2), ("JPY", 0), ("KWD", 3))}
RATES = {"JPY": D("0.0070"), "KWD": D("3.25")}
STARTS = [date(2024, 2, 29), date(2023, 1, 31), date(2026, 1, 1), date(2025, 8, 30), date(2024, 3, 15)]
PLANS = ["yearly_in_advance", "monthly_in_advance", "quarterly_in_arrears", "up_front"]

a_third = settings(max_examples=-(-settings().max_examples // 3))
"""A third of the profile's examples: a law about whole sales spends its time on making them."""

unit_prices = st.one_of(
    st.sampled_from([D("20.00"), D("9.99"), D("0.333333333333"), D("0.005"), D(0)]),
    st.integers(1, 20_000).map(lambda number: D(number).scaleb(-2)),
)
users = st.one_of(st.sampled_from([D(11), D(60), D("2.5"), D(10)]), st.integers(1, 120).map(D))
calls = st.integers(1, 40).map(lambda number: D(number * 1000))


@dataclass(frozen=True)
class AnySale:
    """A rulebook and a request it can price."""

    rulebook: Rulebook
    request: QuoteRequest


@st.composite
def models(draw: st.DrawFn, scale: int = 1) -> ChargeModel:
    """Any charge model of a quantity; `scale` makes bands of thousands for usage."""
    kind = draw(st.sampled_from([PerUnit, Graduated, Volume, Stairstep, Package]))
    if kind is PerUnit:
        return PerUnit(draw(unit_prices))
    if kind is Package:
        return Package(D(draw(st.integers(1, 20)) * scale), draw(unit_prices))
    bounds = draw(st.lists(st.integers(1, 60), max_size=3, unique=True).map(sorted))
    flat = st.sampled_from([D(0), D(0), D("7.50")]) if kind is not Stairstep else unit_prices
    bands = [Band(up_to, draw(unit_prices), draw(flat)) for up_to in [*(D(bound * scale) for bound in bounds), None]]
    return Graduated(tuple(bands)) if kind is Graduated else kind(tuple(bands))


@st.composite
def prices(draw: st.DrawFn, charge: Charge) -> Price | None:
    """A list price that fits the charge, seldom on request."""
    if charge.of_lines is not None:
        rates = (Band(D(5000), D("0.20"), draw(st.sampled_from([D(0), D("99.90")]))), Band(None, D("0.15")))
        share: ChargeModel = Percentage(Graduated(rates))
        return Price(share, minimum=draw(st.sampled_from([None, D("50.00")])))
    if charge.metric is None:
        return Price(Flat(draw(unit_prices)))
    if draw(st.integers(0, 24)) == 0:
        return None
    included = D(0) if draw(st.booleans()) else D(draw(st.integers(0, 5)))
    least, most = draw(st.sampled_from([(None, None), (None, None), (D("30.00"), None), (None, D("400.00"))]))
    overage = D("0.001") if charge.timing is Timing.USAGE and draw(st.booleans()) else None
    return Price(draw(models(1000 if charge.timing is Timing.USAGE else 1)), included, least, most, overage)


@st.composite
def products(draw: st.DrawFn, number: int) -> Product:
    """A product with one to three charges; the fourth may be a percentage of the others."""
    cost = draw(st.sampled_from([None, D("3.10")]))
    charges = [seats(months=draw(st.sampled_from([1, 1, 3, 6, 12])), unit_cost=cost)]
    if draw(st.booleans()):
        metric = draw(st.sampled_from([None, "users"]))
        charges.append(Charge("setup", Timing.ONE_TIME, metric=metric))
    if draw(st.booleans()):
        charges.append(Charge("calls", Timing.USAGE, metric="api_calls", months=1))
    type_ = draw(st.sampled_from([ProductType.MODULE, ProductType.MODULE, ProductType.ADD_ON, ProductType.SERVICE]))
    if number == 3 or draw(st.integers(0, 2)) == 0:
        timings = draw(st.sampled_from([frozenset({Timing.RECURRING}), frozenset(), frozenset({Timing.USAGE})]))
        share = Charge(
            "support", Timing.RECURRING, months=draw(st.sampled_from([1, 12])), of_lines=Selector(timings=timings)
        )
        charges = [share] if draw(st.booleans()) else [*charges, share]
    more: dict[str, Any] = {}
    if draw(st.integers(0, 4)) == 0:
        more["quantities"] = (QuantityRule("users", D(2), D(100), draw(st.sampled_from([None, D(5)]))),)
    if draw(st.integers(0, 9)) == 0:
        more["excludes" if draw(st.booleans()) else "requires"] = frozenset({f"p{(number + 1) % 4}"})
    return a_product(f"p{number}", *charges, type_=type_, family=draw(st.sampled_from(["work", "play"])), **more)


@st.composite
def ladders(draw: st.DrawFn) -> Ladder | None:
    """No ladder, or three tiers of which the last holds everything."""
    if not draw(st.booleans()):
        return None
    overage = draw(st.booleans())
    low: Tier = a_tier("low", limits=[Limit("users", D(40))], offers=draw(st.sampled_from([["p0", "p1"], None])))
    fee = seats("fee", metric=None)
    by_users = seats("by_users", unit_cost=draw(st.sampled_from([None, D("1.50")])))
    middle = a_tier("middle", fee, limits=[Limit("users", D(90)), Limit("api_calls", D(9000), overage)])
    return a_ladder(low, middle, a_tier("high", fee, by_users))


@st.composite
def rulebooks(draw: st.DrawFn, currency: Currency) -> Rulebook:
    """A rulebook that sells in one currency and reports in USD."""
    sold = [draw(products(number)) for number in range(draw(st.sampled_from([4, 3, 2, 1])))]
    ladder = draw(ladders())
    charged = {f"{product.id}.{charge.id}": charge for product in sold for charge in product.charges}
    for tier in ladder.tiers if ladder else ():
        charged |= {f"{tier.id}.{charge.id}": charge for charge in tier.charges}
    book: dict[str, Any] = {key: draw(prices(charge)) for key, charge in charged.items()}
    book["pair.price"] = Price(Flat(draw(unit_prices)))
    items = (frozenset({"p0"}), frozenset({"p1", "p2"}))
    off_list = draw(st.sampled_from([None, D("0.18")]))
    pair = Bundle("pair", "Pair", items, ref("pair"), off_list, None if off_list else "pair.price", 1)
    stacking = draw(groups)
    rulebook = a_rulebook(
        sold,
        [a_book(book, currency=currency)],
        discounts=draw(policies([group.id for group in stacking])),
        groups=stacking,
        ladder=ladder,
        bundles=[pair],
        discretion=draw(discretions),
        approvals=draw(approval_matrices),
        proration=draw(st.sampled_from(ProrationMethod)),
    )
    rates = ExchangeRates("USD", (date(2020, 1, 1),), (RATES,))
    return replace(rulebook, currencies=CURRENCIES, rates=rates)


@st.composite
def additions(draw: st.DrawFn, product: Product, rulebook: Rulebook, term_months: int) -> Add:
    """The product with quantities, sometimes a commitment, sometimes a ramp."""
    quantities: dict[str, Decimal] = {"users": draw(users)} if "users" in product.priced_by else {}
    commitments: dict[str, Decimal] = {}
    if "api_calls" in product.priced_by:
        how = draw(st.sampled_from(["quantity", "amount", "none"]))
        quantities |= {"api_calls": draw(calls)} if how == "quantity" else {}
        commitments |= {"calls": draw(amounts_in(rulebook))} if how == "amount" else {}
    given = {key: draw(unit_prices) for key in _on_request(product, rulebook) if draw(st.integers(0, 3))}
    steps: list[RampStep] = []
    recurs = any(each.metric in quantities and each.timing is not Timing.ONE_TIME for each in product.charges)
    if recurs and term_months > 1 and draw(st.integers(0, 2)) == 0:
        months = draw(st.lists(st.integers(1, term_months - 1), min_size=1, max_size=2, unique=True).map(sorted))
        steps = [draw(ramp_steps(month, quantities, product)) for month in months]
    return Add(product.id, quantities, commitments, given, tuple(steps))


def amounts_in(rulebook: Rulebook) -> st.SearchStrategy[Decimal]:
    """Amounts in whole minor units of the currency the rulebook sells in."""
    digits = rulebook.price_books[0].currency.digits
    return st.integers(1, 300_000).map(lambda number: D(number).scaleb(-digits))


@st.composite
def ramp_steps(draw: st.DrawFn, month: int, quantities: dict[str, Decimal], product: Product) -> RampStep:
    """New quantities, and seldom a unit price."""
    later = {metric: draw(users if metric == "users" else calls) for metric in quantities}
    priced = {"seats": draw(unit_prices)} if "users" in quantities and draw(st.integers(0, 3)) == 0 else {}
    known = {charge.id for charge in product.charges}
    return RampStep(month, later, {key: price for key, price in priced.items() if key in known})


def _gives_price(change: Add) -> bool:
    return bool(change.unit_prices) or any(step.unit_prices for step in change.ramp)


def _on_request(product: Product, rulebook: Rulebook) -> list[str]:
    book = rulebook.price_books[0].prices
    keys = [charge.id for charge in product.charges]
    return [key for key in keys if not isinstance(book[f"{product.id}.{key}"].entries[0].price, Price)]


@st.composite
def asked_discounts(draw: st.DrawFn, chosen: list[Product], rulebook: Rulebook) -> DiscountRequest:
    """A percentage or an amount off the quote, a product or a charge, or a target for one of these but the quote."""
    off = st.one_of(percents.map(PercentOff), st.just(PercentOff(D(1))), amounts_in(rulebook).map(AmountOff))
    product = draw(st.sampled_from([None, *chosen]))
    if product is None:
        return DiscountRequest(draw(off))
    size = draw(st.one_of(off, unit_prices.map(TargetPrice)))
    return DiscountRequest(size, product.id, draw(st.sampled_from([None, *(each.id for each in product.charges)])))


@st.composite
def sales(draw: st.DrawFn, *, with_asks: bool = True) -> AnySale:
    """A rulebook and a request it can price, in one of three currencies."""
    currency = draw(st.sampled_from(list(CURRENCIES.values())))
    rulebook = draw(rulebooks(currency))
    catalogue = [product for product in rulebook.products.values() if product.type is not ProductType.PLATFORM]
    chosen = draw(st.permutations(catalogue))[: draw(st.sampled_from([3, 4, 2, 1]))]
    term_months = draw(st.one_of(st.integers(1, 30), st.sampled_from([1, 12, 18, 24, 36])))
    changes = [draw(additions(product, rulebook, term_months)) for product in chosen]
    ids = {product.id for product in chosen}
    assume(rulebook.ladder is None or any("users" in change.quantities for change in changes))
    bundled = "p0" in ids and ids & {"p1", "p2"} and draw(st.booleans())
    asks = draw(st.lists(asked_discounts(chosen, rulebook), max_size=2)) if with_asks else []
    start = draw(st.sampled_from(STARTS))
    request = ask(
        *changes,
        account=ACCOUNT._replace(currency=currency.code),
        as_of=start,
        effective_date=start,
        term_months=term_months,
        currency=currency.code,
        role="deal_desk" if any(_gives_price(each) for each in changes) else draw(st.sampled_from(["rep", "manager"])),
        billing=draw(st.sampled_from(PLANS)),
        tier=draw(st.sampled_from([None, "low", "middle"])) if rulebook.ladder else None,
        bundles=("pair",) if bundled else (),
        discounts=tuple(asks),
        usage={"api_calls": draw(calls)} if draw(st.booleans()) else {},
    )
    return AnySale(rulebook, request)
