"""The tests beside the rules (`*.test.yaml`): what is given, what is asked for, and what the quote must come to."""

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from pricing_engine.rulebook.documents.fields import (
    Amount,
    CurrencyCode,
    Day,
    Id,
    Months,
    OneOrMore,
    Positive,
    Quantity,
    Ratio,
    SnakeName,
    Text,
)
from pricing_engine.rulebook.documents.price_book import PriceBookDocument
from pricing_engine.rulebook.documents.shape import Shape


class RampStepShape(Shape):
    """What changes so many months into the term; every other field is a metric and its new quantity."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Positive] = Field(init=False)

    after_months: Months
    unit_prices: dict[SnakeName, Amount] = Field(default_factory=dict)

    @property
    def quantities(self) -> dict[str, Positive]:
        """The quantities by metric."""
        return self.__pydantic_extra__


class AddShape(Shape):
    """A product taken; every other field is a metric and its quantity, such as `users: 100`."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Positive] = Field(init=False)

    product: Id
    commitments: dict[SnakeName, Amount] = Field(default_factory=dict)
    unit_prices: dict[SnakeName, Amount] = Field(default_factory=dict)
    ramp: tuple[RampStepShape, ...] = ()

    @property
    def quantities(self) -> dict[str, Positive]:
        """The quantities by metric; of a usage metric it is a committed quantity."""
        return self.__pydantic_extra__


class AskShape(Shape):
    """A discretionary discount for the quote, a product or one charge; it has one of percent, amount and unit_price."""

    product: Id | None = None
    charge: SnakeName | None = None
    percent: Ratio | None = None
    amount: Amount | None = None
    unit_price: Amount | None = None
    why: str = ""


class RequestShape(Shape):
    """What the rep asks for."""

    add: Annotated[tuple[AddShape, ...], Field(min_length=1)]
    tier: Id | None = None
    bundles: Annotated[tuple[Id, ...], OneOrMore] = ()
    discounts: tuple[AskShape, ...] = ()
    usage: dict[SnakeName, Quantity] = Field(default_factory=dict)


class GivenShape(Shape):
    """The situation; every other field is an attribute of the account, such as `segment: smb`."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Any] = Field(init=False)

    price_book: Id | None = None
    effective: Day | None = None
    as_of: Day | None = None
    term_months: Months | None = None
    currency: CurrencyCode | None = None
    market: Text | None = None
    role: SnakeName | None = None
    billing: SnakeName | None = None

    @property
    def attributes(self) -> dict[str, Any]:
        """The account's attributes as written."""
        return self.__pydantic_extra__

    def overlaid(self, other: "GivenShape") -> "GivenShape":
        """This situation with every field that the other one writes."""
        written = {name: getattr(other, name) for name in other.model_fields_set}
        return self.model_copy(update=written)


class LineExpectationShape(Shape):
    """What one line must come to, by the id the waterfall shows (`crm.seats`); `list` and `net` are over the term."""

    quantity: Quantity | None = None
    list_per_year: Amount | None = None
    net_per_year: Amount | None = None
    list: Amount | None = None
    net: Amount | None = None
    usage_estimate: Amount | None = None


class ExpectationShape(Shape):
    """What the quote must come to; `fired`, `findings` and `levels` are complete, in any order."""

    arr: Amount | None = None
    mrr: Amount | None = None
    acv: Amount | None = None
    tcv: Amount | None = None
    list: Amount | None = None
    net: Amount | None = None
    discount: Amount | None = None
    one_time: Amount | None = None
    first_invoice: Amount | None = None
    tier: Id | None = None
    fired: tuple[Id, ...] | None = None
    findings: tuple[Id, ...] | None = None
    levels: tuple[SnakeName, ...] | None = None
    lines: dict[str, LineExpectationShape] = Field(default_factory=dict)
    refused: Id | None = None


class CaseShape(Shape):
    """One worked example; its `given` adds to the file's, field by field."""

    name: Text
    why: str = ""
    given: GivenShape = GivenShape()
    request: RequestShape
    expect: ExpectationShape


class OwnPriceBookShape(PriceBookDocument):
    """A price book of the test's own: where `given` names it, it is the only one."""

    kind: Literal["price_book"] = "price_book"


class ExamplesDocument(Shape):
    """A file of worked examples; `for` is the rule file they stand beside, without its ending."""

    subject: Annotated[Text, Field(alias="for")]
    why: str = ""
    price_book: OwnPriceBookShape | None = None
    given: GivenShape = GivenShape()
    cases: Annotated[tuple[CaseShape, ...], Field(min_length=1)]


@cache
def examples_schema() -> dict[str, Any]:
    """The JSON schema of a file of worked examples."""
    return ExamplesDocument.model_json_schema(mode="validation")
