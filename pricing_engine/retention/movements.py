"""ARR movements: what a booking changes of recurring revenue, line by line, with the driver and the cause (N4, N5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from pricing_engine.money import EXACT, Currency, round_money


class ArrKind(StrEnum):
    """What a movement is to the bridge from opening to closing ARR."""

    NEW = "new"
    EXPANSION = "expansion"
    CONTRACTION = "contraction"
    CHURN = "churn"
    REACTIVATION = "reactivation"


class Driver(StrEnum):
    """What drives a movement of an account that was there before."""

    RETENTION = "retention"
    PRICING = "pricing"
    EXPANSION = "expansion"
    UNEXPLAINED = "unexplained"
    """Only money is known: of an imported history, whose table may not say how much of what was bought."""


KNOWN_DRIVERS: Final = (Driver.RETENTION, Driver.PRICING, Driver.EXPANSION)
"""Those that have owners. Figures tell them always, and what is unexplained where there is any."""


class Cause(StrEnum):
    """What exactly moved it."""

    NEW_BUSINESS = "new_business"
    VOLUME = "volume"
    CROSS_SELL = "cross_sell"
    TIER_UPGRADE = "tier_upgrade"
    COMMITMENT_GROWTH = "commitment_growth"
    CHURN = "churn"
    PARTIAL_CHURN = "partial_churn"
    REACTIVATION = "reactivation"
    UPLIFT = "uplift"
    LIST_CHANGE = "list_change"
    REPRICING = "repricing"
    DISCOUNT_CHANGE = "discount_change"
    PROMOTION_END = "promotion_end"
    PRICE_OR_VOLUME = "price_or_volume"
    """More or less revenue, and nothing says which of both it was."""
    HANDOVER = "handover"
    """What contracts begin at, against what the imported history before them ended at."""


DRIVERS_OF: Final = {
    Cause.NEW_BUSINESS: None,
    Cause.VOLUME: Driver.EXPANSION,
    Cause.CROSS_SELL: Driver.EXPANSION,
    Cause.TIER_UPGRADE: Driver.EXPANSION,
    Cause.COMMITMENT_GROWTH: Driver.EXPANSION,
    Cause.CHURN: Driver.RETENTION,
    Cause.PARTIAL_CHURN: Driver.RETENTION,
    Cause.REACTIVATION: Driver.RETENTION,
    Cause.UPLIFT: Driver.PRICING,
    Cause.LIST_CHANGE: Driver.PRICING,
    Cause.REPRICING: Driver.PRICING,
    Cause.DISCOUNT_CHANGE: Driver.PRICING,
    Cause.PROMOTION_END: Driver.PRICING,
    Cause.PRICE_OR_VOLUME: Driver.UNEXPLAINED,
    Cause.HANDOVER: Driver.UNEXPLAINED,
}

KINDS_OF: Final = {
    Cause.NEW_BUSINESS: ArrKind.NEW,
    Cause.CHURN: ArrKind.CHURN,
    Cause.REACTIVATION: ArrKind.REACTIVATION,
}


_HALF: Final = Decimal("0.5")


class ArrMovement(NamedTuple):
    """A change of one line's yearly value from `day` on. `driver` is None for new business.

    Units: the contract's currency; whole minor units, so that movements sum to the difference of ARR to the cent.
    """

    day: date
    line: str
    product: str
    kind: ArrKind
    driver: Driver | None
    cause: Cause
    amount: Decimal


def moved(day: date, line: str, product: str, cause: Cause, amount: Decimal) -> ArrMovement:
    """A movement, its kind and driver by its cause: what its cause leaves open, by whether it is more or less."""
    kind = KINDS_OF.get(cause) or (ArrKind.EXPANSION if amount > 0 else ArrKind.CONTRACTION)
    return ArrMovement(day, line, product, kind, DRIVERS_OF[cause], cause, amount)


def volume_of(
    quantity_before: Decimal, quantity_after: Decimal, *, net_before: Decimal, difference: Decimal, currency: Currency
) -> Decimal:
    """The part of a yearly `difference` that the quantity makes, at the old net price; the rest is the price's.

    Rounds: once, half up. None of it where there was no quantity to have a price.
    Source: N5.
    """
    if not quantity_before or quantity_before == quantity_after:
        return Decimal(0) if quantity_before else difference
    return round_money(net_before * (quantity_after - quantity_before) / quantity_before, currency)


def volume_at_midpoint(
    quantities: tuple[Decimal, Decimal], nets: tuple[Decimal, Decimal], *, currency: Currency
) -> Decimal:
    """The part of a yearly difference that the quantity makes where only totals before and after are known.

    It is Δquantity × the mean of both net prices, so that the rest is Δprice × the mean quantity.
    Rounds: once, half up.
    Source: N5.
    """
    (quantity_before, quantity_after), (before, after) = quantities, nets
    doubled = EXACT.add(EXACT.divide(before, quantity_before), EXACT.divide(after, quantity_after))
    return round_money(EXACT.multiply(EXACT.multiply(quantity_after - quantity_before, doubled), _HALF), currency)


def moved_at_midpoint(
    day: date,
    line: str,
    product: str,
    quantities: tuple[Decimal, Decimal],
    nets: tuple[Decimal, Decimal],
    *,
    currency: Currency,
) -> Iterator[ArrMovement]:
    """What a line moves whose quantity and yearly net are known before and after: by volume, and by price.

    Rounds: as `volume_at_midpoint`; both sum to the difference of what the nets round to.
    Source: N5.
    """
    difference = round_money(nets[1], currency) - round_money(nets[0], currency)
    volume = volume_at_midpoint(quantities, nets, currency=currency)
    if volume:
        yield moved(day, line, product, Cause.VOLUME if volume > 0 else Cause.PARTIAL_CHURN, volume)
    if price := difference - volume:
        yield moved(day, line, product, Cause.UPLIFT if price > 0 else Cause.DISCOUNT_CHANGE, price)
