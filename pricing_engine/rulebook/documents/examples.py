"""The tests beside the rules (`*.test.yaml`): what is given, what is asked for, and what the quote must come to."""

from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainValidator, WithJsonSchema

from pricing_engine.rulebook.documents.example_asks import ContractShape, RequestShape
from pricing_engine.rulebook.documents.fields import (
    Amount,
    CurrencyCode,
    Day,
    Id,
    Months,
    Quantity,
    SnakeName,
    Text,
    read_number,
)
from pricing_engine.rulebook.documents.price_book import PriceBookDocument
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
    """What the quote must come to; `fired`, `lost`, `findings` and `levels` are complete, in any order.

    Of a change: `due` is what is due now by what it is for, of the words written, and `lost` are the policies whose
    loss reprices a line.
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


class CaseShape(Shape):
    """One worked example; its `given` adds to the file's, field by field. With a `contract` the request changes it."""

    name: Text
    why: str = ""
    given: GivenShape = GivenShape()
    contract: ContractShape | None = None
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
