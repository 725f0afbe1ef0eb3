"""Which tier the customer needs: the lowest in which every metric fits and every product is offered (P16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.catalog.products import Ladder, Metric, Product, ProductType, Tier
from pricing_engine.money import ZERO
from pricing_engine.quoting.chosen import Chosen, highest_totals
from pricing_engine.quoting.quote import TierOutcome
from pricing_engine.quoting.refusals import NoTierFits, UnknownTier
from pricing_engine.rulebook.suggest import did_you_mean


class ResolvedTier(NamedTuple):
    """The tier, the one asked for, why it is not a lower one (None: nothing forced it), and metrics over its limit."""

    tier: Tier
    asked: Tier | None
    forced_by: str | None
    over_limit: tuple[str, ...]


class HeldTier(NamedTuple):
    """The tier of a contract, with the products it holds whatever its limits are today (P16)."""

    tier: Tier
    chosen: Sequence[Chosen]
    metrics: Mapping[str, Metric]


def resolve_tier(
    ladder: Ladder | None,
    *,
    asked: str | None,
    chosen: Sequence[Chosen],
    totals: Mapping[str, Decimal],
    held: HeldTier | None = None,
) -> ResolvedTier | None:
    """The tier for what was chosen; None when nothing on the quote belongs to a tier.

    `totals` are the account's quantities by metric, the highest of the term. Never lower than the tier asked for, and
    without one never lower than the tier held.
    Raises: UnknownTier; NoTierFits, naming the metric or product the highest tier cannot hold.
    """
    products = [each.product for each in chosen]
    if held is not None and asked in {None, held.tier.id}:
        if _held_fits(held, ladder, products, totals):
            return ResolvedTier(held.tier, None if asked is None else held.tier, None, _over_limit(held.tier, totals))
        asked = held.tier.id
    if ladder is None:
        _refuse_tier_without_ladder(asked)
        return None
    if asked is not None and asked not in ladder.ranks:
        raise UnknownTier(f"there is no tier {asked}", fix=did_you_mean(asked, ladder.ranks), pointer="/tier")
    if asked is None and all(product.type is ProductType.SERVICE for product in products):
        return None
    return _lowest_that_fits(ladder, asked, products, totals)


def _lowest_that_fits(
    ladder: Ladder, asked: str | None, products: Sequence[Product], totals: Mapping[str, Decimal]
) -> ResolvedTier:
    """The lowest tier, from the one asked for up, that nothing stands against."""
    start = 0 if asked is None else ladder.ranks[asked]
    reason: str | None = None
    for tier in ladder.tiers[start:]:
        obstacle = _obstacle(tier, ladder, products, totals)
        if obstacle is None:
            asked_tier = None if asked is None else ladder.tiers[start]
            return ResolvedTier(tier, asked_tier, reason, _over_limit(tier, totals))
        reason = obstacle
    raise NoTierFits(
        f"no tier from {ladder.tiers[start].id} up holds this: {reason}",
        fix="ask for less of it, or drop the product that is not offered",
        pointer="/changes",
        because=reason,
    )


def _held_fits(
    held: HeldTier, ladder: Ladder | None, products: Sequence[Product], totals: Mapping[str, Decimal]
) -> bool:
    """Whether the tier held does: what it holds already fits, the rest has to fit it as it is sold today."""
    now = ladder.tiers[ladder.ranks[held.tier.id]] if ladder and held.tier.id in ladder.ranks else held.tier
    if _obstacle(now, ladder, products, totals) is None:  # as mostly, everything fits
        return True
    ids = {each.product.id for each in held.chosen}
    before = highest_totals(held.chosen, {}, held.metrics)
    new = [product for product in products if product.id not in ids]
    more = {metric: total for metric, total in totals.items() if total > before.get(metric, ZERO)}
    return _obstacle(now, ladder, new, more) is None


def _refuse_tier_without_ladder(asked: str | None) -> None:
    if asked is not None:
        raise UnknownTier(f"there is no tier {asked}: the rulebook has no ladder", fix="leave it out", pointer="/tier")


def _obstacle(
    tier: Tier, ladder: Ladder | None, products: Sequence[Product], totals: Mapping[str, Decimal]
) -> str | None:
    """Why the tier does not do, in words; None when it does."""
    for limit in tier.limits:
        total = totals.get(limit.metric)
        if total is not None and limit.included is not None and not limit.overage and total > limit.included:
            return f"{limit.metric} {total:f} is above {tier.id}'s {limit.included:f}"
    for product in products:
        if ladder is not None and product.id == ladder.platform.id:
            continue
        needed = product.requires_tier
        if needed is not None and ladder is not None and ladder.ranks.get(tier.id, 0) < ladder.ranks[needed]:
            return f"{product.id} requires {needed}"
        if not tier.offers_product(product):
            return f"{product.id} is not offered in {tier.id}"
    return None


def _over_limit(tier: Tier, totals: Mapping[str, Decimal]) -> tuple[str, ...]:
    return tuple(
        [
            limit.metric
            for limit in tier.limits
            if limit.overage
            and limit.included is not None
            and totals.get(limit.metric, limit.included) > limit.included
        ]
    )


def tier_outcome(resolved: ResolvedTier | None) -> TierOutcome | None:
    """The tier as the quote shows it."""
    if resolved is None:
        return None
    asked = resolved.asked.id if resolved.asked else None
    return TierOutcome(resolved.tier.id, asked, resolved.forced_by)
