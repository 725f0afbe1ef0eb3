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

DealMapping = Loaded[DealMappingDocument]

_WORDS: Final = frozenset({Kind.TEXT, Kind.ENUM})
_TYPE_OF: Final[Mapping[Kind, FactType]] = {**dict.fromkeys(_WORDS, "word"), Kind.YES_NO: "yes_no"}


def read_deal_mapping(file: str, content: bytes) -> tuple[DealMapping | None, tuple[Fault, ...]]:
    """The mapping, or None when there is an error, and every fault found, sorted."""
    loaded, faults = load_mapping(DealMappingDocument, file, content)
    if loaded is None:
        return None, faults
    every = sort_faults((*faults, *_said_by_lines(loaded)))
    return (None if is_refused(every) else loaded), every


def _said_by_lines(loaded: DealMapping) -> Iterator[Fault]:
    for name in loaded.shape.facts:
        if name in OF_LINES:
            what = f"{name} is what the lines of a deal say"
            yield loaded.fault("E106", ("facts", name), what, "map product, family, list and net", on_key=True)


def check_under(mapping: DealMapping, rulebook: Rulebook) -> tuple[Fault, ...]:
    """The facts that quotes have under the same name as values of another type."""
    faults = list[Fault]()
    for name, fact in mapping.shape.facts.items():
        entry = rulebook.vocabulary.get(name)
        of_quotes = None if entry is None else _TYPE_OF.get(entry.name.kind, "number")
        if of_quotes not in {None, fact.type}:
            what = f"{name} is a {of_quotes} in quotes, and a {fact.type} here"
            fix = f"write type: {of_quotes}, or call it {name}_in_file"
            faults.append(mapping.fault("E106", ("facts", name, "type"), what, fix))
    return sort_faults(faults)
