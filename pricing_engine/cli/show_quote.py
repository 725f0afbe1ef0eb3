"""A quote as a person reads it: who and when, the lines, what led from list to net or what changes, and findings."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import QuoteView, add_amount_column, below, columns, reason, section
from pricing_engine.cli.show_change import change_parts
from pricing_engine.cli.show_findings import findings_section
from pricing_engine.cli.show_header import header, title
from pricing_engine.cli.show_invoices import invoices_section
from pricing_engine.cli.show_lines import lines_table
from pricing_engine.cli.show_waterfall import waterfall_parts
from pricing_engine.document.bridge import bridge_steps
from pricing_engine.quoting.quote import Totals


def quote_parts(view: QuoteView, *, waterfall: bool) -> Iterator[RenderableType]:
    """The parts from top to bottom; with `waterfall` every step of every line."""
    yield title(view)
    yield header(view)
    yield ""
    change, totals = view.quote.change, view.quote.totals
    yield from [lines_table(view)] if change is None else change_parts(view, change)
    if waterfall:
        yield from waterfall_parts(view)
    if change is None and totals is not None:
        yield section("From list to net, over the term")
        yield _bridge(view, totals)
        yield section("Totals")
        yield _totals(view, totals)
        yield section("Invoices")
        yield invoices_section(view, totals)
    yield section("Findings")
    yield findings_section(view)


def _bridge(view: QuoteView, totals: Totals) -> RenderableType:
    """A row per rule; on a narrow screen its reason stands below its name."""
    table = columns()
    table.add_column("Rule", overflow="fold", no_wrap=view.is_wide)
    add_amount_column(table, "Amount")
    add_amount_column(table, "Of list")
    if view.is_wide:
        table.add_column("Why", overflow="fold")
    money, off = view.amounts.money, view.amounts.off
    table.add_row("list", money(totals.list))
    for step in bridge_steps(view.quote, totals):
        share = off(totals.list, totals.list + step.amount)
        name, why = Text(view.rule_name(step.rule, step.kind)), reason(step.rule)
        row = (name, money(step.amount), share, why) if view.is_wide else (below(name, why), money(step.amount), share)
        table.add_row(*row)
    table.add_row(Text("net", style="bold"), Text(money(totals.net), style="bold"), off(totals.list, totals.net))
    return table


def _totals(view: QuoteView, totals: Totals) -> RenderableType:
    table = columns(header=False)
    for _ in range(2):
        table.add_column(no_wrap=True)
        add_amount_column(table)
    money = view.amounts.money
    term = f"{view.quote.request.term_months} months"
    table.add_row(f"List, {term}", money(totals.list), "ARR, recurring per year", money(totals.arr))
    table.add_row("Discount", money(-totals.discount), "MRR, recurring per month", money(totals.mrr))
    table.add_row(
        Text(f"Net, {term} (TCV)", style="bold"),
        Text(money(totals.tcv), style="bold"),
        "ACV, per year of term",
        money(totals.acv),
    )
    table.add_row("of it one-time", money(totals.one_time), "First invoice", money(totals.first_invoice))
    return table
