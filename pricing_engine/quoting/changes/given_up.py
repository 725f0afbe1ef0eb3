"""What a change gives up, net of what replaces it: the base of fees and credits (P23, P24)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from pricing_engine.catalog.products import USAGE
from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.contract_line import ContractLine, Stretch
from pricing_engine.money import EXACT, ZERO
from pricing_engine.pricing.instalments import Cadence, share_of_days
from pricing_engine.pricing.waterfall import REPRICING, PricedLine, Segment
from pricing_engine.quoting.changes.kind import Kind


class GivenUp(NamedTuple):
    """What a change gives up until the term ends, unrounded, less what it adds; 0 where it adds as much.

    `lines` are the ids of the lines that become less. Units: the contract's currency.
    """

    remaining_fees: Decimal
    fees_per_year: Decimal
    lines: frozenset[str]


def given_up(
    contract: Contract,
    priced: Iterable[PricedLine],
    cadence: Cadence,
    kind: Kind,
    *,
    unchanged: Set[str],
    followers: Set[str],
) -> GivenUp:
    """What the priced lines are less than the contract, at its own conditions: repricing gives nothing up or back.

    `unchanged` are the ids of lines that simply go on, `followers` of percentages of other lines, which give nothing up
    in place of those. A line of as many units as before gives nothing up, whatever it costs now.

    Replacing a tier or swapping like for like is no removal: only a net decrease counts.
    Source: P24.
    """
    after = {line.id: line for line in priced if line.months is not None and line.id not in unchanged}
    left = ZERO, ZERO
    less, more = list(left), list(left)
    lines = set()
    for line in contract.lines:
        if line.id in unchanged:
            continue
        was = _from(line, cadence, kind)
        target = after.pop(line.id, None)
        now = _contracted(target, cadence)
        lost = was[0] - now[0], was[1] - now[1]
        if lost[0] > 0 and not _is_less(line, target, cadence, kind) and line.id not in followers:
            continue
        if lost[0] > 0:
            lines.add(line.id)
            less = [less[0] + lost[0], less[1] + max(lost[1], ZERO)]
        elif lost[0] < 0 and line.id not in followers:
            more = [more[0] - lost[0], more[1] - min(lost[1], ZERO)]
    for added in after.values():
        value = _contracted(added, cadence)
        more = [more[0] + value[0], more[1] + value[1]]
    return GivenUp(max(less[0] - more[0], ZERO), max(less[1] - more[1], ZERO), frozenset(lines))


def _is_less(line: ContractLine, target: PricedLine | None, cadence: Cadence, kind: Kind) -> bool:
    """Whether fewer units are kept until the term ends; of use that is committed by amount, whether less is."""
    if target is None or line.timing is USAGE:
        return True
    before = unit_days((max(each.start, kind.start), each.end, each.quantity) for each in line.stretches)
    return unit_days((each.start, each.end, each.quantity) for each in target.segments) < before


def unit_days(stretches: Iterable[tuple[date, date, Decimal]]) -> Decimal:
    """Units times days."""
    return sum((quantity * max((end - start).days, 0) for start, end, quantity in stretches), ZERO)


def times(amount: Decimal, share: Fraction) -> Decimal:
    """A yearly amount over a share of years, unrounded."""
    numerator, denominator = share.as_integer_ratio()
    return EXACT.divide(EXACT.multiply(amount, Decimal(numerator)), Decimal(denominator))


def _from(line: ContractLine, cadence: Cadence, kind: Kind) -> tuple[Decimal, Decimal]:
    """What a line is worth from the day of the change on, and per year on that day."""
    worth = ZERO
    for each in line.stretches:
        worth += times(each.net, share_of_days(cadence, max(each.start, kind.start), each.end))
    stretch = line.stretch_on(kind.start)
    return worth, stretch.net if stretch else ZERO


def _contracted(line: PricedLine | None, cadence: Cadence) -> tuple[Decimal, Decimal]:
    """What a priced line is worth at contracted conditions, and per year."""
    if line is None or not line.segments:
        return ZERO, ZERO
    worth = ZERO
    for segment in line.segments:
        worth += times(before_repricing(segment), share_of_days(cadence, segment.start, segment.end))
    return worth, before_repricing(line.segments[0])


def before_repricing(segment: Segment) -> Decimal:
    """The yearly net of a segment without its repricing steps."""
    return segment.net - repriced(segment)


def repriced(segment: Segment) -> Decimal:
    """What repricing adds to a segment a year (negative: takes off)."""
    return sum((step.after - step.before for step in segment.steps if step.kind is REPRICING), ZERO)


def clawed_back(
    contract: Contract, shares: Mapping[str, Mapping[str, Fraction]], cadence: Cadence, kind: Kind
) -> dict[str, Decimal]:
    """What policies took off lines from the term's start to the change, in the shares lost, by policy; unrounded.

    Shape: `shares` by line and policy.
    Source: P22, P23.
    """
    enjoyed: dict[str, Decimal] = {}
    for line in contract.lines:
        lost = shares.get(line.id, {})
        for each in line.stretches if lost else ():
            share = share_of_days(cadence, each.start, min(each.end, kind.start))
            for policy, taken in each.taken:
                if policy in lost:
                    enjoyed[policy] = enjoyed.get(policy, ZERO) + times(taken, share * lost[policy])
    return enjoyed


def without_clawed(stretches: Iterable[Stretch], lost: Mapping[str, Fraction], day: date) -> tuple[Stretch, ...]:
    """Stretches that remember no more of a discount than is still enjoyed: none is taken back twice."""
    return tuple(
        [
            each._replace(taken=tuple([(id_, times(off, 1 - lost.get(id_, Fraction(0)))) for id_, off in each.taken]))
            if each.end <= day
            else each
            for each in stretches
        ]
    )
