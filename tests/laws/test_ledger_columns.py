"""Laws of the ledger as columns: on any book it says what the same sums over a list of movements say."""

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.money import Currency, round_money
from pricing_engine.retention.bridge import months_of
from pricing_engine.retention.cut import Segments, cut_of
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import Cause, moved
from pricing_engine.retention.rates import Window
from pricing_engine.retention.told import Ledger, ledger_of, with_accounts_anew
from pricing_engine.retention.valued import ValuedLedger, valued
from tests.oracle.listed_ledger import (
    bridges_of,
    converted,
    of_customers,
    opening_of,
    points_by_driver,
    positions_of,
    rates_of,
    returned_after,
    returned_as_new,
    with_lapses,
    with_swaps,
)

START = date(2024, 1, 1)
EURO = Currency("EUR", 2)
RATES = {"EUR": Decimal(1), "USD": Decimal("0.9137"), "JPY": Decimal("0.006173"), "BIG": Decimal("1.000000000000001")}
CLOSING = date(2025, 6, 30)


@st.composite
def books(draw: st.DrawFn) -> tuple[list[Entry], dict[str, date]]:
    """Some contracts of some accounts, each with product lines that go up, down, to nothing and back."""
    entries: list[Entry] = []
    ends: dict[str, date] = {}
    for number in range(draw(st.integers(0, 5))):
        account, contract = f"acc_{draw(st.integers(0, 2))}", f"con_{number}"
        currency = draw(st.sampled_from(sorted(RATES)))
        days = sorted(draw(st.lists(st.integers(0, 700), min_size=1, max_size=5)))
        worth: dict[str, Decimal] = {}
        for day in days:
            line = draw(st.sampled_from(["crm", "erp"]))
            after = Decimal(draw(st.sampled_from([0, 0, 1, 250, 10_001, 123_456_789_012]))).scaleb(-2)
            cause = draw(st.sampled_from(Cause))
            each = moved(START + timedelta(days=day), "", line, cause, after - worth.get(line, Decimal(0)))
            worth[line] = after
            kinds = each.kind, each.driver, each.cause
            entries.append(Entry(account, contract, line, f"quo_{day}", each.day, *kinds, currency, each.amount))
        if draw(st.booleans()):
            ends[contract] = entries[-1].day + timedelta(days=draw(st.integers(0, 100)))
    entries.sort(key=lambda each: (each.account, each.day, each.contract))
    return entries, ends


Known = tuple[list[Entry], dict[str, date]]


def in_euros(ledger: Ledger) -> ValuedLedger:
    return valued(ledger, EURO, RATES.__getitem__, until=CLOSING)


def listed(known: Known) -> list[Entry]:
    """The same by the oracle."""
    told = converted(
        of_customers(with_swaps(with_lapses(*known))), lambda code, amount: round_money(amount * RATES[code], EURO)
    )
    return [each for each in told if each.day <= CLOSING]


def same(ledger: ValuedLedger, entries: list[Entry]) -> bool:
    return sorted(ledger.entries(ledger.in_time), key=repr) == sorted(entries, key=repr)


def by_line(book: ValuedLedger) -> Segments:
    """The book told apart by product line."""
    lines = book.ledger.columns.line[book.ledger.by_line.starts]
    return Segments(book.ledger.named.lines.names, lines.astype(np.int64))


windows = st.builds(lambda opening: Window(opening, CLOSING), st.dates(date(2023, 12, 1), date(2025, 6, 1)))


@given(books(), windows, st.sampled_from([None, 0, 30, 200]))
def test_figures_are_those_of_a_list(known: Known, window: Window, gap: int | None) -> None:
    book, entries = in_euros(ledger_of(*known)), listed(known)
    assert same(book, entries)
    left = {} if gap is None else returned_after(entries, window, gap_days=gap)
    entries = list(returned_as_new(entries, left))
    whole = cut_of(book, window, gap_days=gap)
    months = months_of(Window.ending(CLOSING, months=5), months=5)
    for cut in (whole, whole.told_apart(by_line(book))):
        rates, bridges, by_month, points = cut.rates(), cut.bridges([window]), cut.bridges(months), cut.points()
        for place, name in enumerate(cut.segments.names):
            own = [each for each in entries if name in {"", each.product_line}]
            found = positions_of(own, window)
            assert rates[place] == rates_of(found, returned_as_new=left)
            assert bridges[place] == bridges_of(own, [window])
            assert by_month[place] == bridges_of(own, months)
            cohort = frozenset([account for account, held in found.items() if opening_of(held)])
            assert points[place] == points_by_driver(own, window, cohort, rates[place].opening, until=left)


@given(books(), books())
def test_accounts_told_anew_are_as_if_all_had_been_read_so(before: Known, after: Known) -> None:
    ledger = ledger_of(*before)
    again = sorted({each.account for each in after[0]})
    with_them = ledger_of(*after, named=ledger.named)
    numbers = ledger.named.accounts.of(again)
    kept = [each for each in before[0] if each.account not in again]
    renewed = with_accounts_anew(ledger, with_them, numbers)
    assert same(in_euros(renewed), [*listed((kept, before[1])), *listed(after)])
    assert renewed.columns.account.tolist() == sorted(renewed.columns.account.tolist())
