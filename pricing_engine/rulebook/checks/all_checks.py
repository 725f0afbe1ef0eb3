"""The list of all static checks: add a check here and it runs on every load."""

from collections.abc import Iterator, Mapping

from pricing_engine.rulebook.checks.duplicates import check_duplicates
from pricing_engine.rulebook.checks.references import check_references
from pricing_engine.rulebook.checks.subject import Check, Subject
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.index import Index
from pricing_engine.rulebook.repository import Repository
from pricing_engine.rulebook.rulebook import VocabularyName

CHECKS: tuple[Check, ...] = (check_duplicates, check_references)


def run_checks(
    repository: Repository,
    index: Index,
    vocabulary: Mapping[str, VocabularyName],
    currency_digits: Mapping[str, int],
) -> Iterator[Fault]:
    """The faults of every check."""
    subject = Subject(repository, index, vocabulary, currency_digits)
    for check in CHECKS:
        yield from check(subject)
