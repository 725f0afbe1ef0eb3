"""How many of a product are offered: what the rule says, else what the account has, as it is sold."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from pricing_engine.catalog.products import Metric, Product
from pricing_engine.quoting.offering.has import Has


def told(quantity: Decimal, metric: Metric) -> str:
    """The quantity with its unit, as a sentence has it: `1 user`, `25 users`, `500 GB`."""
    is_word = metric.unit.islower()
    return f"{quantity.normalize():f} {metric.unit}{'s' if is_word and quantity != 1 else ''}"


def quantities_for(product: Product, given: Mapping[str, Decimal], has: Has) -> dict[str, Decimal]:
    """A quantity for every metric the product has to be given; what is `given` goes before what the account has.

    Without either it is the least that is sold.
    """
    found = {metric: number for metric, number in given.items() if metric in product.priced_by}
    for metric in product.needed:
        if metric not in found:
            known = has.totals.get(metric, has.measured.get(metric, Decimal(0)))
            found[metric] = sold(product, metric, known, has)
    return found


def sold(product: Product, metric: str, quantity: Decimal, has: Has) -> Decimal:
    """The least quantity of at least so many that the product is sold in.

    Rounds: up, to its step.
    """
    rule = next((each for each in product.quantities if each.metric == metric), None)
    known = has.metrics.get(metric)
    step = (rule.step if rule is not None else None) or (known.step if known is not None else Decimal(1))
    least = rule.minimum if rule is not None and rule.minimum is not None else step
    return (max(quantity, least) / step).to_integral_value(ROUND_CEILING) * step
