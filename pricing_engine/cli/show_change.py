"""What a quote does to a contract, as a person reads it: a redline of its lines, what is due, ARR and invoices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from pricing_engine.cli.change_words import REPRICED, signed
from pricing_engine.cli.quote_view import QuoteView, add_amount_column, columns, section
from pricing_engine.cli.show_due import due_table
from pricing_engine.cli.show_redline import redline_table
from pricing_engine.cli.show_schedules import schedules_table
from pricing_engine.money import ZERO
from pricing_engine.quoting.contract_change import ContractChange, Movement

_DRIVERS: Final[Mapping[Movement, str]] = {
    Movement.ADDED: "added",
    Movement.GROWN: "grown",
    Movement.REDUCED: "reduced",
    Movement.REMOVED: "removed",
    Movement.REPRICED: "price of what stays",
    Movement.KEPT: "price of what stays",
}
_REPRICING: Final = "repricing"
_OTHER: Final = "other"


def change_parts(view: QuoteView, change: ContractChange) -> Iterator[RenderableType]:
    """The parts from top to bottom."""
    yield redline_table(view, change)
    yield section(f"Due now, on {change.due_on}")
    yield due_table(view, change)
    yield section("ARR")
    yield arr_table(view, change)
    yield section("Invoices, before and after")
    yield schedules_table(view, change)
    if change.exposures:
        yield section("Promised")
        yield _exposures(view, change)


def arr_table(view: QuoteView, change: ContractChange) -> Table:
    """From the ARR before to the ARR after, by what became of lines; and the TCV of both."""
    money, off = view.amounts.money, view.amounts.off
    table = columns()
    table.add_column("", no_wrap=True)
    for name in ("Before", "After", "Difference", "Of before"):
        add_amount_column(table, name)
    for name, before, after in (
        ("ARR", change.arr_before, change.arr_after),
        ("TCV, of the term", change.tcv_before, change.tcv_after),
    ):
        label = Text(name, style="bold")
        table.add_row(label, money(before), money(after), signed(view, after - before), off(before, after))
        if name == "ARR":
            for driver, amount in arr_drivers(change).items():
                style = REPRICED if driver == _REPRICING else ""
                share = off(before, before + amount)
                table.add_row(f"  {driver}", "", "", Text(signed(view, amount), style=style), share)
    return table


def arr_drivers(change: ContractChange) -> dict[str, Decimal]:
    """What the difference in ARR is made of, repricing apart; no 0, and `other` is what no line says."""
    sums = dict.fromkeys((*_DRIVERS.values(), _REPRICING, _OTHER), ZERO)
    for line in change.lines:
        sums[_DRIVERS[line.movement]] += line.net_after - line.net_before - line.repricing
        sums[_REPRICING] += line.repricing
    sums[_OTHER] = change.arr_after - change.arr_before - sum(sums.values(), ZERO)
    return {driver: amount for driver, amount in sums.items() if amount}


def _exposures(view: QuoteView, change: ContractChange) -> Table:
    table = columns()
    for name in ("Milestone", "By"):
        table.add_column(name, overflow="fold")
    add_amount_column(table, "Credit if missed")
    for promised in change.exposures:
        table.add_row(promised.milestone, promised.due.isoformat(), view.amounts.money(promised.credit))
    return table
