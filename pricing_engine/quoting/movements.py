"""The ARR movements of a quote that is booked: on its day, and on the later days on which its lines change (N4, N5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from pricing_engine.catalog.charge_models import Percentage
from pricing_engine.catalog.products import USAGE
from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.contract_line import ContractLine, Stretch
from pricing_engine.money import ZERO, Currency, round_money
from pricing_engine.quoting.contract_change import ContractChange, LineChange, Movement, QuoteType
from pricing_engine.retention.movements import ArrMovement, Cause, moved, volume_of

_NEW_TERM = frozenset({QuoteType.RENEWAL, QuoteType.REINSTATEMENT})


def movements_of(change: ContractChange | None, before: Contract | None, after: Contract) -> tuple[ArrMovement, ...]:
    """What a booking moves, the lines in the order of the change; `change` is None for a first sale.

    Those of the day it takes force sum to its difference in ARR. Where a term ends by itself nothing is moved: a
    contract says when it ends.
    """
    day = after.effective
    if change is None or before is None:
        now = list(_first_sale(after))
        return (*now, *_later(None, after))
    if change.type is QuoteType.CANCELLATION:
        now = [
            moved(day, each.line, each.product, Cause.CHURN, -each.net_before)
            for each in change.lines
            if each.net_before
        ]
    elif change.type is QuoteType.REINSTATEMENT:
        now = [
            moved(day, each.line, each.product, Cause.REACTIVATION, each.net_after)
            for each in change.lines
            if each.net_after
        ]
    else:
        now = list(_of_lines(change, before, after))
    return (*now, *_later(before, after))


def _first_sale(contract: Contract) -> Iterator[ArrMovement]:
    for line in contract.lines:
        stretch = line.stretch_on(contract.effective)
        if stretch is not None and (net := round_money(stretch.net, contract.currency)):
            yield moved(contract.effective, line.id, line.product, Cause.NEW_BUSINESS, net)


class _Lines(NamedTuple):
    """The lines of a contract before and after a change by id, and the products it had."""

    before: Mapping[str, ContractLine]
    after: Mapping[str, ContractLine]
    products: frozenset[str]

    def of(self, id_: str) -> ContractLine | None:
        return self.after.get(id_) or self.before.get(id_)


def _of_lines(change: ContractChange, before: Contract, after: Contract) -> Iterator[ArrMovement]:
    lines = _Lines(
        {line.id: line for line in before.lines} | {line.key: line for line in before.lines},
        {line.id: line for line in after.lines},
        frozenset(each.product for each in before.products),
    )
    tiers = [each for each in change.lines if _is_replaced_tier(each, lines, before, after)]
    yield from _tier_change(tiers, after.effective)
    for each in change.lines:
        if each not in tiers:
            yield from _of_line(each, change, lines, after)


def _is_replaced_tier(line: LineChange, lines: _Lines, before: Contract, after: Contract) -> bool:
    found = lines.of(line.line)
    return before.tier != after.tier and found is not None and found.tier is not None


def _tier_change(tiers: Sequence[LineChange], day: date) -> Iterator[ArrMovement]:
    """The charges of one tier for those of another: one movement by what they differ."""
    amount = sum((each.net_after - each.net_before for each in tiers), ZERO)
    if amount:
        shown = next((each for each in tiers if each.movement is Movement.ADDED), tiers[0])
        cause = Cause.TIER_UPGRADE if amount > 0 else Cause.PARTIAL_CHURN
        yield moved(day, shown.line, shown.product, cause, amount)


def _of_line(each: LineChange, change: ContractChange, lines: _Lines, after: Contract) -> Iterator[ArrMovement]:
    difference = each.net_after - each.net_before
    line = lines.of(each.line)
    volume = difference - each.repricing
    if change.type in _NEW_TERM and each.net_before:
        volume = volume_of(
            each.quantity_before,
            each.quantity_after,
            net_before=each.net_before,
            difference=difference,
            currency=after.currency,
        )
    elif each.quantity_before == each.quantity_after and not _follows(line):
        volume = ZERO
    price = difference - volume
    if volume:
        yield moved(after.effective, each.line, each.product, _cause_of_volume(each, volume, line, lines), volume)
    if price:
        renews = change.type in _NEW_TERM
        cause = Cause.UPLIFT if renews else Cause.REPRICING if each.repricing else Cause.DISCOUNT_CHANGE
        yield moved(after.effective, each.line, each.product, cause, price)


def _follows(line: ContractLine | None) -> bool:
    """Whether it is a percentage of other lines, which has no quantity of its own."""
    return line is not None and line.price is not None and isinstance(line.price.model, Percentage)


def _cause_of_volume(each: LineChange, volume: Decimal, line: ContractLine | None, lines: _Lines) -> Cause:
    if volume < 0:
        return Cause.PARTIAL_CHURN
    if each.product not in lines.products:
        return Cause.CROSS_SELL
    return Cause.COMMITMENT_GROWTH if line is not None and line.timing is USAGE else Cause.VOLUME


def _later(before: Contract | None, after: Contract) -> Iterator[ArrMovement]:
    """What changes on later days, such as ramps and ends of promotions, and had not been to change so."""
    was, now = _steps_of(before, after.effective) if before else {}, _steps_of(after, after.effective)
    products = {line.key: line.product for contract in (before, after) if contract for line in contract.lines}
    fallen = Cause.CHURN if after.ends < after.term.end else Cause.PARTIAL_CHURN
    for key, day in sorted({*was, *now}):
        volume, price = (
            later - earlier
            for later, earlier in zip(now.get((key, day), _NOTHING), was.get((key, day), _NOTHING), strict=True)
        )
        if volume:
            yield moved(day, key, products[key], Cause.VOLUME if volume > 0 else fallen, volume)
        if price:
            yield moved(day, key, products[key], _cause_of_price(after, key, day), price)


_NOTHING = (ZERO, ZERO)


def _steps_of(contract: Contract, after: date) -> dict[tuple[str, date], tuple[Decimal, Decimal]]:
    """By charge and day, what its value changes by volume and by price, layers together; only on days `after` one."""
    steps: dict[tuple[str, date], tuple[Decimal, Decimal]] = {}
    for line in contract.lines:
        for earlier, later in pairwise(line.stretches):
            if earlier.end == later.start > after:
                key = line.key, later.start
                volume, price = _step(earlier, later, contract.currency)
                known = steps.get(key, _NOTHING)
                steps[key] = known[0] + volume, known[1] + price
    return steps


def _step(before: Stretch, after: Stretch, currency: Currency) -> tuple[Decimal, Decimal]:
    net = round_money(before.net, currency)
    difference = round_money(after.net, currency) - net
    volume = volume_of(before.quantity, after.quantity, net_before=net, difference=difference, currency=currency)
    return volume, difference - volume


def _cause_of_price(contract: Contract, key: str, day: date) -> Cause:
    """The end of a promotion where a policy stops counting on the day."""
    ends = any(grant.ends == day for line in contract.lines if line.key == key for grant in line.grants)
    return Cause.PROMOTION_END if ends else Cause.DISCOUNT_CHANGE
