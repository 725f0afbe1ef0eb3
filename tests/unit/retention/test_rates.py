"""NRR and GRR of a window, at both grains, by figures worked by hand (N1, N2, N6, N7)."""

from __future__ import annotations

from datetime import date

from pricing_engine.money import Currency
from pricing_engine.retention.bridge import months_of
from pricing_engine.retention.cut import cut_of
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, Cause
from pricing_engine.retention.rates import Rates, Window
from pricing_engine.retention.told import ledger_of
from pricing_engine.retention.valued import valued
from tests.cuts import cut
from tests.rulebooks import D
from tests.unit.retention.entries import CLOSING, OPENING, entry, sold

WINDOW = Window(OPENING, CLOSING)
MIDDLE = date(2025, 7, 1)


def rates(*entries: Entry, gap_days: int | None = None) -> Rates:
    (found,) = cut(entries, WINDOW, gap_days=gap_days).rates()
    return found


def test_the_three_customers_of_the_design() -> None:
    # Opening 100 / 200 / 50, closing 130 / 150 / 0, and a new customer with 80: 280 / 350 and 250 / 350.
    found = rates(
        *(sold("a", "100"), sold("b", "200"), sold("c", "50"), sold("d", "80", MIDDLE)),
        entry("a", MIDDLE, "30", Cause.VOLUME),
        entry("b", MIDDLE, "-50", Cause.PARTIAL_CHURN),
        entry("c", MIDDLE, "-50", Cause.CHURN),
    )
    assert (found.nrr, found.grr, found.grr_by_account) == (D("0.800000"), D("0.714286"), D("0.714286"))
    assert (found.opening, found.kept, found.new, found.closing) == (350, 280, 80, 360)
    assert (found.customers, found.lost) == (3, 1)


def test_sums_that_leave_64_bits_once_they_are_converted_are_exact() -> None:
    ledger = ledger_of([sold(str(each), "400000000000") for each in range(5)], {})
    book = valued(ledger, Currency("IDR", 2), lambda _: D(54_000), until=CLOSING)
    (found,) = cut_of(book, WINDOW).rates()
    assert (found.opening, found.kept) == (5 * 400_000_000_000 * 54_000,) * 2


def test_partial_churn_shows_at_the_grain_of_product_lines_alone() -> None:
    # X 60 → 0 and Y 40 → 110: the customer has 110 of 100, and kept 40 of it line by line.
    found = rates(
        *(sold("a", "60", line="x"), sold("a", "40", line="y")),
        entry("a", MIDDLE, "-60", Cause.PARTIAL_CHURN, line="x"),
        entry("a", MIDDLE, "70", Cause.VOLUME, line="y"),
    )
    assert (found.nrr, found.grr, found.grr_by_account) == (D("1.100000"), D("0.400000"), D("1.000000"))


def test_with_nothing_at_the_opening_there_is_no_rate() -> None:
    found = rates(sold("a", "100", MIDDLE))
    assert (found.nrr, found.grr, found.grr_by_account, found.new) == (None, None, None, 100)


def test_who_left_and_came_back_counts_unless_the_gap_is_longer_than_said() -> None:
    entries = [
        *(sold("a", "100"), sold("b", "100")),
        entry("a", date(2025, 4, 1), "-100", Cause.CHURN),
        entry("a", date(2025, 10, 1), "120", Cause.REACTIVATION),
    ]
    assert rates(*entries).nrr == D("1.100000")
    # From 1 April to 1 October are 183 days.
    assert rates(*entries, gap_days=183) == rates(*entries)
    found = rates(*entries, gap_days=182)
    assert (found.nrr, found.grr, found.new, found.lost) == (D("0.500000"), D("0.500000"), 120, 1)
    ((bridge,),) = cut(entries, WINDOW, gap_days=182).bridges([WINDOW])
    assert (bridge.of_kind(ArrKind.NEW), bridge.of_kind(ArrKind.REACTIVATION)) == (120, 0)


def test_what_was_gone_before_the_window_is_no_gap_of_it() -> None:
    entries = [
        sold("a", "100", date(2023, 1, 1)),
        entry("a", date(2023, 6, 1), "-100", Cause.CHURN),
        entry("a", date(2024, 6, 1), "80", Cause.REACTIVATION),
    ]
    assert rates(*entries).nrr == rates(*entries, gap_days=0).nrr == D(1)


def test_the_opening_day_belongs_to_the_opening_and_the_closing_day_to_the_window() -> None:
    found = rates(sold("a", "100", OPENING), entry("a", CLOSING, "-40", Cause.PARTIAL_CHURN))
    assert (found.opening, found.kept) == (100, 60)
    assert rates(sold("a", "100", OPENING), entry("a", date(2026, 1, 2), "-40", Cause.PARTIAL_CHURN)).kept == 100
    assert Window.ending(date(2024, 2, 29), months=12) == (date(2023, 2, 28), date(2024, 2, 29))


def test_a_window_that_ends_with_a_month_begins_with_one() -> None:
    assert Window.ending(date(2025, 2, 28), months=12).opening == date(2024, 2, 29)
    assert Window.ending(date(2024, 6, 30), months=3).opening == date(2024, 3, 31)
    assert Window.ending(date(2024, 6, 29), months=3).opening == date(2024, 3, 29)
    ends = [month.closing for month in months_of(Window.ending(date(2024, 6, 30), months=4), months=4)]
    assert ends == [date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31), date(2024, 6, 30)]
