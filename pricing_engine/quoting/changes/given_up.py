"""What a change gives up, net of what replaces it: the base of fees and credits (P23, P24)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from pricing_engine.catalog.products import USAGE
from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.contract_line import ContractLine, Stretch
from pricing_engine.money import EXACT, ZERO
from pricing_engine.pricing.instalments import Cadence, share_of_days
from pricing_engine.pricing.line_item import price_key
from pricing_engine.pricing.waterfall import REPRICING, PricedLine, Segment
from pricing_engine.quoting.changes.kind import Kind
from pricing_engine.quoting.changes.trials import TRIAL


class GivenUp(NamedTuple):
    """What a change gives up until the term ends, unrounded, less what it adds; 0 where it adds as much.

    `lines` are the ids of the lines that become less; `billed` is what invoices become less by until then, where all is
    given up (None: a part). Units: the contract's currency.
    """

    remaining_fees: Decimal
    fees_per_year: Decimal
    lines: frozenset[str]
    billed: Decimal | None = None


NOTHING: Final = GivenUp(ZERO, ZERO, frozenset())
"""What a change gives up by which nothing becomes less."""


class Worth(NamedTuple):
    """What something is worth until the term ends, and per year on the day of the change. Unrounded."""

    remaining: Decimal
    per_year: Decimal


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
    in place of those. A charge of as many units as before gives nothing up, whatever it costs now; its layers are one.

    Replacing a tier or swapping like for like is no removal: only a net decrease counts.
    Source: P24.
    """
    was, now = _by_key(contract.lines), _priced_by_key(priced)
    less = more = Worth(ZERO, ZERO)
    lines: set[str] = set()
    for key in {**was, **now}:
        layers, target = was.get(key, ()), now.get(key, ())
        if len(target) <= len(layers) and all([layer.id in unchanged for layer in layers]):
            continue
        lost = _lost(layers, target, cadence, kind)
        follows = any([layer.id in followers for layer in layers])
        if lost.remaining > 0 and (follows or _is_less(layers, target, kind)):
            lines |= {layer.id for layer in layers if layer.stretches and layer.stretches[-1].end > kind.start}
            less = Worth(less.remaining + lost.remaining, less.per_year + max(lost.per_year, ZERO))
        elif lost.remaining < 0 and not follows:
            more = Worth(more.remaining - lost.remaining, more.per_year - min(lost.per_year, ZERO))
    return GivenUp(
        max(less.remaining - more.remaining, ZERO), max(less.per_year - more.per_year, ZERO), frozenset(lines)
    )


def _by_key(lines: Iterable[ContractLine]) -> dict[str, list[ContractLine]]:
    found: dict[str, list[ContractLine]] = {}
    for line in lines:
        if line.trial_until is None:
            found.setdefault(line.key, []).append(line)
    return found


def _priced_by_key(lines: Iterable[PricedLine]) -> dict[str, list[PricedLine]]:
    found: dict[str, list[PricedLine]] = {}
    for line in lines:
        if line.months is not None and not line.id.endswith(TRIAL):
            found.setdefault(price_key(line.id), []).append(line)
    return found


def _lost(layers: Sequence[ContractLine], target: Sequence[PricedLine], cadence: Cadence, kind: Kind) -> Worth:
    """What the layers of a charge together become less by: until the term ends, and per year."""
    was = [_from(layer, cadence, kind) for layer in layers]
    now = [_contracted(line, cadence) for line in target]
    return Worth(
        sum([each.remaining for each in was], ZERO) - sum([each.remaining for each in now], ZERO),
        sum([each.per_year for each in was], ZERO) - sum([each.per_year for each in now], ZERO),
    )


def _is_less(layers: Sequence[ContractLine], target: Sequence[PricedLine], kind: Kind) -> bool:
    """Whether fewer units are kept until the term ends; of use that is committed by amount, whether less is."""
    if not target or any(layer.timing is USAGE for layer in layers):
        return True
    stretches = [each for layer in layers for each in layer.stretches]
    before = unit_days((max(each.start, kind.start), each.end, each.quantity) for each in stretches)
    segments = [each for line in target for each in line.segments]
    return unit_days((each.start, each.end, each.quantity) for each in segments) < before


def unit_days(stretches: Iterable[tuple[date, date, Decimal]]) -> Decimal:
    """Units times days."""
    return sum([quantity * max((end - start).days, 0) for start, end, quantity in stretches], ZERO)


def times(amount: Decimal, share: Fraction) -> Decimal:
    """A yearly amount over a share of years, unrounded."""
    numerator, denominator = share.as_integer_ratio()
    return EXACT.divide(EXACT.multiply(amount, Decimal(numerator)), Decimal(denominator))


def _from(line: ContractLine, cadence: Cadence, kind: Kind) -> Worth:
    """What a line is worth from the day of the change on, and per year on that day."""
    worth = ZERO
    for each in line.stretches:
        worth += times(each.net, share_of_days(cadence, max(each.start, kind.start), each.end))
    stretch = line.stretch_on(kind.start)
    return Worth(worth, stretch.net if stretch else ZERO)


def _contracted(line: PricedLine, cadence: Cadence) -> Worth:
    """What a priced line is worth at contracted conditions, and per year."""
    if not line.segments:
        return Worth(ZERO, ZERO)
    per_year = [before_repricing(segment) for segment in line.segments]
    worth = ZERO
    for segment, net in zip(line.segments, per_year, strict=True):
        worth += times(net, share_of_days(cadence, segment.start, segment.end))
    return Worth(worth, per_year[0])


def before_repricing(segment: Segment) -> Decimal:
    """The yearly net of a segment without its repricing steps."""
    return segment.net - repriced(segment)


def repriced(segment: Segment) -> Decimal:
    """What repricing adds to a segment a year (negative: takes off)."""
    return sum([after - before for kind, _, before, after in segment.steps if kind is REPRICING], ZERO)


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
