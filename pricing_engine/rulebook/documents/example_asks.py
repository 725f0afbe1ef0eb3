"""What a worked example asks for: a new sale, or changes to a contract that was sold before."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from pricing_engine.rulebook.documents.fields import (
    Amount,
    Day,
    Id,
    Months,
    OneOrMore,
    Positive,
    Quantity,
    Ratio,
    SnakeName,
    Text,
    YesNo,
)
from pricing_engine.rulebook.documents.shape import Shape, refused
from pricing_engine.terms.terms import Waivable


class QuantitiesShape(Shape):
    """Every field that is not its own is a metric and its quantity, such as `users: 100`."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Positive] = Field(init=False)

    @property
    def quantities(self) -> dict[str, Positive]:
        """The quantities by metric; of a usage metric it is a committed quantity."""
        return self.__pydantic_extra__


class RampStepShape(QuantitiesShape):
    """What changes so many months into the term."""

    after_months: Months
    unit_prices: dict[SnakeName, Amount] = Field(default_factory=dict)


class ProductShape(QuantitiesShape):
    """A product, and how many of each metric."""

    product: Id


class AddShape(ProductShape):
    """A product taken, or more of one that the contract has."""

    commitments: dict[SnakeName, Amount] = Field(default_factory=dict)
    unit_prices: dict[SnakeName, Amount] = Field(default_factory=dict)
    ramp: tuple[RampStepShape, ...] = ()


class SetShape(AddShape):
    """How many there are to be of a product, whatever there were."""


class RemoveShape(ProductShape):
    """A product given up, or so many of it; the name of a product alone gives all of it up."""

    @model_validator(mode="before")
    @classmethod
    def _may_be_a_name(cls, value: object) -> object:
        return {"product": value} if isinstance(value, str) else value


class TrueUpShape(ProductShape):
    """A product of which more is used than was bought, since a day; its quantities are what is used."""

    since: Day


class AskShape(Shape):
    """A discretionary discount for the quote, a product or one charge; it has one of percent, amount and unit_price."""

    product: Id | None = None
    charge: SnakeName | None = None
    percent: Ratio | None = None
    amount: Amount | None = None
    unit_price: Amount | None = None
    why: str = ""


class WaiverShape(Shape):
    """A term that is to be waived, or to be `to` instead."""

    what: Waivable
    to: Text | None = None
    why: str = ""


class SaleShape(Shape):
    """What is asked for in every request: products, and how they are to be sold."""

    add: tuple[AddShape, ...] = ()
    tier: Id | None = None
    bundles: Annotated[tuple[Id, ...], OneOrMore] = ()
    discounts: tuple[AskShape, ...] = ()
    usage: dict[SnakeName, Quantity] = Field(default_factory=dict)


class ContractShape(SaleShape):
    """The sale that made the contract; what it leaves out is as in the situation of the example."""

    add: Annotated[tuple[AddShape, ...], Field(min_length=1)]
    effective: Day
    term_months: Months | None = None
    billing: SnakeName | None = None


class RequestShape(SaleShape):
    """What the rep asks for; the fields that a sale does not have change a contract."""

    set: tuple[SetShape, ...] = ()
    remove: Annotated[tuple[RemoveShape, ...], OneOrMore] = ()
    change_tier: Id | None = None
    renew: YesNo = False
    extend: Months | None = None
    cancel: YesNo = False
    reinstate: YesNo = False
    true_up: tuple[TrueUpShape, ...] = ()
    trial: tuple[ProductShape, ...] = ()
    waivers: tuple[WaiverShape, ...] = ()

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not (self.add or self.changes):
            fix = "write add: [{product: …}], or with a contract remove, set, renew: true, cancel: true …"
            raise refused("E106", "this asks for nothing", fix)
        return self

    @property
    def changes(self) -> tuple[str, ...]:
        """The fields written that only change a contract, in the order of this shape."""
        return tuple(field for field in CHANGES_OF_A_CONTRACT if getattr(self, field))


CHANGES_OF_A_CONTRACT = ("set", "remove", "change_tier", "renew", "extend", "cancel", "reinstate", "true_up", "trial")
"""The fields of a request that need a contract."""
