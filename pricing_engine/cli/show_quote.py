"""A quote as a person reads it: who and when, the lines, what led from list to net, findings, totals, invoices."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.bridge import bridge_steps
from pricing_engine.cli.quote_view import ONE_DAY, QuoteView, add_amount_column, below, columns, reason, words
from pricing_engine.cli.show_findings import findings_section
from pricing_engine.cli.show_invoices import invoices_section
from pricing_engine.cli.show_lines import lines_table
from pricing_engine.cli.show_waterfall import waterfall_parts
from pricing_engine.quoting.quote import Totals


def quote_parts(view: QuoteView, *, waterfall: bool) -> Iterator[RenderableType]:
    """The parts from top to bottom; with `waterfall` every step of every line."""
    yield _title(view)
    yield _header(view)
    yield ""
    yield lines_table(view)
    if waterfall:
        yield from waterfall_parts(view)
    totals = view.quote.totals
    if totals is not None:
        yield _section("From list to net, over the term")
        yield _bridge(view, totals)
        yield _section("Totals")
        yield _totals(view, totals)
        yield _section("Invoices")
        yield invoices_section(view, totals)
    yield _section("Findings")
    yield findings_section(view)


def _section(name: str) -> Text:
    return Text(f"\n{name}", style="bold")


def _title(view: QuoteView) -> Text:
    if view.stored is None:
        return Text.assemble(("Preview of a quote", "bold"), "; nothing is kept")
    return Text.assemble((f"Quote {view.quote.id}", "bold"), f", kept as {view.quote.state}")


def _header(view: QuoteView) -> RenderableType:
    table = columns(header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _facts(view):
        table.add_row(name, value)
    return table


def _facts(view: QuoteView) -> Iterator[tuple[str, str]]:
    quote, request = view.quote, view.quote.request
    account = request.account
    attributes = [f"{name} {words(str(value))}" for name, value in sorted(account.attributes.items())]
    yield "Account", ", ".join([f"{account.name} ({account.id})", *filter(None, [account.market]), *attributes])
    last_day = quote.term_end - ONE_DAY
    yield "Term", f"{request.term_months} months, {quote.term_start} to {last_day} (last day)"
    if quote.tier is not None:
        yield "Tier", _tier(view)
    yield "Rules", f"rulebook {quote.rulebook[:12]} as of {request.as_of}, price book {quote.price_book}"
    yield "Billing", words(quote.billing)
    if request.bundles:
        yield "Bundles", ", ".join(request.bundles)
    if request.valid_until:
        yield "Valid until", request.valid_until.isoformat()
    if request.external_ref:
        yield "Reference", request.external_ref
    if request.note:
        yield "Note", request.note


def _tier(view: QuoteView) -> str:
    tier = view.quote.tier
    assert tier is not None
    if tier.asked and tier.asked != tier.tier:
        return f"{tier.tier}, not {tier.asked} as asked: {tier.forced_by}"
    if tier.forced_by:
        return f"{tier.tier}, the lowest that fits: {tier.forced_by}"
    return f"{tier.tier}, as asked" if tier.asked else f"{tier.tier}, the lowest that fits"


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
        name, why = Text(view.rule_name(step.rule)), reason(step.rule)
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
