"""What use above the commitment is charged for the past (P26)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from pricing_engine.catalog.charge_models import PerUnit
from pricing_engine.catalog.prices import Price
from pricing_engine.catalog.products import PERIODS_PER_YEAR
from pricing_engine.contracts.contract import Contract, SettledUse
from pricing_engine.contracts.contract_line import ContractLine
from pricing_engine.money import ZERO
from pricing_engine.periods import Period
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.instalments import share_of_days
from pricing_engine.quoting.changes.given_up import times
from pricing_engine.quoting.changes.penalties import Situation
from pricing_engine.quoting.changes.target import Excess
from pricing_engine.quoting.contract_change import DueItem, DueKind
from pricing_engine.quoting.sale import Sale
from pricing_engine.terms.amounts import is_over_use, over_use_charge
from pricing_engine.terms.terms import OverUse, Waivable


class _Charged(NamedTuple):
    """What a charge owes for the past, unrounded, and how many units were in excess, in order of time."""

    key: str
    excess: Excess
    units: tuple[Decimal, ...]
    owed: Decimal


def over_use_items(situation: Situation, excess: Sequence[Excess], sale: Sale) -> tuple[list[DueItem], list[Finding]]:
    """What use above the commitment is charged for the past, and a finding where it is within the tolerance.

    Rounds: each charge of a metric once, half up.
    """
    rule = situation.terms.over_use if situation.terms else None
    if rule is None or not excess:
        return [], []
    charged: list[_Charged] = []
    findings: list[Finding] = []
    for each in excess:
        found = [one for one in _charges(situation, each, rule, sale) if one.units]
        charged += found
        if not found and not each.counts:
            what = f"{each.used:f} {each.metric} of {each.product} are within the tolerance of {each.committed:f}"
            findings.append(Finding("within-tolerance", Severity.INFO, what, rule.rule))
    amounts = situation.owed(Waivable.OVER_USE_CHARGE, [each.owed for each in charged])
    items = [
        DueItem(DueKind.OVER_USE, each.key, rule.rule, _how(each, rule), amount)
        for each, amount in zip(charged, amounts, strict=True)
        if amount
    ]
    return items, findings


def _charges(situation: Situation, excess: Excess, rule: OverUse, sale: Sale) -> Iterator[_Charged]:
    """By every charge of the metric that the contract has, its layers together."""
    layers: dict[str, list[ContractLine]] = {}
    for line in situation.contract.lines:
        if line.product == excess.product and line.metric == excess.metric and line.trial_until is None:
            layers.setdefault(line.key, []).append(line)
    for key, lines in layers.items():
        last = next((line for line in reversed(lines) if line.phases), None)
        price = None if last is None else _price_of_excess(last, sale)
        if price is not None:
            units, owed = _owed(situation, excess, rule, price, lines)
            yield _Charged(key, excess, tuple(dict.fromkeys(units)), owed)


def _owed(
    situation: Situation, excess: Excess, rule: OverUse, price: Price, layers: Sequence[ContractLine]
) -> tuple[list[Decimal], Decimal]:
    """The units in excess and what they owe, by what was committed, or settled, on each day since it began."""
    units, owed = [], ZERO
    about = excess.product, excess.metric
    settled = [each for each in situation.contract.settled_use if (each.product, each.metric) == about]
    for days in _cut(excess.since, situation.kind.start, layers, settled):
        stretches = [stretch for line in layers if (stretch := line.stretch_on(days.start)) is not None]
        paid = [each.used for each in settled if each.start <= days.start < each.end]
        committed = max([sum((stretch.quantity for stretch in stretches), ZERO), *paid])
        if stretches and is_over_use(rule, committed=committed, used=excess.used):
            per_period = over_use_charge(rule, price, committed=committed, used=excess.used)
            share = share_of_days(situation.cadence, days.start, days.end)
            owed += times(per_period * PERIODS_PER_YEAR[layers[0].months], share)
            units.append(excess.used - committed)
    return units, owed


def _cut(start: date, end: date, layers: Sequence[ContractLine], settled: Sequence[SettledUse]) -> list[Period]:
    """The days from one to another, in parts within which neither layers nor what is settled change."""
    spans = [(each.start, each.end) for line in layers for each in line.stretches]
    spans += [(each.start, each.end) for each in settled]
    inner = {day for span in spans for day in span if start < day < end}
    return [Period(*days) for days in pairwise(sorted({start, end} | inner))]


def settled_by(excess: Sequence[Excess], items: Iterable[DueItem], contract: Contract, day: date) -> list[SettledUse]:
    """What a change settles of the use it found, also where the charge was waived."""
    keys = {item.line for item in items if item.kind is DueKind.OVER_USE}
    charged = {(line.product, line.metric) for line in contract.lines if line.key in keys}
    return [
        SettledUse(each.product, each.metric, each.since, day, each.used)
        for each in excess
        if each.counts or (each.product, each.metric) in charged
    ]


def _how(charged: _Charged, rule: OverUse) -> str:
    excess = charged.excess
    units = ", then ".join(f"{each:f}" for each in charged.units)
    return f"{units} {excess.metric} since {excess.since} at list × {rule.multiplier:f}"


def _price_of_excess(line: ContractLine, sale: Sale) -> Price | None:
    """The list price in force; the contracted one of what is not sold any more or is priced on request."""
    dated = sale.price_book.prices.get(line.key)
    entry = dated.in_force(sale.request.effective_date) if dated else None
    if entry is not None and isinstance(entry.price, Price):
        return entry.price
    unit_price = line.phases[0].unit_price
    return line.price or (None if unit_price is None else Price(PerUnit(unit_price)))
