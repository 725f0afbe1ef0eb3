"""The schedule of invoices: one row each, and runs of equal ones as one row when there are many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.table import Table
from rich.text import Text

from pricing_engine.cli.quote_view import ONE_DAY, QuoteView, add_amount_column, columns
from pricing_engine.pricing.billing import Invoice
from pricing_engine.quoting.quote import Totals

SHOWN_ONE_BY_ONE: Final = 6


def invoices_section(view: QuoteView, totals: Totals) -> Table:
    """The schedule, closed by its sum, which is the TCV."""
    table = columns()
    table.add_column("Sent", no_wrap=True)
    table.add_column("For", no_wrap=True)
    for name in ("Invoices", "Each", "Amount"):
        add_amount_column(table, name)
    money = view.amounts.money
    for run in _runs(view.quote.invoices):
        first, last = run[0], run[-1]
        period = f"{first.start} to {last.end - ONE_DAY}"
        sent = f"{first.day}" if len(run) == 1 else f"{first.day} …"
        table.add_row(sent, period, str(len(run)), money(first.total), money(first.total * len(run)))
    table.add_section()
    table.add_row(Text("All (TCV)", style="bold"), "", str(len(view.quote.invoices)), "", money(totals.tcv))
    return table


def _runs(invoices: Sequence[Invoice]) -> Iterator[tuple[Invoice, ...]]:
    if len(invoices) <= SHOWN_ONE_BY_ONE:
        yield from ((invoice,) for invoice in invoices)
        return
    for _, run in groupby(invoices, key=lambda invoice: invoice.total):
        yield tuple(run)
