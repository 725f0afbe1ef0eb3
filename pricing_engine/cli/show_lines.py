"""The lines of a quote as a table: quantity, list and net a year, net over the term; later prices below their line."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from pricing_engine.catalog.products import Timing
from pricing_engine.cli.quote_view import QuoteView, add_amount_column, columns, period_name
from pricing_engine.money import ZERO
from pricing_engine.pricing.waterfall import PricedLine, Segment
from pricing_engine.quoting.quote import Totals


def lines_table(view: QuoteView) -> Table:
    """The lines, and their sums when every line has a price."""
    table = columns()
    table.add_column("Line", overflow="fold")
    if view.is_wide:
        add_amount_column(table, "Quantity")
    for name in ("List a year", "Net a year", f"Net, {view.quote.request.term_months} months"):
        add_amount_column(table, name)
    if view.is_wide:
        add_amount_column(table, "Off list")
    for line in view.quote.lines:
        _add_line(table, view, line)
    if view.quote.totals is not None:
        _add_sums(table, view, view.quote.totals)
    return table


def _add_line(table: Table, view: QuoteView, line: PricedLine) -> None:
    quantity = view.quantity(line, line.quantity) if line.quantity else ""
    if not line.is_priced:
        _add_row(table, view, view.line_name(line), quantity, ("on request", "on request", "on request"))
        return
    off = view.amounts.off(line.list_term, line.net_term)
    _add_row(table, view, _name(view, line), quantity, _amounts(view, line), off)
    for segment in line.segments[1:]:
        _add_later(table, view, line, segment)
    if line.usage_estimate is not None:
        estimate = view.amounts.money(line.usage_estimate)
        _add_row(table, view, Text("  declared use", style="dim"), "", (f"{estimate} a {period_name(line)}", "", ""))


def _name(view: QuoteView, line: PricedLine) -> Text:
    bundle = f" ({line.bundle})" if line.bundle else ""
    return Text.assemble(view.line_name(line), (bundle, "dim"))


def _amounts(view: QuoteView, line: PricedLine) -> tuple[str, str, str]:
    money = view.amounts.money
    if line.timing is Timing.ONE_TIME:
        return f"{money(line.list_term)} once", f"{money(line.net_term)} once", money(line.net_term)
    if line.timing is Timing.USAGE and not line.quantity and not line.list_term:
        return "as used", "as used", "as used"
    return money(line.list_per_year), money(line.net_per_year), money(line.net_term)


def _add_later(table: Table, view: QuoteView, line: PricedLine, segment: Segment) -> None:
    """A stretch with another price: from when, how many, and how much a year."""
    money = view.amounts.money
    name = Text(f"  from {segment.start}", style="dim")
    quantity = view.quantity(line, segment.quantity) if segment.quantity != line.quantity else ""
    _add_row(table, view, name, quantity, (money(segment.list), money(segment.net), ""))


def _add_sums(table: Table, view: QuoteView, totals: Totals) -> None:
    money = view.amounts.money
    listed = sum((line.list_per_year for line in view.quote.lines), ZERO)
    table.add_section()
    amounts = (money(listed), money(totals.arr), money(totals.tcv))
    off = view.amounts.off(totals.list, totals.net)
    _add_row(table, view, Text("Total (ARR, TCV)", style="bold"), "", amounts, off)


def _add_row(
    table: Table, view: QuoteView, name: str | Text, quantity: str, amounts: tuple[str, str, str], off: str = ""
) -> None:
    """A row; on a narrow screen the quantity stands below the name."""
    if view.is_wide:
        table.add_row(name, quantity, *amounts, off)
        return
    below = Text(f"\n  {quantity}", style="dim") if quantity else Text()
    table.add_row(Text.assemble(name, below), *amounts)
