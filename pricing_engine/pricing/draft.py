"""A line on its way down the waterfall within one segment of the term."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import NamedTuple, cast

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract_line import Phase
from pricing_engine.pricing.line_item import LineItem
from pricing_engine.pricing.waterfall import Step, StepKind, make_step


class Draft(NamedTuple):
    """List price, running net and the steps so far. Units: per year, or in all for one-time lines; unrounded.

    `holding` are the steps by which the price is made now where `steps` tell how it came from an earlier one (P22);
    else there are none.
    """

    item: LineItem
    phase: Phase
    list: Decimal
    net: Decimal
    steps: tuple[Step, ...]
    holding: tuple[Step, ...]

    def stepped(self, kind: StepKind, rule: RuleRef, net: Decimal) -> Draft:
        """The draft after one more step that brings it to `net`."""
        step = make_step((kind, rule, self.net, net))
        return make_draft((self.item, self.phase, self.list, net, (*self.steps, step), self.holding))

    def taken_off(self, kind: StepKind) -> Decimal:
        """What the steps of a kind took off together (positive)."""
        return sum((step.before - step.after for step in self.steps if step.kind is kind), Decimal(0))


make_draft = cast(
    "Callable[[tuple[LineItem, Phase, Decimal, Decimal, tuple[Step, ...], tuple[Step, ...]]], Draft]",
    partial(tuple.__new__, Draft),
)
"""A draft from a tuple of its fields, as `make_step`."""
