"""kind: product: what is sold, its charges, and what it needs, excludes and how many of it may be bought."""

from typing import Literal, Self

from pydantic import Field, model_validator

from pricing_engine.catalog.products import ProductType, Timing
from pricing_engine.rulebook.documents.fields import Amount, Id, Per, Positive, Quantity, SnakeName, Text
from pricing_engine.rulebook.documents.selectors import SelectorShape
from pricing_engine.rulebook.documents.shape import Shape, refused


class ChargeShape(Shape):
    """One priced item; its price stands in the price books under `owner.charge`."""

    id: SnakeName
    timing: Timing
    metric: SnakeName | None = None
    per: Per | None = None
    percent_of: SelectorShape | None = None

    @model_validator(mode="after")
    def _has_a_period(self) -> Self:
        if self.timing is Timing.ONE_TIME and self.per is not None:
            raise refused("E106", "a one-time charge has no period", "remove per")
        if self.timing is not Timing.ONE_TIME and self.per is None:
            raise refused(
                "E106", f"a {self.timing} charge needs a period", "add per: month, quarter, half_year or year"
            )
        if self.percent_of is not None and self.metric is not None:
            raise refused(
                "E106", "a charge is a percentage of lines or counts a metric, not both", "remove one of them"
            )
        return self


class QuantityShape(Shape):
    """How many of a metric the product is sold in."""

    minimum: Quantity | None = None
    maximum: Quantity | None = None
    step: Positive | None = None


class ProductDocument(Shape):
    """One product."""

    kind: Literal["product"]
    id: Id
    name: Text | None = None
    type: ProductType
    family: Id
    why: str = ""
    charges: tuple[ChargeShape, ...] = ()
    requires: tuple[Id, ...] = ()
    excludes: tuple[Id, ...] = ()
    replaces: tuple[Id, ...] = ()
    offered_in: tuple[Id, ...] | None = None
    requires_tier: Id | None = None
    quantities: dict[SnakeName, QuantityShape] = Field(default_factory=dict)
    unit_cost: dict[SnakeName, Amount] = Field(default_factory=dict)
