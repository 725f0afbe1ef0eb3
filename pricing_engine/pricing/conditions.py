"""Conditions that lines could be priced under beside the ones that hold: those a contract had before (P22, P27)."""

from __future__ import annotations

from typing import NamedTuple

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.pricing.line_item import LineItem, PricingTerms, UpliftLimit


class Conditions(NamedTuple):
    """Lines and terms as they were before `rule` stopped holding, or began to hold again.

    Shape: the same lines, by id, as those that are priced.
    """

    rule: RuleRef
    items: tuple[LineItem, ...]
    terms: PricingTerms


class Renewed(NamedTuple):
    """What a renewal is limited against: the contract's own lines at the renewal's quantities, and by how much (P27).

    A line is limited by the contracted lines of its price-book key, layers of one charge together.
    """

    limit: UpliftLimit
    items: tuple[LineItem, ...]
    terms: PricingTerms
