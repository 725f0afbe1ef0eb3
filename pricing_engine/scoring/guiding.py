"""From the lines of a quote to what to ask for: the policy's floor, and target and stretch of who knows best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any, Final, NamedTuple, cast

from pricing_engine.catalog.products import Charge, Product
from pricing_engine.money import ZERO
from pricing_engine.scoring.deal import FAMILY, PRODUCT, Facts
from pricing_engine.scoring.guidance import Evidence, Guidance, LineGuidance, Source, make_evidence, make_guidance
from pricing_engine.scoring.guidance_rules import GuidanceRow, GuidanceRules
from pricing_engine.scoring.model import Model
from pricing_engine.scoring.peers import LEAST_ACCOUNTS, Path, PeerNode, PeerTree, find_peers

_FOUR_DECIMALS: Final = Decimal("0.0001")
# Looking members up by their class takes 0.1 µs on CPython 3.11.
_RULES: Final = Source.RULES
_PEERS: Final = Source.PEERS
_NOTHING: Final = Source.NOTHING


class LineToGuide(NamedTuple):
    """A priced line: what it is, what it comes to at list over the term, and the most that policy lets off it.

    `cost_term` is what it costs us over the term, where that is known. Units: amounts of one currency.
    """

    id: str
    product: Product
    charge: Charge
    list_term: Decimal
    most: Decimal | None
    cost_term: Decimal | None = None


# The constructor of a named tuple is a Python function; this one is not, and costs a third less.
make_line_to_guide = cast("Callable[[tuple[object, ...]], LineToGuide]", partial(tuple.__new__, LineToGuide))
"""A line to guide from a tuple of all its fields."""


def guide_lines(
    lines: Iterable[LineToGuide],
    *,
    rules: GuidanceRules | None,
    known: Mapping[str, Any],
    model: Model | None = None,
    facts: Facts | None = None,
) -> tuple[LineGuidance, ...]:
    """The guidance of each line that costs anything: of peers where there are enough, else of rules.

    `known` are the facts that conditions of rules are tested on, `facts` those that peers are told apart by.
    Source: S2, S3, S4.
    """
    tree = None if model is None else model.peers
    if tree is None or not speaks_of_peers(model):
        by_rules = _ByRules(rules, known, "" if tree is None else _too_thin(tree))
        return tuple([LineGuidance(each.id, by_rules.of(each)) for each in lines if each.list_term])
    of_line = dict(facts or {})
    guided = []
    for line in lines:
        if line.list_term:
            of_line[PRODUCT], of_line[FAMILY] = line.product.id, line.product.family
            guided.append(LineGuidance(line.id, _by_peers(line, tree, of_line)))
    return tuple(guided)


def speaks_of_peers(model: Model | None) -> bool:
    """Whether peers guide, and rules say nothing of targets: there is a live tree that is not thin at its root."""
    return model is not None and model.peers is not None and model.peers.root is not None


def _by_peers(line: LineToGuide, tree: PeerTree, facts: Facts) -> Guidance:
    """What peers got, as far as policy lets it."""
    found = find_peers(tree, facts)
    assert found is not None, "the root was looked at before"
    node, path = found
    floor, target, stretch = node.floor, node.target, node.stretch
    if (most := line.most) is not None and most < floor:
        floor, target, stretch = most, min(target, most), min(stretch, most)
    why = _why_nothing_finer(tree, node, path, facts)
    counts, days = (node.deals, node.accounts), (node.since, node.until)
    evidence = make_evidence((_PEERS, why, *counts, path, *days, node.low, node.high, node.mean, None))
    return make_guidance((floor, target, stretch, evidence, ()))


def _why_nothing_finer(tree: PeerTree, node: PeerNode, path: Path, facts: Facts) -> str:
    by = node.by
    if by is None:
        return "nothing finer tells the discounts of these deals apart"
    here = ", ".join([f"{fact}={bucket}" for fact, bucket in path])
    speaks = f"all of {here} speak" if path else "all won deals speak"
    bucket = by.bucket(facts.get(by.fact))
    if bucket is None:
        return f"{by.fact} is not known: {speaks}"
    finer = f"{here}, {by.fact}={bucket}" if path else f"{by.fact}={bucket}"
    return f"fewer than {tree.minimum} comparable won deals, or than {LEAST_ACCOUNTS} accounts, in {finer}: {speaks}"


def _too_thin(tree: PeerTree) -> str:
    return (
        f"{tree.deals} comparable won deals are too few to guide: it takes {tree.minimum}, of {LEAST_ACCOUNTS} accounts"
    )


class _ByRules:
    """What the rules say of the lines of a quote: each condition tested once, and what lines share made once."""

    __slots__ = ("_holds", "_known", "_made", "_rules", "_why_no_peers")

    def __init__(self, rules: GuidanceRules | None, known: Mapping[str, Any], why_no_peers: str) -> None:
        self._rules, self._known, self._why_no_peers = rules, known, why_no_peers
        self._holds: dict[str, bool] = {}
        self._made: dict[tuple[str | None, Decimal | None], Guidance] = {}

    def of(self, line: LineToGuide) -> Guidance:
        """The guidance of a line."""
        row = self._row_for(line)
        key = None if row is None else row.id, line.most
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._guidance(row, line.most)
        return found

    def _row_for(self, line: LineToGuide) -> GuidanceRow | None:
        """The first row that applies to the line and holds."""
        if self._rules is not None:
            holds = self._holds
            for row in self._rules.rows_about(line.product, line.charge):
                if row.id not in holds:
                    holds[row.id] = self._test(row)
                if holds[row.id]:
                    return row
        return None

    def _test(self, row: GuidanceRow) -> bool:
        """Whether its condition holds; one that asks for what is not known does not."""
        try:
            return row.when is None or bool(row.when.evaluate(self._known))
        except KeyError:
            return False

    def _guidance(self, row: GuidanceRow | None, most: Decimal | None) -> Guidance:
        why_no_peers = self._why_no_peers
        if row is None:
            no_rule = "no rule of guidance is about this line"
            why = f"{no_rule}, and {why_no_peers}" if why_no_peers else no_rule
            return Guidance(most, None, None, Evidence(_NOTHING, why))
        target, stretch = _within(row.target, most), _within(row.stretch, most)
        why = f"{row.rule.why} ({why_no_peers})" if why_no_peers else row.rule.why
        return Guidance(most, target, stretch, Evidence(_RULES, why, rule=row.id))


def _within(share: Decimal, most: Decimal | None) -> Decimal:
    return share if most is None else min(share, most)


def guide_quote(lines: Sequence[LineToGuide], guided: Sequence[LineGuidance]) -> Guidance | None:
    """The guidance of all lines together, each weighed by what it comes to at list; None where nothing costs anything.

    Rounds: each share once, half up, to 4 decimals.
    """
    if not guided:
        return None
    first = guided[0].guidance
    if all([each.guidance is first for each in guided]) and first.target is not None:
        return first
    weights = {line.id: line.list_term for line in lines}
    total = floors = targets = stretches = ZERO
    has_floor, silent, weakest = True, 0, first.evidence
    for line, (floor, target, stretch, evidence, _) in guided:
        weight = weights[line]
        total += weight
        if floor is None:
            has_floor = False
        else:
            floors += weight * floor
        if target is None or stretch is None:
            silent += 1
            weakest = evidence if weakest.source is not _NOTHING else weakest
        else:
            targets += weight * target
            stretches += weight * stretch
            weakest = evidence if weakest.source is not _NOTHING and evidence.deals < weakest.deals else weakest
    bottom = _share(floors, total) if has_floor else None
    if silent:
        why = f"{silent} of {len(guided)} lines have no guidance"
        return Guidance(bottom, None, None, weakest._replace(why=why))
    return make_guidance((bottom, _share(targets, total), _share(stretches, total), weakest, ()))


def _share(part: Decimal, total: Decimal) -> Decimal | None:
    """Rounded half up, to 4 decimals; None where all weigh nothing together."""
    return (part / total).quantize(_FOUR_DECIMALS, ROUND_HALF_UP) if total else None


def weighed(shares: Sequence[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    """The mean of shares by weight; None where one is not known, or all weigh nothing together.

    Rounds: half up, to 4 decimals.
    """
    total = taken = ZERO
    for weight, share in shares:
        if share is None:
            return None
        total += weight
        taken += weight * share
    return _share(taken, total)
