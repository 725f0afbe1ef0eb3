"""What a check looks at: the documents, what they define by id, the vocabulary, and the currencies the world knows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.index import Index
from pricing_engine.rulebook.repository import Repository
from pricing_engine.rulebook.rulebook import VocabularyName


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything a check may look at; `currency_digits` are the known currencies with their minor units."""

    repository: Repository
    index: Index
    vocabulary: Mapping[str, VocabularyName]
    currency_digits: Mapping[str, int]


Check = Callable[[Subject], Iterator[Fault]]
