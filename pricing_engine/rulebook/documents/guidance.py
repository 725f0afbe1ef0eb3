"""kind: guidance: what to aim for without a history, whose deals are comparable, and what may be tried out."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator

from pricing_engine.rulebook.documents.fields import ConditionText, Id, Months, Ratio, SnakeName, Text
from pricing_engine.rulebook.documents.ranges import Bound
from pricing_engine.rulebook.documents.selectors import SelectorShape
from pricing_engine.rulebook.documents.shape import Shape, refused, shown
from pricing_engine.scoring.guidance_rules import USUAL_PEERS, Maximise

_FEWEST, _MOST = 5, 100_000


def _read_deals(value: object) -> int:
    if isinstance(value, Decimal) and value == value.to_integral_value() and _FEWEST <= value <= _MOST:
        return int(value)
    fix = f"write a whole number from {_FEWEST}, such as {USUAL_PEERS.minimum}"
    raise refused("E113", f"{shown(value)} deals are not enough to compare with", fix)


Deals = Annotated[
    int,
    PlainValidator(_read_deals),
    WithJsonSchema({"type": "integer", "minimum": _FEWEST, "maximum": _MOST}),
]
"""How many deals: fewer than five would show what single customers pay."""


class GuidanceRowShape(Shape):
    """Target and stretch, as shares off list, of the lines it applies to, where `when` holds."""

    id: Id
    applies_to: SelectorShape = SelectorShape()
    when: ConditionText | None = None
    target: Ratio
    stretch: Ratio
    why: str = ""


class DimensionShape(Shape):
    """What deals are told apart by; a number by the ranges between `bounds`."""

    fact: SnakeName
    bounds: tuple[Bound, ...] = ()


def _as_dimension(value: object) -> object:
    return {"fact": value} if isinstance(value, str) else value


PeerFact = Annotated[DimensionShape, BeforeValidator(_as_dimension, json_schema_input_type=SnakeName | DimensionShape)]
"""A fact by its name, or with the bounds of its ranges."""


class PeersShape(Shape):
    """Who is comparable; `stretch`, `target` and `floor` are quantiles of the discounts of their won deals.

    What is left out is as usual.
    """

    minimum: Deals = USUAL_PEERS.minimum
    months: Months | None = None
    by: tuple[PeerFact, ...] | None = None
    stretch: Ratio = Field(default_factory=lambda: USUAL_PEERS.stretch)
    target: Ratio = Field(default_factory=lambda: USUAL_PEERS.target)
    floor: Ratio = Field(default_factory=lambda: USUAL_PEERS.floor)


class ExploreShape(Shape):
    """That the target of a `share` of quotes is moved by lot, by at most `within`."""

    share: Ratio
    within: Ratio


class GuidanceDocument(Shape):
    """Guidance; the `why` of the file stands for the rows that have none."""

    kind: Literal["guidance"]
    rows: tuple[GuidanceRowShape, ...] = ()
    peers: PeersShape | None = None
    maximise: Maximise = Maximise.MARGIN
    explore: ExploreShape | None = None
    why: Text

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.rows and self.model_fields_set.isdisjoint({"peers", "maximise", "explore"}):
            raise refused("E106", "there is no guidance here", "add rows: […] or peers: {…}")
        return self
