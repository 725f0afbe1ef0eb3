"""What a check looks at: the documents, what they define by id, the vocabulary, and the currencies the world knows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pricing_engine.catalog.products import Charge, Product
from pricing_engine.expressions import Expression
from pricing_engine.rulebook.compile.catalog import compile_ladder, compile_product
from pricing_engine.rulebook.conditions import Condition
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.index import Index
from pricing_engine.rulebook.repository import Repository
from pricing_engine.rulebook.rulebook import VocabularyName
from pricing_engine.rulebook.scopes import Scopes


@dataclass(frozen=True, slots=True)
class SoldCharge:
    """A charge under its price key, with the product that selectors know it by: a tier's is the platform."""

    key: str
    product: Product
    charge: Charge


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything a check may look at.

    Shape: `conditions` are all there are, `compiled` those that are sound, by file and path; `currency_digits` the
    known currencies with their minor units; `sold` every charge of the products and tiers that could be read.
    """

    repository: Repository
    index: Index
    vocabulary: Mapping[str, VocabularyName]
    scopes: Scopes
    conditions: tuple[Condition, ...]
    compiled: Mapping[tuple[str, Path], Expression]
    currency_digits: Mapping[str, int]
    sold: tuple[SoldCharge, ...]


Check = Callable[[Subject], Iterator[Fault]]


def sold_charges(repository: Repository) -> Iterator[SoldCharge]:
    """Every charge there is, those of products first."""
    for product in map(compile_product, repository.products):
        for charge in product.charges:
            yield SoldCharge(f"{product.id}.{charge.id}", product, charge)
    if (ladder := compile_ladder(repository.tiers)) is None:
        return
    for tier in ladder.tiers:
        for charge in tier.charges:
            yield SoldCharge(f"{tier.id}.{charge.id}", ladder.platform, charge)
