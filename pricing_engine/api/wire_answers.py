"""The shapes of answers, for the OpenAPI document alone: what they share, and accounts; a test compares."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pricing_engine.api.wire_accounts import DateAttribute, DecimalAttribute

NextCursor = Annotated[str | None, Field(description="Send it as `cursor` for the next page; null: there is none.")]
Digits = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["1200.00"])]


class Answer(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(extra="forbid")


class RuleOut(Answer):
    """The rule behind a number, with its file and line."""

    id: str
    file: str
    line: int
    why: str


class InvoiceLineOut(Answer):
    """What one line adds to an invoice."""

    line: str
    amount: Digits


class InvoiceOut(Answer):
    """One invoice of the schedule."""

    day: date
    start: date
    end: date
    last_day: date
    total: Digits
    lines: tuple[InvoiceLineOut, ...]


class AccountOut(Answer):
    """Who can be quoted."""

    id: str
    name: str
    currency: str
    market: str | None
    external_id: str | None
    attributes: dict[str, str | bool | DecimalAttribute | DateAttribute]
    created_at: datetime


class AccountsOut(Answer):
    """A page of accounts, newest first."""

    items: tuple[AccountOut, ...]
    next_cursor: NextCursor
