"""Who is hit, who is like them, and what became of each: by histories worked out by hand (N13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from pricing_engine.retention.behaviour_cases import (
    Book,
    Case,
    Design,
    Hits,
    LeftOut,
    Stratum,
    hit_cases,
    left_at_end_of_term,
    like_cases,
)
from pricing_engine.retention.behaviour_history import Moves, Term, histories_of, terms_of
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import Cause
from pricing_engine.retention.price_events import Direction, PriceEvent
from pricing_engine.retention.rates import Window
from tests.rulebooks import D
from tests.unit.retention.entries import OPENING, entry, sold

DAY = date(2026, 1, 1)
"""Accounts begin on 2025-01-01 and renew, or not, a year later."""
END = date(2026, 12, 31)
UPLIFT = Design(PriceEvent.UPLIFT, Direction.RISE, Window(date(2025, 6, 30), END), 6, END)
PROMOTION = UPLIFT._replace(event=PriceEvent.PROMOTION_END)


def first_term(account: str, start: date = OPENING, end: date = DAY) -> Term:
    return Term(account, f"con_{account}", start, end, is_renewal=False)


def renewal(account: str, start: date = DAY) -> Term:
    return Term(account, f"con_{account}", start, start.replace(year=start.year + 1), is_renewal=True)


def book(entries: Sequence[Entry], terms: Sequence[Term] = ()) -> Book:
    histories = histories_of(entries)
    return Book(histories, terms_of(terms), lambda _: "any", dict.fromkeys(histories, "US"))


def cases(made: Book, design: Design = UPLIFT) -> tuple[Hits, list[Case]]:
    hit = hit_cases(made, design)
    return hit, list(like_cases(made, hit, design))


def test_what_an_account_moved_is_told_over_what_it_had_before_each_span() -> None:
    made = book(
        [
            sold("a", "100"),
            entry("a", date(2025, 6, 1), "100", Cause.VOLUME),  # before the months before: 200 on 2025-07-01
            entry("a", date(2025, 8, 1), "-20", Cause.PARTIAL_CHURN),  # 20 / 200
            entry("a", date(2025, 9, 1), "40", Cause.CROSS_SELL),  # 40 / 200; 220 before the day
            entry("a", DAY, "11", Cause.UPLIFT),  # 11 / 220
            entry("a", DAY, "-22", Cause.PARTIAL_CHURN),  # given up when it renewed, and so after
            entry("a", date(2026, 3, 1), "-11", Cause.PARTIAL_CHURN),  # 33 / 220
            entry("a", date(2026, 3, 1), "7", Cause.DISCOUNT_CHANGE),  # a change of price is no expansion
            entry("a", date(2026, 7, 2), "-50", Cause.PARTIAL_CHURN),  # later than six months
        ],
        [first_term("a"), renewal("a")],
    )
    hit, _ = cases(made)
    assert hit.cases == [
        Case(
            *("a", DAY, Stratum(DAY, True, False, "any", "US"), D(220), D("0.050000")),
            *(Moves(D("0.100000"), D("0.200000")), Moves(D("0.150000"), D(0)), False, False),
        )
    ]


def test_what_an_amendment_changes_on_its_day_made_the_price_and_is_not_what_came_of_it() -> None:
    # A product is given up and the rest is repriced: no renewal.
    day = date(2025, 10, 1)
    made = book(
        [sold("a", "100"), entry("a", day, "-40", Cause.PARTIAL_CHURN), entry("a", day, "9", Cause.REPRICING)],
        [first_term("a")],
    )
    (case,) = hit_cases(made, UPLIFT._replace(event=PriceEvent.REPRICING)).cases
    assert (case.after, case.stratum.is_renewal, case.changed) == (Moves(D(0), D(0)), False, D("0.090000"))
    assert case.stratum.ends_ahead  # on 2026-01-01, within six months


def test_a_term_that_was_cancelled_before_ends_no_more() -> None:
    """Beside it another contract runs on: no decision lies ahead of the account."""
    day = date(2025, 10, 1)
    made = book(
        [
            sold("a", "100"),
            entry("a", date(2025, 3, 1), "-40", Cause.PARTIAL_CHURN),
            entry("a", day, "9", Cause.UPLIFT),
        ],
        [
            first_term("a"),
            Term("a", "con_a", date(2025, 3, 1), DAY, is_renewal=False, is_cancellation=True),
            Term("a", "con_b", OPENING, date(2027, 1, 1), is_renewal=False),
        ],
    )
    (case,) = hit_cases(made, UPLIFT).cases
    assert not case.stratum.ends_ahead


def test_who_grows_tenfold_counts_as_doubled() -> None:
    made = book(
        [sold("a", "100"), entry("a", DAY, "5", Cause.UPLIFT), entry("a", DAY, "900", Cause.VOLUME)], [renewal("a")]
    )
    assert hit_cases(made, UPLIFT).cases[0].after.expansion == 1


def test_beside_a_renewal_stand_renewals_of_the_quarter_at_the_same_price() -> None:
    march = date(2026, 3, 31)
    entries = [sold(name, "100") for name in ("hit", "flat", "cut", "runs on", "april")]
    entries += [entry("hit", DAY, "5", Cause.UPLIFT), entry("cut", DAY, "-5", Cause.DISCOUNT_CHANGE)]
    terms = [renewal("hit"), renewal("flat", march), renewal("cut"), renewal("april", date(2026, 4, 1))]
    hit, like = cases(book(entries, terms))
    assert [each.account for each in hit.cases] == ["hit"]
    assert [(each.account, each.day) for each in like] == [("flat", march)]


def test_beside_a_promotion_that_ends_within_a_term_stand_terms_that_end_as_soon() -> None:
    days = [date(2025, 10, 5), date(2025, 11, 10), date(2025, 12, 5)]
    entries = [sold(name, "100") for name in ("x", "y", "z", "soon", "long")]
    entries += [entry(name, day, "5", Cause.PROMOTION_END) for name, day in zip(("x", "y", "z"), days, strict=True)]
    terms = [*(first_term(name) for name in ("x", "y", "z", "soon")), first_term("long", end=date(2027, 1, 1))]
    hit, like = cases(book(entries, terms), PROMOTION)
    assert len(hit.cases) == 3
    # The day that stands for the quarter is the second of three. On it z is like x and y, and will be hit.
    assert [(each.account, each.day, each.is_hit_later) for each in like] == [
        ("z", days[1], True),
        ("soon", days[1], False),
    ]


def test_who_left_before_the_months_were_over_is_a_like_account_that_left() -> None:
    """Whoever had to last until now to be compared would never have left: nobody has to."""
    entries = [sold("hit", "100"), entry("hit", DAY, "5", Cause.UPLIFT), sold("gone", "100")]
    entries.append(entry("gone", date(2026, 2, 1), "-100", Cause.CHURN))
    _, (like,) = cases(book(entries, [renewal("hit"), renewal("gone")]))
    assert (like.account, like.has_left) == ("gone", True)


def test_who_did_not_renew_is_neither_and_is_counted_apart() -> None:
    entries = [sold("hit", "100"), entry("hit", DAY, "5", Cause.UPLIFT), sold("gone", "100")]
    entries.append(entry("gone", DAY, "-100", Cause.CHURN))
    made = book(entries, [first_term("hit"), renewal("hit"), first_term("gone")])
    hit, like = cases(made)
    assert ([each.account for each in hit.cases], like) == (["hit"], [])
    assert left_at_end_of_term(made, UPLIFT.window) == 1
    assert left_at_end_of_term(made, Window(DAY, END)) == 0


@pytest.mark.parametrize(
    ("why", "entries"),
    [
        (LeftOut.NOT_OVER, [sold("a", "100"), entry("a", date(2026, 7, 1), "5", Cause.UPLIFT)]),
        (LeftOut.NOT_THERE_BEFORE, [sold("a", "100", date(2025, 7, 2)), entry("a", DAY, "5", Cause.UPLIFT)]),
        (
            LeftOut.NOT_THERE_BEFORE,  # it was away for a month
            [
                *(sold("a", "100"), entry("a", date(2025, 8, 1), "-100", Cause.CHURN)),
                *(entry("a", date(2025, 9, 1), "100", Cause.REACTIVATION), entry("a", DAY, "5", Cause.UPLIFT)),
            ],
        ),
    ],
)
def test_who_cannot_be_compared_is_counted_by_why(why: LeftOut, entries: list[Entry]) -> None:
    hit = hit_cases(book(entries), UPLIFT)
    assert (hit.cases, hit.left_out) == ([], {why: 1})


def test_of_two_hits_within_the_months_the_first_is_compared() -> None:
    entries = [sold("a", "100"), entry("a", DAY, "5", Cause.UPLIFT), entry("a", date(2026, 5, 1), "5", Cause.UPLIFT)]
    hit = hit_cases(book(entries), UPLIFT)
    assert [(each.day, each.is_hit_later) for each in hit.cases] == [(DAY, True)]
    assert hit.left_out == {LeftOut.HIT_BEFORE: 1}


def test_what_was_planned_and_is_taken_back_hits_nobody() -> None:
    entries = [sold("a", "100"), entry("a", DAY, "5", Cause.PROMOTION_END), entry("a", DAY, "-5", Cause.PROMOTION_END)]
    assert hit_cases(book(entries), PROMOTION) == Hits([], hit_cases(book([]), PROMOTION).left_out, {})


def test_a_fall_is_asked_for_apart_from_a_rise() -> None:
    entries = [sold(name, "100") for name in ("up", "down")]
    entries += [entry("up", DAY, "5", Cause.DISCOUNT_CHANGE), entry("down", DAY, "-5", Cause.DISCOUNT_CHANGE)]
    design = UPLIFT._replace(event=PriceEvent.DISCOUNT_CHANGE)
    for direction, account in ((Direction.RISE, "up"), (Direction.FALL, "down")):
        found = hit_cases(book(entries), design._replace(direction=direction))
        assert [each.account for each in found.cases] == [account]
