"""Units on top that cost what those beneath cost are no layer of their own: 20 more at the same price make 120."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from pricing_engine.catalog.prices import CommittedQuantity
from pricing_engine.contracts.contract_line import Phase
from pricing_engine.pricing.line_item import Granting, LineItem
from pricing_engine.quoting.changes.agreed_lines import TargetLine
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
        if line.origin is None and merged and _is_like(merged[-1], line.item, regrants, fresh, apart):
            below = merged[-1]
            merged[-1] = TargetLine(_joined(below.item, line.item), below.origin)
        else:
            merged.append(line)
    return tuple(merged)


def _is_like(
    line: TargetLine,
    above: LineItem,
    regrants: Mapping[str, Sequence[Regrant]],
    fresh: Mapping[str, Granting],
    apart: Set[str],
) -> bool:
    """Whether the new item `above` could as well be more of the line."""
    below = line.item
    if line.origin is None or below.key != above.key:
        return False
    if below.price is None or (below.price is not above.price and below.price != above.price):
        return False
    if below.id in apart or above.id in apart or below.uplifted:
        return False
    if any([phase.target_price is not None for phase in below.phases]):  # asked for these units only
        return False
    if below.bundle is not above.bundle:
        return False
    granted = {each.policy.id: each for _, found in fresh[above.id] for each in found if each.fraction != 0}
    kept = {now.policy.id: now for _, _, now, _, _ in regrants[below.id] if now and now.fraction != 0}
    return granted == kept


def _joined(below: LineItem, above: LineItem) -> LineItem:
    """The layer with the units on top; both have a phase on each day that anything changes."""
    phases = tuple([_sum(low, high) for low, high in zip(below.phases, above.phases, strict=True)])
    return below.with_phases(phases)


def _sum(low: Phase, high: Phase) -> Phase:
    quantity = low.quantity + high.quantity
    commitment = CommittedQuantity(quantity) if high.commitment is not None else low.commitment
    return Phase(low.start, quantity, commitment, *low[3:])
