"""Compiles every condition and formula of the rules; what the language refuses becomes a fault in the file."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pricing_engine.expressions import Expression, ExpressionRefused, Kind, Scope, compile_expression
from pricing_engine.rulebook.documents.terms import TermsDocument
from pricing_engine.rulebook.documents.upsell_path import UpsellPathDocument
from pricing_engine.rulebook.faults import Fault, Path, Severity
from pricing_engine.rulebook.repository import Repository
from pricing_engine.rulebook.scopes import Scopes
from pricing_engine.rulebook.sources import Loaded, Source

_WORD = re.compile(r"[a-z_0-9]+")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition's text with its place and what it may use; a formula is one that gives something but a yes/no."""

    source: Source
    path: Path
    text: str
    scope: Scope
    gives: Kind = Kind.YES_NO


def conditions_of(repository: Repository, scopes: Scopes) -> Iterator[Condition]:
    """Every condition and formula: those of discount policies see the target state, limits also the price."""
    for policy in repository.discounts:
        for field, text in (("when", policy.shape.when), ("while", policy.shape.hold)):
            if text is not None:
                yield Condition(policy.source, (field,), text, scopes.target)
    yield from _of_discretion(repository, scopes)
    for terms in repository.terms:
        yield from _of_terms(terms, scopes)
    for path in repository.upsell_paths:
        yield from _of_path(path, scopes)
    yield from _of_scoring(repository, scopes)


def _of_discretion(repository: Repository, scopes: Scopes) -> Iterator[Condition]:
    if repository.discretion is not None:
        for index, limit in enumerate(repository.discretion.shape.limits):
            if limit.when is not None:
                yield Condition(repository.discretion.source, ("limits", index, "when"), limit.when, scopes.priced)


def _of_path(path: Loaded[UpsellPathDocument], scopes: Scopes) -> Iterator[Condition]:
    if path.shape.when is not None:
        yield Condition(path.source, ("when",), path.shape.when, scopes.offered)


def _of_scoring(repository: Repository, scopes: Scopes) -> Iterator[Condition]:
    if (card := repository.scorecard) is not None:
        for i, factor in enumerate(card.shape.factors):
            yield Condition(card.source, ("factors", i, "value"), factor.value, scopes.scored, Kind.NUMBER)
    if (guidance := repository.guidance) is not None:
        for i, row in enumerate(guidance.shape.rows):
            if row.when is not None:
                yield Condition(guidance.source, ("rows", i, "when"), row.when, scopes.target)


def _of_terms(terms: Loaded[TermsDocument], scopes: Scopes) -> Iterator[Condition]:
    if terms.shape.when is not None:
        yield Condition(terms.source, ("when",), terms.shape.when, scopes.target)
    for path, text in fee_formulas(terms):
        yield Condition(terms.source, path, text, scopes.change, Kind.MONEY)


def fee_formulas(terms: Loaded[TermsDocument]) -> Iterator[tuple[Path, str]]:
    """The fees and caps of terms, each with its path."""
    for field, part in terms.shape.given_up():
        for name, text in (("fee", part.fee), ("cap", part.cap)):
            if text is not None:
                yield (field, name), text


def compile_conditions(
    conditions: Iterable[Condition], *, unsure: frozenset[str]
) -> tuple[dict[tuple[str, Path], Expression], tuple[Fault, ...]]:
    """The compiled conditions by file and path, and the faults of those that were refused.

    Shape: a condition that uses a name of `unsure` is not blamed: what it may be compared with could not be read.
    """
    compiled, faults = dict[tuple[str, Path], Expression](), list[Fault]()
    for each in conditions:
        try:
            compiled[each.source.file, each.path] = compile_expression(each.text, each.scope, expect=each.gives)
        except ExpressionRefused as refused:
            if unsure.isdisjoint(_WORD.findall(each.text)):
                faults += _faults(each, refused)
    return compiled, tuple(faults)


def _faults(condition: Condition, refused: ExpressionRefused) -> Iterator[Fault]:
    source = condition.source
    path = source.mark(condition.path, on_key=False).path
    for each in refused.faults:
        place = source.inside(condition.path, each.column - 1)
        yield Fault(each.code, Severity.ERROR, source.file, place, each.length, path, each.what, each.fix)
