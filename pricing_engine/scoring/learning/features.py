"""From columns to what the logit is fitted on, and from its coefficients back to features of facts (S5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from pricing_engine.scoring.learning.columns import Columns, Flags, NumberColumn, Numbers, WordColumn
from pricing_engine.scoring.learning.library import learning_module
from pricing_engine.scoring.win_model import NumberFeature, WinModel, WordFeature

LEAST_OF_A_WORD: Final = 20
MOST_WORDS: Final = 50
HEAVILY_SKEWED: Final = 2.0


class NumberPlan(NamedTuple):
    """How a number becomes features: on its scale, and whether that it is missing counts."""

    fact: str
    mean: float
    scale: float
    log: bool
    has_missing: bool

    @property
    def width(self) -> int:
        """How many columns it takes."""
        return 1 + self.has_missing

    def entries(self, column: Any) -> Iterator[tuple[Flags, Numbers]]:
        """Where each of its columns is not nothing, and what it is there."""
        known = column.is_known
        values = np.log1p(np.maximum(column.values[known], 0.0)) if self.log else column.values[known]
        yield known, (values - self.mean) / self.scale
        if self.has_missing:
            yield ~known, np.ones(int((~known).sum()))

    def feature(self, coefficients: Sequence[float]) -> NumberFeature:
        """The feature with the coefficients of its columns."""
        missing = coefficients[1] if self.has_missing else 0.0
        return NumberFeature(self.fact, self.mean, self.scale, coefficients[0], missing, self.log)


class WordPlan(NamedTuple):
    """How a word becomes features: one of each that is frequent, one of all others, one where it is missing."""

    fact: str
    words: tuple[str, ...]
    has_other: bool
    has_missing: bool

    @property
    def width(self) -> int:
        """How many columns it takes."""
        return len(self.words) + self.has_other + self.has_missing

    def entries(self, column: Any) -> Iterator[tuple[Flags, Numbers]]:
        """Where each of its columns is not nothing, and what it is there."""
        codes = {word: code for code, word in enumerate(column.words)}
        own = np.array([codes.get(word, -2) for word in self.words], dtype=np.int64)
        for code in own:
            yield from _ones(column.codes == code)
        if self.has_other:
            yield from _ones(column.is_known & ~np.isin(column.codes, own))
        if self.has_missing:
            yield from _ones(~column.is_known)

    def feature(self, coefficients: Sequence[float]) -> WordFeature:
        """The feature with the coefficients of its columns."""
        of_words = dict(zip(self.words, coefficients, strict=False))
        other = coefficients[len(self.words)] if self.has_other else 0.0
        return WordFeature(self.fact, of_words, other, coefficients[-1] if self.has_missing else 0.0)


Plan = NumberPlan | WordPlan


def _ones(where: Any) -> Iterator[tuple[Flags, Numbers]]:
    yield where, np.ones(int(where.sum()))


def plan_features(columns: Columns) -> tuple[Plan, ...]:
    """How each fact of the training deals becomes features; what is the same for all of them becomes none.

    Numbers are standardised, on a logarithmic scale where they are heavily skewed; a word has LEAST_OF_A_WORD deals.
    """
    plans = [_number_plan(each) if isinstance(each, NumberColumn) else _word_plan(each) for each in columns.facts]
    return tuple([each for each in plans if each is not None])


def _number_plan(column: NumberColumn) -> NumberPlan | None:
    known = column.is_known
    values = column.values[known]
    if len(values) < LEAST_OF_A_WORD or not np.ptp(values):
        return None
    log = bool(values.min() >= 0 and _skew(values) > HEAVILY_SKEWED > abs(_skew(np.log1p(values))))
    scaled = np.log1p(values) if log else values
    missing = len(known) - len(values)
    return NumberPlan(column.fact, float(scaled.mean()), float(scaled.std()), log, missing >= LEAST_OF_A_WORD)


def _skew(values: Numbers) -> float:
    return float(np.mean(((values - values.mean()) / (values.std() or 1.0)) ** 3))


def _word_plan(column: WordColumn) -> WordPlan | None:
    counts = np.bincount(column.codes[column.is_known], minlength=len(column.words))
    frequent = [code for code in np.argsort(-counts, kind="stable")[:MOST_WORDS] if counts[code] >= LEAST_OF_A_WORD]
    words = tuple(sorted([column.words[code] for code in frequent]))
    other = int(counts.sum() - counts[frequent].sum())
    missing = int((~column.is_known).sum())
    plan = WordPlan(column.fact, words, other >= LEAST_OF_A_WORD, missing >= LEAST_OF_A_WORD)
    return plan if plan.width > 1 else None


def design(plans: Sequence[Plan], columns: Columns) -> Any:
    """The sparse matrix of the features of deals, one row for each: most words are nothing on most deals."""
    by_fact = {each.fact: each for each in columns.facts}
    rows, places, values = [], [], []
    place = 0
    for plan in plans:
        for where, entries in plan.entries(by_fact[plan.fact]):
            rows.append(np.flatnonzero(where).astype(np.int32))
            places.append(np.full(len(entries), place, dtype=np.int32))
            values.append(entries)
            place += 1
    shape = len(columns.outcome), place
    parts = [np.concatenate(each) if each else np.zeros(0) for each in (values, rows, places)]
    return learning_module("scipy.sparse").csr_matrix((parts[0], (parts[1], parts[2])), shape=shape)


def model_of(plans: Sequence[Plan], intercept: float, coefficients: Numbers) -> WinModel:
    """The model that gives the same log-odds from facts."""
    numbers, words, place = [], [], 0
    for plan in plans:
        own = coefficients[place : place + plan.width].tolist()
        place += plan.width
        if isinstance(plan, NumberPlan):
            numbers.append(plan.feature(own))
        else:
            words.append(plan.feature(own))
    return WinModel(intercept, tuple(numbers), tuple(words))
