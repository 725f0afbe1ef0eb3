"""The tests beside the rules (`*.test.yaml`): what is given, what is asked for, and what the quote must come to."""

from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, PlainValidator, StringConstraints, WithJsonSchema, model_validator

from pricing_engine.rulebook.documents.example_asks import ContractShape, RequestShape
from pricing_engine.rulebook.documents.fields import (
    Amount,
    CurrencyCode,
    Day,
    Id,
    Months,
    Quantity,
    Ratio,
    SnakeName,
    SomeDays,
    Text,
    read_number,
)
from pricing_engine.rulebook.documents.price_book import PriceBookDocument
from pricing_engine.rulebook.documents.scorecard import Points
from pricing_engine.rulebook.documents.shape import Shape, refused, shown


def _read_balance(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    size = read_number(value.removeprefix("-")) if isinstance(value, str) else None
    if size is None:
        fix = 'write a plain decimal such as "20.00", or "-20.00" where the customer gets it'
        raise refused("E112", f"{shown(value)} is not an amount", fix)
    return -size if str(value).startswith("-") else size


Balance = Annotated[Decimal, PlainValidator(_read_balance), WithJsonSchema({"type": ["string", "number"]})]
"""An amount of money that may be to the customer's favour, written `"-20.00"`; only an expectation can be one."""


Source = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)?$")]
"""What an offer comes from: a path or bundle by its id, `<path>.trial`, or `trial.<product>` where no path says it."""


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
    """What one line must come to, by the id the waterfall shows (`crm.seats`); `list` and `net` are over the term.

    `floor`, `target` and `stretch` are its guidance, as shares off list.
    """

    quantity: Quantity | None = None
    list_per_year: Amount | None = None
    net_per_year: Amount | None = None
    list: Amount | None = None
    net: Amount | None = None
    usage_estimate: Amount | None = None
    floor: Ratio | None = None
    target: Ratio | None = None
    stretch: Ratio | None = None


class OfferExpectationShape(Shape):
    """What an offer must come to: the differences of ARR and dues that it makes, and the sentence it is made with."""

    arr_difference: Balance | None = None
    due_now: Balance | None = None
    saving: Balance | None = None
    say: Text | None = None
    days: SomeDays | None = None


class ExpectationShape(Shape):
    """What the quote must come to; `fired`, `lost`, `findings` and `levels` are complete, in any order.

    Of a change: `due` is what is due now by what it is for, of the words written, and `lost` are the policies whose
    loss reprices a line. Without a request: `offers` are those that must be among what the account is offered, by
    the path, bundle or trial they come from, and `not_offered` those that must not. Of scoring: `factors` are the
    points of those that are written.
    """

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
    terms: Id | None = None
    due_now: Balance | None = None
    due: dict[SnakeName, Balance] = Field(default_factory=dict)
    lost: tuple[Id, ...] | None = None
    fired: tuple[Id, ...] | None = None
    findings: tuple[Id, ...] | None = None
    levels: tuple[SnakeName, ...] | None = None
    lines: dict[str, LineExpectationShape] = Field(default_factory=dict)
    refused: Id | None = None
    score: Points | None = None
    band: Id | None = None
    factors: dict[Id, Points] = Field(default_factory=dict)
    floor: Ratio | None = None
    target: Ratio | None = None
    stretch: Ratio | None = None
    offers: dict[Source, OfferExpectationShape] = Field(default_factory=dict)
    not_offered: tuple[Source, ...] = ()


class CaseShape(Shape):
    """One worked example; its `given` adds to the file's, field by field. With a `contract` the request changes it.

    Without a request it is about what the account is offered; `measured` is the latest use by metric.
    """

    name: Text
    why: str = ""
    given: GivenShape = GivenShape()
    contract: ContractShape | None = None
    measured: dict[SnakeName, Quantity] = Field(default_factory=dict)
    request: RequestShape | None = None
    expect: ExpectationShape

    @model_validator(mode="after")
    def _asks_or_is_offered(self) -> Self:
        expects_offers = bool(self.expect.offers or self.expect.not_offered)
        if self.request is None and not expects_offers:
            fix = "add request: {…}, or expect offers: {…} or not_offered: […]"
            raise refused("E106", "this example asks for nothing and expects no offers", fix)
        if self.request is not None and (expects_offers or self.measured):
            raise refused("E106", "a request has no offers and no measured use", "make two examples of it")
        return self


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
