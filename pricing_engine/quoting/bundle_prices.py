"""The fixed prices of the bundles asked for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pricing_engine.catalog.price_books import PriceMissing
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import Currency, round_money
from pricing_engine.pricing.line_item import BundlePrice
from pricing_engine.quoting.refusals import BundleOnRequest
from pricing_engine.quoting.sale import Sale


def bundle_prices(sale: Sale) -> Mapping[str, BundlePrice]:
    """The fixed prices of the bundles asked for, per year.

    Rounds: each once, since its parts must sum to a whole in minor units (P3).
    """
    prices: dict[str, BundlePrice] = {}
    for index, bundle_id in enumerate(sale.request.bundles):
        bundle = sale.rulebook.bundles[bundle_id]
        if bundle.price_key is None:
            continue
        try:
            entry = sale.price_book.in_force(bundle.price_key, sale.request.effective_date)
        except PriceMissing as missing:
            missing.pointer = f"/bundles/{index}"
            raise
        if not isinstance(entry.price, Price):
            raise BundleOnRequest(
                f"bundle {bundle_id} is priced on request in {sale.price_book.id}",
                fix="leave it out, or ask in another currency",
                pointer=f"/bundles/{index}",
            )
        prices[bundle_id] = fixed_price(bundle, entry.price, entry.rule, sale.currency)
    return prices


def fixed_price(bundle: Bundle, price: Price, rule: RuleRef, currency: Currency) -> BundlePrice:
    """The yearly price of a bundle.

    Rounds: once, half up, since its parts must sum to a whole in minor units (P3).
    """
    per_year = price.model.amount(Decimal(1)) * 12 / bundle.price_months
    return BundlePrice(round_money(per_year, currency), rule)
