"""kind: deal_mapping: which column of a table of deals, and of the tables beside it, is what."""

from collections import Counter
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pricing_engine.imports.book.mapping import Source, SourceShape, Word, WrittenShape, as_source
from pricing_engine.rulebook.documents.fields import Id, OneOrMore, SnakeName, Text
from pricing_engine.rulebook.documents.shape import Shape, refused
from pricing_engine.scoring.deal import DISCOUNT, FAMILY, PRODUCT

FactType = Literal["word", "number", "yes_no"]

OF_LINES: Final = frozenset({PRODUCT, FAMILY, DISCOUNT})
"""Facts that the lines of a deal say; a column for one of them would be a second opinion."""


class JoinedShape(Shape):
    """A table that says more of what deals name: its `key` is what the column `by` of the deals holds."""

    key: Text
    by: Text | None = None


class AccountShape(SourceShape):
    """Whose deal it is, and what becomes of one that names nobody."""

    missing: Literal["refuse", "each_its_own"] = "refuse"


class CreatedShape(SourceShape):
    """The day from which the facts are, and what becomes of an open deal without one."""

    missing: Literal["refuse", "leave_out"] = "refuse"


class OutcomeShape(Shape):
    """How deals ended, by the words of a column; each word means one thing."""

    column: Text
    won: Annotated[tuple[Word, ...], OneOrMore]
    lost: Annotated[tuple[Word, ...], OneOrMore]
    open: Annotated[tuple[Word, ...], OneOrMore] = ()

    @model_validator(mode="after")
    def _says_each_word_once(self) -> Self:
        twice = [word for word, count in Counter((*self.won, *self.lost, *self.open)).items() if count > 1]
        if twice:
            raise refused("E106", f"{twice[0]} is there twice", "say of each word whether it is won, lost or open")
        return self


class DrawnShape(Shape):
    """That the price was drawn by lot: the discount that was drawn, and how likely that one was.

    `expected` is what the deal's lot gives on average, where lots differ from deal to deal.
    """

    was: Source | None = None
    discount: Source
    propensity: Source
    expected: Source | None = None


class DealsShape(Shape):
    """One row: a deal, or one line of it. Amounts are in the reporting currency, or in that of `currency`."""

    id: Source
    account: Annotated[AccountShape, BeforeValidator(as_source, json_schema_input_type=Any)]
    created: Annotated[CreatedShape, BeforeValidator(as_source, json_schema_input_type=Any)]
    closed: Source
    outcome: OutcomeShape
    reason: Source | None = None
    product: Source | None = None
    family: Source | None = None
    list: Source | None = None
    net: Source | None = None
    currency: Source | None = None
    drawn: DrawnShape | None = None

    @model_validator(mode="after")
    def _has_what_lines_are_of(self) -> Self:
        if self.product is None and (self.family or self.list or self.net):
            raise refused("E106", "family, list and net are of a product", "map product, or give it a constant")
        if self.currency is not None and self.list is None and self.net is None:
            raise refused("E106", "a currency is of amounts", "map list or net, or leave currency out")
        return self


class FactShape(SourceShape):
    """Something that was known when the deal was created."""

    type: FactType


class DealMappingDocument(WrittenShape):
    """What the columns are. Those of a table beside the deals are written `table.column`.

    `spelled` says by column which cells are to be read as another text; all others stay as they are.
    """

    kind: Literal["deal_mapping"]
    tables: dict[Id, JoinedShape] = Field(default_factory=dict)
    spelled: dict[Text, dict[str, Text]] = Field(default_factory=dict)
    deals: DealsShape
    facts: dict[SnakeName, FactShape] = Field(default_factory=dict)
