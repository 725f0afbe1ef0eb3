"""A list price: a charge model with what is included, its limits per period, and what use above a commitment costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from pricing_engine.catalog.charge_models import ChargeModel
from pricing_engine.money import ZERO


@dataclass(frozen=True, slots=True)
class Price:
    """A charge model and what surrounds it.

    `included` units are free and the bands count what is left; `minimum` and `maximum` limit the amount of one
    charge period before discounts; `overage_unit_price` is what each unit above a committed quantity costs
    (None: the charge model itself goes on). `is_free`: no quantity costs anything.
    Source: P11.
    """

    model: ChargeModel
    included: Decimal = ZERO
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    overage_unit_price: Decimal | None = None
    is_free: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("the minimum is above the maximum")
        object.__setattr__(self, "is_free", not self.minimum and self.model.is_free)


@dataclass(frozen=True, slots=True)
class OnRequest:
    """No list price: the line has none until someone allowed to gives it one (P5). Never 0."""


@dataclass(frozen=True, slots=True)
class CommittedQuantity:
    """A quantity paid for every period, used or not."""

    quantity: Decimal


@dataclass(frozen=True, slots=True)
class CommittedAmount:
    """An amount paid every period, which usage is drawn from."""

    amount: Decimal


Commitment = CommittedQuantity | CommittedAmount


@dataclass(frozen=True, slots=True)
class UsageRating:
    """What one period's usage costs: the committed fee, and what is owed on top."""

    committed: Decimal
    overage: Decimal

    @property
    def total(self) -> Decimal:
        """Fee and overage together."""
        return self.committed + self.overage


def rate(price: Price, quantity: Decimal) -> Decimal:
    """The list amount of one charge period for a quantity, limits applied.

    Units: major units, unrounded.
    Source: P10, P11.
    """
    if price.included:
        quantity = max(quantity - price.included, ZERO)
    amount = price.model.amount(quantity)
    if price.minimum is None and price.maximum is None:
        return amount
    return limit(amount, minimum=price.minimum, maximum=price.maximum)


def limit(
    amount: Decimal, *, minimum: Decimal | None, maximum: Decimal | None, already_rated: Decimal = ZERO
) -> Decimal:
    """The amount raised to the minimum and cut at the maximum of its period.

    `already_rated` is what earlier parts of the same period came to: the limits bind the period, not the part.
    """
    if minimum is not None:
        amount = max(amount, minimum - already_rated)
    if maximum is not None:
        amount = min(amount, max(maximum - already_rated, ZERO))
    return amount


def rate_increment(price: Price, *, cumulative: Decimal, already_rated: Decimal) -> Decimal:
    """What is owed for the period so far, less what was already rated in it: rate(cumulative) − already rated.

    Source: P11: rating is on the period's quantity, not per event.
    """
    return rate(price, cumulative) - already_rated


def rate_layer(price: Price, quantity: Decimal, *, below: Decimal) -> Decimal:
    """What `quantity` units cost a period on top of the units `below`, which are paid for at another price.

    At least 0, where more units cost less in all.
    Source: P17.
    """
    return max(rate(price, below + quantity) - rate(price, below), ZERO) if quantity else ZERO


def committed_fee(price: Price, commitment: Commitment) -> Decimal:
    """The fee of one charge period that is owed whatever is used."""
    match commitment:
        case CommittedQuantity(quantity):
            return rate(price, quantity)
        case CommittedAmount(amount):
            return amount


def rate_usage(price: Price, *, used: Decimal, commitment: Commitment | None) -> UsageRating:
    """What one period's usage costs under a commitment, or under none.

    Above a committed quantity each unit costs the overage price, or what the charge model adds where there is
    none; above a committed amount the charge model goes on.
    Units: major units, unrounded.
    Source: P11.
    """
    if commitment is None:
        return UsageRating(committed=ZERO, overage=rate(price, used))
    fee = committed_fee(price, commitment)
    if isinstance(commitment, CommittedQuantity) and price.overage_unit_price is not None:
        overage = max(used - commitment.quantity, ZERO) * price.overage_unit_price
        return UsageRating(
            committed=fee, overage=limit(overage, minimum=None, maximum=price.maximum, already_rated=fee)
        )
    return UsageRating(committed=fee, overage=max(rate(price, used) - fee, ZERO))
