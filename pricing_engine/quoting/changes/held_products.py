"""The products of a contract as they are on a day, in the words of a new request."""

from __future__ import annotations

from datetime import date

from pricing_engine.catalog.products import Product
from pricing_engine.contracts.contract import HeldProduct
from pricing_engine.quoting.chosen import Chosen
from pricing_engine.quoting.held import Held
from pricing_engine.rulebook.rulebook import Rulebook


def products_held(held: Held, rulebook: Rulebook, day: date) -> dict[str, Chosen]:
    """The products of the contract by id, as they are on a day and will be after, by their own rulebook version."""
    contract = held.contract
    # A layer that has ended may be the last that was pinned to its version: that one is not held any more.
    pinned = {line.product: line.rulebook for line in contract.lines if line.phases}
    found: dict[str, Chosen] = {}
    for each in contract.products:
        products = held.rulebooks[pinned.get(each.product, contract.tier_rulebook)].products
        product = products.get(each.product) or rulebook.products[each.product]
        found[each.product] = _held_on(each, product, day)
    return found


def _held_on(each: HeldProduct, product: Product, day: date) -> Chosen:
    _, starts, quantities, prices, commitments = each
    if len(starts) == 1:
        return Chosen(product, "", (day,), quantities, prices, commitments)
    reached = max((index for index, start in enumerate(starts) if start <= day), default=0)
    return Chosen(product, "", (day, *starts[reached + 1 :]), quantities[reached:], prices[reached:], commitments)
