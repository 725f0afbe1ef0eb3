"""The changes of a quote request as JSON: a union told apart by `op`, and how each becomes a change of the core."""

from __future__ import annotations

from typing import Annotated, Final, Literal, final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from pricing_engine.api.wire_numbers import Price, Quantity
from pricing_engine.api.wire_text import RuleId
from pricing_engine.quoting.request import Add, RampStep

MAX_METRICS: Final = 50
MAX_RAMP_STEPS: Final = 120

LaterOp = Literal["set", "remove", "change_tier", "renew", "extend", "cancel", "reinstate", "true_up", "trial"]

NO_OTHER_NAMES: Final[JsonDict] = {"additionalProperties": False}
"""For the schema of a mapping: names of another form are refused, which pydantic does and does not say."""

Quantities = Annotated[dict[RuleId, Quantity], Field(max_length=MAX_METRICS, json_schema_extra=NO_OTHER_NAMES)]
UnitPrices = Annotated[dict[RuleId, Price], Field(max_length=MAX_METRICS, json_schema_extra=NO_OTHER_NAMES)]


def has_one(name: str) -> JsonDict:
    """The schema of an object in which a field is there, not null and not empty."""
    return {"required": [name], "properties": {name: {"not": {"enum": [None, {}, []]}}}}


class WireModel(BaseModel):
    """What a caller sends: nothing coerced, nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class RampStepIn(WireModel):
    """What changes so many months into the term: quantities, unit prices or both."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [has_one("quantities"), has_one("unit_prices")]})

    after_months: Annotated[int, Field(ge=1, le=119)]
    quantities: Quantities = Field(default_factory=dict)
    unit_prices: UnitPrices = Field(default_factory=dict)

    @model_validator(mode="after")
    def _changes_something(self) -> RampStepIn:
        if not self.quantities and not self.unit_prices:
            raise PydanticCustomError("changes-nothing", "give quantities or unit_prices: a step changes something")
        return self


class AddIn(WireModel):
    """Take a product."""

    op: Literal["add"]
    product: RuleId
    quantities: Quantities = Field(default_factory=dict, description="How many of each metric.")
    commitments: Annotated[UnitPrices, Field(description="Committed amounts by usage charge.")] = Field(
        default_factory=dict
    )
    unit_prices: Annotated[UnitPrices, Field(description="Prices by charge: of one on request, or a target.")] = Field(
        default_factory=dict
    )
    ramp: Annotated[list[RampStepIn], Field(max_length=MAX_RAMP_STEPS)] | None = None
    unit_price: Annotated[None, Field(description="Name the charge instead: `unit_prices`.")] = None


def _refuse_later(op: str) -> str:
    raise PydanticCustomError("op-not-available", "{op} is not available yet; use add", {"op": op})


@final
class LaterIn(BaseModel):
    """An op that the design names and this version does not have; its other fields are not looked at."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    op: Annotated[LaterOp, AfterValidator(_refuse_later)]


ChangeIn = Annotated[AddIn | LaterIn, Field(discriminator="op")]


def change_of(change: AddIn | LaterIn) -> Add:
    """The core's change. A `LaterIn` never validates, so there is none to read here."""
    # Not isinstance, which pydantic's metaclass makes ten times as dear.
    if type(change) is LaterIn:
        raise TypeError("an op that is not available passed validation")
    ramp = tuple(map(_ramp_step, change.ramp)) if change.ramp else ()
    return Add(change.product, change.quantities, change.commitments, change.unit_prices, ramp)


def _ramp_step(step: RampStepIn) -> RampStep:
    return RampStep(after_months=step.after_months, quantities=step.quantities, unit_prices=step.unit_prices)
