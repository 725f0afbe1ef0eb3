"""The ledger as a table of customers by months, and what was known of terms before each month."""

from __future__ import annotations

from datetime import date

from pricing_engine.retention.movements import Cause
from pricing_engine.retention.panel import DUE, RENEWING, UNKNOWN, WITHIN, Term, coming_terms, panel_of
from tests.simulated.forecast_books import USD, moves_of
from tests.unit.retention.entries import entry, sold

FIRST, LAST = date(2025, 1, 15), date(2025, 4, 30)
ENTRIES = [
    sold("a", "100.10", FIRST),
    sold("a", "0.20", FIRST, line="other"),
    sold("b", "50", date(2025, 3, 1)),
    entry("a", date(2025, 3, 31), "-0.20", Cause.PARTIAL_CHURN, line="other"),
    entry("a", date(2025, 4, 1), "-100.10", Cause.CHURN),
    sold("c", "70", date(2025, 5, 1)),
]
MOVES = moves_of(ENTRIES, {"a": "small", "b": "large", "c": "large"})


def test_each_customer_has_what_moved_by_the_end_of_each_whole_month() -> None:
    panel = panel_of(MOVES, [], until=LAST, currency=USD)
    # From 15 January to 30 April are three whole months; the first month's part is in the first column.
    assert panel.ends == [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), LAST]
    assert (panel.accounts, panel.segments) == (["a", "b"], ["large", "small"])
    assert panel.arr.tolist() == [[100.3, 100.3, 100.1, 0], [0, 0, 50, 50]]
    assert panel.segment.tolist() == [1, 0]
    assert panel.until(2).arr.tolist() == [[100.3, 100.3, 100.1], [0, 0, 50]]


def test_a_term_counts_from_when_it_is_known_until_another_is_in_its_place() -> None:
    terms = [
        Term("a", end=date(2025, 4, 1), known=date(2025, 2, 10)),
        Term("b", end=date(2025, 4, 10), known=FIRST, replaced=date(2025, 3, 20)),
        Term("nobody", end=LAST, known=FIRST),
    ]
    panel = panel_of(MOVES, terms, until=LAST, currency=USD)
    # a: known on 28 February and 31 March, and due in the month after the latter. b: replaced before it was due.
    assert panel.due.tolist() == [[UNKNOWN, WITHIN, DUE], [WITHIN, WITHIN, UNKNOWN]]


def test_what_is_renewed_ahead_is_due_in_the_history_and_not_in_what_comes() -> None:
    term = Term("b", end=date(2025, 4, 10), known=FIRST, renewed=date(2025, 3, 20))
    panel = panel_of(MOVES, [term], until=LAST, currency=USD)
    assert panel.due[1].tolist() == [WITHIN, WITHIN, DUE]
    ends = [date(2025, 4, 15), date(2025, 5, 15)]
    assert coming_terms(panel, on=date(2025, 3, 15), ends=ends)[1].tolist() == [DUE, WITHIN]
    assert coming_terms(panel, on=date(2025, 3, 20), ends=ends)[1].tolist() == [WITHIN, WITHIN]
    assert coming_terms(panel, on=date(2025, 4, 10), ends=ends)[1].tolist() == [UNKNOWN, UNKNOWN]


def test_what_renews_by_itself_is_told_apart_unless_something_else_is_due_beside_it() -> None:
    itself = Term("b", end=date(2025, 4, 10), known=FIRST, renews_itself=True)
    other = Term("b", end=date(2025, 4, 20), known=FIRST)
    for terms, wanted in (([itself], RENEWING), ([other, itself], DUE)):
        panel = panel_of(MOVES, terms, until=LAST, currency=USD)
        assert panel.due[1].tolist() == [WITHIN, WITHIN, wanted]


def test_a_ledger_of_nothing_is_a_panel_of_nobody() -> None:
    panel = panel_of(moves_of([], {}), [], until=LAST, currency=USD)
    assert (panel.months, panel.arr.shape) == (0, (0, 1))
