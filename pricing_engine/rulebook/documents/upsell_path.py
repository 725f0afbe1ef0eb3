"""kind: upsell_path: from what an account has, when a condition holds, to an offer, a trial or both."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pricing_engine.rulebook.documents.fields import (
    ConditionText,
    Id,
    Months,
    Positive,
    Ratio,
    SnakeName,
    SomeDays,
    Text,
)
from pricing_engine.rulebook.documents.shape import Shape, refused


class StartShape(Shape):
    """What the account has: a tier, a product or both."""

    tier: Id | None = None
    product: Id | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.tier is None and self.product is None:
            raise refused("E106", "this starts from nothing", "write tier: … or product: …, or leave `from` out")
        return self


class CapacityShape(Shape):
    """More of a metric. `product` says of which; left out, it is every product that counts the same people."""

    metric: SnakeName
    more: Positive
    product: Id | None = None


class IncentiveShape(Shape):
    """A percentage off the lines of the offer, for some months."""

    percent: Ratio
    months: Months | None = None


class OfferShape(Shape):
    """One of tier, product, capacity and bundle; `quantities` left out are those the account has."""

    tier: Id | None = None
    product: Id | None = None
    capacity: CapacityShape | None = None
    bundle: Id | None = None
    quantities: dict[SnakeName, Positive] = Field(default_factory=dict)
    incentive: IncentiveShape | None = None

    @model_validator(mode="after")
    def _is_one_of_four(self) -> Self:
        if sum(each is not None for each in (self.tier, self.product, self.capacity, self.bundle)) != 1:
            raise refused("E106", "an offer is of one thing", "write one of tier, product, capacity and bundle")
        if self.quantities and self.product is None and self.bundle is None:
            raise refused("E106", "only a product or a bundle has quantities", "remove quantities")
        return self


class PathTrialShape(Shape):
    """A product to try; `days` and `limits` are what the terms have to allow at least."""

    product: Id
    days: SomeDays | None = None
    limits: dict[SnakeName, Positive] = Field(default_factory=dict)


class UpsellPathDocument(Shape):
    """One upsell path. `say` is what the customer reads, with placeholders in braces; `why` is for the pricing team."""

    kind: Literal["upsell_path"]
    id: Id
    start: Annotated[StartShape | None, Field(alias="from")] = None
    when: ConditionText | None = None
    offer: OfferShape | None = None
    trial: PathTrialShape | None = None
    say: Text
    why: Text

    @property
    def incentive(self) -> IncentiveShape | None:
        """What is taken off the offer."""
        return self.offer.incentive if self.offer is not None else None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if self.offer is None and self.trial is None:
            raise refused("E106", "this path leads nowhere", "add offer: {…}, trial: {…} or both")
        return self
