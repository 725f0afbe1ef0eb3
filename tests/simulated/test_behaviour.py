"""Books whose truth is known, the short form of `make simulate`: what is there is found, and what is not, is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pricing_engine.retention.behaviour import Outcome, Verdict
from tests.simulated.behaviour_measured import WORLDS, Measured, compared, measured

BOOKS = range(12)


def of(name: str) -> Measured:
    return measured(WORLDS[name], BOOKS)


def test_an_effect_is_found_and_the_interval_holds_it() -> None:
    found = of("effect")
    assert found.with_bounds == len(BOOKS)
    # All three together hold in 95 of 100; fewer than 10 of 12 would come about by chance in 1 of 50.
    assert found.all_held >= 10
    # The long form finds it in 87 of 100; fewer than 8 of 12 would come about in 1 of 100.
    assert found.verdicts[Verdict.EFFECT] >= 8
    assert found.claimed[Outcome.CHURN] >= 8


@pytest.mark.parametrize("name", ["no effect", "no effect, in the middle of terms"])
def test_of_nothing_no_effect_is_claimed(name: str) -> None:
    found = of(name)
    assert found.with_bounds == len(BOOKS)
    # Stated is 1 in 20; more than 2 of 12 would come about by chance in 1 of 50.
    assert found.any_claimed <= 2
    assert found.verdicts[Verdict.EFFECT] <= 2


def test_of_groups_that_differed_before_nothing_is_told() -> None:
    found = of("differed before")
    assert found.verdicts[Verdict.DIFFERED_BEFORE] >= 9
    assert found.verdicts[Verdict.EFFECT] == 0


def test_of_small_groups_nothing_is_told_however_large_the_effect() -> None:
    assert of("effect, 30 accounts").verdicts == {Verdict.FEW_ACCOUNTS: len(BOOKS)}


def test_strata_take_out_that_large_accounts_are_hit_more_often_and_leave_less() -> None:
    """Of those hit most are large, of others most are small, of which twice as many leave: a difference of nothing."""
    usual = WORLDS["no effect"].usual._replace(churn=0.3)
    world = replace(WORLDS["no effect"], accounts=500, usual=usual, hit_small=0.2, hit_large=0.8)
    assert compared(world, 1, size=lambda _: "any").differences[Outcome.CHURN].excludes_nothing
    assert not compared(world, 1).differences[Outcome.CHURN].excludes_nothing


def test_who_left_when_told_is_not_seen_in_the_effect_but_is_counted() -> None:
    told, untold = (compared(WORLDS[name], 3) for name in ("no effect, one in five told of it leaves", "no effect"))
    assert told.verdict is not Verdict.EFFECT
    assert told.left_at_end_of_term > 1.5 * untold.left_at_end_of_term


def test_equal_seeds_give_equal_books() -> None:
    world = replace(WORLDS["effect"], accounts=40)
    assert compared(world, 7) == compared(world, 7)
    assert compared(world, 7) != compared(world, 8)
