"""The mapping of a table of deals in, what it says or every fault of it out; and its faults under a rulebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pricing_engine.expressions import Kind
from pricing_engine.imports.book.read_mapping import is_refused, load_mapping
from pricing_engine.imports.deals.mapping import OF_LINES, DealMappingDocument, FactType
from pricing_engine.rulebook.faults import Fault, sort_faults
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.scoring.deal import LIST_PER_YEAR, MARKET, TERM_MONTHS

DealMapping = Loaded[DealMappingDocument]

_WORDS: Final = frozenset({Kind.TEXT, Kind.ENUM})
_TYPE_OF: Final[Mapping[Kind, FactType]] = {**dict.fromkeys(_WORDS, "word"), Kind.YES_NO: "yes_no"}
_OF_EVERY_QUOTE: Final[Mapping[str, FactType]] = {LIST_PER_YEAR: "number", TERM_MONTHS: "number", MARKET: "word"}


def read_deal_mapping(file: str, content: bytes) -> tuple[DealMapping | None, tuple[Fault, ...]]:
    """The mapping, or None when there is an error, and every fault found, sorted."""
    loaded, faults = load_mapping(DealMappingDocument, file, content)
    if loaded is None:
        return None, faults
    every = sort_faults((*faults, *_said_by_lines(loaded), *_not_converted(loaded)))
    return (None if is_refused(every) else loaded), every


def _said_by_lines(loaded: DealMapping) -> Iterator[Fault]:
    for name in loaded.shape.facts:
        if name in OF_LINES:
            what = f"{name} is what the lines of a deal say"
            yield loaded.fault("E106", ("facts", name), what, "map product, family, list and net", on_key=True)


def _not_converted(loaded: DealMapping) -> Iterator[Fault]:
    """An amount that would stand in one currency beside lists and nets in another."""
    if loaded.shape.deals.currency is not None and LIST_PER_YEAR in loaded.shape.facts:
        what = f"{LIST_PER_YEAR} would not be converted from the currency of the row"
        fix = "map list, whose sum it is, or leave currency out of a table in the reporting currency"
        yield loaded.fault("E106", ("facts", LIST_PER_YEAR), what, fix, on_key=True)


def check_under(mapping: DealMapping, rulebook: Rulebook) -> tuple[Fault, ...]:
    """The facts that quotes have under the same name as values of another type."""
    faults = list[Fault]()
    types = {**_of_attributes(rulebook), **_of_names(rulebook), **_OF_EVERY_QUOTE}
    for name, fact in mapping.shape.facts.items():
        of_quotes = types.get(name)
        if of_quotes not in {None, fact.type}:
            what = f"{name} is a {of_quotes} in quotes, and a {fact.type} here"
            fix = f"write type: {of_quotes}, or call it {name}_in_file"
            faults.append(mapping.fault("E106", ("facts", name, "type"), what, fix))
    return sort_faults(faults)


def _of_names(rulebook: Rulebook) -> Mapping[str, FactType]:
    return {name: _TYPE_OF.get(entry.name.kind, "number") for name, entry in rulebook.vocabulary.items()}


def _of_attributes(rulebook: Rulebook) -> Mapping[str, FactType]:
    """Attributes of accounts, which quotes have as facts also where the vocabulary calls them otherwise."""
    entries = [each for each in rulebook.vocabulary.values() if each.source == "account"]
    return {entry.key: _TYPE_OF.get(entry.name.kind, "number") for entry in entries}
