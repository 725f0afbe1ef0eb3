"""The lines of the target: those of the contract as they were agreed, what grows on top of them, and new ones (P17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.catalog.prices import CommittedAmount
from pricing_engine.catalog.products import ONE_TIME, USAGE, Charge, Product, Tier, find_charge
from pricing_engine.contracts.contract import HeldProduct
from pricing_engine.contracts.contract_line import ContractLine, Phase
from pricing_engine.money import ZERO
from pricing_engine.pricing.line_item import LAYER, LineItem
from pricing_engine.quoting.changes.agreed_lines import AgreedLines, TargetLine, phases_from
from pricing_engine.quoting.changes.held_products import without_prices
from pricing_engine.quoting.changes.layers import lay_out, layer_number, stays_as_it_is
from pricing_engine.quoting.changes.refusals import ProductGone
from pricing_engine.quoting.chosen import Chosen, totals_on
from pricing_engine.quoting.given_prices import check_given
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.line_items import make_item, platform_of, product_items, tier_items
from pricing_engine.quoting.sale import Sale
from pricing_engine.rulebook.rulebook import Rulebook


class Kept(NamedTuple):
    """What target lines are made from.

    `fresh` are the products that are priced anew, whatever the contract has, `asked_of` those a change names. In a new
    term prices are only those that the request gives.
    """

    sale: Sale
    held: Held
    agreed: AgreedLines
    fresh: frozenset[str]
    asked_of: frozenset[str]
    is_new_term: bool


def target_lines(
    sale: Sale,
    held: Held,
    *,
    fresh: frozenset[str] = frozenset(),
    asked_of: frozenset[str] = frozenset(),
    is_new_term: bool = False,
) -> tuple[TargetLine, ...]:
    """The lines of the target in the order of a new sale: the tier's charges, then the products'.

    Raises: ProductGone where the price of a product in force is needed that is not sold any more; PriceMissing, …
    """
    agreed = held.once(AgreedLines, sale.term.start, sale.reporting_rate, sale.request.usage)
    kept = Kept(sale, held, agreed, fresh, asked_of, is_new_term)
    products = {each.product: each for each in held.contract.products}
    lines: list[TargetLine] = []
    tier = sale.tier.tier if sale.tier else None
    if tier is not None:
        lines += _tier_lines(tier, kept)
    platforms = {sale.rulebook.platform_id, held.rulebooks[held.contract.tier_rulebook].platform_id}
    for each in sale.chosen:
        id_ = each.product.id
        if id_ in platforms:  # sold as its tier
            continue
        is_held = id_ in products
        if id_ in fresh or not is_held:
            lines += _fresh_lines(each, kept, is_held=is_held)
        else:
            lines += _kept_lines(each, None, kept)
        if is_held and id_ in asked_of:
            lines += _more_once(each, products[id_], kept)
    return tuple(lines)


def _fresh_lines(each: Chosen, kept: Kept, *, is_held: bool) -> list[TargetLine]:
    """A product at the prices in force; what it owes once was paid when it was bought."""
    product, sale = each.product, kept.sale
    _check_sold(product.id, sale.rulebook)
    if kept.is_new_term or not is_held:  # within the term prices given are those agreed: nothing to check again
        check_given(each, product.id, product.charges, sale)
    items = product_items(each, sale)
    return [TargetLine(item, None) for item in items if not (is_held and item.charge.timing is ONE_TIME)]


def _more_once(each: Chosen, held: HeldProduct, kept: Kept) -> Iterator[TargetLine]:
    """What is owed once for more units of a product that is held: it was paid for the others."""
    start, sold = kept.sale.term.start, kept.sale.rulebook.products
    if each.product.id not in sold and not kept.agreed.of_product(each.product.id) and _is_more(each, held):
        raise _gone(each.product.id, kept.sale.rulebook)
    product = sold.get(each.product.id)
    for charge in product.charges if product else ():
        metric = charge.metric
        if charge.timing is not ONE_TIME or metric is None:
            continue
        before, now = held.quantities[-1].get(metric, ZERO), each.quantities[0].get(metric, ZERO)
        if now > before:
            phases = (Phase(start, now - before, below=before),)
            yield TargetLine(make_item(each, None, charge, kept.sale, phases=phases), None)


def _is_more(each: Chosen, held: HeldProduct) -> bool:
    before = held.quantities[-1]
    return any(now > before.get(metric, ZERO) for metric, now in each.quantities[0].items())


def _tier_lines(tier: Tier, kept: Kept) -> list[TargetLine]:
    sale, contract = kept.sale, kept.held.contract
    ladder = sale.rulebook.ladder
    if tier.id == contract.tier and not (ladder and ladder.platform.id in kept.fresh):
        pinned = kept.held.rulebooks[contract.tier_rulebook].ladder
        platform = pinned.platform if pinned else None
        if platform is None or not kept.agreed.of_product(platform.id):
            return []
        return _kept_lines(platform_of(sale.chosen, platform, sale.term.start), tier, kept)
    if ladder is None or tier.id not in ladder.ranks:
        raise _gone(f"tier {tier.id}", sale.rulebook)
    return [
        TargetLine(item, None)
        for item in tier_items(tier, ladder.platform, _without_old_tier(kept, ladder.platform.id))
        if not (tier.id == contract.tier and item.charge.timing is ONE_TIME)
    ]


def _without_old_tier(kept: Kept, platform: str) -> Sale:
    """The sale without prices given, before this change, to charges of another tier."""
    sale = kept.sale
    if kept.is_new_term or all(each.product != platform for each in kept.held.contract.products):
        return sale
    chosen = [without_prices(each) if each.product.id == platform else each for each in sale.chosen]
    return sale._replace(chosen=tuple(chosen))


def _check_sold(product: str, rulebook: Rulebook) -> None:
    if product not in rulebook.products:
        raise _gone(product, rulebook)


def _gone(what: str, rulebook: Rulebook) -> ProductGone:
    return ProductGone(
        f"{what} is not sold any more under rulebook {rulebook.hash[:12]}",
        fix="give it up or swap it for what is sold, or have the pricing team bring it back",
        pointer="/changes",
        gone=what,
    )


def _kept_lines(each: Chosen, tier: Tier | None, kept: Kept) -> list[TargetLine]:
    """The lines a product of the contract keeps, and one for what grows on top of each charge."""
    id_ = each.product.id
    agreed = kept.agreed.of_product(id_)
    if tier is None and id_ not in kept.asked_of:
        return list(agreed.values())
    by_key: dict[str, list[ContractLine]] = {}
    for _, line in agreed.values():
        assert line is not None  # what was agreed has its line in the contract
        by_key.setdefault(line.key, []).append(line)
    found: list[TargetLine] = []
    for layers in by_key.values():
        if len(layers) > 1:
            layers.sort(key=lambda line: layer_number(line.id))
        found += _charge_lines(each, tier, layers, agreed, kept)
    return found


def _charge_lines(
    each: Chosen, tier: Tier | None, layers: Sequence[ContractLine], agreed: Mapping[str, TargetLine], kept: Kept
) -> list[TargetLine]:
    first = layers[0]
    committed = each.commitments.get(first.charge)
    if committed is not None:  # an amount is committed once
        phases = phases_from(first, kept.sale.term.start)
        phases = tuple(phase._replace(commitment=CommittedAmount(committed)) for phase in phases)
        return [agreed[first.id].with_phases(phases)]
    if first.metric is None:
        return [agreed[line.id] for line in layers]
    totals = _totals(each, first, kept.sale, by_account=tier is not None)
    if len(layers) == 1 and stays_as_it_is(first, totals):
        return [agreed[first.id]]
    laid = lay_out(
        layers,
        totals,
        is_usage=first.timing is USAGE,
        holds=kept.held.contract.price_hold or first.price is None,
    )
    found = [agreed[line.id].with_phases(laid.kept[line.id]) for line in layers if line.id in laid.kept]
    if laid.on_top:
        found.append(TargetLine(_growth(each, tier, layers, laid.on_top, kept.sale), None))
    return found


def _totals(each: Chosen, line: ContractLine, sale: Sale, *, by_account: bool) -> list[tuple[date, Decimal]]:
    """How many of the charge's metric there are in all, by day."""
    metric = line.metric or ""
    days: Sequence[date] = each.starts
    if by_account:
        days = sorted({*days, *(start for other in sale.chosen for start in other.starts)})
    totals = []
    for day in days:
        given = each.quantity_on(metric, day)
        if given is None and by_account and line.timing is not USAGE:
            given = totals_on(day, sale.chosen, sale.request.usage, sale.rulebook.metrics).get(metric)
        if given is None:
            given = ZERO if line.timing is USAGE else line.phase_on(day).quantity
        totals.append((day, given))
    return totals


def _growth(
    each: Chosen, tier: Tier | None, layers: Sequence[ContractLine], phases: tuple[Phase, ...], sale: Sale
) -> LineItem:
    """The units on top of a contracted charge, at the price in force."""
    charge = _charge_in_force(each.product, tier, layers[0], sale.rulebook)
    layer = f"{LAYER}{layer_number(layers[-1].id) + 1}"
    return make_item(each, tier, charge, sale, phases=phases, layer=layer)


def _charge_in_force(product: Product, tier: Tier | None, line: ContractLine, rulebook: Rulebook) -> Charge:
    if tier is not None:
        ladder = rulebook.ladder
        charges = ladder.tiers[ladder.ranks[tier.id]].charges if ladder and tier.id in ladder.ranks else ()
    else:
        charges = rulebook.products[product.id].charges if product.id in rulebook.products else ()
    charge = find_charge(charges, line.charge)
    if charge is None:
        raise _gone(line.key, rulebook)
    return charge
