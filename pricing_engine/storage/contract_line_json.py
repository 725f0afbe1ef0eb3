"""One line of a contract as JSON and back, fields by position; each mapping stands beside its inverse."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from pricing_engine.catalog.prices import CommittedAmount, CommittedQuantity
from pricing_engine.catalog.products import Timing
from pricing_engine.contracts.contract_line import ContractLine, Phase, Stretch, Uplifted
from pricing_engine.storage.contract_shared_json import Days, Numbers, SharedRead, SharedWritten

_TIMINGS: Final[Mapping[str, Timing]] = {timing.value: timing for timing in Timing}

# By position and without a call in Python: these are most of what a contract is made of.
_make_line = partial(tuple.__new__, ContractLine)
_make_phase = partial(tuple.__new__, Phase)
_make_stretch = partial(tuple.__new__, Stretch)


def plain_line(line: ContractLine, shared: SharedWritten) -> tuple[Any, ...]:
    """The line's fields, those that are shared by their places."""
    return (
        line.id,
        line.key,
        line.product,
        line.name,
        line.tier,
        line.charge,
        line.timing,
        line.months,
        line.metric,
        shared.rulebooks[line.rulebook],
        shared.rules[line.entry],
        shared.price(line.price),
        line.bundle,
        [_plain_phase(phase, shared) for phase in line.phases],
        shared.grants(line.grants),
        [_plain_stretch(stretch, shared) for stretch in line.stretches],
        [shared.number(amount) for amount in line.instalments],
        shared.days[line.trial_until],
        [_plain_uplifted(part, shared) for part in line.uplifted],
    )


def read_line(plain: list[Any], shared: SharedRead) -> ContractLine:
    """The line `plain_line` was given."""
    rules, rulebooks, days, numbers, prices, grants = shared
    timing, months, metric, rulebook, entry, price, bundle, phases, granted, stretches, instalments = plain[6:17]
    trial_until, uplifted = plain[17:]
    return _make_line(
        (
            *plain[:6],
            _TIMINGS[timing],
            months,
            metric,
            rulebooks[rulebook],
            rules[entry],
            prices[price],
            bundle,
            tuple([_phase(phase, days, numbers) for phase in phases]),
            grants[granted],
            tuple([_stretch(stretch, days, numbers) for stretch in stretches]),
            tuple([numbers[amount] for amount in instalments]),
            days[trial_until],
            tuple([_uplifted(part, shared) for part in uplifted]) if uplifted else (),
        )
    )


def _plain_phase(phase: Phase, shared: SharedWritten) -> tuple[Any, ...]:
    start, quantity, commitment, unit_price, target_price, below = phase
    return (
        shared.days[start],
        shared.number(quantity),
        _plain_commitment(commitment, shared),
        shared.number(unit_price),
        shared.number(target_price),
        shared.number(below),
    )


def _phase(plain: list[Any], days: Days, numbers: Numbers) -> Phase:
    start, quantity, commitment, unit_price, target_price, below = plain
    return _make_phase(
        (
            days[start],
            numbers[quantity],
            None if commitment is None else _commitment(commitment, numbers),
            numbers[unit_price],
            numbers[target_price],
            numbers[below],
        )
    )


def _plain_commitment(
    commitment: CommittedQuantity | CommittedAmount | None, shared: SharedWritten
) -> tuple[str, int] | None:
    match commitment:
        case None:
            return None
        case CommittedQuantity(quantity):
            return "quantity", shared.number(quantity)
        case CommittedAmount(amount):
            return "amount", shared.number(amount)


def _commitment(plain: list[Any], numbers: Numbers) -> CommittedQuantity | CommittedAmount:
    kind, number = plain
    return CommittedQuantity(numbers[number]) if kind == "quantity" else CommittedAmount(numbers[number])


def _plain_stretch(stretch: Stretch, shared: SharedWritten) -> tuple[Any, ...]:
    start, end, quantity, list_, net, taken = stretch
    return (
        shared.days[start],
        shared.days[end],
        shared.number(quantity),
        shared.number(list_),
        shared.number(net),
        [(policy, shared.number(amount)) for policy, amount in taken],
    )


def _stretch(plain: list[Any], days: Days, numbers: Numbers) -> Stretch:
    start, end, quantity, list_, net, taken = plain
    return _make_stretch(
        (
            days[start],
            days[end],
            numbers[quantity],
            numbers[list_],
            numbers[net],
            tuple([(policy, numbers[amount]) for policy, amount in taken]),
        )
    )


def _plain_uplifted(part: Uplifted, shared: SharedWritten) -> tuple[int | None, ...]:
    start, rule, before, after = part
    return shared.days[start], shared.rules[rule], shared.number(before), shared.number(after)


def _uplifted(plain: list[int], shared: SharedRead) -> Uplifted:
    start, rule, before, after = plain
    return Uplifted(shared.days[start], shared.rules[rule], shared.numbers[before], shared.numbers[after])
