"""What upsell paths offer can be bought or tried, and is not less for more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

from pricing_engine.catalog.products import Combine
from pricing_engine.rulebook.checks.flat_fees import Book, days_of_change, flat_fee, recurring_fees
from pricing_engine.rulebook.checks.offers_compared import cost_apart, part_keys, told, total_of
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.bundle import BundleDocument
from pricing_engine.rulebook.documents.product import ProductDocument
from pricing_engine.rulebook.documents.terms import TrialShape
from pricing_engine.rulebook.documents.tiers import TierShape
from pricing_engine.rulebook.documents.upsell_path import CapacityShape, PathTrialShape, UpsellPathDocument
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.index import BUNDLE_CHARGE
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean

UpsellPath = Loaded[UpsellPathDocument]


def check_upsell_offers(subject: Subject) -> Iterator[Fault]:
    """E702 for what costs more for less, E707 for trials no terms allow, E708 for what cannot be bought."""
    for path in subject.repository.upsell_paths:
        yield from _more_for_less(path, subject)
        if subject.index.knows_all("product", "metrics", "tiers"):
            yield from _buyable(path, subject)
        if path.shape.trial is not None and subject.index.knows_all("terms"):
            yield from _allowed(path, path.shape.trial, subject)


def _more_for_less(path: UpsellPath, subject: Subject) -> Iterator[Fault]:
    start, offer, tiers = path.shape.start, path.shape.offer, subject.index.tiers
    if offer is None:
        return
    lower, higher = tiers.get((start.tier if start else None) or ""), tiers.get(offer.tier or "")
    if lower is not None and higher is not None and lower.shape.id != higher.shape.id:
        less = _what_is_less(lower.shape, higher.shape)
        for book in subject.repository.price_books if less else ():
            yield from _costs_more(path, book, lower.shape, higher.shape, less)
    bundle = next((each.shape for each in subject.repository.bundles if each.shape.id == offer.bundle), None)
    if bundle is not None and bundle.price.fixed:
        for book in subject.repository.price_books:
            yield from _dearer_than_parts(path, book, bundle, subject)


def _what_is_less(lower: TierShape, higher: TierShape) -> str:
    """The first thing that the target holds less of, in words; "" where there is none."""
    for metric, limit in higher.limits.items():
        below = lower.limits.get(metric)
        most = below.included if below is not None else None
        if limit.included is not None and not limit.overage and (most is None or most > limit.included):
            held = f"{most:f}" if most is not None else "any number"
            return f"{limit.included:f} {metric} instead of {held}"
    if higher.offers != "all" and (lower.offers == "all" or set(lower.offers) - set(higher.offers)):
        lost = "" if lower.offers == "all" else f": no {', '.join(sorted(set(lower.offers) - set(higher.offers)))}"
        return f"fewer products{lost}"
    return ""


def _costs_more(path: UpsellPath, book: Book, lower: TierShape, higher: TierShape, less: str) -> Iterator[Fault]:
    keys = [f"{tier.id}.{charge.id}" for tier in (lower, higher) for charge in tier.charges]
    for day in days_of_change(book, keys):
        before, after = (recurring_fees(book, tier.id, tier.charges, day) for tier in (lower, higher))
        if before is not None and after and total_of(after) >= total_of(before):
            cost = f"{told(book, after)} against {told(book, before)}"
            what = f"from {day} {higher.id} costs {cost} and has {less}"
            fix = "offer a tier that has more, or correct its limits or its price"
            related = (book.related(("prices", after[0].key, after[0].entry), "its price"),)
            yield path.fault("E702", ("offer", "tier"), what, fix, related=related)
            return


def _dearer_than_parts(path: UpsellPath, book: Book, bundle: BundleDocument, subject: Subject) -> Iterator[Fault]:
    key = f"{bundle.id}.{BUNDLE_CHARGE}"
    for day in days_of_change(book, [key, *part_keys(bundle, subject.index)]):
        together = flat_fee(book, key, bundle.price.per, day)
        apart = cost_apart(book, bundle, subject.index, day)
        if together is not None and apart is not None and together.per_year > apart:
            what = f"from {day} {bundle.id} costs {told(book, [together])}, more than its parts alone: {apart:f}"
            related = (book.related(("prices", key, together.entry), "its price"),)
            fix = "offer the parts, or lower the price of the bundle"
            yield path.fault("E702", ("offer", "bundle"), what, fix, related=related)
            return


def _buyable(path: UpsellPath, subject: Subject) -> Iterator[Fault]:
    offer, trial = path.shape.offer, path.shape.trial
    if offer is not None and offer.capacity is not None:
        yield from _capacity(path, offer.capacity, subject)
    if offer is not None and offer.product is not None:
        yield from _counted(path, offer.product, offer.quantities, ("offer", "quantities"), subject)
    if trial is not None:
        yield from _counted(path, trial.product, trial.limits, ("trial", "limits"), subject)


def _counted(path: UpsellPath, id_: str, quantities: Collection[str], place: Path, subject: Subject) -> Iterator[Fault]:
    loaded = subject.index.products.get(id_)
    if loaded is None:
        return
    known = _metrics_of(loaded.shape)
    for metric in quantities:
        if metric in subject.index.metrics and metric not in known:
            fix = did_you_mean(metric, known, if_none="remove it")
            yield path.fault("E708", (*place, metric), f"{id_} is not sold by {metric}", fix, on_key=True)


def _capacity(path: UpsellPath, shape: CapacityShape, subject: Subject) -> Iterator[Fault]:
    metric = subject.index.metrics.get(shape.metric)
    if metric is None:
        return
    sold = sorted(id_ for id_, each in subject.index.products.items() if shape.metric in _metrics_of(each.shape))
    if not sold:
        what = f"no product is sold by {shape.metric}"
        yield path.fault("E708", ("offer", "capacity", "metric"), what, "offer a metric that something is sold by")
    elif shape.product is not None and shape.product in subject.index.products and shape.product not in sold:
        what = f"{shape.product} is not sold by {shape.metric}"
        fix = did_you_mean(shape.product, sold)
        yield path.fault("E708", ("offer", "capacity", "product"), what, fix)
    elif shape.product is None and len(sold) > 1 and metric.combine is Combine.SUM:
        what = f"{' and '.join(sold)} are sold by {shape.metric}, and this does not say which is meant"
        yield path.fault("E708", ("offer", "capacity"), what, f"add product: {sold[0]}", on_key=True)
    if shape.more % metric.step:
        what = f"{shape.metric} is counted in steps of {metric.step:f}, and {shape.more:f} is not one of them"
        fix = f"write {(shape.more // metric.step + 1) * metric.step:f}"
        yield path.fault("E708", ("offer", "capacity", "more"), what, fix)


def _metrics_of(product: ProductDocument) -> set[str]:
    return {charge.metric for charge in product.charges if charge.metric is not None}


def _allowed(path: UpsellPath, shape: PathTrialShape, subject: Subject) -> Iterator[Fault]:
    trials = [trial for terms in subject.repository.terms for trial in terms.shape.trials]
    of_product = [trial for trial in trials if trial.product == shape.product]
    if not of_product:
        what = f"no terms let {shape.product} be tried"
        fix = f"add a trial of {shape.product} to terms, or remove this one"
        yield path.fault("E707", ("trial", "product"), what, fix)
    elif not any(allows(trial, shape.days, shape.limits) for trial in of_product):
        days = max(trial.days for trial in of_product)
        what = f"no terms allow a trial of {shape.product} like this; the longest has {days} days"
        yield path.fault("E707", ("trial",), what, "write days and limits that some terms allow", on_key=True)


def allows(trial: TrialShape, days: int | None, limits: dict[str, Decimal]) -> bool:
    """Whether a trial of terms is at least as long and as large."""
    if days is not None and trial.days < days:
        return False
    return all(metric not in trial.limits or most <= trial.limits[metric] for metric, most in limits.items())
