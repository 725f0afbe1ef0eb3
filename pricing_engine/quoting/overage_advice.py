"""When a tier allows use above its limit: what that overage costs beside the next tier that would hold it (P16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pricing_engine.catalog.prices import Price, rate
from pricing_engine.catalog.products import ONE_TIME, Charge, Product, Tier
from pricing_engine.money import ONE, ZERO, round_money
from pricing_engine.policies.findings import Finding, Severity
from pricing_engine.quoting.sale import Sale
from pricing_engine.quoting.tier_resolution import ResolvedTier


def advise_on_overage(sale: Sale) -> list[Finding]:
    """A finding that says which is cheaper per year at list: staying and paying overage, or the next tier that fits.

    None when nothing is above a limit, no higher tier holds it, or a price involved is on request.
    Rounds: each yearly amount once.
    """
    resolved, ladder = sale.tier, sale.rulebook.ladder
    if resolved is None or ladder is None or not resolved.over_limit:
        return []
    tier = resolved.tier
    products = [each.product for each in sale.chosen if each.product.id != ladder.platform.id]
    above = ladder.tiers[ladder.ranks[tier.id] + 1 :]
    higher = next((each for each in above if _holds(each, sale.totals, products)), None)
    if higher is None:
        return []
    stay, move = _yearly_cost(tier, sale), _yearly_cost(higher, sale)
    if stay is None or move is None:
        return []
    return [_advice(resolved, higher, round_money(stay, sale.currency), round_money(move, sale.currency))]


def _advice(resolved: ResolvedTier, higher: Tier, stay: Decimal, move: Decimal) -> Finding:
    tier, metrics = resolved.tier, resolved.over_limit
    cheaper = tier.id if stay <= move else higher.id
    return Finding(
        code="overage-or-upgrade",
        severity=Severity.INFO,
        what=f"{', '.join(metrics)} above {tier.id}'s limit: {tier.id} with overage {stay} a year, "
        f"{higher.id} {move}; {cheaper} is cheaper",
        rule=tier.rule,
        facts={"metrics": metrics, "stay": stay, "upgrade": move, "tier": higher.id, "cheaper": cheaper},
    )


def _holds(tier: Tier, totals: Mapping[str, Decimal], products: Sequence[Product]) -> bool:
    return all(tier.offers_product(product) for product in products) and all(
        limit.included is None or totals.get(limit.metric, ZERO) <= limit.included for limit in tier.limits
    )


def _yearly_cost(tier: Tier, sale: Sale) -> Decimal | None:
    total = ZERO
    for charge in tier.charges:
        if charge.timing is ONE_TIME:
            continue
        price = sale.price_book.in_force(f"{tier.id}.{charge.id}", sale.request.effective_date).price
        if not isinstance(price, Price):
            return None
        total += rate(price, _quantity(charge, sale.totals)) * charge.periods_per_year
    return total


def _quantity(charge: Charge, totals: Mapping[str, Decimal]) -> Decimal:
    return ONE if charge.metric is None else totals.get(charge.metric, ZERO)
