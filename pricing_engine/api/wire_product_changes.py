"""The changes of a request that are about one product, as JSON: add, set, remove, true_up and trial."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from pricing_engine.api.wire_models import (
    LONGEST_TERM,
    MAX_METRICS,
    NO_OTHER_NAMES,
    Quantities,
    UnitPrices,
    WireModel,
    has_one,
)
from pricing_engine.api.wire_numbers import Day, Quantity
from pricing_engine.api.wire_text import RuleId
from pricing_engine.quoting.request import Add, RampStep, Remove, Set, Trial, TrueUp

MAX_RAMP_STEPS: Final = LONGEST_TERM


class RampStepIn(WireModel):
    """What changes so many months into the term: quantities, unit prices or both."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [has_one("quantities"), has_one("unit_prices")]})

    after_months: Annotated[int, Field(ge=1, le=LONGEST_TERM - 1)]
    quantities: Quantities = Field(default_factory=dict)
    unit_prices: UnitPrices = Field(default_factory=dict)

    @model_validator(mode="after")
    def _changes_something(self) -> RampStepIn:
        if not self.quantities and not self.unit_prices:
            raise PydanticCustomError("changes-nothing", "give quantities or unit_prices: a step changes something")
        return self


class HadIn(WireModel):
    """What adding a product and setting it have in common: all that is to be had of it."""

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


class AddIn(HadIn):
    """Take a product, or more of one that the contract has."""

    op: Literal["add"]


class SetIn(HadIn):
    """Have this many of a product from the effective date on, whatever there were."""

    op: Literal["set"]


class RemoveIn(WireModel):
    """Give a product up; with quantities, so many of it."""

    op: Literal["remove"]
    product: RuleId
    quantities: Quantities = Field(default_factory=dict, description="How many to give up; all of it when absent.")


class TrueUpIn(WireModel):
    """Bring what is committed up to what is used."""

    op: Literal["true_up"]
    product: RuleId
    used: Annotated[
        dict[RuleId, Quantity],
        Field(
            min_length=1,
            max_length=MAX_METRICS,
            description="How much is used of each metric, in all.",
            json_schema_extra=NO_OTHER_NAMES,
        ),
    ]
    since: Annotated[Day, Field(description="The first day on which more was used than is committed.")]


class TrialIn(WireModel):
    """Try a product at 0, as long and as much as the terms allow."""

    op: Literal["trial"]
    product: RuleId
    quantities: Quantities = Field(default_factory=dict, description="How many of each metric.")


def add_of(change: AddIn) -> Add:
    """The core's change."""
    return Add(change.product, change.quantities, change.commitments, change.unit_prices, _ramp(change))


def set_of(change: SetIn) -> Set:
    """The core's change."""
    return Set(change.product, change.quantities, change.commitments, change.unit_prices, _ramp(change))


def remove_of(change: RemoveIn) -> Remove:
    """The core's change."""
    return Remove(change.product, change.quantities)


def true_up_of(change: TrueUpIn) -> TrueUp:
    """The core's change."""
    return TrueUp(change.product, change.used, change.since)


def trial_of(change: TrialIn) -> Trial:
    """The core's change."""
    return Trial(change.product, change.quantities)


def _ramp(change: HadIn) -> tuple[RampStep, ...]:
    return tuple(map(_ramp_step, change.ramp)) if change.ramp else ()


def _ramp_step(step: RampStepIn) -> RampStep:
    return RampStep(after_months=step.after_months, quantities=step.quantities, unit_prices=step.unit_prices)
