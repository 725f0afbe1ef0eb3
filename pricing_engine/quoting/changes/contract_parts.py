"""Parts of a contract, made from what was priced: lines, products, agreed discounts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract import AgreedDiscount, BookedCharge, ChargeKind, DiscountKind, HeldProduct
from pricing_engine.contracts.contract_line import ContractLine, Grant, Stretch, Uplifted
from pricing_engine.errors import DomainError
from pricing_engine.money import ZERO, Currency
from pricing_engine.pricing.instalments import Cadence, spread
from pricing_engine.pricing.line_item import AmountAsk, Ask, Granting, LineItem, PercentAsk, PriceAsk
from pricing_engine.pricing.price import Pricing
from pricing_engine.pricing.waterfall import UPLIFT, PricedLine, Segment
from pricing_engine.quoting.changes.schedule import stretches_of
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
    grants: tuple[Grant, ...],
    rulebook: str,
    stretches: Sequence[Stretch],
    instalments: Sequence[Decimal],
) -> ContractLine:
    """A line as it is agreed now, under the rulebook version it was priced with; a trial is there until it ends."""
    over = item.trial_until
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
        item.list_rule,
        item.price,
        item.bundle.id if item.bundle else None,
        item.phases,
        grants,
        tuple(stretches) if over is None else tuple([each for each in stretches if each.start < over]),
        tuple(instalments),
        item.trial_until,
        _uplifted(priced.segments),
    )


def _uplifted(segments: Sequence[Segment]) -> tuple[Uplifted, ...]:
    """What a renewal's limit makes of each part of the term, which stays so (P27); none where it limits nothing."""
    limits = [next((step for step in each.steps if step.kind is UPLIFT), None) for each in segments]
    rule = next((step.rule for step in limits if step is not None), None)
    if rule is None:
        return ()
    return tuple(
        [
            Uplifted(each.start, rule, step.before, step.after) if step else Uplifted(each.start, rule, ZERO, ZERO)
            for each, step in zip(segments, limits, strict=True)
        ]
    )


class NewTerm(NamedTuple):
    """The lines of a new term, and what is owed once."""

    lines: tuple[ContractLine, ...]
    charges: tuple[BookedCharge, ...]


def new_term(
    items: Iterable[LineItem],
    pricing: Pricing,
    granted: Mapping[str, Granting],
    cadence: Cadence,
    currency: Currency,
    *,
    rulebook: str,
    day: date,
) -> NewTerm:
    """The contract's lines as priced for a term of their own; one-time charges are owed on `day`."""
    lines, charges = [], []
    shared: dict[int, tuple[Grant, ...]] = {}  # by what was granted: lines have it in common
    for item, priced in zip(items, pricing.lines, strict=True):
        if priced.months is not None:
            stretches = stretches_of(priced)
            instalments = spread(cadence, stretches, currency=currency)
            granting = granted.get(priced.id, ())
            grants = shared.get(id(granting))
            if grants is None:
                grants = shared[id(granting)] = grants_in(granting)
            lines.append(new_line(item, priced, grants, rulebook, stretches, instalments))
        elif priced.net_term:
            charges.append(BookedCharge(day, ChargeKind.ONE_TIME, priced.id, priced.net_term))
    return NewTerm(tuple(lines), tuple(charges))


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
