"""More that costs less: quantities above what is bought at which a price falls below what is paid now (P12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from pricing_engine.catalog.charge_models import Stairstep, Volume
from pricing_engine.catalog.prices import Price, rate
from pricing_engine.catalog.products import Metric, Product
from pricing_engine.contracts.contract_line import Phase
from pricing_engine.money import ONE
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.line_item import LineItem

_FALLING: Final = (Volume, Stairstep)
"""The charge models by which more can cost less."""


def cheapest_above(
    price: Price, quantity: Decimal, *, product: Product, metric: str, metrics: Mapping[str, Metric]
) -> tuple[Decimal, Decimal] | None:
    """What the cheapest larger quantity costs per charge period at list, and that quantity; None if none costs less.

    Of use that is not committed none does: it is paid as it comes.
    """
    model = price.model
    if not quantity or not isinstance(model, _FALLING):
        return None
    step, most = _sold_in(product, metric, metrics)
    bounds = [band.up_to + price.included for band in model.bands[:-1] if band.up_to is not None]
    above = [(bound // step + 1) * step for bound in bounds]
    offers = [(rate(price, more), more) for more in above if quantity < more and (most is None or more <= most)]
    if not offers or min(offers)[0] >= rate(price, quantity):
        return None
    return min(offers)


def _sold_in(product: Product, metric: str, metrics: Mapping[str, Metric]) -> tuple[Decimal, Decimal | None]:
    """The step and the most of a metric that a product is sold in."""
    known = metrics.get(metric)
    rule = next((rule for rule in product.quantities if rule.metric == metric), None)
    step = (rule.step if rule else None) or (known.step if known else ONE)
    return step, rule.maximum if rule else None


def remark_cheaper_above(items: Sequence[LineItem], metrics: Mapping[str, Metric]) -> list[Finding]:
    """A finding for each line whose price falls when more is bought, with the cheapest such quantity.

    Of a ramp the first phase in which it does.
    """
    findings = []
    for item in items:
        if item.price is not None and isinstance(item.price.model, _FALLING):
            # What is owed once is owed for the first day's quantity.
            phases = item.phases[:1] if item.charge.months is None else item.phases
            found = [_cheaper_above(item, item.price, phase, metrics) for phase in phases]
            findings += [finding for finding in found if finding is not None][:1]
    return findings


def _cheaper_above(item: LineItem, price: Price, phase: Phase, metrics: Mapping[str, Metric]) -> Finding | None:
    quantity = phase.quantity
    found = cheapest_above(price, quantity, product=item.product, metric=item.charge.metric or "", metrics=metrics)
    if found is None:
        return None
    cheapest, more = found
    saving = rate(price, quantity) - cheapest
    return Finding(
        code="cheaper-above",
        severity=Severity.INFO,
        what=f"{more:f} of {item.id} cost {saving:f} less per period than {quantity:f}"
        + (f", from {phase.start} on" if phase is not item.phases[0] else ""),
        rule=item.list_rule,
        line=item.id,
        facts={"quantity": more, "saving": saving, "from": phase.start},
    )
