"""The lot that moves targets: as often and by as much as is said, the same for a deal, and deaf to its facts."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest

from pricing_engine.scoring.deal import Draw
from pricing_engine.scoring.exploration import as_draw, draw_move
from pricing_engine.scoring.guidance import Drawn, Evidence, Guidance, LineGuidance, Source
from pricing_engine.scoring.guidance_rules import Exploration
from tests.rulebooks import D

EVERY = Exploration(Decimal(1), D("0.02"))
KEYS = [("secret", f"acc_{number % 997}", f"2026-{number}") for number in range(20_000)]


def a_band(target: str = "0.10", *, stretch: str = "0.05", floor: str = "0.20") -> LineGuidance:
    return LineGuidance("line", Guidance(D(floor), D(target), D(stretch), Evidence(Source.PEERS, "")))


def chi_square(counts: Counter[Decimal], expected: dict[Decimal, float]) -> float:
    return sum((counts[each] - often) ** 2 / often for each, often in expected.items())


def test_moves_are_as_frequent_as_is_said() -> None:
    drawn = [draw_move(EVERY, [a_band()], key=key) for key in KEYS]
    counts = Counter(each.moved for each in drawn if each is not None)
    fifth = {D(each): 4_000.0 for each in ("-0.02", "-0.01", "0", "0.01", "0.02")}
    assert set(counts) == set(fifth)
    assert chi_square(counts, fifth) < 18.47  # of 4 degrees of freedom, one in a thousand is above
    assert {each.propensity for each in drawn if each is not None} == {D("0.2")}
    assert {each.expected for each in drawn if each is not None} == {D(0)}


def test_as_many_deals_are_tried_as_is_said() -> None:
    some = Exploration(D("0.15"), D("0.02"))
    tried = sum(draw_move(some, [a_band()], key=key) is not None for key in KEYS)
    assert abs(tried - 3_000) < 3.3 * (20_000 * 0.15 * 0.85) ** 0.5
    assert all(draw_move(Exploration(D(0), D("0.02")), [a_band()], key=key) is None for key in KEYS[:100])


def test_moves_of_an_account_and_of_days_that_follow_each_other_tell_nothing_of_one_another() -> None:
    moves = [draw_move(EVERY, [a_band()], key=key) for key in KEYS]
    for other in (1, 997):  # the next day, and the same account
        pairs = Counter((one.moved, two.moved) for one, two in zip(moves, moves[other:], strict=False) if one and two)
        often = sum(pairs.values()) / 25
        assert sum((count - often) ** 2 / often for count in pairs.values()) < 51.2  # 24 degrees of freedom


def test_a_deal_draws_once() -> None:
    first = [draw_move(EVERY, [a_band()], key=key) for key in KEYS[:200]]
    assert [draw_move(EVERY, [a_band()], key=key) for key in KEYS[:200]] == first
    # Its parts are told apart by their lengths: of two that read the same in a row, each draws for itself.
    apart = [(draw_move(EVERY, [a_band()], key=("a" * n, "a" * (99 - n)))) for n in range(99)]
    assert any(one != two for one, two in pairwise(apart))


@pytest.mark.parametrize(
    ("bands", "expected"),
    [
        # Room from −0.005 to 0.10: two of five moves are cut to −0.005.
        ([a_band(stretch="0.095")], {"-0.005": "0.4", "0": "0.2", "0.01": "0.2", "0.02": "0.2"}),
        # The narrowest of all lines counts: up by 0.01, which two come to, and down by 0.
        (
            [a_band("0.30", stretch="0.30", floor="0.50"), a_band(floor="0.11")],
            {"0": "0.6", "0.01": "0.4"},
        ),
    ],
)
def test_what_would_leave_the_band_is_cut_and_as_likely_as_all_that_was(
    bands: list[LineGuidance], expected: dict[str, str]
) -> None:
    drawn = {draw_move(EVERY, bands, key=key) for key in KEYS[:2_000]}
    mean = sum(D(moved) * D(share) for moved, share in expected.items())
    assert drawn == {Drawn(D(moved), D(share), mean) for moved, share in expected.items()}
    counts = Counter(each.moved for key in KEYS if (each := draw_move(EVERY, bands, key=key)) is not None)
    assert chi_square(counts, {D(moved): 20_000 * float(share) for moved, share in expected.items()}) < 16.27


def test_a_draw_is_kept_with_what_its_lot_gives_on_average() -> None:
    # The target was 10%, moved by a point; its lot moves by half a point on average.
    kept = as_draw(Drawn(D("0.01"), D("0.4"), D("0.005")), D("0.11"))
    assert kept == Draw(D("0.11"), D("0.4"), D("0.105"))


def test_nothing_is_drawn_without_room_or_guidance() -> None:
    no_target = LineGuidance("line", Guidance(D("0.2"), None, None, Evidence(Source.NOTHING, "")))
    for bands in ([a_band(stretch="0.10", floor="0.10")], [no_target], [a_band(), no_target], []):
        assert draw_move(EVERY, bands, key=("secret", "1")) is None
