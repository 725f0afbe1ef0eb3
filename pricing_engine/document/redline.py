"""What a change makes of each line, what was struck out beside what will be; and the yearly sums of both."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing_engine.catalog.products import PERIODS_PER_YEAR, Timing
from pricing_engine.document import wording
from pricing_engine.document.items import is_as_used
from pricing_engine.document.names import LineName, names_by_line
from pricing_engine.document.shape import Cell, Row, RowKind, Section, cell, table
from pricing_engine.document.view import View
from pricing_engine.money import ZERO, unit_price
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.contract_change import ContractChange, LineChange, Movement

_HEADINGS = (
    wording.ITEM,
    wording.QUANTITY,
    wording.WAS_A_YEAR,
    wording.IS_A_YEAR,
    wording.DIFFERENCE,
    wording.DUE_NOW,
)
_NOTHING = Cell("")


def redline_section(view: View, change: ContractChange) -> Section:
    """A row per line with its unit price below, closed by the yearly sums and what is due now."""
    figures = view.figures
    names, priced = names_by_line(view.quote), {line.id: line for line in view.quote.lines}
    rows = [row for line in change.lines for row in _rows(view, line, names[line.line], priced.get(line.line))]
    if of_no_line := change.due_now - sum((line.due for line in change.lines), ZERO):
        rows.append(Row((cell(wording.OTHER_ITEMS), *[_NOTHING] * 4, Cell(figures.signed(of_no_line)))))
    sums = (
        figures.money(change.arr_before),
        figures.money(change.arr_after),
        figures.signed(change.arr_after - change.arr_before),
        figures.signed(change.due_now),
    )
    rows.append(Row((cell(wording.ALL_A_YEAR), _NOTHING, *map(Cell, sums)), RowKind.SUM))
    if not change.items and view.is_new_term:  # a column of nothing
        return Section(
            wording.REDLINE, table=table(_HEADINGS[:-1], [row._replace(cells=row.cells[:-1]) for row in rows])
        )
    return Section(wording.REDLINE, table=table(_HEADINGS, rows))


def _rows(view: View, line: LineChange, name: LineName, priced: PricedLine | None) -> Iterator[Row]:
    was, is_ = _sides(view, line, priced)
    item = Cell(name.product, f"{name.charge} · {wording.MOVEMENTS[line.movement]}")
    difference = Cell(view.figures.signed(line.net_after - line.net_before), _repricing(view, line))
    due = Cell(view.figures.signed(line.due))
    yield Row((item, _quantity(view, line, priced), was, is_, difference, due))


def _repricing(view: View, line: LineChange) -> str:
    if not line.repricing or line.repricing == line.net_after - line.net_before:
        return ""
    return wording.OF_IT_REPRICING.format(amount=view.figures.signed(line.repricing))


def _sides(view: View, line: LineChange, priced: PricedLine | None) -> tuple[Cell, Cell]:
    """What the line came to and will come to a year, with its unit price below where that changes."""
    if _is_as_used(view, line, priced):
        used = cell(wording.AS_USED)
        return used, _NOTHING if line.movement is Movement.REMOVED else used
    money = view.figures.money
    before, after = _unit_prices(view, line, priced)
    was = Cell(money(line.net_before), before, gone=line.net_before != line.net_after)
    is_ = Cell(money(line.net_after), after)
    if line.movement is Movement.ADDED:
        return _NOTHING, is_
    return was, _NOTHING if line.movement is Movement.REMOVED else is_


def _is_as_used(view: View, line: LineChange, priced: PricedLine | None) -> bool:
    """Whether the line comes to what is used, with nothing committed; of one that is gone the contract knows."""
    if priced is not None:
        return is_as_used(priced)
    held = next((each for each in view.contract.lines if each.id == line.line), None)
    return held is not None and held.timing is Timing.USAGE and not line.net_before


def _unit_prices(view: View, line: LineChange, priced: PricedLine | None) -> tuple[str, str]:
    """What a unit comes to on both sides; empty where that stays the same or nothing is counted."""
    if priced is None or priced.months is None or priced.metric is None:
        return "", ""
    if not line.quantity_before or not line.quantity_after:
        return "", ""
    periods = PERIODS_PER_YEAR[priced.months]
    before, after = (
        view.figures.average(unit_price(net, quantity * periods))
        for net, quantity in ((line.net_before, line.quantity_before), (line.net_after, line.quantity_after))
    )
    per = wording.PER_UNIT.format(unit=view.unit_of(priced.metric), period=wording.PERIODS[priced.months])
    return ("", "") if before == after else (f"{before} {per}", f"{after} {per}")


def _quantity(view: View, line: LineChange, priced: PricedLine | None) -> Cell:
    """How many there were and will be; empty for what counts nothing."""
    if not _counts(line, priced):
        return _NOTHING
    number, metric = view.figures.number, priced.metric if priced else None
    before = number(line.quantity_before)
    after = view.units(metric, line.quantity_after) or number(line.quantity_after)
    if line.movement is Movement.ADDED or line.quantity_before == line.quantity_after:
        return Cell(after)
    return Cell(after, was=before)


def _counts(line: LineChange, priced: PricedLine | None) -> bool:
    """Whether a line is by a metric. What is not counts as 1; of a line that is gone, the quote knows no metric."""
    most: Decimal = max(line.quantity_before, line.quantity_after)
    return bool(most) and (most != 1 if priced is None else priced.metric is not None)
