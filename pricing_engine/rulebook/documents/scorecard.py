"""kind: scorecard: the factors a deal is scored by, each with its weight, and what scores are called."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from pricing_engine.rulebook.documents.fields import ConditionText, Id, Text, read_number
from pricing_engine.rulebook.documents.shape import Shape, refused, shown

_MOST = Decimal(100)
_TENTHS = Decimal("0.1")


def _read_points(value: object) -> Decimal:
    points = read_number(value)
    if points is None or points > _MOST or points % _TENTHS:
        fix = "write a number from 0 to 100 with at most one decimal, such as 15 or 7.5"
        raise refused("E129", f"{shown(value)} is not a number of points of a score", fix)
    return points


def _read_weight(value: object) -> Decimal:
    points = _read_points(value)
    if not points:
        raise refused("E129", "a factor of no weight moves no score", "write its weight, or remove the factor")
    return points


_SCHEMA: dict[str, Any] = {
    "type": ["string", "number"],
    "pattern": r"^(?:0|[1-9][0-9]{0,2})(?:\.[0-9]0*)?$",
    "minimum": 0,
    "maximum": 100,
}
Points = Annotated[Decimal, PlainValidator(_read_points), WithJsonSchema(_SCHEMA)]
"""Points of a score: 0 to 100, to a tenth."""

Weight = Annotated[Decimal, PlainValidator(_read_weight), WithJsonSchema(_SCHEMA)]
"""The same, above 0."""


class FactorShape(Shape):
    """What a deal is judged by: `value` is a formula that gives 0 to 1, of `weight` points."""

    id: Id
    weight: Weight
    value: ConditionText
    why: str = ""


class BandShape(Shape):
    """What scores from some points on are called."""

    start: Annotated[Points, Field(alias="from")]
    name: Id


class ScorecardDocument(Shape):
    """The scorecard; the `why` of the file stands for the factors that have none."""

    kind: Literal["scorecard"]
    id: Id
    factors: Annotated[tuple[FactorShape, ...], Field(min_length=1)]
    bands: Annotated[tuple[BandShape, ...], Field(min_length=1)]
    why: Text
