"""What a contract is worth: ARR on a day, and all of its term."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pricing_engine.catalog.products import PERIODS_PER_YEAR
from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.contract_line import ContractLine, Stretch
from pricing_engine.money import EXACT, ZERO, round_money, unit_price


def arr_on(contract: Contract, day: date) -> Decimal:
    """The recurring and committed charges in force on a day, per year; trials count for nothing (P29).

    Rounds: each line once, half up; the sum is of rounded lines (P2).
    """
    nets = [stretch.net for line in contract.lines if (stretch := line.stretch_on(day)) is not None]
    zero = contract.currency.zero
    return sum([round_money(net, contract.currency) for net in nets], zero)


def tcv_of(contract: Contract) -> Decimal:
    """Everything billed and to be billed in the term, one-time amounts included: what its invoices sum to."""
    zero = contract.currency.zero
    billed = sum([sum(line.instalments, ZERO) for line in contract.lines], zero)
    return billed + sum([charge.amount for charge in contract.charges], ZERO)


def unit_price_of(line: ContractLine, stretch: Stretch) -> Decimal | None:
    """The net price of one unit and charge period in a stretch; None for a line of no units.

    Rounds: half up to 6 decimals. For showing only: a price is never rebuilt from it (P2).
    """
    if not stretch.quantity:
        return None
    units = EXACT.multiply(PERIODS_PER_YEAR[line.months], stretch.quantity)
    return unit_price(stretch.net, units)
