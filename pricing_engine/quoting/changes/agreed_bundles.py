"""The fixed prices of a contract's bundles, as they were when the bundles were agreed (P18a, P22)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pricing_engine.catalog.price_books import PriceBook, PriceEntry
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import Bundle
from pricing_engine.contracts.contract_line import ContractLine
from pricing_engine.pricing.line_item import BundlePrice, LineItem
from pricing_engine.quoting.bundle_prices import fixed_price
from pricing_engine.quoting.changes.agreed import left_of
from pricing_engine.quoting.changes.agreed_lines import TargetLine
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.sale import Sale

Bundled = tuple[LineItem, ContractLine, Bundle]
"""An item of a bundle of the contract, with its line there."""


def agreed_bundle_prices(
    bundled: Sequence[Bundled], lost: Collection[str], lines: Sequence[TargetLine], held: Held, sale: Sale
) -> dict[str, BundlePrice]:
    """The fixed prices by bundle; of those `lost`, what they were for what stays."""
    contract = held.contract
    prices: dict[str, BundlePrice] = {}
    for _, origin, bundle in bundled:
        if bundle.price_key is None or bundle.id in prices:
            continue
        # What was cancelled on its first day was agreed and has no days.
        day = origin.stretches[0].start if origin.stretches else contract.term.start
        entry = _book_of(origin, held).in_force(bundle.price_key, day)
        if isinstance(entry.price, Price):
            price = fixed_price(bundle, entry.price, entry.rule, sale.currency)
            if bundle.id in lost:
                off = {each.id for each in contract.lines if each.bundle == bundle.id}
                price = BundlePrice(left_of(price.per_year, off, lines, contract, sale), price.rule)
            prices[bundle.id] = price
    return prices


def _book_of(line: ContractLine, held: Held) -> PriceBook:
    """The price book a line was priced by: that of the contract, unless its version has it by another name."""
    id_, currency = held.contract.price_book, held.contract.currency.code
    books = [book for book in held.rulebooks[line.rulebook].price_books if book.currency.code == currency]
    listing = [book for book in books if any(entry.rule == line.entry for entry in _entries(book, line.key))]
    return next((book for book in listing if book.id == id_), (listing or books)[0])


def _entries(book: PriceBook, key: str) -> Sequence[PriceEntry]:
    return book.prices[key].entries if key in book.prices else ()
