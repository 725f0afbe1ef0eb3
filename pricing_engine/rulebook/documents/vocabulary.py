"""kind: vocabulary: every name an expression may use, its type, and where its value comes from."""

from typing import Annotated, Literal

from pydantic import Field

from pricing_engine.rulebook.documents.fields import SnakeName, Text, YesNo
from pricing_engine.rulebook.documents.ranges import RangeField
from pricing_engine.rulebook.documents.shape import Shape

NameType = Literal["yes_no", "enum", "text", "count", "ratio", "money", "months", "date", "number"]


class NameShape(Shape):
    """One name. `values` are those of an enum; `range` is inclusive, a ratio's in percent."""

    type: NameType
    origin: Annotated[Text, Field(alias="from")]
    values: tuple[Text, ...] = ()
    range: RangeField | None = None
    optional: YesNo = False
    meaning: str = ""


class VocabularyDocument(Shape):
    """The names by their spelling in expressions."""

    kind: Literal["vocabulary"]
    names: dict[SnakeName, NameShape]
