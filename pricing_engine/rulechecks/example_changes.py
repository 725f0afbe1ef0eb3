"""The changes that a worked example asks for, as a request has them, and every place in it that names a product."""

from __future__ import annotations

from collections.abc import Iterator

from pricing_engine.quoting.request import (
    Add,
    Cancel,
    Change,
    ChangeTier,
    Extend,
    RampStep,
    Reinstate,
    Remove,
    Renew,
    Set,
    Trial,
    TrueUp,
    Waiver,
)
from pricing_engine.rulebook.documents.example_asks import (
    AddShape,
    ProductShape,
    QuantitiesShape,
    RequestShape,
    SaleShape,
)
from pricing_engine.rulebook.faults import Path

PRODUCT_FIELDS = ("add", "set", "remove", "true_up", "trial")
"""The fields of a request that are lists of products."""


def changes_of(sale: SaleShape) -> tuple[Change, ...]:
    """The changes asked for: those of the whole contract first, then those of products."""
    if isinstance(sale, RequestShape):
        return (*_of_the_whole(sale), *_of_products(sale), *map(_add, sale.add))
    return tuple(map(_add, sale.add))


def waivers_of(request: RequestShape) -> tuple[Waiver, ...]:
    """The terms that are asked to be waived."""
    return tuple(Waiver(waiver.what, waiver.to, waiver.why) for waiver in request.waivers)


def products_in(sale: SaleShape, place: Path) -> Iterator[tuple[ProductShape, Path]]:
    """Every product that is asked for or given up, with its place below `place`."""
    for field in PRODUCT_FIELDS:
        for position, each in enumerate(getattr(sale, field, ())):
            yield each, (*place, field, position)


def quantities_in(sale: SaleShape, place: Path) -> Iterator[tuple[QuantitiesShape, Path]]:
    """Every part of a request that names metrics, with its place below `place`."""
    for product, at in products_in(sale, place):
        yield product, at
        if isinstance(product, AddShape):
            for step, ramp in enumerate(product.ramp):
                yield ramp, (*at, "ramp", step)


def _of_the_whole(request: RequestShape) -> Iterator[Change]:
    if request.renew:
        yield Renew()
    if request.extend is not None:
        yield Extend(request.extend)
    if request.cancel:
        yield Cancel()
    if request.reinstate:
        yield Reinstate()
    if request.change_tier is not None:
        yield ChangeTier(request.change_tier)


def _of_products(request: RequestShape) -> Iterator[Change]:
    for less in request.remove:
        yield Remove(less.product, less.quantities)
    for had in request.set:
        yield Set(*_add(had))
    for used in request.true_up:
        yield TrueUp(used.product, used.quantities, used.since)
    for tried in request.trial:
        yield Trial(tried.product, tried.quantities)


def _add(add: AddShape) -> Add:
    ramp = tuple(RampStep(step.after_months, step.quantities, step.unit_prices) for step in add.ramp)
    return Add(add.product, add.quantities, add.commitments, add.unit_prices, ramp)
