"""Discretionary discounts that were agreed with a contract, as asks on what is left of their lines (P22)."""

from __future__ import annotations

from collections.abc import Sequence, Set
from decimal import Decimal

from pricing_engine.contracts.contract import AgreedDiscount, Contract, DiscountKind
from pricing_engine.money import ZERO, round_money
from pricing_engine.pricing.line_item import AmountAsk, Ask, PercentAsk, PriceAsk
from pricing_engine.pricing.list_price import draft_line
from pricing_engine.quoting.changes.agreed_lines import TargetLine
from pricing_engine.quoting.sale import Sale


def agreed_ask(agreed: AgreedDiscount, lines: Sequence[TargetLine], contract: Contract, sale: Sale) -> Ask | None:
    """The discount on those of its lines that the contract keeps; None when it keeps none of them."""
    kept = [line for line in lines if line.origin is not None and line.item.id in agreed.lines]
    if not kept:
        return None
    ids = frozenset([line.item.id for line in kept])
    match agreed.kind:
        case DiscountKind.PERCENT:
            return Ask(agreed.rule, PercentAsk(agreed.size), ids, is_agreed=True)
        case DiscountKind.UNIT_PRICE:
            return Ask(agreed.rule, PriceAsk(agreed.size), ids, is_agreed=True)
        case DiscountKind.AMOUNT:
            return Ask(
                agreed.rule, AmountAsk(left_of(agreed.size, agreed.lines, lines, contract, sale)), ids, is_agreed=True
            )


def left_of(amount: Decimal, off: Set[str], lines: Sequence[TargetLine], contract: Contract, sale: Sale) -> Decimal:
    """A yearly amount off lines of a contract, `off`, of which the target keeps less: less in proportion, never more.

    By what they come to at list; percentages of other lines, which follow those, do not count.
    Rounds: half up to the minor unit.
    """
    day = sale.term.start
    kept = [line.item for line in lines if line.origin is not None and line.item.id in off]
    after = sum((draft_line(item, day).list for item in kept if item.charge.of_lines is None), ZERO)
    followers = {item.id for item in kept if item.charge.of_lines is not None}
    before = sum(
        (
            stretch.list
            for line in contract.lines
            if line.id in off and line.id not in followers and (stretch := line.stretch_on(day)) is not None
        ),
        ZERO,
    )
    if after >= before or not before:
        return amount
    return round_money(amount * after / before, sale.currency)
