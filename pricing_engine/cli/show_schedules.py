"""The invoices before and after a change, side by side by the day they are sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from rich.table import Table
from rich.text import Text

from pricing_engine.cli.change_words import signed
from pricing_engine.cli.quote_view import QuoteView, add_amount_column, columns
from pricing_engine.cli.show_invoices import SHOWN_ONE_BY_ONE
from pricing_engine.money import ZERO
from pricing_engine.pricing.billing import Invoice
from pricing_engine.quoting.contract_change import ContractChange


class Sent(NamedTuple):
    """What is invoiced on a day without and with the change; None: nothing is."""

    day: date
    before: Decimal | None
    after: Decimal | None


def schedules_table(view: QuoteView, change: ContractChange) -> Table:
    """A row per day, runs of equal ones as one row when there are many, and the sums of both sides."""
    sent = sent_by_day(change.invoices_before, view.quote.invoices)
    table = columns()
    table.add_column("Sent", no_wrap=True)
    for name in ("", "Before", "After", "Difference"):
        add_amount_column(table, name)
    for run in _runs(sent):
        first, times = run[0], f"{len(run)} ×" if len(run) > 1 else ""
        day = f"{first.day} …" if times else f"{first.day}"
        difference = (first.after or ZERO) - (first.before or ZERO)
        table.add_row(day, times, _amount(view, first.before), _amount(view, first.after), signed(view, difference))
    before, after = (sum([each.total for each in side], ZERO) for side in (change.invoices_before, view.quote.invoices))
    sums = (_amount(view, before or None), _amount(view, after or None))
    table.add_section()
    table.add_row(Text("All", style="bold"), "", *sums, signed(view, after - before))
    return table


def sent_by_day(before: Iterable[Invoice], after: Iterable[Invoice]) -> tuple[Sent, ...]:
    """Both schedules by day, in order; several invoices of a day are one sum."""
    was, is_ = _by_day(before), _by_day(after)
    return tuple(Sent(day, was.get(day), is_.get(day)) for day in sorted(was.keys() | is_.keys()))


def _by_day(invoices: Iterable[Invoice]) -> dict[date, Decimal]:
    sums: dict[date, Decimal] = defaultdict(Decimal)
    for invoice in invoices:
        sums[invoice.day] += invoice.total
    return sums


def _runs(sent: tuple[Sent, ...]) -> Iterator[tuple[Sent, ...]]:
    if len(sent) <= SHOWN_ONE_BY_ONE:
        yield from ((each,) for each in sent)
        return
    for _, run in groupby(sent, key=lambda each: each[1:]):
        yield tuple(run)


def _amount(view: QuoteView, amount: Decimal | None) -> str:
    return "–" if amount is None else view.amounts.money(amount)
