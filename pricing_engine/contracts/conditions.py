"""The conditions a contract has a product under on a day: what the book is told apart by beside who the customer is."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from pricing_engine.contracts.contract import Contract
from pricing_engine.money import EXACT, ZERO
from pricing_engine.periods import months_between

_FOUR_DECIMALS: Final = Decimal("0.0001")


class Conditions(NamedTuple):
    """The tier of the contract, the months of its term, and by which fraction of its list price the product costs less.

    `discount` is None where the product is not there on the day, or costs nothing by list.
    """

    tier: str | None
    term_months: int
    discount: Decimal | None


def conditions_of(contract: Contract, product: str, day: date) -> Conditions:
    """The conditions of a product on a day.

    Rounds: the discount half up to four decimals.
    Source: N9.
    """
    on_the_day = [line.stretch_on(day) for line in contract.lines if line.product == product]
    listed = sum([each.list for each in on_the_day if each is not None], ZERO)
    net = sum([each.net for each in on_the_day if each is not None], ZERO)
    discount = None if not listed else EXACT.divide(listed - net, listed).quantize(_FOUR_DECIMALS, ROUND_HALF_UP, EXACT)
    return Conditions(contract.tier, months_between(contract.term.start, contract.term.end), discount)
