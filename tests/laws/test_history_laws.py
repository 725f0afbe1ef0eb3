"""Laws of imported histories: any table read back by month is the table, and a bridge over it closes on its months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.imports.book.columns import Header
from pricing_engine.imports.revenue.lines import Span, lines_of
from pricing_engine.imports.revenue.read_mapping import RevenueMapping, read_revenue_mapping
from pricing_engine.imports.revenue.rows import RevenueReader
from pricing_engine.money import ZERO, Currency
from pricing_engine.periods import add_months
from pricing_engine.retention.histories import LineMonth, Takeover, history_id, movements_of_line, taken_over
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.rates import Window
from tests.cuts import cut

USD = Currency("USD", 2)
FIRST = date(2024, 1, 1)
MAPPING = "kind: revenue_mapping\nmissing_months: zero\nrevenue: {account: who}\n"
cell = st.one_of(st.just(""), st.just("0"), st.decimals("0", "99999", places=2).map(str), st.integers(0, 500).map(str))
Cells = Mapping[str, list[str]]


@st.composite
def tables(draw: st.DrawFn) -> Cells:
    """Up to four customers with up to twelve months side by side."""
    count = draw(st.integers(1, 12))
    return {name: draw(st.lists(cell, min_size=count, max_size=count)) for name in "abcd"[: draw(st.integers(1, 4))]}


@cache
def a_mapping() -> RevenueMapping:
    found, faults = read_revenue_mapping("mapping.yaml", MAPPING.encode())
    assert found is not None, faults
    return found


def months_of(table: Cells) -> list[date]:
    return [add_months(FIRST, n) for n in range(len(table["a"]))]


def kept(table: Cells) -> dict[str, list[LineMonth]]:
    """What an import keeps of each customer."""
    mapping = a_mapping()
    reader = RevenueReader(
        mapping.shape,
        Header("t.csv", ["who", *(f"{m:%Y-%m}" for m in months_of(table))]),
        frozenset(),
        this_month=date(2100, 1, 1),
    )
    rows = [[name, *cells] for name, cells in table.items()]
    assert [reader.key(cells) for cells in rows] == [*table]
    first, last = reader.first or FIRST, reader.last or FIRST
    found: dict[str, list[LineMonth]] = {}
    for line, cells in enumerate(rows, 2):
        said, problems = reader.read(line, cells)
        lines = lines_of(said, {}, Span("t.csv", mapping.shape, first, last))
        assert [*problems, *lines.problems] == []
        found[cells[0]] = [each.month for each in lines.fresh]
    return found


def entries_of(account: str, months: list[LineMonth]) -> list[Entry]:
    moved = movements_of_line("crm", months, currency=USD)
    return [
        Entry(
            account, history_id(account), "crm", None, each.day, each.kind, each.driver, each.cause, "USD", each.amount
        )
        for each in moved
    ]


@given(tables())
def test_a_table_that_is_imported_and_read_back_is_the_table(table: Cells) -> None:
    for name, months in kept(table).items():
        read = {each.month: each.mrr for each in months}
        for month, text in zip(months_of(table), table[name], strict=True):
            assert read.get(month, ZERO) == Decimal(text or "0")


@given(tables())
def test_the_ledger_closes_in_every_month_on_twelve_times_what_the_table_says(table: Cells) -> None:
    """The oracle reads the text of the table and nothing made of it; after its last month with anything, it ends."""
    entries = [each for name, months in kept(table).items() for each in entries_of(name, months)]
    filled = max((n for cells in table.values() for n, text in enumerate(cells) if text), default=-1)
    days = months_of(table)[: filled + 1]
    windows = [Window(add_months(day, -1), day) for day in days]
    bridges = cut(entries, windows[-1]).bridges(windows)[0] if windows else []
    for place, bridge in enumerate(bridges):
        of_month = [Decimal(cells[place] or "0") * 12 for cells in table.values()]
        assert bridge.closing == sum(each.quantize(Decimal("0.01"), ROUND_HALF_UP) for each in of_month)
        assert bridge.opening + sum(each.amount for each in bridge.moved) == bridge.closing


@given(
    tables(), st.integers(0, 400), st.dictionaries(st.sampled_from("xyz"), st.integers(0, 999).map(Decimal), min_size=1)
)
def test_nothing_of_a_history_is_left_where_contracts_have_taken_it_over(
    table: Cells, days: int, lines: dict[str, Decimal]
) -> None:
    day = date.fromordinal(FIRST.toordinal() + days)
    for name, months in kept(table).items():
        said = [each._replace(product_line="(all products)") for each in entries_of(name, months)]
        after = list(taken_over(said, {name: Takeover(day, day, lines)}))
        left = dict.fromkeys(lines, ZERO)
        for each in sorted(after, key=lambda each: each.day):
            left[each.product_line] += each.amount
            assert left[each.product_line] >= 0
            assert each.day <= day
        assert set(left.values()) <= {ZERO}
