"""Whether what a rep takes off is theirs to give, and who must agree when it is not (P21)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import lcm
from typing import Any, Final

from pricing_engine.money import ONE, ZERO
from pricing_engine.policies.approvals import ApprovalMatrix
from pricing_engine.policies.discretion import DiscretionLimit
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.pricing.line_item import LineItem
from pricing_engine.pricing.waterfall import DISCRETIONARY, PricedLine, Segment
from pricing_engine.quoting.facts import FactMissing, evaluate
from pricing_engine.quoting.quote import Totals
from pricing_engine.quoting.refusals import ApprovalMatrixMissing
from pricing_engine.rulebook.rulebook import Rulebook

SHARES: Final = frozenset({"quote.discount", "quote.net_ratio", "quote.discretionary"})
"""Origins that cost a walk over every segment."""


def priced_values(lines: Sequence[PricedLine], totals: Totals, *, reporting_rate: Decimal) -> Mapping[str, Decimal]:
    """The facts known only after pricing, by origin. Units: amounts in the reporting currency; shares are fractions.

    Shares are of unrounded amounts, so that 10% off is 10% whatever the cents do (P2).
    """
    return {**amounts_of(totals, reporting_rate=reporting_rate), **shares_of(lines)}


def amounts_of(totals: Totals, *, reporting_rate: Decimal) -> Mapping[str, Decimal]:
    """The amounts among them."""
    return {
        "quote.arr_after": totals.arr * reporting_rate,
        "quote.acv": totals.acv * reporting_rate,
        "quote.tcv": totals.tcv * reporting_rate,
    }


def shares_of(lines: Sequence[PricedLine]) -> Mapping[str, Decimal]:
    """The shares among them."""
    listed, net = _over_term(lines)
    return {
        "quote.discount": (listed - net) / listed if listed else ZERO,
        "quote.net_ratio": net / listed if listed else ONE,
        "quote.discretionary": quote_discretion(lines),
    }


def line_discretion(line: PricedLine) -> Decimal:
    """The largest share that discretion takes off the line in any segment, of the price before it."""
    return max((_taken(segment) / base for segment in line.segments if (base := _before(segment))), default=ZERO)


def quote_discretion(lines: Iterable[PricedLine]) -> Decimal:
    """The share that discretion takes off all lines over the term, of their price before it.

    Weighted in whole numbers, so that 10% asked is 10% found, and not a hair more.
    """
    taken = before = ZERO
    for segment, weight in _weighted(lines):
        taken += _taken(segment) * weight
        before += _before(segment) * weight
    return taken / before if before else ZERO


def _over_term(lines: Iterable[PricedLine]) -> tuple[Decimal, Decimal]:
    """List and net of all lines over the term, unrounded, in the same proportion."""
    listed = net = ZERO
    for segment, weight in _weighted(lines):
        listed += segment.list * weight
        net += segment.net * weight
    return listed, net


def _weighted(lines: Iterable[PricedLine]) -> list[tuple[Segment, int]]:
    """Every segment with a whole number in proportion to its share of the term."""
    segments = [segment for line in lines for segment in line.segments]
    common = lcm(*{segment.share.denominator for segment in segments})
    return [(segment, segment.share.numerator * (common // segment.share.denominator)) for segment in segments]


def _taken(segment: Segment) -> Decimal:
    return sum((-step.amount for step in segment.steps if step.kind is DISCRETIONARY), ZERO)


def _before(segment: Segment) -> Decimal:
    for step in segment.steps:
        if step.kind is DISCRETIONARY:
            return step.before
    return segment.net


def check_discretion(
    lines: Sequence[PricedLine], items: Sequence[LineItem], *, role: str, facts: Mapping[str, Any], rulebook: Rulebook
) -> list[Finding]:
    """An approval finding for each line, and for the quote, where discretion goes beyond the role's limit.

    Of several limits that hold, the strictest binds; a role without a limit may give nothing. A limit on what was not
    discounted does not bind the quote.
    """
    asked = {line.id: share for line in lines if (share := line_discretion(line)) > 0}
    if not asked:
        return []
    limits = [
        limit
        for limit in rulebook.discretion.limits
        if limit.role == role and (limit.when is None or evaluate(limit.when, facts))
    ]
    findings: list[Finding] = []
    binding: dict[str, DiscretionLimit] = {}
    for item in items:
        if item.id in asked:
            about = [limit for limit in limits if limit.applies_to.matches(item.product, item.charge)]
            binding.update((limit.id, limit) for limit in about)
            strictest = min(about, key=lambda limit: limit.line_max, default=None)
            allowed = strictest.line_max if strictest else ZERO
            if asked[item.id] > allowed:
                findings.append(_beyond(asked[item.id], allowed, strictest, role, item.id))
    strictest = min(binding.values(), key=lambda limit: limit.quote_max, default=None)
    allowed = strictest.quote_max if strictest else ZERO
    given = quote_discretion(lines)
    if given > allowed:
        findings.append(_beyond(given, allowed, strictest, role, None))
    return findings


def _beyond(share: Decimal, allowed: Decimal, limit: DiscretionLimit | None, role: str, line: str | None) -> Finding:
    return Finding(
        code="discretion-exceeded",
        severity=Severity.APPROVAL,
        what=f"{_told_apart(share, allowed)} off {line or 'the quote'} is beyond the {allowed:.2%} a {role} may give",
        rule=limit.rule if limit else None,
        line=line,
        facts={"asked": share, "allowed": allowed, "role": role},
    )


def _told_apart(share: Decimal, allowed: Decimal) -> str:
    """The share as a percentage with as many decimals as it takes to see that it is more."""
    decimals = next((digits for digits in range(2, 12) if f"{share:.{digits}%}" != f"{allowed:.{digits}%}"), 12)
    return f"{share:.{decimals}%}"


def approval_levels(findings: Iterable[Finding], facts: Mapping[str, Any], rulebook: Rulebook) -> tuple[str, ...]:
    """The levels that must agree; none when no finding asks for approval.

    Raises: ApprovalMatrixMissing; FactMissing where a column asks for what is not known and no row does without it.
    """
    if not any(finding.severity is Severity.APPROVAL for finding in findings):
        return ()
    if rulebook.approvals is None:
        raise ApprovalMatrixMissing(
            "the quote needs approval, and the rulebook does not say whose", fix="add an approval_matrix to the rules"
        )
    _check_known(rulebook.approvals, facts)
    return (rulebook.approvals.level_for(facts).level,)


def _check_known(matrix: ApprovalMatrix, facts: Mapping[str, Any]) -> None:
    unknown = [column for column in matrix.columns if column not in facts]
    if unknown and not any(
        all(cell.holds(facts.get(column)) for cell, column in zip(row.cells, matrix.columns, strict=True))
        for row in matrix.rows
    ):
        raise FactMissing(
            f"the approval matrix {matrix.id} goes by {unknown[0]}, which is not known for this quote",
            fix=f"give the account a value for {unknown[0]}",
            name=unknown[0],
        )
