"""What would bring the next offer: the least more of one metric that makes a condition hold, or costs less."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pricing_engine.expressions import Expression
from pricing_engine.expressions.tree import Comparison, Constant, NameRef, Node, UsageShare, walk
from pricing_engine.money import ZERO
from pricing_engine.offers.paths import BundleOffer, CapacityOffer, ProductOffer, TierOffer, UpsellPath
from pricing_engine.quoting.facts import FactMissing
from pricing_engine.quoting.offering.has import Facts, Has, holds
from pricing_engine.quoting.offering.offer import Offer, Unlock
from pricing_engine.quoting.offering.quantities import told

MOST_UNLOCKS: Final = 5
_MIRRORED: Final[Mapping[str, str]] = {"<": ">", "<=": ">="}


class _Bar(NamedTuple):
    """A number that a metric has to reach, and the facts as they are then."""

    metric: str
    has: Decimal
    needs: Decimal
    facts: Facts
    is_use: bool


def unlocks(
    waiting: Iterable[UpsellPath], offers: Iterable[Offer], cheaper: Iterable[Unlock], has: Has, facts: Facts
) -> tuple[Unlock, ...]:
    """The nearest first, by the share of what there is that is missing; at most one for each path.

    `cheaper` are those by which what the account has costs less.
    """
    found = [unlock for path in waiting if (unlock := _of_path(path, has, facts)) is not None]
    found += [*cheaper, *_cheaper(offers)]
    ordered = sorted(found, key=lambda each: (each.more / each.needs, each.source, each.metric))
    return tuple(ordered[:MOST_UNLOCKS])


def _of_path(path: UpsellPath, has: Has, facts: Facts) -> Unlock | None:
    """The nearest number of the form `metric >= number` that alone makes the path's condition hold."""
    bars = [bar for bar in _bars(path.when, has, facts) if _would_hold(path.when, bar.facts)]
    if not bars or path.when is None:
        return None
    nearest = min(bars, key=lambda bar: ((bar.needs - bar.has) / bar.needs, bar.metric))
    more = (nearest.needs - nearest.has).normalize()
    used = " in use" if nearest.is_use else ""
    what = f"{told(more, has.metrics[nearest.metric])} more{used}, and {_offered(path, has)} is offered"
    return Unlock(path.id, nearest.metric, nearest.has, nearest.needs.normalize(), more, what)


def _offered(path: UpsellPath, has: Has) -> str:
    """What a path leads to, by its name."""
    rules = has.rulebook
    match path.target:
        case TierOffer(tier=tier) if rules.ladder is not None:
            return rules.ladder.tiers[rules.ladder.ranks[tier]].name
        case ProductOffer(product=product):
            return rules.products[product].name
        case BundleOffer(bundle=bundle):
            return rules.bundles[bundle].name
        case CapacityOffer(metric=metric, more=more):
            return f"more room, {told(more, has.metrics[metric])},"
        case _:
            return f"a trial of {rules.products[path.trial.product].name}" if path.trial is not None else path.id


def _would_hold(condition: Expression | None, facts: Facts) -> bool:
    try:
        return holds(condition, facts)
    except FactMissing:
        return False


def _bars(condition: Expression | None, has: Has, facts: Facts) -> Iterator[_Bar]:
    for node in walk(condition.tree) if condition is not None else ():
        match node:
            case Comparison(sign=">=" | ">", left=subject, right=Constant(value=Decimal() as number)):
                sign = node.sign
            case Comparison(sign="<=" | "<", left=Constant(value=Decimal() as number), right=subject):
                sign = ">=" if _MIRRORED[node.sign] == ">=" else ">"
            case _:
                continue
        bar = _bar(subject, number, sign, has, facts)
        if bar is not None and bar.needs > bar.has >= ZERO:
            yield bar


def _bar(subject: Node, number: Decimal, sign: str, has: Has, facts: Facts) -> _Bar | None:
    if isinstance(subject, UsageShare):
        used, limit = has.measured.get(subject.metric), has.limits.get(subject.metric)
        if used is None or not limit:
            return None
        needs = number * limit if sign == ">=" else number * limit + has.metrics[subject.metric].step
        shares = {subject.metric: needs / limit}
        return _Bar(subject.metric, used, needs, _with(facts, "usage_share", _Instead(shares, facts)), is_use=True)
    name = has.rulebook.vocabulary.get(subject.id) if isinstance(subject, NameRef) else None
    if name is None or name.source != "metric" or not isinstance(subject, NameRef):
        return None
    held = facts[0].get(subject.id)
    if not isinstance(held, Decimal) or held != facts[1].get(subject.id):
        return None
    needs = number if sign == ">=" else number + has.metrics[name.key].step
    return _Bar(name.key, held, needs, _with(facts, subject.id, needs), is_use=name.key not in has.totals)


class _Instead:
    """Shares of use with those of one metric as they would be."""

    __slots__ = ("_otherwise", "_shares")

    def __init__(self, shares: Mapping[str, Decimal], facts: Facts) -> None:
        self._shares, self._otherwise = shares, facts[0]["usage_share"]

    def __getitem__(self, metric: str) -> Decimal:
        found = self._shares.get(metric)
        share: Decimal = self._otherwise[metric] if found is None else found
        return share


def _with(facts: Facts, name: str, value: Any) -> Facts:
    return tuple([{**each, name: value} for each in facts])


def _cheaper(offers: Iterable[Offer]) -> Iterator[Unlock]:
    """Where a little more of what is offered costs less in all (P12)."""
    for offer in offers:
        lines = {line.id: line for line in offer.weighed.lines}
        for finding in offer.weighed.findings:
            line = lines.get(finding.line or "")
            if finding.code == "cheaper-above" and line is not None and line.metric is not None:
                needs = Decimal(str(finding.facts["quantity"]))
                yield Unlock(offer.source, line.metric, line.quantity, needs, needs - line.quantity, finding.what)
