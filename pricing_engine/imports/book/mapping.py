"""kind: book_mapping: which column of a table of contracts is what, and what must hold between them."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from pricing_engine.rulebook.documents.fields import ConditionText, Day, Id, SnakeName, Text, YesNo
from pricing_engine.rulebook.documents.shape import Shape, refused, shown

DateOrder = Literal["year-month-day", "year/month/day", "month/day/year", "day/month/year", "day.month.year"]

NameType = Literal["count", "money", "number", "ratio", "months", "yes_no", "text", "date"]


def _read_word(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str):
        return value
    raise refused("E104", f"{shown(value)} where one value is needed", 'write a word or a number, such as "USD"')


def as_source(value: object) -> object:
    """Lets a column's name stand for `{column: …}`."""
    return {"column": value} if isinstance(value, str) else value


Word = Annotated[str, PlainValidator(_read_word), WithJsonSchema({"type": ["string", "number", "boolean"]})]
"""A value as a cell could hold it; YAML's `true` and `12` are read as that text."""


class SourceShape(Shape):
    """Where a value comes from: a column, with what its cells mean, or the same constant for every row."""

    column: Text | None = None
    constant: Word | None = None
    default: Word | None = None
    values: dict[str, Word] | None = None

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        if (self.column is None) == (self.constant is None):
            raise refused("E106", "a value is a column's or a constant", "write column: … or constant: …, one of them")
        if self.constant is not None and (self.default is not None or self.values is not None):
            raise refused("E106", "a constant needs no default and no values", "remove default and values")
        return self


class NameShape(SourceShape):
    """A column that checks may ask about under a name of its own."""

    type: NameType


Source = Annotated[SourceShape, BeforeValidator(as_source, json_schema_input_type=Any)]
"""A column's name stands for `{column: …}`."""


class AccountsShape(Shape):
    """Whose contracts they are; columns of the accounts file when there is one, else of the book."""

    id: Source
    name: Source
    currency: Source
    market: Source | None = None
    attributes: dict[SnakeName, Source] = Field(default_factory=dict)
    ignored: tuple[Text, ...] = ()


class ContractsShape(Shape):
    """One row: a line of a contract."""

    account: Source
    id: Source
    start: Source
    end: Source | None = None
    end_is: Literal["last_day", "first_day_after"] | None = None
    term_months: Source | None = None
    product: Source | None = None
    tier: Source | None = None
    charge: Source | None = None
    quantity: Source | None = None
    metric: SnakeName | None = None
    net_unit_price: Source | None = None
    net_per_month: Source | None = None
    net_per_year: Source | None = None
    list_unit_price: Source | None = None
    policies: Source | None = None
    billing: Source | None = None
    terms: Source | None = None
    price_hold: Source | None = None
    trial: Source | None = None

    @model_validator(mode="after")
    def _says_everything_once(self) -> Self:
        if (self.product is None) == (self.tier is None):
            raise refused("E106", "a row sells a product or a tier", "map product or tier, one of them")
        nets = (self.net_unit_price, self.net_per_month, self.net_per_year)
        if sum(net is not None for net in nets) != 1:
            fix = "map net_unit_price, net_per_month or net_per_year, one of them; check the others under checks"
            raise refused("E106", "the contracted price is said once", fix)
        if (self.end is None) != (self.end_is is None):
            fix = "map end and say end_is: last_day or first_day_after, or leave both out"
            raise refused("E106", "an end is a last day or the first day without", fix)
        if self.end is None and self.term_months is None:
            raise refused("E106", "nothing says when a contract ends", "map end, term_months, or both")
        return self


class CheckShape(Shape):
    """What must hold in every row; a row in which it does not contradicts itself."""

    id: Id
    that: ConditionText
    why: str = ""
    otherwise: Literal["refuse", "report"] = "refuse"


class WrittenShape(Shape):
    """How a table is written, and which of its columns are left out."""

    why: str = ""
    dates: DateOrder = "year-month-day"
    delimiter: Literal[",", ";", "|", "tab"] = ","
    decimal_comma: YesNo = False
    ignored: tuple[Text, ...] = ()


class TableShape(WrittenShape):
    """A table that is imported, and who the accounts in it are."""

    accounts: AccountsShape | None = None


class BookMappingDocument(TableShape):
    """What the columns of a book are; every column is mapped, named or ignored."""

    kind: Literal["book_mapping"]
    book_date: Day | None = None
    contracts: ContractsShape
    names: dict[SnakeName, NameShape] = Field(default_factory=dict)
    checks: tuple[CheckShape, ...] = ()
