"""kind: approval_matrix: which level must agree, by ranges and words; the rows may stand in a CSV file beside it."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, PlainValidator, WithJsonSchema, model_validator

from pricing_engine.policies.approvals import Hit
from pricing_engine.rulebook.documents.fields import Id, SnakeName, Text
from pricing_engine.rulebook.documents.ranges import RangeText, read_range
from pricing_engine.rulebook.documents.shape import Shape, refused, shown

ColumnWord = Literal["range", "one_of"]


def _read_cell(value: object) -> RangeText | tuple[str, ...]:
    if isinstance(value, str) and ".." in value:
        return read_range(value)
    words = value if isinstance(value, list) else [value]
    for word in words:
        if not isinstance(word, str) or not word:
            fix = 'write a range such as "0%..20%", a word, or a list of words'
            raise refused("E116", f"{shown(word)} is not a range or a word", fix)
    return tuple(words)


Cell = Annotated[
    RangeText | tuple[str, ...],
    PlainValidator(_read_cell),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class RowShape(Shape):
    """One row: an id, a level, and a cell per column; a column left out holds for every value."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Cell] = Field(init=False)

    id: Id
    level: SnakeName
    why: str = ""

    @property
    def cells(self) -> dict[str, RangeText | tuple[str, ...]]:
        """The cells by column."""
        return self.__pydantic_extra__


class ApprovalMatrixDocument(Shape):
    """The matrix; `levels` lowest first."""

    kind: Literal["approval_matrix"]
    id: Id
    levels: Annotated[tuple[SnakeName, ...], Field(min_length=1)]
    columns: Annotated[dict[SnakeName, ColumnWord], Field(min_length=1)]
    hit: Hit = Hit.HIGHEST
    rows: tuple[RowShape, ...] = ()
    rows_csv: Text | None = None
    why: str = ""

    @model_validator(mode="after")
    def _has_rows(self) -> Self:
        if bool(self.rows) == (self.rows_csv is not None):
            raise refused("E106", "a matrix has rows here or in a CSV file", "write rows, or rows_csv: discount.csv")
        return self
