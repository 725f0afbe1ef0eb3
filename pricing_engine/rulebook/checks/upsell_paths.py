"""Upsell paths lead up, to something else, by a condition that can hold, and say it in words that have a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pricing_engine.catalog.products import MetricKind
from pricing_engine.expressions.contradictions import find_contradiction
from pricing_engine.expressions.tree import AllOf, AnyOf, Comparison, Constant, NameRef, Node
from pricing_engine.offers.sentences import DAYS, MONTHS, MORE, OFFER, PERCENT, names_of_metrics, placeholders_in
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.upsell_path import UpsellPathDocument
from pricing_engine.rulebook.faults import Fault, Path, Severity
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean

UpsellPath = Loaded[UpsellPathDocument]


def check_upsell_paths(subject: Subject) -> Iterator[Fault]:
    """E701, E703, W704, E705 and E706."""
    paths = subject.repository.upsell_paths
    ranks = {id_: rank for rank, id_ in enumerate(subject.index.tiers_in_order)}
    for path in paths:
        yield from _goes_down(path, ranks, subject)
        yield from _never_holds(path, subject)
        yield from _placeholders(path, subject)
    yield from _circles(paths)
    yield from _twice(paths)


def _goes_down(path: UpsellPath, ranks: Mapping[str, int], subject: Subject) -> Iterator[Fault]:
    start, offer = path.shape.start, path.shape.offer
    if start is None or offer is None:
        return
    if offer.product is not None and offer.product == start.product:
        what = f"this leads from {start.product} to {start.product}, which is where it starts"
        yield path.fault("E701", ("offer", "product"), what, "offer capacity of it, or another product")
    if offer.tier is None or offer.tier not in ranks:
        return
    product = subject.index.products.get(start.product or "")
    needs = product.shape.requires_tier if product is not None else None
    for tier, why in ((start.tier, "the path starts there"), (needs, f"{start.product} requires it")):
        if tier is not None and tier in ranks and ranks[offer.tier] <= ranks[tier]:
            where = "is" if offer.tier == tier else "is below"
            what = f"{offer.tier} {where} {tier}, where the account is already: {why}"
            higher = [id_ for id_, rank in ranks.items() if rank > ranks[tier]]
            fix = f"offer {' or '.join(higher)}" if higher else "there is no higher tier; offer a product or capacity"
            yield path.fault("E701", ("offer", "tier"), what, fix)
            return


def _never_holds(path: UpsellPath, subject: Subject) -> Iterator[Fault]:
    """Each way the condition can hold contradicts what an account has where the path starts."""
    compiled = subject.compiled.get((path.file, ("when",)))
    start = path.shape.start
    if compiled is None or start is None or find_contradiction(compiled.tree):
        return
    known = tuple(_known_at(start.tier, subject))
    ways = compiled.tree.parts if isinstance(compiled.tree, AnyOf) else (compiled.tree,)
    if known and all(find_contradiction(AllOf((way, *known))) for way in ways):
        what = f"this never holds on {start.tier}, where the path starts"
        mark = path.source.mark(("when",), on_key=False)
        fix = "correct the condition, or start from another tier; a tier holds no more than its limits"
        yield Fault("E703", Severity.ERROR, path.file, mark.position, mark.length, mark.path, what, fix)


def _known_at(tier: str | None, subject: Subject) -> Iterator[Node]:
    """What is known of every account on a tier: its name, and that it has no more than the tier holds."""
    loaded = subject.index.tiers.get(tier or "")
    if loaded is None:
        return
    for id_, each in subject.vocabulary.items():
        if each.origin == "quote.tier":
            yield Comparison("==", NameRef(id_), Constant(loaded.shape.id))
        limit = loaded.shape.limits.get(each.key) if each.source == "metric" else None
        metric = subject.index.metrics.get(each.key)
        is_bought = metric is not None and metric.kind is MetricKind.CAPACITY  # what is measured may be beyond it
        if limit is not None and limit.included is not None and is_bought and not limit.overage:
            yield Comparison("<=", NameRef(id_), Constant(limit.included))


def _placeholders(path: UpsellPath, subject: Subject) -> Iterator[Fault]:
    if not subject.index.knows_all("vocabulary", "metrics"):
        return
    known = {OFFER, *subject.scopes.offered.names, *names_of_metrics(subject.index.metrics)}
    offer, trial = path.shape.offer, path.shape.trial
    known |= {MORE} if offer is not None and offer.capacity is not None else set()
    if offer is not None and offer.incentive is not None:
        known |= {PERCENT, MONTHS} if offer.incentive.months is not None else {PERCENT}
    known |= {DAYS} if trial is not None else set()
    for each in placeholders_in(path.shape.say):
        if each.name not in known:
            place = path.source.inside(("say",), each.start)
            what, fix = f"nothing is known by the name {each.name}", did_you_mean(each.name, known)
            if each.name in ("", "{", "}"):
                what, fix = f"the brace {each.name or '{}'} names nothing", "write a name in braces, or leave them out"
            yield Fault("E705", Severity.ERROR, path.file, place, each.length, "say", what, fix)


class _Step(NamedTuple):
    """A path as a step from one thing to another, by the words a message has for them."""

    path: UpsellPath
    start: str
    target: str
    place: Path


def _steps(path: UpsellPath) -> Iterator[_Step]:
    start, offer, trial = path.shape.start, path.shape.offer, path.shape.trial
    targets: list[tuple[str, Path]] = []
    if offer is not None and offer.tier is not None:
        targets.append((offer.tier, ("offer", "tier")))
    if offer is not None and offer.product is not None:
        targets.append((offer.product, ("offer", "product")))
    if trial is not None and not any(target == trial.product for target, _ in targets):
        targets.append((trial.product, ("trial", "product")))
    for begin in (start.tier, start.product) if start is not None else ():
        for target, place in targets:
            if begin is not None and begin != target:
                yield _Step(path, begin, target, place)


def _circles(paths: tuple[UpsellPath, ...]) -> Iterator[Fault]:
    """A circle is told once, at the path that closes it."""
    ways: dict[str, dict[str, _Step]] = {}
    for path in paths:
        for step in _steps(path):
            back = _way(ways, step.target, step.start)
            if back is not None:
                told = " → ".join([step.start, step.target, *(each.target for each in back)])
                related = tuple(each.path.related(each.place, "it goes on here") for each in back)
                what, fix = f"this closes a circle: {told}", "remove one of these paths, or start one of them elsewhere"
                yield path.fault("W704", step.place, what, fix, related=related)
                continue
            ways.setdefault(step.start, {}).setdefault(step.target, step)


def _way(ways: Mapping[str, Mapping[str, _Step]], start: str, end: str) -> list[_Step] | None:
    """The shortest way from one thing to another; None where there is none."""
    found: dict[str, list[_Step]] = {start: []}
    waiting = [start]
    for at in waiting:
        if at == end:
            return found[at]
        for target, step in ways.get(at, {}).items():
            if target not in found:
                found[target] = [*found[at], step]
                waiting.append(target)
    return None


def _twice(paths: tuple[UpsellPath, ...]) -> Iterator[Fault]:
    first: dict[tuple[object, ...], UpsellPath] = {}
    for path in paths:
        shape = path.shape
        earlier = first.setdefault((repr(shape.start), shape.when, repr(shape.offer), repr(shape.trial)), path)
        if earlier is not path:
            what = f"{shape.id} starts, holds and leads as {earlier.shape.id} does"
            related = (earlier.related(("id",), "the other is here"),)
            yield path.fault("E706", ("id",), what, "remove one of the two", related=related)
