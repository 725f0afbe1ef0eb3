"""The waterfall of a whole quote: from the list price of the term to its net, each rule with all it took off."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import ZERO, Currency, round_money
from pricing_engine.pricing.waterfall import StepKind
from pricing_engine.quoting.quote import Quote, Totals


class BridgeStep(NamedTuple):
    """What one rule adds (negative: takes off) over the term and all lines. Rounds: once, for the eye."""

    kind: StepKind
    rule: RuleRef
    amount: Decimal


def bridge_steps(quote: Quote, totals: Totals) -> tuple[BridgeStep, ...]:
    """The rules in the order they apply, their amounts summing with list to net.

    Shape: what rounding left over is a last step, where it is not 0.
    """
    sums: dict[tuple[StepKind, RuleRef], Fraction] = defaultdict(Fraction)
    for line in quote.lines:
        for segment in line.segments:
            for step in segment.steps[1:]:
                sums[step.kind, step.rule] += Fraction(step.amount) * segment.share
    order = list(StepKind)
    steps = [
        BridgeStep(kind, rule, _rounded(amount, quote.currency))
        for (kind, rule), amount in sorted(sums.items(), key=lambda entry: order.index(entry[0][0]))
    ]
    left = totals.net - totals.list - sum((step.amount for step in steps), ZERO)
    if left:
        steps.append(BridgeStep(StepKind.ROUNDING, RuleRef("rounding", "", 0, "lines are rounded one by one"), left))
    return tuple(steps)


def _rounded(amount: Fraction, currency: Currency) -> Decimal:
    return round_money(Decimal(amount.numerator) / Decimal(amount.denominator), currency)
