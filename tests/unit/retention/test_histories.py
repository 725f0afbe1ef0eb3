"""What the months of an imported history move, and how contracts take it over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pricing_engine.money import Currency
from pricing_engine.retention.histories import (
    ALL_PRODUCTS,
    LineMonth,
    Takeover,
    history_id,
    movements_of_line,
    taken_over,
    with_history_taken_over,
)
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, Cause, Driver
from pricing_engine.retention.rates import Rates, Window
from tests.cuts import cut
from tests.rulebooks import D
from tests.unit.retention.entries import CLOSING, OPENING, entry, sold

USD, YEN = Currency("USD", 2), Currency("JPY", 0)
TAKEN = date(2025, 6, 15)


def months(*said: str | tuple[str, str]) -> list[LineMonth]:
    """From January 2025 on: what was paid, and for how many if that is known."""
    pairs = [each if isinstance(each, tuple) else (each, "") for each in said]
    return [LineMonth(date(2025, n, 1), D(mrr), D(units) if units else None) for n, (mrr, units) in enumerate(pairs, 1)]


def told(*said: str | tuple[str, str], currency: Currency = USD) -> list[tuple[int, ArrKind, Cause, str]]:
    moved = movements_of_line("crm", months(*said), currency=currency)
    return [(each.day.month, each.kind, each.cause, str(each.amount)) for each in moved]


def test_where_only_money_is_known_nobody_says_whether_it_was_price_or_volume() -> None:
    assert told("100", "100", "120", "90", "0", "0", "50") == [
        (1, ArrKind.NEW, Cause.NEW_BUSINESS, "1200.00"),
        (3, ArrKind.EXPANSION, Cause.PRICE_OR_VOLUME, "240.00"),
        (4, ArrKind.CONTRACTION, Cause.PRICE_OR_VOLUME, "-360.00"),
        (5, ArrKind.CHURN, Cause.CHURN, "-1080.00"),
        (7, ArrKind.REACTIVATION, Cause.REACTIVATION, "600.00"),
    ]


def test_with_quantities_price_and_volume_are_told_apart_at_the_midpoint() -> None:
    # 10 at 120 a year each become 12 at 150: 2 × 135 = 270 by volume, 30 × 11 = 330 by price, 600 in all.
    assert told(("100", "10"), ("150", "12"))[1:] == [
        (2, ArrKind.EXPANSION, Cause.VOLUME, "270.00"),
        (2, ArrKind.EXPANSION, Cause.UPLIFT, "330.00"),
    ]
    # 10 at 120 become 8 at 150: the same money, −2 × 135 by volume and 30 × 9 by price.
    assert told(("100", "10"), ("100", "8"))[1:] == [
        (2, ArrKind.CONTRACTION, Cause.PARTIAL_CHURN, "-270.00"),
        (2, ArrKind.EXPANSION, Cause.UPLIFT, "270.00"),
    ]
    assert [cause for _, _, cause, _ in told(("100", "10"), "150", ("150", "15"))[1:]] == [Cause.PRICE_OR_VOLUME]


def test_a_year_is_rounded_to_the_minor_unit_once_a_month() -> None:
    assert told("33.333333", "33.34") == [
        (1, ArrKind.NEW, Cause.NEW_BUSINESS, "400.00"),  # 399.999996
        (2, ArrKind.EXPANSION, Cause.PRICE_OR_VOLUME, "0.08"),
    ]
    assert told("1000.6", currency=YEN) == [(1, ArrKind.NEW, Cause.NEW_BUSINESS, "12007")]  # 12,007.2


def history(*said: str, line: str = ALL_PRODUCTS) -> list[Entry]:
    moved = movements_of_line(line, months(*said), currency=USD)
    own = history_id("a")
    return [
        Entry("a", own, line, None, each.day, each.kind, each.driver, each.cause, "USD", each.amount) for each in moved
    ]


def ledger(said: list[Entry], lines: dict[str, str]) -> list[Entry]:
    """A history that contracts of some lines take over."""
    begun = {"a": Takeover(TAKEN, TAKEN, {line: D(amount) for line, amount in lines.items()})}
    return [*[sold("a", amount, TAKEN, line=line) for line, amount in lines.items()], *taken_over(said, begun)]


def bridge(entries: list[Entry]) -> dict[tuple[ArrKind, Cause], Decimal]:
    """What moved in 2025."""
    window = Window(date(2024, 12, 31), CLOSING)
    ((found,),) = cut(entries, window).bridges([window])
    return {(each.kind, each.cause): each.amount for each in found.moved}


def rates(entries: list[Entry]) -> Rates:
    (found,) = cut(entries, SINCE_MARCH).rates()
    return found


SINCE_MARCH = Window(date(2025, 3, 1), CLOSING)


@pytest.mark.parametrize("line", ["core", ALL_PRODUCTS])
def test_contracts_that_begin_where_the_history_ended_lose_nothing(line: str) -> None:
    entries = ledger(history("100", "100", line=line), {"core": "1200.00"})
    assert bridge(entries) == {(ArrKind.NEW, Cause.NEW_BUSINESS): 1200}
    found = rates(entries)
    assert (found.nrr, found.grr, found.grr_by_account, found.lost) == (1, 1, 1, 0)


def test_what_contracts_begin_at_above_the_history_is_the_handover() -> None:
    entries = ledger(history("100"), {"core": "1000.00", "plus": "500.00"})
    assert bridge(entries)[ArrKind.EXPANSION, Cause.HANDOVER] == 300
    # 1,200 before, in the proportion of 1,000 to 500: 800 and 400 become 1,000 and 500.
    before = {each.product_line: each.amount for each in entries if each.day < TAKEN}
    assert before == {"core": D("800.00"), "plus": D("400.00")}
    assert (rates(entries).grr, rates(entries).nrr) == (1, D("1.25"))
    (points,) = cut(entries, SINCE_MARCH).points()
    assert points == {
        Driver.RETENTION: 0,
        Driver.PRICING: 0,
        Driver.EXPANSION: 0,
        Driver.UNEXPLAINED: D("0.25"),
    }
    less = ledger(history("100"), {"core": "900.00"})
    assert bridge(less)[ArrKind.CONTRACTION, Cause.HANDOVER] == -300


def test_what_the_table_says_after_contracts_have_begun_is_in_no_figure() -> None:
    entries = ledger(history("100", "100", "100", "100", "100", "100", "500", "0"), {"core": "1200.00"})
    assert bridge(entries) == {(ArrKind.NEW, Cause.NEW_BUSINESS): 1200}


def test_who_had_left_before_contracts_begin_has_come_back() -> None:
    moved = bridge(ledger(history("100", "0"), {"core": "600.00"}))
    assert moved[ArrKind.REACTIVATION, Cause.REACTIVATION] == 600
    assert (ArrKind.EXPANSION, Cause.HANDOVER) not in moved


def test_nothing_left_of_all_products_is_nothing_of_each() -> None:
    said = history("33.335", "11.11", "77.777", "0")
    split = list(taken_over(said, {"a": Takeover(TAKEN, TAKEN, {"x": D("1.00"), "y": D("2.00"), "z": D("4.00")})}))
    assert {each.product_line for each in split} == {"x", "y", "z"}
    positions = dict.fromkeys("xyz", D("0.00"))
    for each in split:
        positions[each.product_line] += each.amount
    assert set(positions.values()) == {D("0.00")}
    assert sum(each.amount for each in split if each.day.month == 3) == sum(
        each.amount for each in said if each.day.month == 3
    )


def test_a_quote_takes_the_history_of_its_account_over_and_no_other() -> None:
    other = [each._replace(account="b", contract=history_id("b")) for each in history("100")]
    known = [*history("100"), *other, sold("c", "7")]
    after = with_history_taken_over(known, [sold("a", "1500.00", TAKEN)])
    assert sum(each.amount for each in after if each.account == "a") == 0
    assert [each for each in after if each.account != "a"] == [*other, sold("c", "7")]
    less = [entry("a", TAKEN, "-10", Cause.VOLUME)]
    assert with_history_taken_over(known, less) == known
    assert with_history_taken_over(known, []) == known


def test_a_ledger_that_nothing_takes_over_is_as_it_was() -> None:
    entries = [sold("a", "100", OPENING), entry("a", TAKEN, "30", Cause.VOLUME)]
    assert list(taken_over(entries, {})) == entries
