"""The shapes of an acceptance, of the journal and of events, for the OpenAPI document; a test compares."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits
from pricing_engine.api.wire_contract_answers import BookedOut
from pricing_engine.api.wire_quote_answers import QuoteOut
from pricing_engine.retention.movements import ArrKind, Cause, Driver


class MovementOut(Answer):
    """What a booking changes of a line's recurring revenue, from a day on."""

    day: date
    line: str
    product: str
    kind: ArrKind
    driver: Annotated[Driver | None, Field(description="Null for new business.")]
    cause: Cause
    amount: Annotated[Digits, Field(description="Per year, in the contract's currency.")]


class AcceptedOut(Answer):
    """An accepted quote, the contract it made, and what that moves of recurring revenue."""

    quote: QuoteOut
    contract: BookedOut
    movements: tuple[MovementOut, ...]


class EventOut(Answer):
    """Something that happened, in a CloudEvents envelope."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: Annotated[str, Field(description="The id of what it happened to.")]
    time: datetime
    datacontenttype: Literal["application/json"]
    sequence: Annotated[str, Field(description="Its number, without gaps; events are read after one of them.")]
    data: dict[str, Any]


class EventsOut(Answer):
    """Events, oldest first."""

    items: tuple[EventOut, ...]
    next_after: Annotated[int, Field(description="Ask again with `after` set to this.")]


class EntryOut(Answer):
    """An entry of the audit log; `hash` is over all of it and the hash before."""

    number: int
    id: str
    type: str
    subject: str
    at: datetime
    by: str
    role: str
    data: dict[str, Any]
    previous_hash: str
    hash: str


class EntriesOut(Answer):
    """Entries of the audit log, oldest first."""

    items: tuple[EntryOut, ...]
    next_after: int


class VerifiedOut(Answer):
    """Whether the audit log is whole, and the steps and bookings of quotes are as it says."""

    entries: Annotated[int, Field(description="How many are as they were written, from the first on.")]
    hash: Annotated[str, Field(description="Of the last of them; kept elsewhere, it shows that none was taken away.")]
    is_whole: bool
    broken_at: Annotated[int | None, Field(description="The entry at which it shows, if there is one.")]
    quote_id: Annotated[str | None, Field(description="Whose step, content or booking is not as the log says.")]
    step: int | None
    what: str | None
    fix: str | None
    quotes: Annotated[int, Field(description="How many are as the log says; 0 where the log itself is not whole.")]
    steps: int
    bookings: Annotated[int, Field(description="How many contract versions they made, which move what the log says.")]
