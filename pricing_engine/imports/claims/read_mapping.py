"""The mapping of a reconciliation in, what it says with its checks compiled or every fault of it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pricing_engine.expressions import Expression, Kind
from pricing_engine.imports.book.read_mapping import (
    KINDS,
    LIST_PER_MONTH,
    LIST_PER_YEAR,
    compile_check,
    is_refused,
    load_mapping,
    names_taken,
    scope_of,
    words_unknown,
)
from pricing_engine.imports.claims.mapping import ClaimsTableShape, ReconciliationDocument
from pricing_engine.rulebook.faults import Fault, Path, sort_faults
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean

OF_ACCOUNT: Final[Mapping[str, Kind]] = {"account_arr": Kind.MONEY, "account_began": Kind.YES_NO}
OF_DAY: Final[Mapping[str, Kind]] = {
    "account_before": Kind.MONEY,
    "account_after": Kind.MONEY,
    "new": Kind.MONEY,
    "expansion": Kind.MONEY,
    "contraction": Kind.MONEY,
    "churn": Kind.MONEY,
    "reactivation": Kind.MONEY,
    "expanded_before": Kind.YES_NO,
    "contracted_before": Kind.YES_NO,
    "churned_before": Kind.YES_NO,
}
OF_CONTRACT: Final[Mapping[str, Kind]] = {
    "contract_arr": Kind.MONEY,
    "contract_began": Kind.YES_NO,
    "contract_ended": Kind.YES_NO,
}
CONTRACT_AFTER: Final = "contract_after"
OF_LIST: Final[Mapping[str, Kind]] = {LIST_PER_MONTH: Kind.MONEY, LIST_PER_YEAR: Kind.MONEY}


@dataclass(frozen=True, slots=True)
class Claim:
    """What must hold in every row, and the name of the amount that is at stake where it does not."""

    id: str
    that: Expression
    at_stake: str
    why: str


@dataclass(frozen=True, slots=True)
class Reconciling:
    """A mapping file that was read, with the claims of each table compiled."""

    loaded: Loaded[ReconciliationDocument]
    claims: Mapping[str, tuple[Claim, ...]]

    @property
    def document(self) -> ReconciliationDocument:
        """What it says."""
        return self.loaded.shape


def read_reconciliation(file: str, content: bytes) -> tuple[Reconciling | None, tuple[Fault, ...]]:
    """The mapping, or None when there is an error, and every fault found, sorted."""
    loaded, faults = load_mapping(ReconciliationDocument, file, content)
    if loaded is None:
        return None, faults
    found, every = dict[str, tuple[Claim, ...]](), list(faults)
    for name, table in loaded.shape.tables.items():
        found[name], refused = _claims(loaded, name, table)
        every += refused
    return (None if is_refused(every) else Reconciling(loaded, found)), sort_faults(every)


def _claims(
    loaded: Loaded[ReconciliationDocument], name: str, table: ClaimsTableShape
) -> tuple[tuple[Claim, ...], list[Fault]]:
    known = names_of(table)
    path: Path = ("tables", name)
    faults = list(names_taken(loaded, (*path, "names"), table.names, known))
    amounts = {name for name, kind in known.items() if kind is Kind.MONEY}
    amounts |= {name for name, shape in table.names.items() if KINDS[shape.type] is Kind.MONEY}
    compiled = list[Claim]()
    scope = scope_of(known, table.names)
    for index, shape in enumerate(table.checks):
        place: Path = (*path, "checks", index)
        that = compile_check(loaded, (*place, "that"), shape.that, scope)
        if shape.at_stake not in amounts:
            what = f"{shape.at_stake} is no amount of a row of {name}"
            faults.append(loaded.fault("E106", (*place, "at_stake"), what, did_you_mean(shape.at_stake, amounts)))
        if isinstance(that, Expression):
            compiled.append(Claim(shape.id, that, shape.at_stake, shape.why))
        else:
            faults += that
    return tuple(compiled), faults


def names_of(table: ClaimsTableShape) -> Mapping[str, Kind]:
    """What claims of a table may ask about beside its own names: what its rows say whom and what they are of."""
    names = dict(OF_ACCOUNT)
    if table.day is not None:
        names |= OF_DAY
    if table.contract is not None:
        names |= OF_CONTRACT
        if table.day is not None:
            names[CONTRACT_AFTER] = Kind.MONEY
    if table.product is not None:
        names |= OF_LIST
    return names


def check_under(mapping: Reconciling, rulebook: Rulebook) -> tuple[Fault, ...]:
    """What the mapping names that the rulebook does not have: products and metrics."""
    loaded, faults = mapping.loaded, list[Fault]()
    for name, table in mapping.document.tables.items():
        if table.product is not None:
            path: Path = ("tables", name, "product")
            faults += words_unknown(loaded, path, "product", table.product, sorted(rulebook.products))
        if table.metric is not None and table.metric not in rulebook.metrics:
            what, fix = f"there is no metric {table.metric}", did_you_mean(table.metric, rulebook.metrics)
            faults.append(loaded.fault("E203", ("tables", name, "metric"), what, fix))
    return sort_faults(faults)
