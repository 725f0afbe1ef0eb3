"""From the lines of a quote to what to ask for: the policy's floor, and target and stretch of who knows best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from pricing_engine.catalog.products import Charge, Product
from pricing_engine.money import ZERO
from pricing_engine.scoring.guidance import Evidence, Guidance, LineGuidance, Source
from pricing_engine.scoring.guidance_rules import GuidanceRow, GuidanceRules

_FOUR_DECIMALS: Final = Decimal("0.0001")


class LineToGuide(NamedTuple):
    """A priced line: what it is, what it comes to at list over the term, and the most that policy lets off it."""

    id: str
    product: Product
    charge: Charge
    list_term: Decimal
    most: Decimal | None


def guide_lines(
    lines: Iterable[LineToGuide], *, rules: GuidanceRules | None, known: Mapping[str, Any]
) -> tuple[LineGuidance, ...]:
    """The guidance of each line that costs anything; `known` are the facts that conditions are tested on.

    Source: S2, S3.
    """
    return tuple([LineGuidance(line.id, _by_rules(line, rules, known)) for line in lines if line.list_term])


def _by_rules(line: LineToGuide, rules: GuidanceRules | None, known: Mapping[str, Any]) -> Guidance:
    row = None if rules is None else _row_for(line, rules, known)
    if row is None:
        return Guidance(line.most, None, None, Evidence(Source.NOTHING, "no rule of guidance is about this line"))
    target, stretch = _within(row.target, line.most), _within(row.stretch, line.most)
    return Guidance(line.most, target, stretch, Evidence(Source.RULES, row.rule.why, rule=row.id))


def _row_for(line: LineToGuide, rules: GuidanceRules, known: Mapping[str, Any]) -> GuidanceRow | None:
    for row in rules.rows:
        if row.applies_to.matches(line.product, line.charge) and _holds(row, known):
            return row
    return None


def _holds(row: GuidanceRow, known: Mapping[str, Any]) -> bool:
    """Whether its condition holds; one that asks for what is not known does not."""
    try:
        return row.when is None or bool(row.when.evaluate(known))
    except KeyError:
        return False


def _within(share: Decimal, most: Decimal | None) -> Decimal:
    return share if most is None else min(share, most)


def guide_quote(lines: Sequence[LineToGuide], guided: Sequence[LineGuidance]) -> Guidance | None:
    """The guidance of all lines together, each weighed by what it comes to at list; None where nothing costs anything.

    Rounds: each share once, half up, to 4 decimals.
    """
    if not guided:
        return None
    weights = {line.id: line.list_term for line in lines}
    found = [(weights[each.line], each.guidance) for each in guided]
    silent = sum([each.target is None for _, each in found])
    weakest = min(
        [each.evidence for _, each in found], key=lambda each: (each.source is not Source.NOTHING, each.deals)
    )
    why = f"{silent} of {len(found)} lines have no guidance" if silent else weakest.why
    return Guidance(
        _weighed([(weight, each.floor) for weight, each in found]),
        _weighed([(weight, each.target) for weight, each in found]),
        _weighed([(weight, each.stretch) for weight, each in found]),
        weakest._replace(why=why),
    )


def _weighed(shares: Sequence[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    total = taken = ZERO
    for weight, share in shares:
        if share is None:
            return None
        total += weight
        taken += weight * share
    return (taken / total).quantize(_FOUR_DECIMALS, ROUND_HALF_UP)
