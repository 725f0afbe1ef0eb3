"""One line of a contract as JSON and back, fields by position; each mapping stands beside its inverse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from pricing_engine.catalog.prices import CommittedAmount, CommittedQuantity
from pricing_engine.catalog.products import Timing
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract_line import ContractLine, Grant, Phase, Stretch, Uplifted
from pricing_engine.storage.exact_numbers import NumbersRead, maybe_text
from pricing_engine.storage.price_json import plain_price, read_price
from pricing_engine.storage.written_once import Places, WrittenRules

_day = date.fromisoformat
_TIMINGS: Final[Mapping[str, Timing]] = {timing.value: timing for timing in Timing}


def plain_line(line: ContractLine, rules: WrittenRules, hashes: Places) -> tuple[Any, ...]:
    """The line's fields, its rule and its rulebook version by their places."""
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
        hashes[line.rulebook],
        rules[line.entry],
        line.price and plain_price(line.price),
        line.bundle,
        [_plain_phase(phase) for phase in line.phases],
        [_plain_grant(grant) for grant in line.grants],
        [_plain_stretch(stretch) for stretch in line.stretches],
        [str(amount) for amount in line.instalments],
        line.trial_until,
        line.uplifted and (rules[line.uplifted.rule], str(line.uplifted.before), str(line.uplifted.after)),
    )


def read_line(plain: list[Any], rules: list[RuleRef], hashes: list[str], numbers: NumbersRead) -> ContractLine:
    """The line `plain_line` was given."""
    id_, key, product, name, tier, charge, timing, months, metric, rulebook, entry, price, bundle = plain[:13]
    phases, grants, stretches, instalments, trial_until, uplifted = plain[13:]
    return ContractLine(
        id_,
        key,
        product,
        name,
        tier,
        charge,
        _TIMINGS[timing],
        months,
        metric,
        hashes[rulebook],
        rules[entry],
        None if price is None else read_price(price, numbers),
        bundle,
        tuple([_phase(phase, numbers) for phase in phases]),
        tuple([_grant(grant, numbers) for grant in grants]),
        tuple([_stretch(stretch, numbers) for stretch in stretches]),
        tuple([numbers[amount] for amount in instalments]),
        None if trial_until is None else _day(trial_until),
        None if uplifted is None else Uplifted(rules[uplifted[0]], numbers[uplifted[1]], numbers[uplifted[2]]),
    )


def _plain_phase(phase: Phase) -> tuple[Any, ...]:
    start, quantity, commitment, unit_price, target_price, below = phase
    return (
        start,
        str(quantity),
        _plain_commitment(commitment),
        maybe_text(unit_price),
        maybe_text(target_price),
        str(below),
    )


def _phase(plain: list[Any], numbers: NumbersRead) -> Phase:
    start, quantity, commitment, unit_price, target_price, below = plain
    return Phase(
        _day(start),
        numbers[quantity],
        None if commitment is None else _commitment(commitment, numbers),
        None if unit_price is None else numbers[unit_price],
        None if target_price is None else numbers[target_price],
        numbers[below],
    )


def _plain_commitment(commitment: CommittedQuantity | CommittedAmount | None) -> tuple[str, str] | None:
    match commitment:
        case None:
            return None
        case CommittedQuantity(quantity):
            return "quantity", str(quantity)
        case CommittedAmount(amount):
            return "amount", str(amount)


def _commitment(plain: list[str], numbers: NumbersRead) -> CommittedQuantity | CommittedAmount:
    kind, number = plain
    return CommittedQuantity(numbers[number]) if kind == "quantity" else CommittedAmount(numbers[number])


def _plain_grant(grant: Grant) -> tuple[Any, ...]:
    policy, fraction, amount, ends, holds = grant
    return policy, maybe_text(fraction), maybe_text(amount), ends, holds


def _grant(plain: list[Any], numbers: NumbersRead) -> Grant:
    policy, fraction, amount, ends, holds = plain
    return Grant(
        policy,
        None if fraction is None else numbers[fraction],
        None if amount is None else numbers[amount],
        None if ends is None else _day(ends),
        holds,
    )


def _plain_stretch(stretch: Stretch) -> tuple[Any, ...]:
    start, end, quantity, list_, net, taken = stretch
    return start, end, str(quantity), str(list_), str(net), [(policy, str(amount)) for policy, amount in taken]


def _stretch(plain: list[Any], numbers: NumbersRead) -> Stretch:
    start, end, quantity, list_, net, taken = plain
    return Stretch(
        _day(start),
        _day(end),
        numbers[quantity],
        numbers[list_],
        numbers[net],
        tuple([(policy, numbers[amount]) for policy, amount in taken]),
    )
