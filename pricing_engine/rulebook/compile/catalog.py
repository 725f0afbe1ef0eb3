"""Compiles metrics, products, the ladder of tiers and bundles."""

from collections.abc import Mapping
from decimal import Decimal

from pricing_engine.catalog.products import (
    Bundle,
    Charge,
    Ladder,
    Limit,
    Metric,
    Product,
    ProductType,
    QuantityRule,
    Selector,
    Tier,
)
from pricing_engine.rulebook.documents.bundle import BundleDocument
from pricing_engine.rulebook.documents.fields import MONTHS_OF
from pricing_engine.rulebook.documents.metrics import MetricsDocument
from pricing_engine.rulebook.documents.product import ChargeShape, ProductDocument
from pricing_engine.rulebook.documents.selectors import SelectorShape
from pricing_engine.rulebook.documents.tiers import TiersDocument, TierShape
from pricing_engine.rulebook.index import BUNDLE_CHARGE
from pricing_engine.rulebook.sources import Loaded


def compile_metrics(loaded: Loaded[MetricsDocument] | None) -> dict[str, Metric]:
    """The metrics by id."""
    if loaded is None:
        return {}
    return {each.id: Metric(each.id, each.kind, each.unit, each.combine, each.step) for each in loaded.shape.metrics}


def compile_selector(shape: SelectorShape) -> Selector:
    """The selector; a field left out does not restrict."""
    return Selector(
        products=frozenset(shape.product),
        families=frozenset(shape.family),
        types=frozenset(shape.type),
        charges=frozenset(shape.charge),
        timings=frozenset(shape.timing),
    )


def compile_product(loaded: Loaded[ProductDocument]) -> Product:
    """One product."""
    shape = loaded.shape
    return Product(
        id=shape.id,
        name=shape.name or _title(shape.id),
        type=shape.type,
        family=shape.family,
        charges=_charges(shape.charges, shape.unit_cost),
        rule=loaded.rule(("id",), shape.id, shape.why),
        requires=frozenset(shape.requires),
        excludes=frozenset(shape.excludes),
        replaces=frozenset(shape.replaces),
        offered_in=None if shape.offered_in is None else frozenset(shape.offered_in),
        requires_tier=shape.requires_tier,
        quantities=tuple(
            QuantityRule(metric, rule.minimum, rule.maximum, rule.step)
            for metric, rule in sorted(shape.quantities.items())
        ),
    )


def compile_ladder(loaded: Loaded[TiersDocument] | None) -> Ladder | None:
    """The ladder with the platform product it makes."""
    if loaded is None:
        return None
    shape = loaded.shape
    platform = Product(
        id=shape.id,
        name=shape.name or _title(shape.id),
        type=ProductType.PLATFORM,
        family=shape.family,
        charges=(),
        rule=loaded.rule(("id",), shape.id, shape.why),
    )
    tiers = (Loaded(loaded.source, tier, ("ladder", index)) for index, tier in enumerate(shape.ladder))
    return Ladder(platform, tuple(_tier(tier) for tier in tiers))


def compile_bundle(loaded: Loaded[BundleDocument]) -> Bundle:
    """One bundle."""
    shape = loaded.shape
    return Bundle(
        id=shape.id,
        name=shape.name or _title(shape.id),
        items=tuple(frozenset(item.choices) for item in shape.items),
        rule=loaded.rule(("id",), shape.id, shape.why),
        off_list=shape.price.off_list,
        price_key=f"{shape.id}.{BUNDLE_CHARGE}" if shape.price.fixed else None,
        price_months=MONTHS_OF[shape.price.per or "month"],
    )


def _tier(loaded: Loaded[TierShape]) -> Tier:
    shape = loaded.shape
    return Tier(
        id=shape.id,
        name=shape.name or _title(shape.id),
        charges=_charges(shape.charges, shape.unit_cost),
        limits=tuple(Limit(metric, limit.included, limit.overage) for metric, limit in sorted(shape.limits.items())),
        offers=None if shape.offers == "all" else frozenset(shape.offers),
        rule=loaded.rule(("id",), shape.id, shape.why),
    )


def _charges(shapes: tuple[ChargeShape, ...], unit_cost: Mapping[str, Decimal]) -> tuple[Charge, ...]:
    return tuple(
        Charge(
            id=shape.id,
            timing=shape.timing,
            metric=shape.metric,
            months=None if shape.per is None else MONTHS_OF[shape.per],
            of_lines=None if shape.percent_of is None else compile_selector(shape.percent_of),
            unit_cost=unit_cost.get(shape.id),
        )
        for shape in shapes
    )


def _title(id_: str) -> str:
    """The name of something that was given none: `insight-suite` is shown as "Insight suite"."""
    return id_.replace("-", " ").capitalize()
