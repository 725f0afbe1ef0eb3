"""Short ways to read a quote in a test."""

from decimal import Decimal

from pricing_engine.catalog.products import Selector
from pricing_engine.policies.discretion import Discretion, DiscretionLimit
from pricing_engine.policies.findings import Finding
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.quote import Quote, Totals
from tests.rulebooks import ref

FREELY = Discretion(
    (DiscretionLimit("all", "rep", Decimal(1), Decimal(1), Selector(), ref("all")),), frozenset({"deal_desk"})
)
"""A rep may give everything away."""


def line(priced: Quote, id_: str) -> PricedLine:
    """The line of this id."""
    return next(each for each in priced.lines if each.id == id_)


def codes(priced: Quote) -> list[str]:
    """The codes of the quote's findings, in order."""
    return [finding.code for finding in priced.findings]


def finding(priced: Quote, code: str) -> Finding:
    """The only finding of this code."""
    (found,) = [each for each in priced.findings if each.code == code]
    return found


def total(priced: Quote) -> Totals:
    """The totals of a complete quote."""
    assert priced.totals is not None
    return priced.totals
