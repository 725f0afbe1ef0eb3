"""What a path offers an account before it is priced: the changes to ask for, or why it is not for the account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pricing_engine.catalog.products import ProductType
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.expressions import Expression
from pricing_engine.expressions.tree import UsageShare, walk
from pricing_engine.offers.paths import BundleOffer, CapacityOffer, ProductOffer, TierOffer, UpsellPath
from pricing_engine.offers.sentences import MORE, Value
from pricing_engine.quoting.facts import FactMissing
from pricing_engine.quoting.offering.bundles import bundle_choices
from pricing_engine.quoting.offering.has import Facts, Has, holds
from pricing_engine.quoting.offering.offer import OfferKind
from pricing_engine.quoting.offering.quantities import quantities_for, sold, told
from pricing_engine.quoting.request import Add, Change, ChangeTier


class Candidate(NamedTuple):
    """Something to price and offer. `rank` is its place among kinds; `values` fill `say` beside what the account has.

    `days` are those of a trial.
    """

    source: str
    kind: OfferKind
    rule: RuleRef
    rank: tuple[int, int]
    name: str
    say: str
    changes: tuple[Change, ...]
    tier: str | None = None
    bundle: str | None = None
    path: str | None = None
    values: Mapping[str, Value] = {}
    days: int | None = None


class NotForIt(NamedTuple):
    """Why something is not offered to the account; `waits` for a condition that may hold later."""

    source: str
    rule: RuleRef
    why: str
    waits: bool = False


def path_candidates(path: UpsellPath, has: Has, facts: Facts) -> Iterator[Candidate | NotForIt]:
    """What a path offers: nothing, one offer, or one for each choice of a bundle."""
    why = why_not(path, has, facts)
    if why is not None:
        yield why
        return
    made: Iterable[Candidate | str] = ()
    match path.target:
        case TierOffer():
            made = (_tier(path, path.target, has),)
        case ProductOffer():
            made = (_product(path, path.target, has),)
        case CapacityOffer():
            made = (_capacity(path, path.target, has),)
        case BundleOffer():
            made = _bundle(path, path.target, has)
        case None:
            pass
    for each in made:
        yield NotForIt(path.id, path.rule, each) if isinstance(each, str) else each


def why_not(path: UpsellPath, has: Has, facts: Facts) -> NotForIt | None:
    """Why a path does not start where the account is, or does not hold; None when it does."""
    if path.tier is not None and (has.tier is None or has.tier.id != path.tier):
        where = f"is on {has.tier.id}" if has.tier is not None else "is on no tier"
        return NotForIt(path.id, path.rule, f"it starts from {path.tier}, and the account {where}")
    if path.product is not None and path.product not in has.products:
        return NotForIt(path.id, path.rule, f"it starts from {path.product}, which the account does not have")
    try:
        if holds(path.when, facts):
            return None
    except FactMissing as missing:
        return NotForIt(path.id, path.rule, missing.what)
    told = path.when.text if path.when is not None else ""
    return NotForIt(path.id, path.rule, f"its condition does not hold: {told}", waits=True)


def _made(path: UpsellPath, kind: OfferKind, name: str, changes: tuple[Change, ...]) -> Candidate:
    return Candidate(
        source=path.id,
        kind=kind,
        rule=path.rule,
        rank=(0 if goes_by_use(path.when) else 1, 0),
        name=name,
        say=path.say,
        changes=changes,
        path=path.id if path.incentive is not None else None,
    )


def goes_by_use(condition: Expression | None) -> bool:
    """Whether a condition asks how much of a limit is used."""
    return condition is not None and any(isinstance(node, UsageShare) for node in walk(condition.tree))


def _tier(path: UpsellPath, target: TierOffer, has: Has) -> Candidate | str:
    ladder = has.rulebook.ladder
    if ladder is None or target.tier not in ladder.ranks:
        return f"there is no tier {target.tier}"
    tier = ladder.tiers[ladder.ranks[target.tier]]
    if has.tier is not None and ladder.ranks.get(has.tier.id, len(ladder.ranks)) >= ladder.ranks[tier.id]:
        return f"the account is on {has.tier.id}"
    if has.held is None:
        return _made(path, OfferKind.TIER, tier.name, ())._replace(tier=tier.id)
    return _made(path, OfferKind.TIER, tier.name, (ChangeTier(tier.id),))


def _product(path: UpsellPath, target: ProductOffer, has: Has) -> Candidate | str:
    if target.product in has.products:
        return f"the account has {target.product} already"
    product = has.rulebook.products[target.product]
    kind = OfferKind.CROSS_SELL if product.type is ProductType.MODULE else OfferKind.ADD_ON
    quantities = quantities_for(product, target.quantities, has)
    return _made(path, kind, product.name, (Add(product.id, quantities),))


def _capacity(path: UpsellPath, target: CapacityOffer, has: Has) -> Candidate | str:
    metric, products = target.metric, has.rulebook.products
    if target.product is not None:
        ids = [target.product]
    elif has.metrics[metric].is_highest:
        ids = [id_ for id_, each in has.products.items() if metric in each.quantities[0]]
    else:
        ids = [id_ for id_, product in products.items() if metric in product.priced_by]
    # Who has less than the others is not brought to more than they will have.
    if not ids:
        return f"the account has nothing that is sold by {metric}"
    gone = [id_ for id_ in ids if id_ not in products]
    if gone:
        return f"{gone[0]} is not sold any more"
    changes = tuple([_more(id_, target, has) for id_ in ids])
    name = f"{told(target.more, has.metrics[metric])} more"
    return _made(path, OfferKind.CAPACITY, name, changes)._replace(values={MORE: target.more})


def _more(id_: str, target: CapacityOffer, has: Has) -> Add:
    product = has.rulebook.products[id_]
    if id_ in has.products:
        return Add(id_, {target.metric: target.more})
    return Add(id_, quantities_for(product, {target.metric: sold(product, target.metric, target.more, has)}, has))


def _bundle(path: UpsellPath, target: BundleOffer, has: Has) -> Iterator[Candidate | str]:
    bundle = has.rulebook.bundles[target.bundle]
    for choice in bundle_choices(bundle, target.quantities, has):
        if isinstance(choice, str):
            yield choice
        else:
            made = _made(path, OfferKind.BUNDLE, bundle.name, choice)
            yield made._replace(bundle=bundle.id, rank=(made.rank[0], len(choice)))
