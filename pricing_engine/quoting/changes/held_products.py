"""The products of a contract as they are on a day, in the words of a new request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import cast

from pricing_engine.catalog.products import Product, ProductType, QuantityRule
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract import HeldProduct
from pricing_engine.quoting.changes.kind import Kind
from pricing_engine.quoting.chosen import Chosen
from pricing_engine.quoting.held import Held
from pricing_engine.rulebook.rulebook import Rulebook

# As `make_step` in `pricing/waterfall.py`.
_make_chosen = cast("Callable[[tuple[object, ...]], Chosen]", partial(tuple.__new__, Chosen))


def products_held(held: Held, rulebook: Rulebook, kind: Kind) -> dict[str, Chosen]:
    """The products of the contract by id, as they are when a change takes force and will be after.

    A new term is priced anew: the prices given to charges, and asked by ramps, were for the one before (P27).
    """
    found = held.once(_from_day, rulebook, kind.start)
    return {id_: without_prices(each) for id_, each in found.items()} if kind.is_new_term else dict(found)


def _from_day(held: Held, rulebook: Rulebook, day: date) -> Mapping[str, Chosen]:
    contract = held.contract
    # A layer that has ended may be the last that was pinned to its version: that one is not held any more.
    pinned = {line.product: line.rulebook for line in contract.lines if line.phases}
    tier_rulebook, rulebooks = contract.tier_rulebook, held.rulebooks
    found: dict[str, Chosen] = {}
    for each in contract.products:
        id_, starts, quantities, prices, commitments = each
        own = rulebooks[pinned.get(id_, tier_rulebook)]
        product = own.products.get(id_) or _defined(each, (rulebook, *rulebooks.values()))
        if len(starts) == 1:
            starts = (day,)
        else:
            reached = max((index for index, start in enumerate(starts) if start <= day), default=0)
            starts, quantities, prices = (day, *starts[reached + 1 :]), quantities[reached:], prices[reached:]
        found[id_] = _make_chosen((product, "", starts, quantities, prices, commitments))
    return found


def _defined(each: HeldProduct, versions: Sequence[Rulebook]) -> Product:
    """A product that its own version does not have, by the first one that does.

    What was only owed once pins no version, so that none at hand may know it any more. It has nothing to price then,
    and stays on the contract by its name.
    """
    known = next((found for version in versions if (found := version.products.get(each.product)) is not None), None)
    if known is not None:
        return known
    counted = tuple(QuantityRule(metric) for metric in each.quantities[-1])
    rule = RuleRef(each.product, "", 0, "sold once, by a version that nothing is pinned to any more")
    return Product(each.product, each.product, ProductType.SERVICE, "", (), rule, quantities=counted)


def without_prices(each: Chosen) -> Chosen:
    """A product without the prices that were given to its charges."""
    return each._replace(unit_prices=({},) * len(each.starts)) if any(each.unit_prices) else each
