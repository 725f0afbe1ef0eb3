"""The mapping of a table of revenue in, what it says or every fault of it out; and its faults under a rulebook."""

from __future__ import annotations

from pricing_engine.imports.book.read_mapping import attributes_unknown, is_refused, load_mapping, words_unknown
from pricing_engine.imports.revenue.mapping import RevenueMappingDocument
from pricing_engine.rulebook.faults import Fault, sort_faults
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.sources import Loaded

RevenueMapping = Loaded[RevenueMappingDocument]


def read_revenue_mapping(file: str, content: bytes) -> tuple[RevenueMapping | None, tuple[Fault, ...]]:
    """The mapping, or None when there is an error, and every fault found, sorted."""
    loaded, faults = load_mapping(RevenueMappingDocument, file, content)
    return (None if is_refused(faults) else loaded), faults


def check_under(mapping: RevenueMapping, rulebook: Rulebook) -> tuple[Fault, ...]:
    """What the mapping names that the rulebook does not have: attributes, and products that are not retired either."""
    document, faults = mapping.shape, list[Fault]()
    if document.revenue.product is not None:
        known = [*sorted(rulebook.products), *document.retired]
        faults += words_unknown(mapping, ("revenue", "product"), "product", document.revenue.product, known)
    return sort_faults([*faults, *attributes_unknown(mapping, document.accounts, rulebook)])
