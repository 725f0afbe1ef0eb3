"""How the parts of a printed change say what went and what came: names of lines, marks, colours, signs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from rich.text import Text

from pricing_engine.cli.quote_view import QuoteView, words
from pricing_engine.quoting.contract_change import ContractChange, Movement

GONE: Final = "strike red"
COME: Final = "green"
REPRICED: Final = "yellow"

MARKS: Final[Mapping[Movement, str]] = {
    Movement.KEPT: " ",
    Movement.ADDED: "+",
    Movement.REMOVED: "-",
    Movement.GROWN: "+",
    Movement.REDUCED: "-",
    Movement.REPRICED: "~",
}
"""What stands before a line, so that it is read without colours too."""

STYLES: Final[Mapping[Movement, str]] = {
    Movement.KEPT: "",
    Movement.ADDED: COME,
    Movement.REMOVED: "red",
    Movement.GROWN: COME,
    Movement.REDUCED: "red",
    Movement.REPRICED: REPRICED,
}
"""The colour of a line's mark."""


def line_names(view: QuoteView, change: ContractChange) -> dict[str, str]:
    """The lines by id, those of the quote and of the contract: product or tier, charge, and layer after the first."""
    charges = {line.id: line.charge for line in view.quote.lines}
    names = {line.id: _name(line.id, line.name, line.charge) for line in view.quote.lines}
    for line in change.lines:
        # A line that is gone is not on the quote: its charge stands in its id.
        charge = charges.get(line.line) or line.line.partition("~")[0].rpartition(".")[2]
        names[line.line] = _name(line.line, line.name, charge)
    return names


def _name(id_: str, name: str, charge: str) -> str:
    _, _, layer = id_.partition("~")
    return f"{name} · {words(charge)}{f', layer {layer}' if layer else ''}"


def signed(view: QuoteView, amount: Decimal) -> str:
    """An amount with its sign; empty where it is 0."""
    if not amount:
        return ""
    return f"+{view.amounts.money(amount)}" if amount > 0 else view.amounts.money(amount)


def from_to(before: str, after: str, *, style: str = COME, unit: str = "") -> Text:
    """What was and what is; once where both are the same."""
    if before == after:
        return Text(f"{after}{unit}")
    return Text.assemble((before, GONE), " → ", (after, style), unit)
