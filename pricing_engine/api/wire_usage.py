"""Usage readings as JSON: `UsageIn` is what a meter sends, `UsageOut` and `UsageRecordedOut` what is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits, NextCursor
from pricing_engine.api.wire_faults import FieldFault, InvalidRequest
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_numbers import Day, Instant, Usage
from pricing_engine.api.wire_queries import PageQuery
from pricing_engine.api.wire_text import RecordId, RuleId
from pricing_engine.usecases.record_usage import Measured

MAX_READINGS: Final = 1_000


class ReadingIn(WireModel):
    """How much of a metric was measured, and when."""

    id: Annotated[RecordId, Field(description="Yours; what comes again under it is counted once.")]
    metric: RuleId
    at: Annotated[Instant, Field(description="The day or instant it was measured, in UTC.")]
    quantity: Usage
    recorded_at: Annotated[
        Instant | None,
        Field(description="When the meter wrote it down; of one instant the last counts. Now if absent."),
    ] = None


class UsageIn(WireModel):
    """Readings of one account, in any order."""

    readings: Annotated[list[ReadingIn], Field(min_length=1, max_length=MAX_READINGS)]


class UsageQuery(PageQuery):
    """Which readings: those that meet all filters."""

    metric: RuleId | None = None
    first: Annotated[Day | None, Field(alias="from", description="The first day, in UTC.")] = None
    last: Annotated[Day | None, Field(alias="to", description="The last day, in UTC.")] = None


class ReadingOut(Answer):
    """A reading as it was kept."""

    id: str
    metric: str
    day: date
    measured_at: datetime
    quantity: Digits
    counts: Annotated[bool, Field(description="Whether none of its metric and day was measured or recorded later.")]
    recorded_at: datetime
    received_at: datetime
    received_by: str


class UsageOut(Answer):
    """A page of readings, those measured last first."""

    account_id: str
    items: tuple[ReadingOut, ...]
    next_cursor: NextCursor


class UsageRecordedOut(Answer):
    """How many readings were new, and how many had come before."""

    account_id: str
    accepted: int
    repeated: int


def measured_of(wanted: UsageIn, *, today: date) -> tuple[Measured, ...]:
    """The readings.

    Raises: InvalidRequest for days that have not come yet.
    """
    faults = [
        FieldFault("pointer", f"/readings/{place}/{field}", "date-out-of-range", "this day has not come yet")
        for place, each in enumerate(wanted.readings)
        for field, instant in (("at", each.at), ("recorded_at", each.recorded_at))
        if instant is not None and instant.date() > today
    ]
    if faults:
        raise InvalidRequest(faults)
    return tuple([Measured(each.id, each.metric, each.at, each.quantity, each.recorded_at) for each in wanted.readings])
