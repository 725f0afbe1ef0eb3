"""The bridge from opening to closing, by month and by driver (N4)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from pricing_engine.retention.bridge import months_of
from pricing_engine.retention.movements import ArrKind, Cause, Driver
from pricing_engine.retention.rates import Window
from tests.cuts import cut, told
from tests.rulebooks import D
from tests.unit.retention.entries import CLOSING, OPENING, entry, sold

WINDOW = Window(OPENING, CLOSING)
LEDGER = [
    *(sold("a", "100"), sold("b", "200"), sold("c", "80", date(2025, 3, 15))),
    entry("a", date(2025, 2, 1), "30", Cause.VOLUME),
    entry("b", date(2025, 2, 2), "-70", Cause.PARTIAL_CHURN),
    entry("b", date(2025, 2, 2), "20", Cause.REPRICING),
]


def test_a_bridge_is_told_by_kind_and_cause_and_closes() -> None:
    ((bridge,),) = cut(LEDGER, WINDOW).bridges([WINDOW])
    assert (bridge.opening, bridge.closing) == (300, 360)
    assert [(each.kind, each.cause, each.amount) for each in bridge.moved] == [
        (ArrKind.NEW, Cause.NEW_BUSINESS, 80),
        (ArrKind.EXPANSION, Cause.VOLUME, 30),
        (ArrKind.EXPANSION, Cause.REPRICING, 20),
        (ArrKind.CONTRACTION, Cause.PARTIAL_CHURN, -70),
    ]
    assert bridge.of_kind(ArrKind.EXPANSION) == 50


def test_months_follow_each_other_whatever_day_the_window_ends_on() -> None:
    months = months_of(Window.ending(date(2024, 3, 31), months=3), months=3)
    assert [(each.opening.isoformat(), each.closing.isoformat()) for each in months] == [
        ("2023-12-31", "2024-01-31"),
        ("2024-01-31", "2024-02-29"),
        ("2024-02-29", "2024-03-31"),
    ]
    (bridges,) = cut(LEDGER, WINDOW).bridges(months_of(WINDOW, months=12))
    assert [each.closing for each in bridges[:4]] == [330, 280, 360, 360]
    assert all(before.closing == after.opening for before, after in pairwise(bridges))


def test_drivers_sum_to_what_net_retention_is_off_its_whole() -> None:
    (points,) = cut(LEDGER, WINDOW).points()
    # 30, −70 and 20 of 300; NRR is 280 / 300.
    assert points == {
        Driver.RETENTION: D("-0.233333"),
        Driver.PRICING: D("0.066667"),
        Driver.EXPANSION: D("0.100000"),
    }
    assert set(cut([], WINDOW).points()[0].values()) == {None}


def test_a_term_that_ended_by_itself_is_churn_on_that_day() -> None:
    ended = date(2025, 6, 1)
    ledger = [sold("a", "100"), sold("a", "10", line="crm"), sold("b", "5")]
    lapsed = [each for each in told(ledger, {"con_a": ended}) if each.day == ended]
    assert [(each.day, each.product_line, each.amount, each.kind) for each in lapsed] == [
        (ended, "core", -100, ArrKind.CHURN),
        (ended, "crm", -10, ArrKind.CHURN),
    ]


def test_contracts_side_by_side_are_one_customers() -> None:
    ledger = [
        sold("a", "100"),
        sold("a", "50", date(2025, 2, 1), contract="con_2"),
        entry("a", date(2025, 3, 1), "-100", Cause.CHURN),
        entry("a", date(2025, 4, 1), "-50", Cause.CHURN, contract="con_2"),
        sold("a", "70", date(2025, 9, 1), contract="con_3"),
    ]
    assert [(each.kind, each.cause) for each in told(ledger)] == [
        (ArrKind.NEW, Cause.NEW_BUSINESS),
        (ArrKind.EXPANSION, Cause.CROSS_SELL),
        (ArrKind.CONTRACTION, Cause.PARTIAL_CHURN),
        (ArrKind.CHURN, Cause.CHURN),
        (ArrKind.REACTIVATION, Cause.REACTIVATION),
    ]


def test_what_is_replaced_on_one_day_is_no_churn() -> None:
    day = date(2025, 3, 1)
    ledger = [sold("a", "100"), entry("a", day, "-100", Cause.CHURN), sold("a", "90", day, contract="con_2")]
    assert [each.kind for each in told(ledger)] == [ArrKind.NEW, ArrKind.CONTRACTION, ArrKind.EXPANSION]


def test_who_had_nothing_is_new_with_whatever_makes_it_something() -> None:
    bought, left, back = date(2025, 2, 1), date(2025, 3, 1), date(2025, 9, 1)
    ledger = [
        entry("a", bought, "100", Cause.CROSS_SELL),  # a trial that is bought
        entry("a", left, "-100", Cause.DISCOUNT_CHANGE),
        entry("a", back, "60", Cause.PROMOTION_END),
    ]
    assert [(each.kind, each.driver, each.cause) for each in told(ledger)] == [
        (ArrKind.NEW, None, Cause.NEW_BUSINESS),
        (ArrKind.CHURN, Driver.RETENTION, Cause.CHURN),
        (ArrKind.REACTIVATION, Driver.RETENTION, Cause.REACTIVATION),
    ]


def test_a_contract_that_comes_back_on_the_day_it_ended_is_no_cross_sell() -> None:
    day = date(2025, 6, 1)
    ledger = [sold("a", "100"), entry("a", day, "104", Cause.REACTIVATION), entry("a", day, "-100", Cause.CHURN)]
    assert [each.kind for each in told(ledger)] == [ArrKind.NEW, ArrKind.EXPANSION, ArrKind.CONTRACTION]
    (points,) = cut(ledger, WINDOW).points()
    assert points[Driver.RETENTION] == D("0.040000")
