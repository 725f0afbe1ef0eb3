"""Prices and commitments that a request gives: for charges there are, and by those who may (P5)."""

from __future__ import annotations

from collections.abc import Sequence

from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import USAGE, Charge
from pricing_engine.quoting.asks import check_precision
from pricing_engine.quoting.chosen import Chosen
from pricing_engine.quoting.refusals import PriceNotAllowed, RoleMayNotPrice, UnknownCharge
from pricing_engine.quoting.sale import Sale
from pricing_engine.rulebook.suggest import did_you_mean


def check_given(each: Chosen, owner: str, charges: Sequence[Charge], sale: Sale) -> None:
    """Refuses prices and commitments that a product's request gives and may not. `owner`: product or tier id.

    Raises: UnknownCharge; AmountTooPrecise; RoleMayNotPrice;
    PriceNotAllowed for a charge with a list price (in a ramp a unit price is a target there).
    """
    if not each.commitments and not any(each.unit_prices):
        return
    known = {charge.id for charge in charges}
    usage = {charge.id for charge in charges if charge.timing is USAGE}
    for charge_id, amount in each.commitments.items():
        pointer = f"{each.pointer}/commitments/{charge_id}"
        _check_known(charge_id, usage, each, pointer, "usage charge")
        check_precision(amount, pointer, sale.currency)
    for index, prices in enumerate(each.unit_prices):
        where = each.pointer + (f"/ramp/{index - 1}" if index else "") + "/unit_prices"
        for charge_id in prices:
            pointer = f"{where}/{charge_id}"
            _check_known(charge_id, known, each, pointer, "charge")
            key = f"{owner}.{charge_id}"
            if not isinstance(sale.price_book.in_force(key, sale.request.effective_date).price, Price):
                _check_role(key, pointer, sale.request.role, sale.rulebook.discretion.may_price)
            elif index == 0:
                raise PriceNotAllowed(
                    f"{key} has a list price",
                    fix="ask for a discount with a target unit_price instead",
                    pointer=pointer,
                )


def _check_known(charge_id: str, known: set[str], each: Chosen, pointer: str, what: str) -> None:
    if charge_id not in known:
        raise UnknownCharge(
            f"{each.product.id} has no {what} {charge_id}",
            fix=did_you_mean(charge_id, known, if_none="leave it out"),
            pointer=pointer,
        )


def _check_role(key: str, pointer: str, role: str, allowed: frozenset[str]) -> None:
    if role not in allowed:
        raise RoleMayNotPrice(
            f"a {role} may not price {key}",
            fix=f"ask {' or '.join(sorted(allowed)) or 'the pricing team to list a price'}",
            pointer=pointer,
        )
