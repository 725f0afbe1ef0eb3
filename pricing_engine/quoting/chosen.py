"""What the customer will have, before prices: the products asked for with their quantities over the term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.catalog.products import ONE_TIME, Metric, Product
from pricing_engine.money import ZERO
from pricing_engine.periods import Period, add_months
from pricing_engine.quoting.refusals import (
    DuplicateProduct,
    NothingToChange,
    QuantityMissing,
    QuantityNotPositive,
    RampOnOneTime,
    RampOutOfTerm,
    UnknownMetric,
    UnknownProduct,
)
from pricing_engine.quoting.request import Add, QuoteRequest, RampStep, op_of
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean


class Chosen(NamedTuple):
    """One product asked for. `starts` are the days its ramp changes something, the term's first day first.

    Shape: `quantities`, by metric, and `unit_prices`, by charge, have one mapping per start.
    """

    product: Product
    pointer: str
    starts: tuple[date, ...]
    quantities: tuple[Mapping[str, Decimal], ...]
    unit_prices: tuple[Mapping[str, Decimal], ...]
    commitments: Mapping[str, Decimal]

    def quantity_on(self, metric: str, day: date) -> Decimal | None:
        """How many of a metric the product has on a day; None when it was given none."""
        found = self.quantities[0].get(metric)
        if len(self.starts) > 1:
            for start, quantities in zip(self.starts[1:], self.quantities[1:], strict=True):
                if start > day:
                    break
                found = quantities.get(metric, found)
        return found


def read_changes(request: QuoteRequest, rulebook: Rulebook, term: Period) -> tuple[Chosen, ...]:
    """The products of a new sale in the order asked.

    Raises: UnknownProduct, DuplicateProduct, UnknownMetric, QuantityNotPositive, QuantityMissing, RampOutOfTerm.
    """
    seen: set[str] = set()
    chosen = []
    for index, change in enumerate(request.changes):
        pointer = f"/changes/{index}"
        if not isinstance(change, Add):
            raise NothingToChange(
                f"no contract of the account is in force on {request.effective_date} that {op_of(change)} could change",
                fix="give a day on which one is, or add products: a first sale has no other changes",
                pointer=f"{pointer}/op",
            )
        product = rulebook.products.get(change.product)
        if product is None:
            raise UnknownProduct(
                f"there is no product {change.product}",
                fix=did_you_mean(change.product, rulebook.products),
                pointer=f"{pointer}/product",
            )
        if product.id in seen:
            raise DuplicateProduct(
                f"{product.id} is added twice", fix="give its quantity once", pointer=f"{pointer}/product"
            )
        seen.add(product.id)
        chosen.append(choose(product, change, pointer, rulebook, term))
    return tuple(chosen)


def choose(product: Product, change: Add, pointer: str, rulebook: Rulebook, term: Period) -> Chosen:
    """One product as it is asked for, over the term.

    Raises: UnknownMetric, QuantityNotPositive, QuantityMissing, RampOutOfTerm, RampOnOneTime.
    """
    given = change.quantities
    check_quantities(product, given, pointer, rulebook)
    if product.id != rulebook.platform_id:  # a tier's quantities default to the account's
        for metric in product.needed:
            if metric not in given:
                raise QuantityMissing(
                    f"{product.id} is priced by {metric}, and no quantity was given",
                    fix=f'give quantities: {{"{metric}": "…"}}',
                    pointer=f"{pointer}/quantities",
                )
    if not change.ramp:
        return Chosen(product, pointer, (term.start,), (given,), (change.unit_prices,), change.commitments)
    starts, quantities, prices = _read_ramp(product, change, pointer, rulebook, term)
    return Chosen(product, pointer, starts, quantities, prices, change.commitments)


def _read_ramp(
    product: Product, change: Add, pointer: str, rulebook: Rulebook, term: Period
) -> tuple[tuple[date, ...], tuple[Mapping[str, Decimal], ...], tuple[Mapping[str, Decimal], ...]]:
    """Starts, quantities and unit prices of the first phase and of each ramp step; what a step leaves out stays."""
    starts, quantities, prices = [term.start], [change.quantities], [change.unit_prices]
    for index, step in enumerate(change.ramp):
        start = add_months(term.start, step.after_months)
        if not starts[-1] < start < term.end:
            raise RampOutOfTerm(
                f"ramp step {index + 1} of {product.id} starts {start}, outside the term or out of order",
                fix=f"use rising months after {starts[-1]} and before {term.end}",
                pointer=f"{pointer}/ramp/{index}/after_months",
            )
        check_quantities(product, step.quantities, f"{pointer}/ramp/{index}", rulebook)
        _check_recurs(product, step, f"{pointer}/ramp/{index}")
        starts.append(start)
        quantities.append({**quantities[-1], **step.quantities})
        prices.append({**prices[-1], **step.unit_prices})
    return tuple(starts), tuple(quantities), tuple(prices)


def _check_recurs(product: Product, step: RampStep, where: str) -> None:
    """Refuses a step that changes only what is owed once: it would move the tier, and no price."""
    changed = [
        charge for charge in product.charges if charge.metric in step.quantities or charge.id in step.unit_prices
    ]
    if changed and all(charge.timing is ONE_TIME for charge in changed):
        raise RampOnOneTime(
            f"{product.id}.{changed[0].id} is owed once, on the first day, and cannot change later",
            fix="leave the ramp step out",
            pointer=where,
        )


def check_quantities(product: Product, quantities: Mapping[str, Decimal], where: str, rulebook: Rulebook) -> None:
    """Refuses quantities of what the product is not priced or limited by, and such as are not above 0.

    Raises: UnknownMetric, QuantityNotPositive.
    """
    for metric, quantity in quantities.items():
        if metric not in product.priced_by and metric not in _also_counted(product, rulebook):
            raise UnknownMetric(
                f"{product.id} is not priced by {metric}",
                fix=did_you_mean(metric, product.priced_by | _also_counted(product, rulebook), if_none="leave it out"),
                pointer=f"{where}/quantities/{metric}",
            )
        if quantity <= ZERO:
            raise QuantityNotPositive(
                f"{metric} of {product.id} must be above 0",
                fix="leave the line out",
                pointer=f"{where}/quantities/{metric}",
            )


def _also_counted(product: Product, rulebook: Rulebook) -> frozenset[str]:
    """Metrics a product may be given though no charge of its own is by them: those of its rules, and of its tiers."""
    ruled = frozenset(rule.metric for rule in product.quantities)
    ladder = rulebook.ladder
    if ladder is None or product.id != rulebook.platform_id:
        return ruled
    charged = {charge.metric for tier in ladder.tiers for charge in tier.charges if charge.metric is not None}
    limited = {limit.metric for tier in ladder.tiers for limit in tier.limits}
    return ruled | charged | limited


def totals_on(
    day: date, chosen: Sequence[Chosen], usage: Mapping[str, Decimal], metrics: Mapping[str, Metric]
) -> dict[str, Decimal]:
    """How many of each metric the account has on a day: over products by the metric's rule, at least the usage."""
    totals: dict[str, Decimal] = {}
    for each in chosen:
        quantities = each.quantities[0]
        if len(each.starts) > 1:
            ever = each.quantities[-1]  # a ramp step may be the first to name a metric
            quantities = {metric: q for metric in ever if (q := each.quantity_on(metric, day)) is not None}
        for metric, quantity in quantities.items():
            known = totals.get(metric)
            if known is None:
                totals[metric] = quantity
            elif not metrics[metric].is_highest:
                totals[metric] = known + quantity
            elif quantity > known:
                totals[metric] = quantity
    for metric, declared in usage.items():
        totals[metric] = max(declared, totals.get(metric, ZERO))
    return totals


def highest_totals(
    chosen: Sequence[Chosen], usage: Mapping[str, Decimal], metrics: Mapping[str, Metric]
) -> dict[str, Decimal]:
    """The highest total of each metric on any day of the term: what a tier has to hold."""
    highest: dict[str, Decimal] = {}
    for day in {start for each in chosen for start in each.starts}:
        totals = totals_on(day, chosen, usage, metrics)
        if not highest:
            highest = totals
            continue
        for metric, total in totals.items():
            highest[metric] = max(total, highest.get(metric, total))
    return highest
