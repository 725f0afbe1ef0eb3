"""kind: tiers: the ladder of a platform, lowest tier first, with each tier's limits, charges and offers."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from pricing_engine.rulebook.documents.fields import Amount, Id, Quantity, SnakeName, Text, YesNo, read_number
from pricing_engine.rulebook.documents.product import ChargeShape
from pricing_engine.rulebook.documents.shape import Shape, refused, shown


def _as_limit(value: object) -> object:
    if value == "unlimited":
        return {"included": None}
    if isinstance(value, str) and read_number(value) is None:
        raise refused("E113", f"{shown(value)} is not a limit", "write a number, unlimited or {included: 100}")
    return {"included": value} if isinstance(value, Decimal | str) else value


class LimitShape(Shape):
    """How much of a metric a tier holds; None is unlimited."""

    included: Quantity | None
    overage: YesNo = False


LimitField = Annotated[LimitShape, BeforeValidator(_as_limit, json_schema_input_type=Any)]
"""A number, `unlimited`, or `{included: 5000, overage: true}`."""


def _offers_tag(value: object) -> str:
    return "the word all" if isinstance(value, str) else "the products"


Offers = Annotated[
    Annotated[Literal["all"], Tag("the word all")] | Annotated[tuple[Id, ...], Tag("the products")],
    Discriminator(_offers_tag),
]
"""`all`, or a list of products; told apart by hand, so that a wrong id is not also called a wrong word."""


class TierShape(Shape):
    """One step of the ladder."""

    id: Id
    name: Text | None = None
    why: str = ""
    charges: tuple[ChargeShape, ...] = ()
    limits: dict[SnakeName, LimitField] = Field(default_factory=dict)
    offers: Offers = "all"
    unit_cost: dict[SnakeName, Amount] = Field(default_factory=dict)


class TiersDocument(Shape):
    """The ladder; its id, name and family are those of the platform product it makes."""

    kind: Literal["tiers"]
    id: Id
    name: Text | None = None
    family: Id = "platform"
    why: str = ""
    ladder: Annotated[tuple[TierShape, ...], Field(min_length=1)]
