"""The ARR movements of later days: ramps, ends of promotions and lines that begin within a term (N4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.contract_line import ContractLine, Stretch
from pricing_engine.money import ZERO, round_money
from pricing_engine.retention.movements import ArrKind, ArrMovement, Cause, Driver, moved, volume_of

_Planned = dict[tuple[date, str, str, ArrKind, Driver | None, Cause], Decimal]
"""Amounts by day, charge, product, kind, driver and cause."""


def later_movements(before: Contract | None, after: Contract) -> Iterator[ArrMovement]:
    """What changes on later days, such as ramps and ends of promotions, and had not been to change so.

    What was to come and does not is taken back as what it was booked as.
    """
    was, now = _planned(before, after.effective) if before else {}, _planned(after, after.effective)
    for key in sorted({**was, **now}, key=lambda each: (each[0], each[1], each[5])):
        amount = now.get(key, ZERO) - was.get(key, ZERO)
        if amount:
            day, line, product, kind, driver, cause = key
            yield ArrMovement(day, line, product, kind, driver, cause, amount)


def _planned(contract: Contract, after: date) -> _Planned:
    """What a contract moves by itself on days after one, the layers of a charge together."""
    planned: _Planned = {}
    for line in contract.lines:
        for each in (*_begun(line, contract, after), *_stepped(line, contract, after)):
            key = each.day, each.line, each.product, each.kind, each.driver, each.cause
            planned[key] = planned.get(key, ZERO) + each.amount
    return planned


def _begun(line: ContractLine, contract: Contract, after: date) -> Iterator[ArrMovement]:
    """What a line brings that begins on a later day than its contract: an imported book has such, bought meanwhile."""
    for first in line.stretches[:1]:
        if after < first.start < contract.ends and (net := round_money(first.net, contract.currency)):
            held = {each.product for each in contract.lines for at in each.stretches[:1] if at.start < first.start}
            cause = Cause.VOLUME if line.product in held else Cause.CROSS_SELL
            yield moved(first.start, line.key, line.product, cause, net)


def _stepped(line: ContractLine, contract: Contract, after: date) -> Iterator[ArrMovement]:
    for earlier, later in pairwise(line.stretches):
        if earlier.end == later.start > after:
            yield from _of_step(line, earlier, later, contract)


def _of_step(line: ContractLine, before: Stretch, after: Stretch, contract: Contract) -> Iterator[ArrMovement]:
    net, day = round_money(before.net, contract.currency), after.start
    difference = round_money(after.net, contract.currency) - net
    volume = volume_of(
        before.quantity, after.quantity, net_before=net, difference=difference, currency=contract.currency
    )
    if volume:
        yield moved(day, line.key, line.product, Cause.VOLUME if volume > 0 else Cause.PARTIAL_CHURN, volume)
    if price := difference - volume:
        ends = any(grant.ends == day for grant in line.grants)
        yield moved(day, line.key, line.product, Cause.PROMOTION_END if ends else Cause.DISCOUNT_CHANGE, price)
