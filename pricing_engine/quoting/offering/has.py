"""What an account has and uses on a day, and what the conditions of upsell paths are tested on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pricing_engine.catalog.products import Metric, MetricKind, ProductType, Tier
from pricing_engine.expressions import Expression
from pricing_engine.money import ZERO
from pricing_engine.offers.sentences import Share, Value
from pricing_engine.quoting.changes.held_products import products_held
from pricing_engine.quoting.changes.kind import read_kind
from pricing_engine.quoting.choose_terms import terms_of
from pricing_engine.quoting.chosen import Chosen, totals_on
from pricing_engine.quoting.facts import TargetState, evaluate, target_facts
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook

_COUNTED: Final = (ProductType.MODULE, ProductType.ADD_ON)
_ANY_USE: Final = (ZERO, Decimal(10) ** 15)
"""What is not measured may be anything: a condition holds if it does at both ends."""


class Has(NamedTuple):
    """What there is. `totals` are what is bought by metric, `measured` the latest use, `limits` what it goes against.

    `limits` are what is bought, else what the tier holds; a metric that nothing limits is not among them. `bundles`
    are by the products that are in them.
    """

    request: QuoteRequest
    rulebook: Rulebook
    held: Held | None
    tier: Tier | None
    products: Mapping[str, Chosen]
    product_count: int
    totals: Mapping[str, Decimal]
    measured: Mapping[str, Decimal]
    limits: Mapping[str, Decimal]
    bundles: Mapping[str, str]
    metrics: Mapping[str, Metric]


class Shares:
    """Measured use as a share of its limit, computed when a rule asks; 0 where nothing limits it."""

    __slots__ = ("_has", "_unmeasured")

    def __init__(self, has: Has, unmeasured: Decimal) -> None:
        self._has, self._unmeasured = has, unmeasured

    def __getitem__(self, metric: str) -> Decimal:
        limit = self._has.limits.get(metric)
        return self._has.measured.get(metric, self._unmeasured) / limit if limit else ZERO


Facts = tuple[Mapping[str, Any], ...]
"""The facts with what is not measured at one end, and at the other."""


def read_has(situation: QuoteRequest, rulebook: Rulebook, held: Held | None, measured: Mapping[str, Decimal]) -> Has:
    """What the account of a request has on its effective date. Called within `exact_arithmetic`.

    Raises: OutsideTerm and LaterChangeBooked where the contract cannot be changed on that day; TermsGone.
    """
    day = situation.effective_date
    metrics = dict(rulebook.metrics)
    chosen: dict[str, Chosen] = {}
    tier: Tier | None = None
    bundles: dict[str, str] = {}
    if held is not None:
        metrics = {id_: each for version in held.rulebooks.values() for id_, each in version.metrics.items()} | metrics
        chosen = products_held(held, rulebook, read_kind(situation, held.contract, terms_of(held)))
        tier = _tier(held)
        lines = held.contract.lines_on(day)
        bundles = {line.product: line.bundle for line in lines if line.bundle is not None}
    totals = totals_on(day, list(chosen.values()), {}, metrics)
    limits = {limit.metric: limit.included for limit in (tier.limits if tier else ()) if limit.included is not None}
    return Has(
        *(situation, rulebook, held, tier, chosen, _count(held, chosen, day)),
        *(totals, measured, limits | totals, bundles, metrics),
    )


def _tier(held: Held) -> Tier | None:
    """The tier of a contract, with the limits it was sold with (P16)."""
    ladder = held.rulebooks[held.contract.tier_rulebook].ladder
    id_ = held.contract.tier
    return None if id_ is None or ladder is None else ladder.tiers[ladder.ranks[id_]]


def _count(held: Held | None, chosen: Mapping[str, Chosen], day: date) -> int:
    """Distinct paid modules and add-ons (P21)."""
    lines = held.contract.lines_on(day) if held is not None else ()
    paid = {
        line.product for line in lines if line.trial_until is None and (line.price is None or not line.price.is_free)
    }
    return len([id_ for id_ in paid if id_ in chosen and chosen[id_].product.type in _COUNTED])


def facts_of(has: Has) -> Facts:
    """What conditions are tested on: of usage metrics what is measured, else what is committed.

    Raises: FactOutOfVocabulary.
    """
    metered = [id_ for id_, metric in has.metrics.items() if metric.kind is not MetricKind.CAPACITY]
    used = {**has.totals, **{id_: has.measured[id_] for id_ in metered if id_ in has.measured}}
    state = TargetState(has.tier, has.product_count, used, "amendment" if has.held else "new")
    facts = target_facts(has.request, state, has.rulebook)
    unmeasured = [
        id_
        for id_, entry in has.rulebook.early_names.items()
        if entry.source == "metric" and entry.key in metered and entry.key not in used
    ]
    return tuple([{**facts, **dict.fromkeys(unmeasured, end), "usage_share": Shares(has, end)} for end in _ANY_USE])


def holds(condition: Expression | None, facts: Facts) -> bool:
    """Whether a condition holds, whatever is not measured.

    Raises: FactMissing, naming what is not known of the account.
    """
    return condition is None or all(evaluate(condition, each) for each in facts)


def sayable(has: Has, facts: Facts) -> dict[str, Value]:
    """What the placeholders of a sentence are filled with."""
    low, high = facts
    names = {id_ for id_, each in has.rulebook.vocabulary.items() if low.get(id_) == high.get(id_)}
    values: dict[str, Value] = {id_: low[id_] for id_ in names if id_ in low}
    for metric in has.metrics:
        used, limit = has.measured.get(metric), has.limits.get(metric)
        if used is not None:
            values[f"{metric}_used"] = used
        if limit is not None:
            values[f"{metric}_limit"] = limit
        if used is not None and limit:
            values[f"{metric}_share"] = Share(used / limit)
    return values
