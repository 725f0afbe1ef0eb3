"""The ARR movements of a quote that is booked: on its day, and on the later days on which its lines change (N4, N5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.catalog.charge_models import Percentage
from pricing_engine.catalog.prices import rate
from pricing_engine.catalog.products import USAGE
from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.contract_line import ContractLine
from pricing_engine.money import ONE, ZERO, Currency, round_money
from pricing_engine.quoting.contract_change import ContractChange, LineChange, Movement, QuoteType
from pricing_engine.quoting.later_movements import later_movements
from pricing_engine.retention.movements import ArrMovement, Cause, moved, volume_of

_NEW_TERM = frozenset({QuoteType.RENEWAL, QuoteType.REINSTATEMENT})


def movements_of(change: ContractChange | None, before: Contract | None, after: Contract) -> tuple[ArrMovement, ...]:
    """What a booking moves, the lines in the order of the change; `change` is None for a first sale.

    Those of the day it takes force sum to its difference in ARR. Where a term ends by itself nothing is moved until
    the contract comes back: a contract says when it ends.
    """
    day = after.effective
    if change is None or before is None:
        now = list(_first_sale(after))
        return (*now, *later_movements(None, after))
    if change.type is QuoteType.CANCELLATION:
        now = [
            moved(day, each.line, each.product, Cause.CHURN, -each.net_before)
            for each in change.lines
            if each.net_before
        ]
        now += _lapsed(before) if day == before.ends and _ends_by_itself(before) else ()
    elif change.type is QuoteType.REINSTATEMENT:
        back = [each for each in change.lines if each.net_after]
        now = [moved(day, each.line, each.product, Cause.REACTIVATION, each.net_after) for each in back]
        now += _lapsed(before) if _ends_by_itself(before) else ()
    else:
        now = list(_taken_back(change, day)) if is_given_up(before) else []
        now += _of_lines(change, before, after)
    return (*now, *later_movements(before, after))


def _ends_by_itself(contract: Contract) -> bool:
    """Whether nobody cancelled it: a cancellation moved what was lost, also one that takes force when the term ends."""
    return contract.ends == contract.term.end and contract.effective < contract.ends


def is_given_up(contract: Contract) -> bool:
    """Whether a cancellation that takes force when the term ends has moved already what is lost then."""
    return contract.effective == contract.ends == contract.term.end


def _taken_back(change: ContractChange, day: date) -> Iterator[ArrMovement]:
    """What a renewal keeps of a contract that was to be given up when its term ends."""
    for each in change.lines:
        if each.net_before:
            yield moved(day, each.line, each.product, Cause.REACTIVATION, each.net_before)


def _lapsed(contract: Contract) -> Iterator[ArrMovement]:
    """What is lost when a term ends, known once that is decided or the contract comes back."""
    last_day = contract.ends - timedelta(days=1)
    for line in contract.lines:
        stretch = line.stretch_on(last_day)
        if stretch is not None and (net := round_money(stretch.net, contract.currency)):
            yield moved(contract.ends, line.id, line.product, Cause.CHURN, -net)


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
    others = [each for each in change.lines if each not in tiers]
    splits = {each.line: _split(each, change, lines, after) for each in others if not _follows(each, lines)}
    base = _Split(
        sum([each.volume for each in splits.values()], sum([each.net_after - each.net_before for each in tiers], ZERO)),
        *[sum(part, ZERO) for part in zip(*[each[1:] for each in splits.values()], strict=True)] or (ZERO, ZERO, ZERO),
    )
    for each in others:
        split = splits.get(each.line) or _followed(each, base, _followed_part(each, change, lines), after.currency)
        if split.volume:
            cause = _cause_of_volume(each, split.volume, lines)
            yield moved(after.effective, each.line, each.product, cause, split.volume)
        for cause, amount in _causes_of_price(each, split, change, lines, after):
            yield moved(after.effective, each.line, each.product, cause, amount)


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


class _Split(NamedTuple):
    """What of a difference the quantity makes, and what the price: in all, by promotions that end, and by the list."""

    volume: Decimal
    price: Decimal
    ended: Decimal = ZERO
    listed: Decimal = ZERO


def _split(each: LineChange, change: ContractChange, lines: _Lines, after: Contract) -> _Split:
    difference = each.net_after - each.net_before
    volume = difference - each.repricing
    if change.type in _NEW_TERM and each.net_before:
        volume = volume_of(
            each.quantity_before,
            each.quantity_after,
            net_before=each.net_before,
            difference=difference,
            currency=after.currency,
        )
    elif each.quantity_before == each.quantity_after:
        volume = ZERO
    price = difference - volume
    if not price or change.type not in _NEW_TERM:
        return _Split(volume, price)
    ended = _ended(each, lines, after)
    return _Split(volume, price, ended, _listed(each, price, ended, lines, after.currency))


def _follows(each: LineChange, lines: _Lines) -> bool:
    """Whether it is a percentage of other lines that stays: it moves as those do, and has no quantity of its own."""
    line = lines.of(each.line)
    if line is None or line.price is None or not isinstance(line.price.model, Percentage):
        return False
    return bool(each.net_before and each.net_after)


class _Following(NamedTuple):
    """What of a percentage's difference the lines make that it is of, and what another rate by the list."""

    of_lines: Decimal
    listed: Decimal


def _followed_part(each: LineChange, change: ContractChange, lines: _Lines) -> _Following:
    """Of a new term, in which its rate and its discount may be others: what its list price says of those lines."""
    difference = each.net_after - each.net_before
    was, now = lines.before.get(each.line), lines.after.get(each.line)
    if change.type not in _NEW_TERM or was is None or now is None or was.price is None or now.price is None:
        return _Following(difference, ZERO)
    before, after = was.stretches[-1].list, now.stretches[0].list
    rates = was.price.model.amount(ONE), now.price.model.amount(ONE)
    if not before or not all(rates):
        return _Following(difference, ZERO)
    listed = each.net_before * after / before
    of_lines = listed * rates[0] / rates[1] - each.net_before
    return _Following(of_lines, ZERO if now.uplifted else listed - each.net_before - of_lines)


def _followed(each: LineChange, base: _Split, following: _Following, currency: Currency) -> _Split:
    """A percentage's difference, split as that of the lines it is of."""
    difference = each.net_after - each.net_before
    total = base.volume + base.price
    by_rate = round_money(following.listed, currency)
    if not total:
        return _Split(ZERO, difference, ZERO, by_rate)
    volume, ended, listed = (
        round_money(following.of_lines * part / total, currency) for part in (base.volume, base.ended, base.listed)
    )
    price, listed = difference - volume, listed + by_rate
    # A cent of rounding is no discount.
    if listed and abs(price - ended - listed) <= 2 * currency.quantum:
        listed = price - ended
    return _Split(volume, price, ended, listed)


def _cause_of_volume(each: LineChange, volume: Decimal, lines: _Lines) -> Cause:
    if volume < 0:
        return Cause.PARTIAL_CHURN
    if each.product not in lines.products:
        return Cause.CROSS_SELL
    line = lines.of(each.line)
    return Cause.COMMITMENT_GROWTH if line is not None and line.timing is USAGE else Cause.VOLUME


def _causes_of_price(
    each: LineChange, split: _Split, change: ContractChange, lines: _Lines, after: Contract
) -> Iterator[tuple[Cause, Decimal]]:
    """What moves a price: within a term repricing or another discount; at a renewal what ends, the list, and the terms.

    Where the limit that a contract's terms set decided the price, it is uplift, whatever the list became.
    """
    if not split.price:
        return
    if change.type not in _NEW_TERM:
        is_repriced = each.repricing or any(line.repricing for line in change.lines if _follows(each, lines))
        yield (Cause.REPRICING if is_repriced else Cause.DISCOUNT_CHANGE), split.price
        return
    rest = split.price - split.ended - split.listed
    now = lines.after.get(each.line)
    is_by_terms = now is None or now.price is None or bool(now.uplifted)
    causes = {
        Cause.PROMOTION_END: split.ended,
        Cause.LIST_CHANGE: split.listed,
        Cause.UPLIFT if is_by_terms and rest > 0 else Cause.DISCOUNT_CHANGE: rest,
    }
    yield from [(cause, amount) for cause, amount in causes.items() if amount]


def _listed(each: LineChange, price: Decimal, ended: Decimal, lines: _Lines, currency: Currency) -> Decimal:
    """As much of what moves the price as the list does at the quantity there is now, less the discount that stays.

    Nothing where it is the terms' limit that decided, or where the list moved the other way.
    """
    was, now = lines.before.get(each.line), lines.after.get(each.line)
    if was is None or now is None or was.price is None or now.price is None or now.uplifted or not was.stretches:
        return ZERO
    last, rest = was.stretches[-1], price - ended
    if not last.list or not each.quantity_after or was.price == now.price:
        return ZERO
    was_listed = rate(was.price, each.quantity_after) * 12 / was.months
    is_listed = rate(now.price, each.quantity_after) * 12 / now.months
    stays = (last.net + ended * each.quantity_before / each.quantity_after) / last.list
    listed = round_money((is_listed - was_listed) * stays, currency)
    if listed * rest <= 0:
        return ZERO
    # A cent of rounding is no discount.
    return rest if abs(listed) + currency.quantum >= abs(rest) else listed


def _ended(each: LineChange, lines: _Lines, after: Contract) -> Decimal:
    """What promotions took off the line that end with its old term, at the quantity it has now."""
    was, now = lines.before.get(each.line), lines.after.get(each.line)
    if was is None or now is None or not was.stretches or not each.quantity_before:
        return ZERO
    over = {grant.policy for grant in was.grants if grant.ends is not None and grant.ends <= after.effective}
    still = {policy for stretch in now.stretches[:1] for policy, _ in stretch.taken}
    taken = sum([off for policy, off in was.stretches[-1].taken if policy in over - still], ZERO)
    return round_money(taken * each.quantity_after / each.quantity_before, after.currency)
