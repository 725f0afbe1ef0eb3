"""The chance that a deal is won, from facts known when it is quoted: a logit worked out without the library (S5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log1p
from typing import NamedTuple

from pricing_engine.scoring.deal import Facts


class NumberFeature(NamedTuple):
    """What a number adds to the log-odds: `coefficient` × (value − mean) ÷ scale; `missing` where it is not known.

    With `log` it is ln(1 + value) that counts, of values below 0 that of 0.
    """

    fact: str
    mean: float
    scale: float
    coefficient: float
    missing: float
    log: bool = False


class WordFeature(NamedTuple):
    """What a word adds to the log-odds; `other` of words that were too rare to be told apart or not seen."""

    fact: str
    coefficients: Mapping[str, float]
    other: float
    missing: float


@dataclass(frozen=True, slots=True)
class WinModel:
    """A calibrated logit: p = 1 ÷ (1 + e^−(`slope` × log-odds + `shift`))."""

    intercept: float
    numbers: tuple[NumberFeature, ...]
    words: tuple[WordFeature, ...]
    slope: float = 1.0
    shift: float = 0.0


def log_odds(model: WinModel, facts: Facts) -> float:
    """The log-odds before calibration."""
    total = model.intercept
    for number in model.numbers:
        value = facts.get(number.fact)
        if type(value) is Decimal:
            known = log1p(max(float(value), 0.0)) if number.log else float(value)
            total += number.coefficient * (known - number.mean) / number.scale
        else:
            total += number.missing
    for word in model.words:
        value = facts.get(word.fact)
        if value is None:
            total += word.missing
        else:
            total += word.coefficients.get(value if type(value) is str else word_of(value), word.other)
    return total


def win_probability(model: WinModel, facts: Facts) -> Decimal:
    """The chance that a deal with these facts is won.

    Rounds: to 4 decimals, so that no last digit of a float is ever seen.
    """
    odds = model.slope * log_odds(model, facts) + model.shift
    chance = 1 / (1 + exp(-odds)) if odds >= 0 else exp(odds) / (1 + exp(odds))
    return Decimal(round(chance * 10_000)).scaleb(-4)


def word_of(value: object) -> str:
    """What a fact is called where words count."""
    return "yes" if value is True else "no" if value is False else str(value)
