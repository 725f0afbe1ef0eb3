"""Each line's price waterfall: every step with its rule, its place and reason, and the amount before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pricing_engine.catalog.products import Timing
from pricing_engine.cli.quote_view import (
    ONE_DAY,
    QuoteView,
    add_amount_column,
    below,
    columns,
    period_name,
    reason,
    words,
)
from pricing_engine.cli.screen import least_width
from pricing_engine.pricing.waterfall import PricedLine, Segment, Step, StepKind

WIDEST: Final = 120
"""A wider table would only carry the amounts away from their rules."""

_KIND_WIDTH: Final = max(map(len, StepKind))


def waterfall_parts(view: QuoteView) -> Iterator[RenderableType]:
    """The waterfall of every line that has a price."""
    yield Text("\nWaterfall of each line", style="bold")
    for line in view.quote.lines:
        if line.is_priced:
            yield from _line(view, line)


def _line(view: QuoteView, line: PricedLine) -> Iterator[RenderableType]:
    quantity = view.quantity(line, line.quantity) if line.quantity else "as used" if line.metric else ""
    yield Text.assemble((f"\n{view.line_name(line)}", "bold"), f"  {quantity}", (f"  {line.id}", "dim"))
    if unit_price := _unit_price(view, line):
        yield Text(f"  {unit_price}")
    for segment in line.segments:
        yield Text(f"  {_heading(view, line, segment)}")
        yield _steps(view, segment.steps)
    closing = [step for step in line.closing if step.amount]
    if closing:
        yield Text("  over the term")
        yield _steps(view, closing)


def _unit_price(view: QuoteView, line: PricedLine) -> str:
    """What a unit comes to in one charge period on the first day; empty for a line that counts nothing."""
    first = line.segments[0]
    prices = line.unit_prices(first.list, first.net)
    if prices is None or line.metric is None:
        return ""
    per_list, per_net = prices
    shown = view.amounts.exact
    unit = words(line.metric).removesuffix("s")
    period = f" a {period_name(line)}" if line.months else ""
    return f"list {shown(per_list)}, net {shown(per_net)} per {unit}{period}, on average"


def _heading(view: QuoteView, line: PricedLine, segment: Segment) -> str:
    if line.timing is Timing.ONE_TIME:
        return "once"
    years = _years(segment.share)
    quantity = view.quantity(line, segment.quantity) if segment.quantity != line.quantity else ""
    counted = f", {quantity}" if quantity else ""
    return f"a year, {segment.start} to {segment.end - ONE_DAY} (billed as {years}){counted}"


def _years(share: Fraction) -> str:
    """How many years' worth are billed: plainly where the decimals end soon, else as the fraction it is."""
    if (share * 100).denominator == 1:
        return "1 year" if share == 1 else f"{Decimal(share.numerator) / Decimal(share.denominator):f} years"
    return f"{share} years"


def _steps(view: QuoteView, steps: Iterable[Step]) -> Table:
    table = columns(header=False)
    table.add_column(width=2)
    table.add_column(width=_KIND_WIDTH, no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for _ in range(3 if view.is_wide else 2):
        add_amount_column(table)
    for step in steps:
        _add_step(table, view, step)
    table.width = max(min(view.width, WIDEST), least_width(table))
    return table


def _add_step(table: Table, view: QuoteView, step: Step) -> None:
    """Amounts as they are shown round; the rounding itself shows all its decimals."""
    shown = view.amounts.exact if step.kind is StepKind.ROUNDING else view.amounts.money
    named = below(Text(view.rule_name(step.rule, step.kind)), reason(step.rule))
    if step.kind is StepKind.LIST:
        before, change = "", ""
    else:
        before, change = shown(step.before), shown(step.amount)
    table.add_row("", str(step.kind), named, *([before] if view.is_wide else []), change, shown(step.after))
