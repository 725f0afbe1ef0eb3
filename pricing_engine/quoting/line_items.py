"""The charges to price, from what was chosen: one line item per charge, with its price in force and its phases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from pricing_engine.catalog.charge_models import QuantityBeyondBands, Stairstep
from pricing_engine.catalog.price_books import PriceMissing
from pricing_engine.catalog.prices import Commitment, CommittedAmount, CommittedQuantity, Price, rate
from pricing_engine.catalog.products import RECURRING, USAGE, Charge, Product, Tier
from pricing_engine.contracts.contract_line import Phase
from pricing_engine.money import ONE, ZERO
from pricing_engine.pricing.line_item import LineItem
from pricing_engine.quoting.chosen import Chosen, totals_on
from pricing_engine.quoting.given_prices import check_given
from pricing_engine.quoting.refusals import QuantityMissing
from pricing_engine.quoting.sale import Sale


def build_line_items(sale: Sale) -> tuple[LineItem, ...]:
    """One item per charge: the tier's first, then the products' in the order asked. Ids are price-book keys.

    Raises: PriceMissing, QuantityBeyondBands, UnknownCharge, PriceNotAllowed, RoleMayNotPrice.
    """
    ladder = sale.rulebook.ladder
    platform_id = sale.rulebook.platform_id
    items: list[LineItem] = []
    if sale.tier is not None and ladder is not None:
        items += tier_items(sale.tier.tier, ladder.platform, sale)
    for each in sale.chosen:
        if each.product.id != platform_id:
            check_given(each, each.product.id, each.product.charges, sale)
            items += product_items(each, sale)
    return tuple(items)


def tier_items(tier: Tier, platform: Product, sale: Sale) -> list[LineItem]:
    """The charges of a tier, by what was asked of the platform."""
    each = platform_of(sale.chosen, platform, sale.term.start)
    check_given(each, tier.id, tier.charges, sale)
    return [make_item(each, tier, charge, sale) for charge in tier.charges]


def product_items(each: Chosen, sale: Sale) -> list[LineItem]:
    """The charges of a product."""
    return [make_item(each, None, charge, sale) for charge in each.product.charges]


def platform_of(chosen: Sequence[Chosen], platform: Product, start: date) -> Chosen:
    """The platform as it was asked for; when nobody named it, it comes with the tier."""
    asked = next((each for each in chosen if each.product.id == platform.id), None)
    return asked or Chosen(platform, "", (start,), ({},), ({},), {})


def make_item(
    each: Chosen,
    tier: Tier | None,
    charge: Charge,
    sale: Sale,
    *,
    phases: tuple[Phase, ...] | None = None,
    layer: str = "",
) -> LineItem:
    """One charge at the price in force; `phases` are given for a `layer` on top of what was bought before.

    Raises: PriceMissing, QuantityBeyondBands, QuantityMissing.
    """
    product = each.product
    key = f"{tier.id if tier else product.id}.{charge.id}"
    try:
        entry = sale.price_book.in_force(key, sale.request.effective_date)
    except PriceMissing as missing:
        missing.pointer = f"{each.pointer}/product" if each.pointer else "/effective_date"
        raise
    price = entry.price if isinstance(entry.price, Price) else None
    timing, cost = charge.timing, charge.unit_cost
    if phases is None:
        phases = phases_of(each, charge, sale, is_listed=price is not None, by_account=tier is not None)
    if price is not None and isinstance(price.model, Stairstep):
        _check_reach(price, phases, key, f"{each.pointer or '/changes'}/quantities/{charge.metric}")
    return LineItem(
        key + layer,
        product,
        tier,
        charge,
        entry.rule,
        price,
        sale.bundles.get(product.id) if timing is RECURRING else None,
        phases,
        None if cost is None else cost / sale.reporting_rate,
        sale.request.usage.get(charge.metric or "") if timing is USAGE else None,
    )


def _check_reach(price: Price, phases: Sequence[Phase], key: str, pointer: str) -> None:
    """Refuses a quantity above a closed last band here, where it is known what was asked for.

    Raises: QuantityBeyondBands.
    """
    for phase in phases:
        try:
            rate(price, phase.below + phase.quantity)
        except QuantityBeyondBands as beyond:
            raise QuantityBeyondBands(f"{key}: {beyond}", fix=beyond.fix, pointer=pointer, **beyond.facts) from None


def phases_of(each: Chosen, charge: Charge, sale: Sale, *, is_listed: bool, by_account: bool) -> tuple[Phase, ...]:
    """What holds when; one phase unless the product, or for a tier any product, has a ramp."""
    starts = each.starts
    if len(starts) == 1 and not by_account:
        return (_phase(each, charge, sale, starts[0], is_listed=is_listed, by_account=False),)
    if by_account and charge.metric is not None:
        starts = tuple(sorted({start for other in sale.chosen for start in other.starts} | set(starts)))
    return tuple([_phase(each, charge, sale, start, is_listed=is_listed, by_account=by_account) for start in starts])


def _phase(each: Chosen, charge: Charge, sale: Sale, start: date, *, is_listed: bool, by_account: bool) -> Phase:
    quantity = _quantity(each, charge, sale, start, by_account=by_account)
    commitment: Commitment | None = None
    if charge.timing is USAGE:
        amount = each.commitments.get(charge.id)
        if amount is not None:
            commitment = CommittedAmount(amount)
        elif quantity:
            commitment = CommittedQuantity(quantity)
    prices = each.unit_prices[0] if len(each.starts) == 1 else _unit_prices_on(each, start)
    given = prices.get(charge.id)
    if is_listed:
        return Phase(start, quantity, commitment, None, given)
    return Phase(start, quantity, commitment, given, None)


def _unit_prices_on(each: Chosen, day: date) -> Mapping[str, Decimal]:
    prices = each.unit_prices[0]
    for start, later in zip(each.starts[1:], each.unit_prices[1:], strict=True):
        if start > day:
            break
        prices = later
    return prices


def _quantity(each: Chosen, charge: Charge, sale: Sale, day: date, *, by_account: bool) -> Decimal:
    if charge.metric is None:
        return ONE
    given = each.quantity_on(charge.metric, day)
    if given is not None:
        return given
    if charge.timing is USAGE:
        return ZERO
    if by_account:
        totals = totals_on(day, sale.chosen, sale.request.usage, sale.rulebook.metrics)
        if charge.metric in totals:
            return totals[charge.metric]
    raise QuantityMissing(
        f"{each.product.id} is priced by {charge.metric}, and no quantity was given",
        fix=f'add {{"op": "add", "product": "{each.product.id}", "quantities": {{"{charge.metric}": "…"}}}}',
        pointer=each.pointer or "/changes",
    )
