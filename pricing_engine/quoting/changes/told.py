"""How an amount came about, told in numbers that come to it: with as few decimals as that takes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from pricing_engine.money import EXACT, ONE, Currency, round_money

MOST_DECIMALS: Final = 12
"""As many as a unit price may have (P1); what an amount is made of may have more."""


def told_with(currency: Currency, amount: Decimal, of_told: Callable[[int], Decimal]) -> int | None:
    """With how many decimals, the currency's at least, numbers are told for what they make to round to the amount.

    None where none do: then the amount was not rounded once. `of_told` is what the numbers make when they are told with
    so many decimals.
    """
    if round_money(of_told(currency.digits), currency) == amount:  # as mostly
        return currency.digits
    if round_money(of_told(MOST_DECIMALS), currency) != amount:
        return None
    decimals = range(currency.digits + 1, MOST_DECIMALS)
    return next((each for each in decimals if round_money(of_told(each), currency) == amount), MOST_DECIMALS)


def told(number: Decimal, decimals: int) -> Decimal:
    """The number with so many decimals. Rounds: half up."""
    return number.quantize(ONE.scaleb(-decimals), ROUND_HALF_UP, EXACT)


def written(amount: Decimal, currency: Currency) -> str:
    """An amount as it is read, with thousands apart; further decimals than the currency's only where they say more."""
    rounded = round_money(amount, currency)
    return f"{rounded if rounded == amount else amount.normalize(EXACT):,f}"


def percent(share: Decimal) -> str:
    """A share as a percentage with the decimals it has."""
    return f"{EXACT.multiply(share, Decimal(100)).normalize(EXACT):f}%"
