"""The lines of a contract as they were agreed, made into lines to price once for all changes that are weighed of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple, cast

from pricing_engine.catalog.products import USAGE, find_charge
from pricing_engine.contracts.contract_line import ContractLine, Phase
from pricing_engine.pricing.line_item import LineItem, make_line_item
from pricing_engine.quoting.held import Held


class TargetLine(NamedTuple):
    """A line to price: under the rulebook in force, or as the contract line `origin` has it."""

    item: LineItem
    origin: ContractLine | None

    def with_phases(self, phases: tuple[Phase, ...]) -> TargetLine:
        """The same with other phases."""
        return _make_line((self.item.with_phases(phases), self.origin))


# As `make_step` in `pricing/waterfall.py`.
_make_line = cast("Callable[[tuple[LineItem, ContractLine | None]], TargetLine]", partial(tuple.__new__, TargetLine))


class AgreedLines:
    """The lines of a contract from a day on, those of a product made when they are first asked for.

    Units: `rate` is reporting currency per unit of the contract's; `usage` is by metric, per month.
    """

    __slots__ = ("_by_product", "_day", "_made", "_rate", "_rulebooks", "_usage")

    def __init__(self, held: Held, day: date, rate: Decimal, usage: Mapping[str, Decimal]) -> None:
        self._rulebooks, self._day, self._rate, self._usage = held.rulebooks, day, rate, usage
        self._made: dict[str, Mapping[str, TargetLine]] = {}
        self._by_product: dict[str, list[ContractLine]] = {}
        for line in held.contract.lines:
            if line.phases and line.trial_until is None:
                self._by_product.setdefault(line.product, []).append(line)

    def of_product(self, product: str) -> Mapping[str, TargetLine]:
        """The lines of a product that are in force and no trial, by id."""
        found = self._made.get(product)
        if found is None:
            lines = self._by_product.get(product, ())
            found = self._made[product] = {line.id: _make_line((self._item(line), line)) for line in lines}
        return found

    def _item(self, line: ContractLine) -> LineItem:
        """A line at its own price, by definitions of the version it is pinned to."""
        rulebook = self._rulebooks[line.rulebook]
        ladder = rulebook.ladder
        tier = None if line.tier is None or ladder is None else ladder.tiers[ladder.ranks[line.tier]]
        product = rulebook.products[line.product] if tier is None or ladder is None else ladder.platform
        charge = find_charge(tier.charges if tier else product.charges, line.charge)
        assert charge is not None  # a line is pinned to a version that has its charge
        cost = charge.unit_cost
        return make_line_item(
            (
                line.id,
                product,
                tier,
                charge,
                line.entry,
                line.price,
                None if line.bundle is None else rulebook.bundles[line.bundle],
                phases_from(line, self._day),
                None if cost is None else cost / self._rate,
                self._usage.get(line.metric or "") if line.timing is USAGE else None,
                None,
                line.uplifted,
            )
        )


def phases_from(line: ContractLine, start: date) -> tuple[Phase, ...]:
    """The phases of a line from a day on, the first one starting then."""
    phases = line.phases
    if len(phases) == 1:
        return (phases[0].since(start),)
    return (line.phase_on(start).since(start), *(phase for phase in phases if phase.start > start))
