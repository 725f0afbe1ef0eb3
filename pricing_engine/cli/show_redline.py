"""The lines of a changed contract as a redline: what was, struck out where it goes, beside what is to be."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from rich.table import Table
from rich.text import Text

from pricing_engine.catalog.products import PERIODS_PER_YEAR, Timing
from pricing_engine.cli.change_words import COME, GONE, MARKS, REPRICED, STYLES, from_to, line_names, signed
from pricing_engine.cli.quote_view import QuoteView, add_amount_column, below, columns, period_name, words
from pricing_engine.money import ZERO
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.contract_change import ContractChange, LineChange, Movement

_NAME_STYLES: Final = {Movement.ADDED: COME, Movement.REMOVED: GONE}


def redline_table(view: QuoteView, change: ContractChange) -> Table:
    """A row per line, with its unit price below where that changes; closed by the ARR and what is due now."""
    table = columns()
    table.add_column("", no_wrap=True)
    table.add_column("Line", overflow="fold")
    if view.is_wide:
        add_amount_column(table, "Quantity")
    for name in ("Was, a year", "Is, a year", "Difference", "Due now"):
        add_amount_column(table, name)
    names = line_names(view, change)
    priced = {line.id: line for line in view.quote.lines}
    for line in change.lines:
        _add_line(table, view, line, names[line.line], priced.get(line.line))
    money = view.amounts.money
    if of_no_line := change.due_now - sum([line.due for line in change.lines], ZERO):
        _add_row(table, view, "", Text("Fees and other items"), Text(), ("", "", "", signed(view, of_no_line)))
    table.add_section()
    sums = (money(change.arr_before), money(change.arr_after), signed(view, change.arr_after - change.arr_before))
    _add_row(table, view, "", Text("ARR", style="bold"), Text(), (*sums, signed(view, change.due_now)))
    return table


def _add_line(table: Table, view: QuoteView, line: LineChange, name: str, priced: PricedLine | None) -> None:
    style = STYLES[line.movement]
    shown = Text(name, style=_NAME_STYLES.get(line.movement, ""))
    amounts = (
        *_was_and_is(line, *(_net(view, net, priced) for net in (line.net_before, line.net_after))),
        signed(view, line.net_after - line.net_before),
        signed(view, line.due),
    )
    _add_row(table, view, Text(MARKS[line.movement], style=style), shown, _quantity(view, line, priced), amounts)
    _add_unit_price(table, view, line, priced)
    if line.repricing and line.repricing != line.net_after - line.net_before:
        part = Text("  of it repricing", style="dim")
        _add_row(table, view, "", part, Text(), ("", "", Text(signed(view, line.repricing), style=REPRICED), ""))


def _net(view: QuoteView, net: Decimal, priced: PricedLine | None) -> str:
    """What a line comes to a year; usage that nobody commits to comes to what is used."""
    is_as_used = priced is not None and priced.timing is Timing.USAGE and not priced.quantity and not net
    return "as used" if is_as_used else view.amounts.money(net)


def _was_and_is(line: LineChange, before: str, after: str) -> tuple[Text, Text]:
    """Both sides of an amount; empty where the line is not."""
    if line.movement is Movement.ADDED:
        return Text(), Text(after, style=COME)
    if line.movement is Movement.REMOVED:
        return Text(before, style=GONE), Text()
    if before == after:
        return Text(before), Text(after)
    return Text(before, style=GONE), Text(after, style=REPRICED if line.movement is Movement.REPRICED else COME)


def _quantity(view: QuoteView, line: LineChange, priced: PricedLine | None) -> Text:
    """How many there were and will be; empty for what counts nothing."""
    if not _counts(line, priced):
        return Text()
    number = view.amounts.number
    unit = f" {words(priced.metric)}" if priced is not None and priced.metric else ""
    if line.movement is Movement.ADDED:
        return Text(f"{number(line.quantity_after)}{unit}", style=COME)
    return from_to(number(line.quantity_before), number(line.quantity_after), unit=unit)


def _counts(line: LineChange, priced: PricedLine | None) -> bool:
    """Whether a line is by a metric. What is not counts as 1; of a line that is gone, the quote knows no metric."""
    most = max(line.quantity_before, line.quantity_after)
    return bool(most) and (most != 1 if priced is None else priced.metric is not None)


def _add_unit_price(table: Table, view: QuoteView, line: LineChange, priced: PricedLine | None) -> None:
    """What a unit comes to on average, where the line is on both sides and that is not the same."""
    if priced is None or priced.months is None or priced.metric is None:
        return
    if not line.quantity_before or not line.quantity_after:
        return
    periods = PERIODS_PER_YEAR[priced.months]
    was, is_ = (
        view.amounts.money(net / quantity / periods)
        for net, quantity in ((line.net_before, line.quantity_before), (line.net_after, line.quantity_after))
    )
    if was != is_:
        unit = Text(f"  a {words(priced.metric).removesuffix('s')} a {period_name(priced)}", style="dim")
        _add_row(table, view, "", unit, Text(), (Text(was, style=GONE), Text(is_, style=REPRICED), "", ""))


def _add_row(
    table: Table, view: QuoteView, mark: str | Text, name: Text, quantity: Text, amounts: tuple[str | Text, ...]
) -> None:
    """A row; on a narrow screen the quantity stands below the name."""
    if view.is_wide:
        table.add_row(mark, name, quantity, *amounts)
    else:
        table.add_row(mark, below(name, Text.assemble("  ", quantity) if quantity else quantity), *amounts)
