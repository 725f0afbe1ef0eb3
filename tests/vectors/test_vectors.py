"""Every published figure comes out exactly, is an exception that names a decision, or belongs to a later issue."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

from pricing_engine.money import ONE, Currency, exact_arithmetic, round_money
from pricing_engine.pricing.term import weigh
from tests.shared import shared_path
from tests.vectors import (  # noqa: F401 - importing a module of adapters registers them
    charges,
    discounts,
    over_use,
    penalties,
    proration,
    renewals,
    retention,
)
from tests.vectors.exceptions import BY_ID, BY_SHAPE, NOT_OURS, is_later
from tests.vectors.shapes import RULES, Answer, Figure, UnknownShape, Vector, adapter_of, read_vectors

FILES = ("charges-proration-discounts.json", "commitments-rounding.json", "retention-terms.json")
VECTORS = [vector for name in FILES for vector in read_vectors(shared_path("vectors", name))]
OURS = [vector for vector in VECTORS if not is_later(vector)]

TRUNCATED_BY_THE_SOURCE = {"lago-alloc-3coupons": Decimal("0.00002")}
"""Figures the source cut off instead of rounding; the vector itself says within how much it was recomputed."""


def decisions_against(vector: Vector) -> list[str]:
    """The decisions that rule a figure out."""
    by_shape = [f"{rule.decision}: {rule.why}" for rule in BY_SHAPE if rule.says_it(vector)]
    return [*by_shape, BY_ID[vector.id]] if vector.id in BY_ID else by_shape


def answer_to(vector: Vector) -> Answer:
    """What the engine says."""
    with exact_arithmetic():
        return adapter_of(vector)(vector.given)


def is_published(answer: Answer, vector: Vector) -> bool:
    """Whether it is the published figure; of several by name, whether each that the engine can have is."""
    expected = vector.expected
    if not isinstance(expected, Mapping):
        return not isinstance(answer, Mapping) and is_figure(answer, expected, TRUNCATED_BY_THE_SOURCE.get(vector.id))
    if not isinstance(answer, Mapping):
        return False
    ours = {name: figure for name, figure in expected.items() if (vector.kind, name) not in NOT_OURS}
    return bool(ours) and all(name in answer and is_figure(answer[name], ours[name]) for name in ours)


def is_figure(answer: Figure, expected: Figure, tolerance: Decimal | None = None) -> bool:
    """Whether one figure is the published one. A share is published as a pair, days of days, or with some decimals."""
    if isinstance(answer, Fraction):
        return is_share(answer, expected)
    if tolerance is None or not isinstance(answer, tuple) or not isinstance(expected, tuple):
        return answer == expected
    return all(abs(ours - theirs) <= tolerance for ours, theirs in zip(answer, expected, strict=True))


def is_share(answer: Fraction, expected: Figure) -> bool:
    """Whether a share is the published one, to the decimals it is published with, two at least."""
    if isinstance(expected, tuple):
        return answer == Fraction(*map(Fraction, expected))
    if not isinstance(expected, Decimal):
        return False
    digits = max(2, -int(expected.as_tuple().exponent))
    return round_money(weigh([ONE], [answer]), Currency("share", digits)) == expected


@pytest.mark.parametrize("vector", OURS, ids=lambda vector: vector.id)
def test_the_engine_gives_the_published_figure_or_a_decision_says_why_not(vector: Vector) -> None:
    against = decisions_against(vector)
    if not against:
        answer = answer_to(vector)
        assert is_published(answer, vector), f"{vector.id}: ours {answer}, published {vector.expected}: {vector.given}"
        return
    try:
        answer = answer_to(vector)
    except (UnknownShape, ValueError):
        return
    assert not is_published(answer, vector), f"{vector.id} comes out: remove its exception ({'; '.join(against)})"


def test_every_exception_is_of_a_vector_that_exists() -> None:
    assert set(BY_ID) - {vector.id for vector in OURS} == set()


def test_every_figure_that_is_not_ours_is_published_and_no_adapter_gives_it() -> None:
    published = {
        (vector.kind, name) for vector in OURS if isinstance(vector.expected, Mapping) for name in vector.expected
    }
    assert set(NOT_OURS) - published == set()
    for vector in OURS:
        if vector.kind in {kind for kind, _ in NOT_OURS}:
            answer = answer_to(vector)
            assert isinstance(answer, Mapping)
            assert {(vector.kind, name) for name in answer} & set(NOT_OURS) == set()


def test_every_adapter_reads_a_vector() -> None:
    used = {rule.adapter for rule in RULES for vector in VECTORS if rule.reads(vector)}
    assert {rule.adapter for rule in RULES} - used == set()


def test_an_unknown_shape_is_refused_with_its_keys() -> None:
    vector = Vector("new", "volume", {"quantity": "1", "bands": []}, "1")
    with pytest.raises(UnknownShape, match=r"0 adapters read new, whose shape is volume\(bands quantity\)"):
        answer_to(vector)


def test_an_unknown_word_or_key_inside_a_known_shape_is_refused() -> None:
    band = {"up_to": None, "unit": "1"}
    for given in (
        {"quantity": "1", "tiers": [band], "bounds": "up_to exclusive"},
        {"quantity": "1", "tiers": [{**band, "step": "10"}]},
        {"quantity": None, "tiers": [band]},
    ):
        with pytest.raises(UnknownShape):
            answer_to(Vector("new", "volume", given, "1"))


def test_the_exceptions_are_few_and_each_rule_excuses_something() -> None:
    excused = [vector.id for vector in OURS if decisions_against(vector)]
    assert [rule.why for rule in BY_SHAPE if not any(rule.says_it(vector) for vector in OURS)] == []
    assert len(excused) * 4 < len(OURS), excused
