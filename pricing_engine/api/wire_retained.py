"""What is behind figures of retention, and growth, over the API: what may be asked, and the shapes of the answers."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from pricing_engine.api.wire_answers import Answer, Digits
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_numbers import Day
from pricing_engine.api.wire_queries import DEFAULT_LIMIT, Limit, Sequence
from pricing_engine.api.wire_retention import GapDays, Months, SegmentNames
from pricing_engine.api.wire_text import RecordId
from pricing_engine.retention.cohorts import CohortSpan
from pricing_engine.retention.movements import ArrKind, Cause, Driver

_MARGIN: Final = re.compile(r"-?[0-9](?:\.[0-9]{1,6})?", re.ASCII)


class AccountsBehindQuery(WireModel):
    """Which accounts are behind a figure: of which segment, and which part of the list."""

    on: Day | None = Field(default=None, description="The closing day; today when absent.")
    months: Months = Field(default=12, description="How many months before the closing the opening is.")
    by: SegmentNames | None = None
    segment: Annotated[str, Field(max_length=1_000)] | None = Field(
        default=None, description="Only the segment of this name, as `by` tells the book apart."
    )
    account_id: RecordId | None = Field(default=None, description="Only this account.")
    after: Sequence = Field(default=0, description="`next_after` of the answer before; 0 for the first.")
    limit: Limit = DEFAULT_LIMIT


class BehindQuery(AccountsBehindQuery):
    """Which movements are behind a figure."""

    gap_days: GapDays | None = Field(
        default=None, description="Who had nothing for more days than this and came back is told as new."
    )


class PositionOut(Answer):
    """What an account had of a product line, and has."""

    product: str
    opening: Digits
    closing: Digits


class RetainedAccountOut(Answer):
    """What an account had at the opening, and has at the closing."""

    account_id: str
    name: str
    opening: Digits
    closing: Digits
    lines: tuple[PositionOut, ...]


class RetainedAccountsOut(Answer):
    """The accounts behind a figure, those that changed most first."""

    opening: date
    closing: date
    currency: str
    count: Annotated[int, Field(description="How many there are in all.")]
    items: tuple[RetainedAccountOut, ...]
    next_after: Annotated[int | None, Field(description="Ask again with `after` set to this; null at the end.")]


class LedgerEntryOut(Answer):
    """A movement of the window. `quote_id` is null where none moved it: a term that ended, or an imported contract."""

    day: date
    account_id: str
    contract_id: str
    product: str
    kind: ArrKind
    driver: Driver | None
    cause: Cause
    amount: Digits
    quote_id: str | None


class LedgerEntriesOut(Answer):
    """The movements behind a figure, oldest first."""

    opening: date
    closing: date
    currency: str
    count: int
    items: tuple[LedgerEntryOut, ...]
    next_after: int | None


def _read_margin(value: object) -> Decimal:
    if isinstance(value, str) and _MARGIN.fullmatch(value):
        return Decimal(value)
    raise PydanticCustomError("not-a-decimal", 'a fraction such as "0.15", or "-0.20" for a loss')


Margin = Annotated[
    Decimal,
    PlainValidator(_read_margin),
    WithJsonSchema({"type": "string", "pattern": f"^{_MARGIN.pattern}$", "examples": ["0.15"], "default": "0"}),
]


class CohortsQuery(WireModel):
    """Which cohorts, and until when."""

    on: Day | None = Field(default=None, description="The last day looked at; today when absent.")
    span: Literal["month", "quarter", "year"] = Field(
        default="quarter", description="How long customers are gathered, and how far apart the figures are."
    )


class CohortOut(Answer):
    """The customers that began in a span, and what they have at the end of it and of each that followed."""

    start: Annotated[date, Field(description="The first day of the span.")]
    customers: int
    arr: tuple[Digits, ...]
    nrr: Annotated[tuple[Digits | None, ...], Field(description="Over what they had at the end of their own span.")]


class CohortsOut(Answer):
    """The cohorts of the book, oldest first; spans that are not over yet are left out."""

    until: date
    span: CohortSpan
    currency: str
    definitions: dict[str, str]
    items: tuple[CohortOut, ...]


class RuleOf40Query(WireModel):
    """Which window, and the profit margin beside it."""

    on: Day | None = Field(default=None, description="The closing day; today when absent.")
    months: Months = Field(default=12, description="How many months before the closing the opening is.")
    margin: Margin = Field(default=Decimal(0), description="The profit margin, as a fraction.")


class RuleOf40Out(Answer):
    """Growth and margin, as fractions: NRR less 1, new business over the opening, and the margin."""

    opening: date
    closing: date
    definitions: dict[str, str]
    from_customers: Digits | None
    from_new: Digits | None
    growth: Digits | None
    margin: Digits
    total: Annotated[Digits | None, Field(description="0.4 is the rule.")]


class DisciplineQuery(WireModel):
    """Which window."""

    on: Day | None = Field(default=None, description="The closing day; today when absent.")
    months: Months = Field(default=12, description="How many months before the closing the opening is.")


class DisciplineOut(Answer):
    """How the quotes that were presented in a window were made. Shares are null where there is nothing to share."""

    opening: date
    closing: date
    currency: str
    definitions: dict[str, str]
    quotes: int
    growth: Annotated[int, Field(description="Of them, those that renew, or by which ARR does not fall.")]
    untouched: Annotated[
        Digits | None, Field(description="Of those, the share without discount asked, price given or term waived.")
    ]
    within_policy: Annotated[Digits | None, Field(description="Of all, the share that nobody had to agree to.")]
    discount: Annotated[Digits | None, Field(description="What is off list on average, whoever gives it.")]
    discretion: Annotated[Digits | None, Field(description="What was asked off on average, of the price before.")]
    partial_churns: Annotated[int, Field(description="Quotes that give up a part of a contract.")]
    repriced: Annotated[Digits, Field(description="What repricing adds to what stays in those, a year.")]
    waived: Annotated[dict[str, int], Field(description="How often each term was asked to be waived.")]
    minutes: Annotated[int | None, Field(description="The median from being made to being presented.")]
