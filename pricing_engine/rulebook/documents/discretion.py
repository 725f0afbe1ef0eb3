"""kind: discretion: what each role may give of its own accord, the total cap and the floor."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pricing_engine.rulebook.documents.fields import ConditionText, Id, OneOrMore, Ratio, SnakeName
from pricing_engine.rulebook.documents.selectors import SelectorShape
from pricing_engine.rulebook.documents.shape import Shape, refused


class LimitShape(Shape):
    """What a role may give, per line and over the quote."""

    id: Id
    role: SnakeName
    line_max: Ratio
    quote_max: Ratio
    applies_to: SelectorShape = SelectorShape()
    when: ConditionText | None = None
    why: str = ""


class FloorShape(Shape):
    """The net price below which no approval helps: the higher of the two binds."""

    net_ratio: Ratio | None = None
    margin: Annotated[Ratio | None, Field(alias="or_margin")] = None
    why: str = ""

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if self.net_ratio is None and self.margin is None:
            raise refused(
                "E106", "a floor is a share of list or a margin", 'write net_ratio: "55%", or_margin, or both'
            )
        return self


class DiscretionDocument(Shape):
    """What people may take off; `may_price` are the roles that give an on-request line its price."""

    kind: Literal["discretion"]
    limits: tuple[LimitShape, ...] = ()
    max_total_discount: Ratio | None = None
    floor: FloorShape | None = None
    may_price: Annotated[tuple[SnakeName, ...], OneOrMore] = ()
    why: str = ""
