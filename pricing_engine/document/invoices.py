"""The schedule of invoices: one row each, and runs of equal ones as one row when there are many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple, TypeVar

from pricing_engine.document import wording
from pricing_engine.document.shape import Cell, Row, RowKind, Section, Table, cell, table
from pricing_engine.document.view import View
from pricing_engine.money import ZERO
from pricing_engine.pricing.billing import Invoice
from pricing_engine.quoting.contract_change import ContractChange

ONE_BY_ONE: Final = 12
"""So many invoices are shown one by one."""
MOST_ROWS: Final = 24
"""Where runs of equal invoices are still more rows than this, each year is one row."""


class Sent(NamedTuple):
    """What is invoiced on a day without and with the change; None: nothing is."""

    day: date
    before: Decimal | None
    after: Decimal | None


Each = TypeVar("Each", Invoice, Sent)


def invoices_section(view: View) -> Section:
    """The schedule; for a change within a term, beside what would have followed without it."""
    change = view.quote.change
    if change is not None and (change.invoices_before or not view.quote.invoices):
        return _both(view, change)
    return Section(wording.INVOICES, table=_schedule(view))


def sent_by_day(before: Iterable[Invoice], after: Iterable[Invoice]) -> tuple[Sent, ...]:
    """Both schedules by day, in order; several invoices of a day are one sum."""
    was, is_ = _by_day(before), _by_day(after)
    return tuple(Sent(day, was.get(day), is_.get(day)) for day in sorted(was.keys() | is_.keys()))


def _by_day(invoices: Iterable[Invoice]) -> dict[date, Decimal]:
    sums: dict[date, Decimal] = defaultdict(Decimal)
    for invoice in invoices:
        sums[invoice.day] += invoice.total
    return sums


def folded(invoices: Sequence[Each], amounts: Callable[[Each], object]) -> list[tuple[Each, ...]]:
    """The invoices as rows: each its own, or runs of equal amounts, or years, as many as there are."""
    if len(invoices) <= ONE_BY_ONE:
        return [(invoice,) for invoice in invoices]
    runs = [tuple(run) for _, run in groupby(invoices, key=amounts)]
    if len(runs) <= MOST_ROWS:
        return runs
    return [tuple(run) for _, run in groupby(invoices, key=lambda invoice: invoice.day.year)]


def _schedule(view: View) -> Table:
    money, days, invoices = view.figures.money, view.figures.days, view.quote.invoices
    rows = []
    for run in folded(invoices, lambda invoice: invoice.total):
        amounts = {invoice.total for invoice in run}
        each = money(run[0].total) if len(amounts) == 1 else wording.MOSTLY
        total = money(sum((invoice.total for invoice in run), ZERO))
        period = cell(days(run[0].start, run[-1].end))
        rows.append(
            Row((_sent(view, run), period, Cell(view.figures.number(Decimal(len(run)))), Cell(each), Cell(total)))
        )
    whole = sum((invoice.total for invoice in invoices), ZERO)
    count = view.figures.number(Decimal(len(invoices)))
    rows.append(Row((cell(wording.ALL_INVOICES), Cell(""), Cell(count), Cell(""), Cell(money(whole))), RowKind.SUM))
    headings = (wording.SENT, wording.FOR_PERIOD, wording.COUNT, wording.EACH, wording.AMOUNT)
    return table(headings, rows, words=2)


def _both(view: View, change: ContractChange) -> Section:
    sent = sent_by_day(change.invoices_before, view.quote.invoices)
    if not sent:
        return Section(wording.INVOICES, remarks=(wording.NO_INVOICES,))
    rows = []
    for run in folded(sent, lambda each: each[1:]):
        count = Cell(view.figures.number(Decimal(len(run))))
        rows.append(Row((_sent(view, run), count, *_amounts(view, run))))
    rows.append(Row((cell(wording.ALL_INVOICES), Cell(""), *_amounts(view, sent)), RowKind.SUM))
    headings = (wording.SENT, wording.COUNT, wording.BEFORE_CHANGE, wording.AFTER_CHANGE, wording.DIFFERENCE)
    return Section(wording.INVOICES, table=table(headings, rows))


def _amounts(view: View, run: Sequence[Sent]) -> tuple[Cell, ...]:
    """What a run comes to in all on both sides."""
    before = sum((each.before or ZERO for each in run), ZERO)
    after = sum((each.after or ZERO for each in run), ZERO)
    amounts = (view.figures.money(before), view.figures.money(after), view.figures.signed(after - before))
    return tuple(map(Cell, amounts))


def _sent(view: View, run: Sequence[Invoice] | Sequence[Sent]) -> Cell:
    day = view.figures.day(run[0].day)
    return cell(day if len(run) == 1 else wording.SENT_FROM.format(day=day))
