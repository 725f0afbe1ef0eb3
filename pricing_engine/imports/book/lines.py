"""One row as a line of a contract: its schedule, its discounts, what it is worth when, and its instalments."""

from __future__ import annotations

from typing import NamedTuple

from pricing_engine.catalog.prices import CommittedQuantity
from pricing_engine.catalog.products import USAGE
from pricing_engine.contracts.contract import AgreedDiscount, DiscountKind
from pricing_engine.contracts.contract_line import ContractLine, Phase
from pricing_engine.imports.book.bought import Book, Bought, Terms, imported
from pricing_engine.imports.book.checks import OF_LIST, contradictions, facts_of
from pricing_engine.imports.book.earlier import clip, earlier_line
from pricing_engine.imports.book.priced import Priced, price_line
from pricing_engine.imports.book.prices import Listed, list_per_year, list_price
from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.imports.book.rows import BookRow
from pricing_engine.imports.book.sold import Sold
from pricing_engine.pricing.instalments import spread
from pricing_engine.pricing.line_item import LAYER


class Line(NamedTuple):
    """A line of the contract, what was sold by it, and the discount that was agreed on it, if there is one.

    `earlier` is the line as it was before the term in force; None for one that was bought in it.
    """

    line: ContractLine
    sold: Sold
    discount: AgreedDiscount | None
    earlier: ContractLine | None

    @property
    def is_trial(self) -> bool:
        """Whether it is tried, and so counts for nothing (P29)."""
        return self.line.trial_until is not None


def make_line(bought: Bought, terms: Terms, *, layer: int, book: Book) -> tuple[Line | None, list[Problem]]:
    """The line, or None, and everything that is wrong with its row. `layer` counts the lines of its charge from 1."""
    row, sold = bought.row, bought.sold
    problems = _contradictions(bought, terms, book)
    priced = price_line(bought, terms, book)
    if isinstance(priced, Problem):
        return None, [*problems, priced]
    charge, quantity = sold.charge, bought.quantity
    stretches = clip(priced.stretches, bought.start, bought.end)
    commitment = CommittedQuantity(quantity) if charge.timing is USAGE else None
    line = ContractLine(
        id=sold.key if layer == 1 else f"{sold.key}{LAYER}{layer}",
        key=sold.key,
        product=sold.product.id,
        name=sold.name,
        tier=sold.tier,
        charge=charge.id,
        timing=charge.timing,
        months=charge.months or 12,
        metric=charge.metric,
        rulebook=book.rulebook.hash,
        entry=priced.entry,
        price=priced.price,
        bundle=None,
        phases=(Phase(bought.start, quantity, commitment, below=bought.below),),
        grants=tuple([grant for grant in priced.grants if grant.ends is None or grant.ends > bought.start]),
        stretches=stretches,
        instalments=spread(terms.cadence, stretches, currency=terms.currency),
        trial_until=bought.end if row.trial else None,
    )
    return Line(line, sold, _agreed(priced, line, row, book), earlier_line(line, priced, bought, terms)), problems


def _agreed(priced: Priced, line: ContractLine, row: BookRow, book: Book) -> AgreedDiscount | None:
    if priced.agreed is None:
        return None
    rule = imported(row, book, "the net price of the row, which no policy explains")
    return AgreedDiscount(
        rule, DiscountKind.UNIT_PRICE, priced.agreed, frozenset((line.id,)), frozenset((line.product,))
    )


def _contradictions(bought: Bought, terms: Terms, book: Book) -> list[Problem]:
    """What the mapping's checks find, and a list price that is below the net."""
    checks = book.mapping.checks
    if not checks:
        return []
    listed = None
    if OF_LIST & book.mapping.names_asked:
        found = list_price(bought.sold, book=terms.price_book, day=bought.start)
        if isinstance(found, Listed):
            amount = list_per_year(found.price, bought.sold, bought.quantity, below=bought.below)
            listed = None if isinstance(amount, Wrong) else amount
    facts = facts_of(
        bought.row,
        quantity=bought.quantity,
        unit_price=bought.amounts.unit_price,
        net=bought.amounts.per_year,
        listed=listed,
    )
    return list(contradictions(checks, facts, file=book.file, line=bought.row.line, columns=book.columns))
