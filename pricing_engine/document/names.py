"""Names of lines, those of the quote and those a change takes away: product or tier, charge, and layer."""

from __future__ import annotations

from typing import Final, NamedTuple

from pricing_engine.document import wording
from pricing_engine.document.figures import inert, words
from pricing_engine.document.shape import Cell
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.quote import Quote

_TRIAL: Final = "trial"
"""What the id of a line on trial ends with, where another has the number of its layer."""


class LineName(NamedTuple):
    """The product or tier of a line, and its charge."""

    product: str
    charge: str

    @property
    def in_one(self) -> str:
        """Both on one line."""
        return f"{self.product} · {self.charge}"

    @property
    def cell(self) -> Cell:
        """Both, the charge below."""
        return Cell(self.product, self.charge)


def name_of(line: PricedLine) -> LineName:
    """The name of a priced line."""
    return _name(line.id, line.name, line.charge)


def names_by_line(quote: Quote) -> dict[str, LineName]:
    """The lines by id, those of the quote and those of the contract that it changes."""
    names = {line.id: name_of(line) for line in quote.lines}
    for line in quote.change.lines if quote.change else ():
        if line.line not in names:
            # A line that is gone is not on the quote: its charge stands in its id.
            names[line.line] = _name(line.line, line.name, line.line.partition("~")[0].rpartition(".")[2])
    return names


def _name(id_: str, name: str, charge: str) -> LineName:
    _, _, layer = id_.partition("~")
    said = words(charge)
    if layer == _TRIAL:
        said = wording.ON_TRIAL.format(charge=said)
    elif layer:
        said = wording.LAYER.format(charge=said, layer=inert(layer))
    return LineName(inert(name), said)
