"""Compiles upsell paths, and the discount policies that their incentives are."""

from collections.abc import Iterable, Mapping, Sequence

from pricing_engine.catalog.products import Bundle, Product, ProductType, Selector, Timing
from pricing_engine.offers.paths import (
    BundleOffer,
    CapacityOffer,
    Incentive,
    PathTrial,
    ProductOffer,
    Target,
    TierOffer,
    UpsellPath,
)
from pricing_engine.policies.discounts import DiscountGroup, DiscountPolicy, Percent
from pricing_engine.rulebook.compile.policies import Conditions
from pricing_engine.rulebook.documents.upsell_path import OfferShape, UpsellPathDocument
from pricing_engine.rulebook.sources import Loaded


def compile_path(loaded: Loaded[UpsellPathDocument], conditions: Conditions) -> UpsellPath:
    """One upsell path."""
    shape = loaded.shape
    offer, trial = shape.offer, shape.trial
    incentive = offer.incentive if offer is not None else None
    return UpsellPath(
        id=shape.id,
        rule=loaded.rule(("id",), shape.id, shape.why),
        say=shape.say,
        tier=shape.start.tier if shape.start else None,
        product=shape.start.product if shape.start else None,
        when=conditions.get((loaded.file, ("when",))),
        target=None if offer is None else _target(offer),
        trial=None if trial is None else PathTrial(trial.product, trial.days, trial.limits),
        incentive=None if incentive is None else Incentive(incentive.percent, incentive.months),
    )


def _target(shape: OfferShape) -> Target:
    if shape.tier is not None:
        return TierOffer(shape.tier)
    if shape.product is not None:
        return ProductOffer(shape.product, shape.quantities)
    if shape.bundle is not None:
        return BundleOffer(shape.bundle, shape.quantities)
    if shape.capacity is None:
        raise AssertionError("the shape has exactly one target")
    return CapacityOffer(shape.capacity.metric, shape.capacity.more, shape.capacity.product)


def compile_incentives(
    paths: Iterable[UpsellPath],
    groups: Sequence[DiscountGroup],
    products: Sequence[Product],
    bundles: Mapping[str, Bundle],
) -> tuple[DiscountPolicy, ...]:
    """The policy of each path that has an incentive, in the last stacking group; only its own offer is granted it."""
    return tuple(
        DiscountPolicy(
            id=path.id,
            group=groups[-1].id,
            applies_to=Selector(
                products=_products_of(path.target, products, bundles), timings=frozenset({Timing.RECURRING})
            ),
            size=Percent(path.incentive.percent),
            rule=path.rule,
            months=path.incentive.months,
            stacks_with_bundles=isinstance(path.target, BundleOffer),
            path=path.id,
        )
        for path in paths
        if path.incentive is not None and path.target is not None and groups
    )


def _products_of(target: Target, products: Sequence[Product], bundles: Mapping[str, Bundle]) -> frozenset[str]:
    """The products whose lines an offer is about."""
    match target:
        case TierOffer():
            return frozenset(product.id for product in products if product.type is ProductType.PLATFORM)
        case ProductOffer(product=product):
            return frozenset({product})
        case BundleOffer(bundle=bundle):
            return frozenset().union(*bundles[bundle].items)
        case CapacityOffer(metric=metric, product=only):
            counting = {product.id for product in products if metric in product.priced_by}
            return frozenset({only} if only else counting)
