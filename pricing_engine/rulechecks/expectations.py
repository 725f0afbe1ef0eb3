"""Compares a quote with what an example expects, and says of each difference what it should be and what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pricing_engine.errors import DomainError
from pricing_engine.money import ZERO
from pricing_engine.pricing.waterfall import PricedLine, StepKind
from pricing_engine.quoting.quote import Quote
from pricing_engine.rulebook.documents.examples import ExpectationShape, LineExpectationShape
from pricing_engine.rulebook.faults import Path

FIGURES = ("arr", "mrr", "acv", "tcv", "list", "net", "discount", "one_time", "first_invoice")
LINE_FIGURES = {
    "quantity": "quantity",
    "list_per_year": "list_per_year",
    "net_per_year": "net_per_year",
    "list": "list_term",
    "net": "net_term",
    "usage_estimate": "usage_estimate",
}
"""What an example may expect of a line, and the attribute of a priced line that holds it."""

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One expectation that does not hold: `path` leads to it below `expect`, `about` is the id of its line, if any."""

    path: Path
    expected: str
    actual: str
    about: str | None = None


def differences(expect: ExpectationShape, outcome: Quote | DomainError) -> tuple[Difference, ...]:
    """Every expectation that the quote, or its refusal, does not meet, in the order of the figures."""
    if isinstance(outcome, DomainError):
        return tuple(refused_differences(expect, outcome))
    if expect.refused is not None:
        return (Difference(("refused",), f"refused: {expect.refused}", "it was priced"),)
    return (
        *_of_totals(expect, outcome),
        *_of_due(expect, outcome),
        *_of_words(expect, outcome),
        *_of_lines(expect, outcome),
    )


def contract_refused(refusal: DomainError) -> Difference:
    """What is said of an example whose contract cannot be sold like this."""
    return Difference(("contract",), "a contract", _refused(refusal))


def fired(quote: Quote) -> tuple[str, ...]:
    """The ids of the discount policies and bundles that took something off, sorted."""
    policies = {
        step.rule.id
        for line in quote.lines
        for segment in line.segments
        for step in segment.steps
        if step.kind is StepKind.POLICY
    }
    return tuple(sorted(policies | {line.bundle for line in quote.lines if line.bundle is not None}))


def lost(quote: Quote) -> tuple[str, ...]:
    """The ids of the policies whose loss makes a line of the contract dearer, sorted."""
    steps = [step for line in quote.lines for segment in line.segments for step in segment.steps]
    return tuple(sorted({step.rule.id for step in steps if step.kind is StepKind.REPRICING and step.amount > 0}))


def refused_differences(expect: ExpectationShape, refusal: DomainError) -> Iterator[Difference]:
    """What is said where the outcome is a refusal."""
    if expect.refused == refusal.code:
        return
    expected = "a quote" if expect.refused is None else f"refused: {expect.refused}"
    place: Path = () if expect.refused is None else ("refused",)
    yield Difference(place, expected, _refused(refusal))


def _refused(refusal: DomainError) -> str:
    help_ = f"; {refusal.fix}" if refusal.fix else ""
    return f"refused: {refusal.code} ({refusal.what}{help_})"


def _of_totals(expect: ExpectationShape, quote: Quote) -> Iterator[Difference]:
    for name in FIGURES:
        wanted = getattr(expect, name)
        if wanted is None:
            continue
        actual = None if quote.totals is None else getattr(quote.totals, name)
        if actual != wanted:
            yield Difference((name,), f"{wanted:f}", _figure(actual, "no total, for a line has no price"))


def _of_due(expect: ExpectationShape, quote: Quote) -> Iterator[Difference]:
    """What is due now for a change, in all and by what it is for."""
    change = quote.change
    wanted: dict[Path, Decimal] = {("due", word): amount for word, amount in expect.due.items()}
    if expect.due_now is not None:
        wanted = {("due_now",): expect.due_now, **wanted}
    for path, amount in wanted.items():
        if change is None:
            yield Difference(path, f"{amount:f}", "no change of a contract")
            continue
        parts = [item.amount for item in change.items if item.kind == path[-1]]
        actual = change.due_now if path == ("due_now",) else sum(parts, ZERO)
        if actual != amount:
            yield Difference(path, f"{amount:f}", f"{actual:f}")


def _of_words(expect: ExpectationShape, quote: Quote) -> Iterator[Difference]:
    if expect.tier is not None:
        tier = quote.tier.tier if quote.tier else "no tier"
        if tier != expect.tier:
            why = f" ({quote.tier.forced_by})" if quote.tier and quote.tier.forced_by else ""
            yield Difference(("tier",), expect.tier, f"{tier}{why}")
    if expect.terms is not None and quote.terms != expect.terms:
        yield Difference(("terms",), expect.terms, quote.terms or "no terms")
    found = {
        "lost": (expect.lost, lost(quote)),
        "fired": (expect.fired, fired(quote)),
        "findings": (expect.findings, tuple(sorted({finding.code for finding in quote.findings}))),
        "levels": (expect.levels, quote.approval_levels),
    }
    for name, (wanted, actual) in found.items():
        if wanted is not None and sorted(set(wanted)) != sorted(actual):
            yield Difference((name,), _words(tuple(sorted(set(wanted)))), _words(actual))


def _of_lines(expect: ExpectationShape, quote: Quote) -> Iterator[Difference]:
    lines = {line.id: line for line in quote.lines}
    for id_, wanted in expect.lines.items():
        if id_ in lines:
            yield from _of_line(lines[id_], wanted)
        else:
            yield Difference(("lines", id_), f"a line {id_}", f"the lines are {_words(tuple(lines))}")


def _of_line(line: PricedLine, expect: LineExpectationShape) -> Iterator[Difference]:
    for name, attribute in LINE_FIGURES.items():
        wanted, actual = getattr(expect, name), getattr(line, attribute)
        if name != "quantity" and not line.is_priced:
            actual = None
        if wanted is not None and wanted != actual:
            yield Difference(("lines", line.id, name), f"{wanted:f}", _figure(actual, NOTHING), line.id)


def _figure(amount: Decimal | None, none: str) -> str:
    return none if amount is None else f"{amount:f}"


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(words) or NOTHING
