"""What a change makes due now: each credit, charge and fee with how it was made and the rule behind it."""

from __future__ import annotations

from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.change_words import line_names
from pricing_engine.cli.quote_view import QuoteView, add_amount_column, below, columns, reason, words
from pricing_engine.quoting.contract_change import ContractChange, DueItem


def due_table(view: QuoteView, change: ContractChange) -> RenderableType:
    """A row per item and their sum; negative amounts are the customer's."""
    if not change.items:
        return Text("Nothing is due now.")
    table = columns()
    table.add_column("For", overflow="fold")
    table.add_column("How", overflow="fold")
    add_amount_column(table, "Amount")
    names = line_names(view, change)
    for item in change.items:
        table.add_row(below(Text(_what(item, names)), _why(view, item)), item.how, view.amounts.money(item.amount))
    table.add_section()
    total = Text(view.amounts.money(change.due_now), style="bold")
    table.add_row(Text(_sum_name(change), style="bold"), "", total)
    return table


def _what(item: DueItem, names: dict[str, str]) -> str:
    kind = words(item.kind)
    return kind if item.line is None else f"{kind}, {names.get(item.line, item.line)}"


def _why(view: QuoteView, item: DueItem) -> Text:
    """The rule with its reason and place; empty for what follows from the contract itself."""
    return Text() if item.rule is None else Text.assemble((f"{view.rule_name(item.rule)}: ", "dim"), reason(item.rule))


def _sum_name(change: ContractChange) -> str:
    """Whether the customer pays, or is given the amount, and how."""
    if change.due_now >= 0:
        return "Due now"
    return "Refunded now" if change.is_refund else "Credited now"
