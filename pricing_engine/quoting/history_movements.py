"""The ARR movements of an imported history, of which only totals are known: price and volume by the midpoint (N5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.contract_line import Stretch
from pricing_engine.money import ZERO, Currency, round_money
from pricing_engine.quoting.later_movements import later_movements
from pricing_engine.retention.movements import ArrMovement, Cause, moved, moved_at_midpoint


def movements_of_history(before: Contract, after: Contract) -> tuple[ArrMovement, ...]:
    """What the term of an imported contract moves against what is known of the time before it, line by line.

    Those of its first day sum to the difference of ARR.
    """
    day = after.effective
    was, now = _on(before, day - timedelta(days=1)), _on(after, day)
    products = {each.product for each in before.products}
    of_product = {line.id: line.product for line in (*before.lines, *after.lines)}
    found = [
        each
        for line in {**was, **now}
        for each in _of_line(day, line, of_product[line], was.get(line), now.get(line), products, after.currency)
    ]
    return (*found, *later_movements(before, after))


def _on(contract: Contract, day: date) -> dict[str, Stretch]:
    return {line.id: stretch for line in contract.lines if (stretch := line.stretch_on(day)) is not None}


def _of_line(
    day: date, line: str, product: str, was: Stretch | None, now: Stretch | None, held: set[str], currency: Currency
) -> Iterator[ArrMovement]:
    net_before = round_money(was.net, currency) if was else ZERO
    difference = (round_money(now.net, currency) if now else ZERO) - net_before
    if was is None or now is None or not was.quantity or not now.quantity:
        if difference:
            grown = Cause.VOLUME if product in held else Cause.CROSS_SELL
            yield moved(day, line, product, grown if difference > 0 else Cause.PARTIAL_CHURN, difference)
        return
    quantities, nets = (was.quantity, now.quantity), (was.net, now.net)
    yield from moved_at_midpoint(day, line, product, quantities, nets, currency=currency)
