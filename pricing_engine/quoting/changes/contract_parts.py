"""Parts of a contract, made from what was priced: lines, products, agreed discounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract import AgreedDiscount, DiscountKind, HeldProduct
from pricing_engine.contracts.contract_line import ContractLine, Grant, Stretch
from pricing_engine.errors import DomainError
from pricing_engine.pricing.line_item import AmountAsk, Ask, Granting, LineItem, PercentAsk, PriceAsk
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.changes.waivers import LASTING, WAIVED
from pricing_engine.quoting.chosen import Chosen
from pricing_engine.quoting.request import Waiver


class NotBookable(DomainError):
    """A quote cannot become a contract: a line has no price, or a refusal stands."""

    code = "not-bookable"


def refuse_unpriced(*, is_complete: bool) -> None:
    """Refuses what has no price.

    Raises: NotBookable.
    """
    if not is_complete:
        raise NotBookable(
            "a line of the quote has no price yet", fix="have it priced by a role that may give `unit_prices`"
        )


def new_line(
    item: LineItem,
    priced: PricedLine,
    granting: Granting,
    rulebook: str,
    stretches: Sequence[Stretch],
    instalments: Sequence[Decimal],
) -> ContractLine:
    """A line as it is agreed now, under the rulebook version it was priced with."""
    return ContractLine(
        item.id,
        item.key,
        item.product.id,
        priced.name,
        priced.tier,
        item.charge.id,
        item.charge.timing,
        item.charge.months or 12,
        item.charge.metric,
        rulebook,
        item.entry.rule,
        item.price,
        item.bundle.id if item.bundle else None,
        item.phases,
        grants_in(granting),
        tuple(stretches),
        tuple(instalments),
        item.trial_until,
    )


def grants_in(granting: Granting) -> tuple[Grant, ...]:
    """What was granted to a line, as the contract remembers it."""
    return tuple(
        [Grant(each.policy.id, each.fraction, each.amount, each.ends) for _, granted in granting for each in granted]
    )


def held_products(chosen: Iterable[Chosen]) -> tuple[HeldProduct, ...]:
    """The products as the contract remembers them."""
    return tuple(
        [
            HeldProduct(each.product.id, each.starts, each.quantities, each.unit_prices, each.commitments)
            for each in chosen
        ]
    )


def agreed_discounts(
    asks: Iterable[Ask], lines: Iterable[LineItem], products: Iterable[Chosen], version: int
) -> tuple[AgreedDiscount, ...]:
    """The discounts asked for on what recurs, with the products they were given for."""
    recurring = frozenset(item.id for item in lines if item.charge.months is not None and item.trial_until is None)
    given_for = frozenset(each.product.id for each in products)
    agreed = []
    for index, ask in enumerate(each for each in asks if not each.is_agreed):
        off = recurring if ask.lines is None else ask.lines & recurring
        if off:
            rule = RuleRef(f"agreed-{version}.{index + 1}", "", 0, ask.rule.why)
            agreed.append(AgreedDiscount(rule, *_size(ask), off, given_for))
    return tuple(agreed)


def _size(ask: Ask) -> tuple[DiscountKind, Decimal]:
    match ask.size:
        case PercentAsk(fraction):
            return DiscountKind.PERCENT, fraction
        case AmountAsk(amount):
            return DiscountKind.AMOUNT, amount
        case PriceAsk(unit_price):
            return DiscountKind.UNIT_PRICE, unit_price


def lasting_waivers(waivers: Iterable[Waiver]) -> dict[str, str]:
    """The terms a contract has otherwise from now on."""
    return {waiver.what: waiver.to or WAIVED for waiver in waivers if waiver.what in LASTING}
