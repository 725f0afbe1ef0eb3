"""How many units each layer of a contracted charge keeps, and how many come on top (P17).

Layers are units bought at different prices. What is given up leaves the layer bought last first; what is added stands
on top of all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from pricing_engine.catalog.prices import CommittedQuantity
from pricing_engine.catalog.products import USAGE
from pricing_engine.contracts.contract_line import ContractLine, Phase
from pricing_engine.money import ZERO

_quantity = attrgetter("quantity")


class Layers(NamedTuple):
    """The phases each kept layer has from now on, by line id, lowest first, and those of the units on top."""

    kept: Mapping[str, tuple[Phase, ...]]
    on_top: tuple[Phase, ...]


def layer_number(line_id: str) -> int:
    """1 for the first layer of a charge, 2 for `~2` and so on."""
    _, _, number = line_id.partition("~")
    return int(number) if number else 1


def lay_out(
    layers: Sequence[ContractLine], totals: Sequence[tuple[date, Decimal]], *, is_usage: bool, holds: bool
) -> Layers:
    """The layers of one charge at new totals.

    Shape: `totals` are the quantities in all by day, rising, the first the day of the change; `layers` lowest first.
    With `holds` what is added joins the last layer, at its contracted schedule.
    """
    first, last = totals[0][0], layers[-1]
    later = {phase.start for each in layers for phase in each.phases if phase.start > first}
    later.update([day for day, _ in totals[1:]])
    days = [first, *sorted(later)] if later else [first]
    idle = {each.id for each in layers if not _has_units(each.phases)}  # use nobody commits to
    kept: dict[str, list[Phase]] = {each.id: [] for each in layers}
    on_top: list[Phase] = []
    for day in days:
        total, below = _on(totals, day), ZERO
        for layer in layers:
            phase = layer.phase_on(day)
            own = min(phase.quantity, max(total - below, ZERO))
            if layer is last and (holds or layer.id in idle):
                own = total - below
            commitment = _committed(own, is_usage=is_usage)
            kept[layer.id].append(Phase(day, own, commitment, phase.unit_price, phase.target_price, below))
            below += own
        more = total - below
        on_top.append(Phase(day, more, _committed(more, is_usage=is_usage), None, None, below))
    return Layers(
        {id_: tuple(phases) for id_, phases in kept.items() if id_ in idle or _has_units(phases)},
        tuple(on_top) if _has_units(on_top) else (),
    )


def stays_as_it_is(line: ContractLine, totals: Sequence[tuple[date, Decimal]]) -> bool:
    """Whether the only layer of a charge simply goes on at these totals, as `lay_out` would have it; most do."""
    if len(line.phases) > 1 or len(totals) > 1:
        return False
    (phase,), ((_, total),) = line.phases, totals
    if phase.commitment is not None or phase.below or (line.timing is USAGE and total):
        return False
    return phase.quantity.compare_total(total) == 0  # 500.0 is told as it is asked for


def _has_units(phases: Sequence[Phase]) -> bool:
    return any(map(_quantity, phases))


def _on(totals: Sequence[tuple[date, Decimal]], day: date) -> Decimal:
    found = totals[0][1]
    for start, total in totals[1:]:
        if start > day:
            break
        found = total
    return found


def _committed(quantity: Decimal, *, is_usage: bool) -> CommittedQuantity | None:
    return CommittedQuantity(quantity) if is_usage and quantity else None
