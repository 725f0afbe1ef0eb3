"""How a milestone came out, as JSON: `OutcomeIn` is what is recorded."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pricing_engine.api.wire_faults import FieldFault, InvalidRequest
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_numbers import Day
from pricing_engine.api.wire_text import RecordId, RuleId


class OutcomeIn(WireModel):
    """How a milestone of a contract came out."""

    milestone: RuleId
    outcome: Literal["met", "missed"]
    on: Annotated[Day | None, Field(description="The day it was met, or is credited; today when absent.")] = None
    contract_id: Annotated[
        RecordId | None, Field(description="The contract that promises it; the only one when absent.")
    ] = None


def check_has_come(wanted: OutcomeIn, *, today: date) -> None:
    """Refuses the outcome of a day that is still to come.

    Raises: InvalidRequest.
    """
    if wanted.on is not None and wanted.on > today:
        raise InvalidRequest([FieldFault("pointer", "/on", "date-out-of-range", "this day has not come yet")])
