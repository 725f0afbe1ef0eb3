"""Units on top that cost what those beneath cost are no layer of their own: 20 more at the same price make 120."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from pricing_engine.catalog.prices import CommittedQuantity
from pricing_engine.contracts.contract_line import Phase
from pricing_engine.pricing.line_item import Granting, LineItem
from pricing_engine.quoting.changes.lines import TargetLine
from pricing_engine.quoting.changes.regrants import Regrant


def merge_like(
    lines: Sequence[TargetLine],
    regrants: Mapping[str, Sequence[Regrant]],
    fresh: Mapping[str, Granting],
    apart: Set[str],
) -> tuple[TargetLine, ...]:
    """The lines, growth joined to the layer beneath where price and discounts are the same.

    `apart` are lines that are not joined: a discount was agreed off the one beneath, or is asked off the one on top, or
    another total cap holds.
    """
    merged: list[TargetLine] = []
    for line in lines:
        below = merged[-1] if merged else None
        if below is not None and _is_like(below, line, regrants, fresh, apart):
            merged[-1] = TargetLine(_joined(below.item, line.item), below.origin)
        else:
            merged.append(line)
    return tuple(merged)


def _is_like(
    below: TargetLine,
    line: TargetLine,
    regrants: Mapping[str, Sequence[Regrant]],
    fresh: Mapping[str, Granting],
    apart: Set[str],
) -> bool:
    if line.origin is not None or below.origin is None or below.item.key != line.item.key:
        return False
    if below.item.price is None or below.item.price != line.item.price:
        return False
    if below.item.id in apart or line.item.id in apart or below.item.uplifted:
        return False
    if any([phase.target_price is not None for phase in below.item.phases]):  # asked for these units only
        return False
    if below.item.bundle is not line.item.bundle:
        return False
    granted = {each.policy.id: each for _, found in fresh[line.item.id] for each in found if each.fraction != 0}
    kept = {each.policy.id: each.now for each in regrants[below.item.id] if each.now and each.now.fraction != 0}
    return granted == kept


def _joined(below: LineItem, above: LineItem) -> LineItem:
    """The layer with the units on top; both have a phase on each day that anything changes."""
    phases = tuple([_sum(low, high) for low, high in zip(below.phases, above.phases, strict=True)])
    return below._replace(phases=phases)


def _sum(low: Phase, high: Phase) -> Phase:
    quantity = low.quantity + high.quantity
    commitment = CommittedQuantity(quantity) if high.commitment is not None else low.commitment
    return Phase(low.start, quantity, commitment, *low[3:])
