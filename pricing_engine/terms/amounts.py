"""What terms come to in money: fees within their limits, reinstatement, over-use, guarantees. Unrounded (P2)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from pricing_engine.catalog.prices import Price, rate_layer
from pricing_engine.money import ZERO
from pricing_engine.pricing.line_item import UpliftLimit
from pricing_engine.terms.terms import (
    CreditBase,
    Guarantee,
    OverUse,
    OverUseMode,
    Reinstatement,
    RenewalBasis,
    RenewalTerms,
)

_PERIODS: Mapping[CreditBase, int] = {CreditBase.MONTH_FEES: 12, CreditBase.QUARTER_FEES: 4, CreditBase.YEAR_FEES: 1}


def limit_fee(fee: Decimal, *, cap: Decimal | None, remaining_fees: Decimal, forfeited: Decimal = ZERO) -> Decimal:
    """The fee, not above its cap, and with what is forfeited never above the remaining fees of what is given up.

    Source: P23.
    """
    most = remaining_fees - forfeited if cap is None else min(cap, remaining_fees - forfeited)
    return max(min(fee, most), ZERO)


def reinstatement_fee(rule: Reinstatement, *, lapse_fees: Decimal, last_year_fees: Decimal) -> Decimal:
    """The fee for coming back: shares of the fees of the days not covered, and of the last yearly fee.

    Source: P25.
    """
    return lapse_fees * rule.lapse_fees_share + last_year_fees * rule.last_year_share


def is_over_use(rule: OverUse, *, committed: Decimal, used: Decimal) -> bool:
    """Whether use counts as above the commitment: beyond the tolerance, and then all of it does. Source: P26."""
    return used > committed * (1 + rule.tolerance)


def over_use_charge(rule: OverUse, price: Price, *, committed: Decimal, used: Decimal) -> Decimal:
    """What the excess is charged for each charge period of the past at list, with the penalty multiplier.

    None of it where only the future is charged: the multiplier never touches ARR.
    Source: P26.
    """
    if rule.mode is OverUseMode.TRUE_FORWARD:
        return ZERO
    return rate_layer(price, used - committed, below=committed) * rule.multiplier


def uplift_limit(renewal: RenewalTerms, *, cap: Decimal | None, floor: Decimal | None) -> UpliftLimit:
    """The limits of a renewal's price, with the cap and floor agreed. Source: P27."""
    return UpliftLimit(renewal.rule, renewal.basis is RenewalBasis.CONTRACTED, floor, cap, renewal.uplift)


def guarantee_credit(guarantee: Guarantee, *, fees_per_year: Decimal) -> Decimal:
    """The credit for a missed milestone. Source: P28."""
    return fees_per_year / _PERIODS[guarantee.of] * guarantee.credit
