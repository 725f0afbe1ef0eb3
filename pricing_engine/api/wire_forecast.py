"""A forecast of retention over the API: what may be asked, and the shape of the answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_numbers import Day
from pricing_engine.api.wire_retention import Months
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.retention.backtest import Verdict
from pricing_engine.retention.movements import ArrKind

CustomerSegments = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_]{0,59}(,[a-z][a-z0-9_]{0,59}){0,3}$",
        description="What customers are told apart by: currency, market, cohort (the quarter a customer began in), an "
        "attribute of accounts, or up to four of them between commas.",
    ),
]


class ForecastQuery(WireModel):
    """Which window, and how customers are told apart."""

    on: Day | None = Field(default=None, description="The day the forecast is made on; today when absent.")
    months: Months = Field(default=12, description="How many months after it the window ends.")
    by: CustomerSegments | None = None


class QuantilesOut(Answer):
    """What is passed in nine of ten, in half and in one of ten outcomes."""

    p10: Digits
    p50: Digits
    p90: Digits


class ExpectedOut(Answer):
    """What the customers of a segment have, and lose and gain in the mean of all outcomes."""

    segment: str
    customers: int
    opening: Digits
    churn: Digits
    contraction: Digits
    expansion: Digits
    kept: Annotated[Digits, Field(description="The sum.")]


class LearntOut(Answer):
    """How often something happens."""

    seen: Annotated[int, Field(description="In how many months of a customer it was seen in the ledger.")]
    per_year: Annotated[Digits, Field(description="How often it is to happen to a customer of the book in a year.")]
    varies: Annotated[
        Digits,
        Field(description="By how much that differs between windows, or is not known better: deviation over mean."),
    ]


class TriedOut(Answer):
    """The forecast of a past day, from what was known by then."""

    opening: date
    p10: Digits
    p50: Digits
    p90: Digits
    came: Annotated[Digits, Field(description="NRR as it came.")]
    is_inside: bool
    last: Annotated[Digits | None, Field(description="What the segments' rates of the window before say.")]


class BackTestOut(Answer):
    """Whether the forecast is to be believed."""

    count: Annotated[int, Field(description="Past days, a month apart.")]
    apart: Annotated[int, Field(description="How many of the windows compared do not overlap.")]
    inside: Annotated[Digits | None, Field(description="How often the truth was from P10 to P90; 0.8 is right.")]
    error: Annotated[Digits | None, Field(description="Mean absolute error of P50.")]
    error_of_last: Annotated[Digits | None, Field(description="The same of the segments' rates of the window before.")]
    verdict: Verdict
    items: tuple[TriedOut, ...]


class DistributionOut(Answer):
    """Outcomes of the window. Rates are fractions."""

    nrr: QuantilesOut
    grr: Annotated[QuantilesOut, Field(description="By customer.")]
    kept: Annotated[QuantilesOut, Field(description="What the customers of the day have at the end.")]
    segments: tuple[ExpectedOut, ...]
    learnt: dict[ArrKind, LearntOut]
    back_test: BackTestOut


class EndingMonthOut(Answer):
    """What ends in a month, and of it what follows. Amounts are ARR on the day."""

    month: Annotated[date, Field(description="Its last day.")]
    contracts: int
    arr: Digits
    open: Annotated[Digits, Field(description="Lost, unless somebody renews it.")]
    renews_itself: Digits
    renewed: Annotated[Digits, Field(description="Renewed already.")]
    given_up: Annotated[Digits, Field(description="Cancelled already.")]


class OpenQuoteOut(Answer):
    """A quote nobody has answered."""

    quote_id: str
    account_id: str
    state: QuoteState
    type: QuoteType
    effective_date: date
    arr: Annotated[
        Digits | None,
        Field(
            description="What it moves by the end; null where it cannot be booked as it is: a price is missing, it is "
            "refused, or its contract has changed since."
        ),
    ]


class OpenQuotesOut(Answer):
    """The quotes open on the book, those that move most first: beside the forecast, and not in it."""

    count: int
    unpriced: int
    arr: Annotated[Digits, Field(description="What they move by the end if all are accepted.")]
    items: tuple[OpenQuoteOut, ...]


class ForecastOut(Answer):
    """A forecast of retention, or why there is none."""

    opening: Annotated[date, Field(description="The day it is made on.")]
    closing: date
    months: int
    by: str | None
    currency: str
    definitions: dict[str, str]
    customers: Annotated[int, Field(description="How many have something on the day.")]
    opening_arr: Digits
    history_months: Annotated[int, Field(description="Whole months of the ledger before the day.")]
    abstains: Annotated[tuple[str, ...], Field(description="What is missing for a forecast; empty where there is one.")]
    distribution: DistributionOut | None
    calendar: tuple[EndingMonthOut, ...]
    quotes: OpenQuotesOut
