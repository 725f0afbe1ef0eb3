"""Which rules the worked examples make fire: one entry per rule with its place, and a figure per kind of rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.policies.approvals import ApprovalMatrix, ApprovalRow
from pricing_engine.policies.findings import Severity
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.quote import Quote
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulechecks.terms_coverage import fired_parts, parts_of


class RuleKind(StrEnum):
    """What is counted, in the order it is reported."""

    DISCOUNT = "discount policies"
    BUNDLE = "bundles"
    LIMIT = "limits"
    APPROVAL = "approval rows"
    TERMS = "parts of terms"
    PATH = "upsell paths"
    FACTOR = "score factors"
    GUIDANCE = "guidance rows"
    TIER = "tiers"
    PRICE = "prices"


@dataclass(frozen=True, slots=True)
class RuleUse:
    """One rule, where it stands, and in how many examples it fired."""

    kind: RuleKind
    id: str
    file: str
    line: int
    cases: int


@dataclass(frozen=True, slots=True)
class KindCoverage:
    """How many rules of a kind fired in some example, of how many there are."""

    kind: RuleKind
    fired: int
    total: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every rule that can fire, by kind and in the order of the rulebook."""

    rules: tuple[RuleUse, ...]

    @property
    def unfired(self) -> tuple[RuleUse, ...]:
        """The rules that no example makes fire."""
        return tuple(rule for rule in self.rules if not rule.cases)

    @property
    def by_kind(self) -> tuple[KindCoverage, ...]:
        """A figure per kind that the rulebook has."""
        return tuple(
            KindCoverage(kind, sum(1 for rule in rules if rule.cases), len(rules))
            for kind in RuleKind
            if (rules := [rule for rule in self.rules if rule.kind is kind])
        )


def measure_coverage(rulebook: Rulebook, fired: Iterable[frozenset[RuleRef]]) -> Coverage:
    """The coverage by the rules that fired in each example."""
    counts = Counter(rule for rules in fired for rule in rules)
    return Coverage(
        tuple(RuleUse(kind, id_, rule.file, rule.line, counts[rule]) for kind, id_, rule in _rules_of(rulebook))
    )


def _rules_of(rulebook: Rulebook) -> Iterator[tuple[RuleKind, str, RuleRef]]:
    declared = (policy for policy in rulebook.discounts if policy.path is None)
    yield from ((RuleKind.DISCOUNT, policy.id, policy.rule) for policy in declared)
    yield from ((RuleKind.BUNDLE, bundle.id, bundle.rule) for bundle in rulebook.bundles.values())
    yield from ((RuleKind.LIMIT, rule.id, rule) for rule in _limits_of(rulebook))
    if rulebook.approvals is not None:
        yield from ((RuleKind.APPROVAL, row.rule.id, row.rule) for row in rulebook.approvals.rows)
    yield from ((RuleKind.TERMS, rule.id, rule) for terms in rulebook.terms for rule in parts_of(terms))
    yield from ((RuleKind.PATH, path.id, path.rule) for path in rulebook.upsell_paths)
    yield from _rules_of_scoring(rulebook)
    if rulebook.ladder is not None:
        yield from ((RuleKind.TIER, tier.id, tier.rule) for tier in rulebook.ladder.tiers)
    for book in rulebook.price_books:
        for key, dated in book.prices.items():
            for entry in dated.entries:
                yield RuleKind.PRICE, f"{key} in {book.id} from {entry.start}", entry.rule


def _rules_of_scoring(rulebook: Rulebook) -> Iterator[tuple[RuleKind, str, RuleRef]]:
    if rulebook.scorecard is not None:
        yield from ((RuleKind.FACTOR, factor.id, factor.rule) for factor in rulebook.scorecard.factors)
    if rulebook.guidance is not None:
        yield from ((RuleKind.GUIDANCE, row.id, row.rule) for row in rulebook.guidance.rows)


def _limits_of(rulebook: Rulebook) -> Iterator[RuleRef]:
    """What holds a discount back: the limits of the roles, the total cap and the floor."""
    discretion = rulebook.discretion
    yield from (limit.rule for limit in discretion.limits)
    if discretion.cap_rule is not None:
        yield discretion.cap_rule
    if discretion.floor is not None:
        yield discretion.floor.rule


def fired_rules(quote: Quote, rulebook: Rulebook, held: Held | None = None) -> frozenset[RuleRef]:
    """The rules that had a part in the quote; `rulebook` is the one it was priced under, `held` what it changes."""
    rules = {step.rule for line in quote.lines for segment in line.segments for step in segment.steps}
    rules.update(finding.rule for finding in quote.findings if finding.rule is not None)
    if quote.change is not None:
        rules.update(item.rule for item in quote.change.items if item.rule is not None)
    rules.update(rule for line in quote.lines for rule in _rules_of_line(line, quote, rulebook))
    if quote.tier is not None and rulebook.ladder is not None:
        rules.add(rulebook.ladder.tiers[rulebook.ladder.ranks[quote.tier.tier]].rule)
    rules.update(_deciding_rows(quote, rulebook, held))
    rules.update(fired_parts(quote, rulebook, held.contract if held else None))
    return frozenset(rules)


def _rules_of_line(line: PricedLine, quote: Quote, rulebook: Rulebook) -> Iterator[RuleRef]:
    """The price entry of a line, also of one on request, which no step names; and its bundle.

    A line of a contract has the price of an earlier day, and its steps name the entry.
    """
    request = quote.request
    if request.contract is None or not line.is_priced:
        book = rulebook.price_book(request.currency, request.account.market)
        yield book.in_force(line.id, request.effective_date).rule
    if line.bundle is not None:
        yield rulebook.bundles[line.bundle].rule


def _deciding_rows(quote: Quote, rulebook: Rulebook, held: Held | None) -> Iterator[RuleRef]:
    """The row of the approval matrix that decided: priced once more with every row as a level of its own.

    The other levels of a quote are those that may waive terms.
    """
    matrix = rulebook.approvals
    if matrix is None or not any(finding.severity is Severity.APPROVAL for finding in quote.findings):
        return
    rows = {_own_level(row): row.rule for row in matrix.rows}
    by_row = replace(rulebook, approvals=_row_by_row(matrix))
    again = assemble_quote(quote.request, rulebook=by_row, quote_id=quote.id, held=held, scored_by=None)
    yield from (rows[level] for level in again.approval_levels if level in rows)


def _row_by_row(matrix: ApprovalMatrix) -> ApprovalMatrix:
    """The same matrix with a level for each row; of rows of one level the first stays the highest."""
    ranked = sorted(range(len(matrix.rows)), key=lambda index: (matrix.levels.index(matrix.rows[index].level), -index))
    return replace(
        matrix,
        levels=tuple(_own_level(matrix.rows[index]) for index in ranked),
        rows=tuple(replace(row, level=_own_level(row)) for row in matrix.rows),
    )


def _own_level(row: ApprovalRow) -> str:
    """A level that only this row has: no level is spelled with a blank."""
    return f"row {row.rule.id}"
