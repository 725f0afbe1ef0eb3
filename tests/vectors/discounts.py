"""Adapters for discounts and for splitting an amount over lines (P3, P18–P20)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pricing_engine.catalog.charge_models import PerUnit
from pricing_engine.catalog.prices import Price, rate, rate_increment
from pricing_engine.catalog.products import Charge, Product, ProductType, Selector, Timing
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract_line import Phase
from pricing_engine.money import ONE, ZERO, Currency, allocate
from pricing_engine.periods import Period, ProrationMethod
from pricing_engine.policies.discounts import (
    QUANTITY,
    Amount,
    Base,
    DiscountGroup,
    DiscountPolicy,
    Percent,
    Pick,
    Schedule,
)
from pricing_engine.pricing.discounts import apply_discounts
from pricing_engine.pricing.draft import Draft
from pricing_engine.pricing.line_item import Granted, Granting, LineItem, PricingTerms, granted_policies
from pricing_engine.pricing.list_price import draft_line
from pricing_engine.pricing.waterfall import StepKind
from tests.vectors.shapes import Answer, Given, adapts, choose, count, number, only_keys, percent, percent_written

DAY = date(2026, 1, 1)
RULE = RuleRef("published", "", 0, "a published figure")
CENTS = Currency("USD", 2)
MINOR = Currency("minor units", 0)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Coupon:
    """A discount of the sources: a share or an amount, off some of the lines or off all."""

    size: Percent | Amount
    lines: frozenset[int] | None = None


def line_of(number_of_line: int, quantity: Decimal, unit_price: Decimal) -> Draft:
    """A one-time line at list price."""
    price = Price(PerUnit(unit_price))
    charge = Charge("fee", Timing.ONE_TIME)
    product = Product(f"line-{number_of_line}", "", ProductType.SERVICE, "any", (charge,), RULE)
    item = LineItem(
        id=product.id,
        product=product,
        tier=None,
        charge=charge,
        list_rule=RULE,
        price=price,
        bundle=None,
        phases=(Phase(DAY, quantity),),
        cost_per_unit=None,
        declared_usage=None,
    )
    return draft_line(item, DAY)


def lines_of(unit_prices: Iterable[object]) -> list[Draft]:
    """One line of one unit per price."""
    return [line_of(index, ONE, number(price)) for index, price in enumerate(unit_prices, 1)]


def discounted(
    drafts: Sequence[Draft], groups: Sequence[Sequence[Coupon]], *, pick: Pick = Pick.SUM, currency: Currency = CENTS
) -> list[Draft]:
    """The lines after each group of coupons in turn, a group's percentages being of the running net."""
    names = [DiscountGroup(f"group-{order}", pick, Base.COMPOUND) for order in range(len(groups))]
    granted: dict[str, Granting] = {draft.item.id: () for draft in drafts}
    for group, coupons in zip(names, groups, strict=True):
        offers = [(grant(group, order, coupon), coupon.lines) for order, coupon in enumerate(coupons)]
        for index, draft in enumerate(drafts, 1):
            taken = tuple(offer for offer, chosen in offers if chosen is None or index in chosen)
            if taken:
                granted[draft.item.id] += ((group, taken),)
    all_granted = [each for granting in granted.values() for _, found in granting for each in found]
    terms = PricingTerms(
        currency=currency,
        term=Period.through(DAY, DAY),
        billing_months=12,
        proration=ProrationMethod.DAYS,
        groups=tuple(names),
        granted=granted_policies(granted, all_granted),
        asks=(),
        bundle_prices={},
        max_total_discount=None,
        cap_rule=None,
        floor=None,
    )
    return list(apply_discounts(drafts, terms, DAY))


def grant(group: DiscountGroup, order: int, coupon: Coupon) -> Granted:
    """The coupon as a policy granted to a line."""
    policy = DiscountPolicy(f"{group.id}-{order}", group.id, Selector(), coupon.size, RULE)
    match coupon.size:
        case Percent(fraction):
            return Granted(policy, fraction, None, None, None)
        case Amount(amount):
            return Granted(policy, None, None, amount, None)


def coupon_of(row: Given) -> Coupon:
    """A coupon as the sources write it."""
    value = number(only_keys(row, "type", "value")["value"])
    sizes: dict[str, Percent | Amount] = {"fix": Amount(value), "pct": Percent(percent(row["value"]))}
    return Coupon(choose(row["type"], sizes))


def off(fraction: Decimal) -> list[list[Coupon]]:
    """One share off every line."""
    return [[Coupon(Percent(fraction))]]


def total(drafts: Iterable[Draft]) -> Decimal:
    """What the lines come to."""
    return sum((draft.net for draft in drafts), ZERO)


def taken_off(drafts: Iterable[Draft]) -> Decimal:
    """What discounts took off the lines."""
    return sum((draft.taken_off(StepKind.POLICY) for draft in drafts), ZERO)


@adapts("discount", "coupons_in_order result subtotal_cents")
def coupons_one_after_the_other(given: Given) -> Decimal:
    choose(given["result"], {"total discount": True})
    groups = [[coupon_of(row)] for row in given["coupons_in_order"]]
    return taken_off(discounted(lines_of([given["subtotal_cents"]]), groups, currency=MINOR))


@adapts("discount", "coupons precedence result subtotal_cents")
def coupons_by_precedence(given: Given) -> Decimal:
    choose(given["result"], {"total discount": True})
    order = choose(given["precedence"], {"percent then fixed": ("pct", "fix"), "fixed then percent": ("fix", "pct")})
    groups = [[coupon_of(row)] for size in order for row in given["coupons"] if row["type"] == size]
    return taken_off(discounted(lines_of([given["subtotal_cents"]]), groups, currency=MINOR))


@adapts("discount", "mode result rules_pct")
def percentages_of_one_group(given: Given) -> Decimal:
    choose(given["result"], {"percent": True})
    pick = choose(given["mode"], {"sum": Pick.SUM, "best": Pick.BEST, "max": Pick.BEST})
    coupons = [Coupon(Percent(percent(rule))) for rule in given["rules_pct"]]
    return percent_written(taken_off(discounted([line_of(1, ONE, ONE)], [coupons], pick=pick)))


@adapts("discount", "discount_pct list max_qty min_qty qty_stock_uom result")
def percentage_by_quantity(given: Given) -> Decimal:
    """Our bands have a first quantity; the one after an inclusive maximum is the next number there is."""
    choose(given["result"], {"rate": True})
    after = number(given["max_qty"]).next_plus()
    schedule = Schedule(QUANTITY, ((number(given["min_qty"]), percent(given["discount_pct"])), (after, ZERO)))
    return total(discounted(lines_of([given["list"]]), off(schedule.fraction_at(number(given["qty_stock_uom"])))))


@adapts("discount", "lines order_fixed result")
def fixed_off_the_order(given: Given) -> Decimal:
    choose(given["result"], {"total": True})
    return total(discounted(lines_of(given["lines"]), fixed(given["order_fixed"])))


def fixed(amounts: object) -> list[list[Coupon]]:
    """One or several fixed amounts, one after the other."""
    listed = amounts if isinstance(amounts, list) else [amounts]
    return [[Coupon(Amount(number(amount)))] for amount in listed]


@adapts("discount", "minimum order_fixed qty result unit")
def fixed_off_an_order_of_a_minimum(given: Given) -> Decimal:
    choose(given["result"], {"total": True})
    line = line_of(1, number(given["qty"]), number(given["unit"]))
    reached = line.list >= number(given["minimum"])
    return total(discounted([line], fixed(given["order_fixed"]) if reached else []))


@adapts("discount", "free_unit_added free_units lines order_pct result")
def percentage_beside_a_free_unit(given: Given) -> Decimal:
    """A unit given on top is a line that costs nothing."""
    choose(given["result"], {"total": True})
    choose(str(given["free_unit_added"]), {"True": True})
    free = ["0"] * count(given["free_units"])
    return total(discounted(lines_of([*given["lines"], *free]), off(percent(given["order_pct"]))))


@adapts("discount", "lines promo result")
def product_free_above_an_amount(given: Given) -> Decimal:
    choose(given["result"], {"total": True})
    promotion = only_keys(given["promo"], "min_amount", "product", "new_unit")
    fraction = choose(promotion["new_unit"], {"0": ONE})
    rows = [only_keys(row, "product", "qty", "unit") for row in given["lines"]]
    drafts = [line_of(index, number(row["qty"]), number(row["unit"])) for index, row in enumerate(rows, 1)]
    chosen = frozenset(index for index, row in enumerate(rows, 1) if row["product"] == promotion["product"])
    reached = sum((draft.list for draft in drafts), ZERO) >= number(promotion["min_amount"])
    return total(discounted(drafts, [[Coupon(Percent(fraction), chosen)]] if reached else []))


@adapts("discount", "already_used free_quantity line_quantity result")
def units_still_free(given: Given) -> Decimal:
    """At 1.00 a unit, what an increment costs is the number of units that were not free."""
    choose(given["result"], {"billable quantity": True})
    price = Price(PerUnit(ONE), included=number(given["free_quantity"]))
    used = number(given["already_used"])
    so_far = sum((used, number(given["line_quantity"])), ZERO)
    return rate_increment(price, cumulative=so_far, already_rated=rate(price, used))


@adapts("alloc", "amount method weights")
def split(given: Given) -> Answer:
    choose(given["method"], {"largest remainder, ties to the first": True})
    return allocate(number(given["amount"]), [number(weight) for weight in given["weights"]], MINOR.quantum)


@adapts("alloc", "amount result weights")
def net_after_a_fixed_amount(given: Given) -> Answer:
    choose(given["result"], {"net per line": True})
    drafts = discounted(lines_of(given["weights"]), fixed(given["amount"]), currency=MINOR)
    return tuple(draft.net for draft in drafts)


@adapts("alloc", "coupons_cents lines_cents result")
def coupons_on_some_lines(given: Given) -> Answer:
    """The narrowest coupon first; the source keeps five decimals."""
    choose(given["result"], {"discount per line, 5 decimals": True})
    drafts = lines_of(given["lines_cents"])
    everything = frozenset(range(1, len(drafts) + 1))
    coupons = [
        Coupon(
            Amount(number(row["amount"])), everything if row["lines"] == "all" else frozenset(map(int, row["lines"]))
        )
        for row in given["coupons_cents"]
    ]
    groups = [[coupon] for coupon in sorted(coupons, key=lambda coupon: len(coupon.lines or everything))]
    after = discounted(drafts, groups, currency=Currency("cents", 5))
    return tuple(draft.taken_off(StepKind.POLICY) for draft in after)
