"""The discretionary discounts of a request, tied to the lines they are about."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import Currency, round_money
from pricing_engine.pricing.line_item import AmountAsk, Ask, LineItem, PercentAsk, PriceAsk
from pricing_engine.quoting.refusals import AmountTooPrecise, TargetPriceOfQuote, UnknownCharge
from pricing_engine.quoting.request import AmountOff, DiscountRequest, PercentOff, QuoteRequest, TargetPrice
from pricing_engine.rulebook.suggest import did_you_mean


def read_asks(request: QuoteRequest, items: Sequence[LineItem], currency: Currency) -> tuple[Ask, ...]:
    """The asks in the order of the request; their rule is a pointer into it and the rep's reason.

    Raises: UnknownCharge when no line is meant; TargetPriceOfQuote; AmountTooPrecise.
    """
    return tuple(
        Ask(RuleRef(f"/discounts/{index}", "", 0, ask.why), _size(ask, index, currency), _lines(ask, index, items))
        for index, ask in enumerate(request.discounts)
    )


def _size(ask: DiscountRequest, index: int, currency: Currency) -> PercentAsk | AmountAsk | PriceAsk:
    match ask.size:
        case PercentOff(fraction):
            return PercentAsk(fraction)
        case AmountOff(amount):
            check_precision(amount, f"/discounts/{index}/amount", currency)
            return AmountAsk(amount)
        case TargetPrice(unit_price):
            if ask.product is None:
                raise TargetPriceOfQuote(
                    "a unit price is asked for of the whole quote, whose lines have different units",
                    fix="name a product or one of its charges as the target",
                    pointer=f"/discounts/{index}/target",
                )
            return PriceAsk(unit_price)


def check_precision(amount: Decimal, pointer: str, currency: Currency) -> None:
    """Refuses an amount that its currency cannot pay.

    Raises: AmountTooPrecise.
    """
    if round_money(amount, currency) != amount:
        raise AmountTooPrecise(
            f"{amount} has more decimals than {currency.code} has",
            fix=f"give at most {currency.digits} decimals",
            pointer=pointer,
        )


def _lines(ask: DiscountRequest, index: int, items: Sequence[LineItem]) -> frozenset[str] | None:
    if ask.product is None:
        return None
    lines = frozenset(
        item.id
        for item in items
        if (item.product.id == ask.product and ask.charge in {None, item.charge.id})
        or item.key == f"{ask.product}.{ask.charge}"
    )
    if not lines:
        name = ask.product if ask.charge is None else f"{ask.product}.{ask.charge}"
        known = {item.product.id for item in items} | {item.key for item in items}
        raise UnknownCharge(
            f"the quote has no line {name}", fix=did_you_mean(name, known), pointer=f"/discounts/{index}/target"
        )
    return lines
