"""What is sold can be bought: no circle of requirements, no contradiction, a tier for every product, fit bundles."""

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise, product

from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.bundle import BundleDocument
from pricing_engine.rulebook.documents.product import ProductDocument
from pricing_engine.rulebook.documents.tiers import TierShape
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.index import Index
from pricing_engine.rulebook.sources import Loaded

Needs = Mapping[str, frozenset[str]]
"""For every product all it requires, directly or not."""


def check_packaging(subject: Subject) -> Iterator[Fault]:
    """E126 for quantities, E213 to E216 for requirements, tiers and bundles, E227 for products that replace others."""
    index = subject.index
    needs = {id_: _closure(id_, index) for id_ in index.products}
    for loaded in index.products.values():
        yield from _quantities(loaded)
        yield from _circle(loaded, needs, index)
        yield from _contradiction(loaded, needs, index)
        yield from _sold(loaded, needs, index)
    yield from _succession(index)
    for bundle in subject.repository.bundles:
        yield from _bundle(bundle, needs, index)


def _closure(id_: str, index: Index) -> frozenset[str]:
    found: set[str] = set()
    waiting = [id_]
    while waiting:
        loaded = index.products.get(waiting.pop())
        new = set(loaded.shape.requires) - found if loaded is not None else set()
        found |= new
        waiting.extend(new)
    return frozenset(found)


def _quantities(loaded: Loaded[ProductDocument]) -> Iterator[Fault]:
    for metric, rule in loaded.shape.quantities.items():
        if rule.minimum is not None and rule.maximum is not None and rule.minimum > rule.maximum:
            what = f"the maximum of {metric}, {rule.maximum}, is below the minimum, {rule.minimum}"
            fix = "write a maximum of at least the minimum"
            yield loaded.fault("E126", ("quantities", metric, "maximum"), what, fix)


def _circle(loaded: Loaded[ProductDocument], needs: Needs, index: Index) -> Iterator[Fault]:
    """The circle is told once, at the product of it whose id comes first."""
    id_ = loaded.shape.id
    circle = {other for other in needs[id_] if id_ in needs.get(other, ())}
    if id_ not in needs[id_] or min(circle) != id_:
        return
    way = _shortest_circle(id_, circle, index)
    step = next(i for i, required in enumerate(loaded.shape.requires) if required == way[1])
    steps = ", ".join(f"{one} requires {other}" for one, other in pairwise(way))
    what = f"{steps}: nobody can add the first of them"
    yield loaded.fault("E213", ("requires", step), what, "remove one of these requirements")


def _shortest_circle(id_: str, circle: set[str], index: Index) -> list[str]:
    """The way from a product back to itself, over products that all need each other."""
    came_from: dict[str, str] = {}
    waiting = deque([id_])
    while id_ not in came_from:
        at = waiting.popleft()
        for each in index.products[at].shape.requires:
            if each in circle and each not in came_from:
                came_from[each] = at
                waiting.append(each)
    way = [id_, came_from[id_]]
    while way[-1] != id_:
        way.append(came_from[way[-1]])
    return way[::-1]


def _contradiction(loaded: Loaded[ProductDocument], needs: Needs, index: Index) -> Iterator[Fault]:
    together = {loaded.shape.id, *needs[loaded.shape.id]}
    for one, other in _excluding(together, index):
        at = loaded.shape.id
        what = f"{at} needs {other if one == at else one}, but {one} excludes {other}"
        if at not in (one, other):
            what = f"{at} needs both {one} and {other}, but {one} excludes {other}"
        fix = "remove the requirement or the exclusion"
        yield loaded.fault("E214", ("requires",), what, fix, on_key=True)


def _excluding(together: set[str], index: Index) -> Iterator[tuple[str, str]]:
    for one in sorted(id_ for id_ in together if id_ in index.products):
        for other in sorted(set(index.products[one].shape.excludes) & together):
            yield one, other


def _sold(loaded: Loaded[ProductDocument], needs: Needs, index: Index) -> Iterator[Fault]:
    if not index.tiers or not index.knows_all("tiers", "product"):
        return
    shape = loaded.shape
    ranks = {id_: rank for rank, id_ in enumerate(index.tiers_in_order)}
    together = [loaded, *(index.products[id_] for id_ in sorted(needs[shape.id]) if id_ in index.products)]
    lowest = max(ranks.get(each.shape.requires_tier or "", 0) for each in together)
    for id_, tier in index.tiers.items():
        if ranks[id_] >= lowest and all(_offers(tier, each) for each in together):
            return
    with_needs = f" together with what it requires ({', '.join(sorted(needs[shape.id]))})" if needs[shape.id] else ""
    what = f"no tier sells {shape.id}{with_needs}"
    fix = f"add {shape.id} to the offers of a tier" + (f" at or above {index.tiers_in_order[lowest]}" if lowest else "")
    yield loaded.fault("E215", ("id",), what, fix)


def _offers(tier: Loaded[TierShape], loaded: Loaded[ProductDocument]) -> bool:
    shape = loaded.shape
    return (tier.shape.offers == "all" or shape.id in tier.shape.offers) and (
        shape.offered_in is None or tier.shape.id in shape.offered_in
    )


def _succession(index: Index) -> Iterator[Fault]:
    """A circle is told once, at the product of it whose id comes first. What is replaced may be gone from the rules."""
    after = {old: id_ for id_, loaded in index.products.items() for old in loaded.shape.replaces}
    for id_, loaded in index.products.items():
        way = [id_]
        while (successor := after.get(way[-1])) is not None and successor not in way:
            way.append(successor)
        if successor == id_ == min(way):
            what = ", ".join(f"{other} replaces {one}" for one, other in pairwise([*way, id_]))
            step = loaded.shape.replaces.index(way[-1])
            yield loaded.fault("E227", ("replaces", step), what, "say only which of them is the newer")


def _bundle(loaded: Loaded[BundleDocument], needs: Needs, index: Index) -> Iterator[Fault]:
    items = [[each for each in item.choices if each in index.products] for item in loaded.shape.items]
    for (i, first), (j, second) in combinations(enumerate(items), 2):
        pairs = list(product(first, second))
        if pairs and all(_clash(one, other, index) for one, other in pairs):
            one, other = pairs[0]
            what = f"items {i + 1} and {j + 1} cannot be had together: {one} and {other} exclude each other"
            if one == other:
                what = f"items {i + 1} and {j + 1} are the same product, {one}"
            yield loaded.fault("E216", ("items", j), what, "take one of them out of the bundle")


def _clash(one: str, other: str, index: Index) -> bool:
    return one == other or bool(list(_excluding({one, other}, index)))
