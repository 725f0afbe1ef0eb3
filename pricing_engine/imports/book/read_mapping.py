"""A mapping file in, what it says or every fault of it out, with the place of each; and its faults under a rulebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from pricing_engine.expressions import Expression, ExpressionRefused, Kind, Name, Scope, compile_expression
from pricing_engine.imports.book.mapping import AccountsShape, BookMappingDocument, NameShape, NameType, SourceShape
from pricing_engine.rulebook.documents.reading import read_shape
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.faults import Fault, Path, Severity, sort_faults
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.sources import Loaded, YamlSource, fault_at
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.rulebook.yaml_reader import read_yaml

KINDS: Final[Mapping[NameType, Kind]] = {
    "count": Kind.COUNT,
    "money": Kind.MONEY,
    "number": Kind.NUMBER,
    "ratio": Kind.RATIO,
    "months": Kind.MONTHS,
    "yes_no": Kind.YES_NO,
    "text": Kind.TEXT,
    "date": Kind.DATE,
}

LIST_PER_MONTH: Final = "list_per_month"
LIST_PER_YEAR: Final = "list_per_year"

BUILT_IN: Final[Mapping[str, Kind]] = {
    "quantity": Kind.COUNT,
    "net_unit_price": Kind.MONEY,
    "net_per_month": Kind.MONEY,
    "net_per_year": Kind.MONEY,
    LIST_PER_MONTH: Kind.MONEY,
    LIST_PER_YEAR: Kind.MONEY,
    "trial": Kind.YES_NO,
    "has_end": Kind.YES_NO,
    "starts": Kind.DATE,
}
"""What every check may ask about: the row as it was read, and what the rulebook's list price makes of it."""

M = TypeVar("M", bound=Shape)

_UNKNOWN: Final = {"product": "E202", "tier": "E204", "billing": "E103", "terms": "E103"}


@dataclass(frozen=True, slots=True)
class Check:
    """What must hold in every row, and whether a row in which it does not is refused or only reported."""

    id: str
    that: Expression
    why: str
    refuses: bool


@dataclass(frozen=True, slots=True)
class BookMapping:
    """A mapping file that was read, with its checks compiled; `names_asked` are the names that they ask about."""

    loaded: Loaded[BookMappingDocument]
    checks: tuple[Check, ...]
    names_asked: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names_asked", frozenset[str]().union(*(check.that.names for check in self.checks)))

    @property
    def document(self) -> BookMappingDocument:
        """What it says."""
        return self.loaded.shape


def read_book_mapping(file: str, content: bytes) -> tuple[BookMapping | None, tuple[Fault, ...]]:
    """The mapping, or None when there is an error, and every fault found, sorted."""
    loaded, faults = load_mapping(BookMappingDocument, file, content)
    if loaded is None:
        return None, faults
    checks, refused = _compile_checks(loaded)
    every = sort_faults((*faults, *refused, *names_taken(loaded, ("names",), loaded.shape.names, BUILT_IN)))
    if is_refused(every):
        return None, every
    return BookMapping(loaded, checks), every


def load_mapping(model: type[M], file: str, content: bytes) -> tuple[Loaded[M] | None, tuple[Fault, ...]]:
    """A mapping file of some kind by its shape, or None when it has another, and every fault found, sorted."""
    document, faults = read_yaml(file, content)
    if document is None:
        return None, faults
    source = YamlSource(document)
    read = read_shape(model, document.data, schema=model.model_json_schema(mode="validation"))
    if not isinstance(read, Shape):
        found = (fault_at(source, each.code, each.path, each.what, each.fix, on_key=each.on_key) for each in read)
        return None, sort_faults((*faults, *found))
    return Loaded(source, read), faults


def is_refused(faults: Iterable[Fault]) -> bool:
    """Whether one of them is an error."""
    return any(fault.severity is Severity.ERROR for fault in faults)


def names_taken(loaded: Loaded[M], path: Path, names: Iterable[str], built_in: Mapping[str, Kind]) -> Iterator[Fault]:
    """The names of columns that are the engine's own."""
    for name in names:
        if name in built_in:
            what = f"{name} is the engine's name for what the row was read as"
            yield loaded.fault("E106", (*path, name), what, f"call it {name}_in_file", on_key=True)


def scope_of(built_in: Mapping[str, Kind], names: Mapping[str, NameShape]) -> Scope:
    """What checks may ask about: the engine's own names, and those of columns."""
    kinds = {**built_in, **{name: KINDS[shape.type] for name, shape in names.items()}}
    return Scope(names={name: Name(name, kind) for name, kind in kinds.items()}, metrics=frozenset())


def _compile_checks(loaded: Loaded[BookMappingDocument]) -> tuple[tuple[Check, ...], list[Fault]]:
    scope = scope_of(BUILT_IN, loaded.shape.names)
    compiled, faults = list[Check](), list[Fault]()
    for index, shape in enumerate(loaded.shape.checks):
        that = compile_check(loaded, ("checks", index, "that"), shape.that, scope)
        if isinstance(that, Expression):
            compiled.append(Check(shape.id, that, shape.why, shape.otherwise == "refuse"))
        else:
            faults += that
    return tuple(compiled), faults


def compile_check(loaded: Loaded[M], path: Path, that: str, scope: Scope) -> Expression | list[Fault]:
    """The condition at a place of the mapping, or what is wrong with it."""
    try:
        return compile_expression(that, scope, expect=Kind.YES_NO)
    except ExpressionRefused as refused:
        source = loaded.source
        where = source.mark(path, on_key=False).path
        return [
            Fault(
                each.code,
                Severity.ERROR,
                source.file,
                source.inside(path, each.column - 1),
                each.length,
                where,
                each.what,
                each.fix,
            )
            for each in refused.faults
        ]


def check_under(mapping: BookMapping, rulebook: Rulebook) -> tuple[Fault, ...]:
    """What the mapping names that the rulebook does not have: attributes, a metric, products, tiers, plans, terms."""
    loaded, faults = mapping.loaded, list[Fault]()
    contracts, accounts = loaded.shape.contracts, loaded.shape.accounts
    if contracts.metric is not None and contracts.metric not in rulebook.metrics:
        fix = did_you_mean(contracts.metric, rulebook.metrics)
        faults.append(loaded.fault("E203", ("contracts", "metric"), f"there is no metric {contracts.metric}", fix))
    known = {
        "product": sorted(rulebook.products),
        "tier": sorted(rulebook.ladder.ranks) if rulebook.ladder else [],
        "billing": sorted(rulebook.billing_plans),
        "terms": sorted(each.id for each in rulebook.terms),
    }
    for name, options in known.items():
        shape = getattr(contracts, name)
        if shape is not None:
            faults += words_unknown(loaded, ("contracts", name), name, shape, options)
    return sort_faults([*faults, *attributes_unknown(loaded, accounts, rulebook)])


def attributes_unknown(loaded: Loaded[M], accounts: AccountsShape | None, rulebook: Rulebook) -> Iterator[Fault]:
    """The attributes of accounts that the mapping names and the vocabulary does not."""
    attributes = [key for key, entry in rulebook.vocabulary.items() if entry.source == "account"]
    for name in accounts.attributes if accounts else ():
        if name not in attributes:
            what = f"the vocabulary has no attribute {name} of accounts"
            path: Path = ("accounts", "attributes", name)
            yield loaded.fault("E217", path, what, did_you_mean(name, attributes), on_key=True)


def words_unknown(loaded: Loaded[M], path: Path, field: str, shape: SourceShape, known: list[str]) -> Iterator[Fault]:
    """The words that a source gives by itself, in its value map or as a constant, and that are not known."""
    written: list[tuple[Path, str]] = [(("values", cell), word) for cell, word in (shape.values or {}).items()]
    written += [((key,), word) for key, word in (("constant", shape.constant), ("default", shape.default)) if word]
    for steps, word in written:
        if word not in known:
            noun = "billing plan" if field == "billing" else field
            what = f"the rulebook in force has no {noun} {word}"
            yield loaded.fault(_UNKNOWN[field], (*path, *steps), what, did_you_mean(word, known))
