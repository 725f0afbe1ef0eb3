"""Warns where the larger offer is the lesser deal: a tier with less than the one below or for less, a dearer bundle."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from pricing_engine.rulebook.checks.flat_fees import Book, FlatFee, days_of_change, flat_fee, recurring_fees
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.bundle import BundleDocument
from pricing_engine.rulebook.documents.tiers import TierShape
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.index import BUNDLE_CHARGE, Index, tiers_of
from pricing_engine.rulebook.sources import Loaded

Tier = Loaded[TierShape]


def check_offers_compared(subject: Subject) -> Iterator[Fault]:
    """W223 and W322 for a tier beside the one below, W323 for a bundle; only flat fees are compared."""
    steps = list(pairwise(tiers_of(subject.repository)))
    # What no charge counts is a fact about a plan, of which a price page may well grant the higher one fewer.
    counted = frozenset(str(each.charge.metric) for each in subject.sold)
    for lower, higher in steps:
        yield from _holds_less(lower, higher, counted)
    for book in subject.repository.price_books:
        for lower, higher in steps:
            yield from _costs_less(book, lower.shape, higher.shape)
        for bundle in (each for each in subject.repository.bundles if each.shape.price.fixed):
            yield from _dearer(book, bundle.shape, subject.index)


def _holds_less(lower: Tier, higher: Tier, counted: frozenset[str]) -> Iterator[Fault]:
    for metric, limit in higher.shape.limits.items():
        below = lower.shape.limits.get(metric) if metric in counted else None
        if below is None or limit.included is None or (limit.overage and not below.overage):
            continue
        if below.included is None or below.included > limit.included:
            held = "any number" if below.included is None else f"{below.included:f}"
            least = f"less than {lower.shape.id}, the tier below: {held}"
            what = f"{higher.shape.id} holds {limit.included:f} {metric}, {least}"
            related = (lower.related(("limits", metric), "the tier below"),)
            fix = "let a higher tier hold at least as much, or change the order of the ladder"
            yield higher.fault("W223", ("limits", metric), what, fix, related=related)


def _costs_less(book: Book, lower: TierShape, higher: TierShape) -> Iterator[Fault]:
    keys = [f"{tier.id}.{charge.id}" for tier in (lower, higher) for charge in tier.charges]
    for day in days_of_change(book, keys):
        below, above = (recurring_fees(book, tier.id, tier.charges, day) for tier in (lower, higher))
        if below is not None and above and total_of(above) < total_of(below):
            least = f"less than {lower.id}, the tier below: {told(book, below)}"
            what = f"from {day} {higher.id} costs {told(book, above)}, {least}"
            fix = "raise the price, or change the order of the ladder"
            related = (book.related(("prices", fee.key, fee.entry), "the tier below") for fee in below[:1])
            place = ("prices", above[0].key, above[0].entry, "amount")
            yield book.fault("W322", place, what, fix, related=tuple(related))
            return


def _dearer(book: Book, bundle: BundleDocument, index: Index) -> Iterator[Fault]:
    key = f"{bundle.id}.{BUNDLE_CHARGE}"
    for day in days_of_change(book, [key, *part_keys(bundle, index)]):
        together = flat_fee(book, key, bundle.price.per, day)
        apart = cost_apart(book, bundle, index, day)
        if together is not None and apart is not None and together.per_year > apart:
            what = f"from {day} {bundle.id} costs {told(book, [together])}, more than its parts: {apart:f}"
            fix = "lower the price of the bundle below that of its parts"
            yield book.fault("W323", ("prices", key, together.entry, "amount"), what, fix)
            return


def part_keys(bundle: BundleDocument, index: Index) -> Iterator[str]:
    """The price-book keys of everything a bundle may be made of."""
    for product in {choice for item in bundle.items for choice in item.choices} & index.products.keys():
        for charge in index.products[product].shape.charges:
            yield f"{product}.{charge.id}"


def cost_apart(book: Book, bundle: BundleDocument, index: Index, day: date) -> Decimal | None:
    """What the parts cost one by one, of a choice the dearest; None where one of them cannot be told."""
    total = Decimal(0)
    for item in bundle.items:
        known = [index.products[choice].shape for choice in item.choices if choice in index.products]
        fees = [recurring_fees(book, each.id, each.charges, day) for each in known]
        if len(known) < len(item.choices) or None in fees:
            return None
        total += max(total_of(fee) for fee in fees if fee is not None)
    return total


def told(book: Book, fees: list[FlatFee]) -> str:
    """The fees together, as a message says them."""
    return f"{total_of(fees):f} {book.shape.currency} a year"


def total_of(fees: list[FlatFee]) -> Decimal:
    """The fees together, per year."""
    return sum((fee.per_year for fee in fees), Decimal(0))
