"""Retention over the API: what may be asked, and the shape of the answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from pricing_engine.api.wire_answers import Answer, Digits
from pricing_engine.api.wire_expected import ExpectedOut, Probability
from pricing_engine.api.wire_life_answers import MovementOut
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_numbers import Day
from pricing_engine.api.wire_quote_answers import QuoteOut
from pricing_engine.api.wire_targets import AgainstTargetsOut
from pricing_engine.retention.movements import ArrKind, Cause, Driver

MOST_MONTHS = 60
MOST_GAP_DAYS = 3_660


def _whole(least: int, most: int) -> PlainValidator:
    def read(value: object) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= len(str(most)):
            number = int(value)
            if least <= number <= most:
                return number
        raise PydanticCustomError(
            "out-of-range", "a whole number from {least} to {most}", {"least": least, "most": most}
        )

    return PlainValidator(read)


Months = Annotated[
    int, _whole(1, MOST_MONTHS), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_MONTHS})
]
GapDays = Annotated[
    int, _whole(0, MOST_GAP_DAYS), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MOST_GAP_DAYS})
]


SegmentNames = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_]{0,59}(,[a-z][a-z0-9_]{0,59}){0,3}$",
        description="What segments are told apart by: product, currency, market, cohort (the quarter a customer began "
        "in), size (what it had at the opening), tier, term or discount (how a product was sold at the opening, or "
        "first, of what is new), an attribute of accounts, or up to four of them between commas.",
    ),
]


class RetentionQuery(WireModel):
    """Which window, and how the book is told apart."""

    on: Day | None = Field(default=None, description="The closing day; today when absent.")
    months: Months = Field(default=12, description="How many months before the closing the opening is.")
    by: SegmentNames | None = None
    gap_days: GapDays | None = Field(
        default=None,
        description="Who had nothing for more days than this and came back counts as lost and as new; "
        "nobody does when absent.",
    )


class MovedOut(Answer):
    """What was moved for one reason."""

    kind: ArrKind
    driver: Annotated[Driver | None, Field(description="Null for new business.")]
    cause: Cause
    amount: Digits


class RatesOut(Answer):
    """The rates of some customers or product lines, as fractions, and the amounts they are made of."""

    opening: Annotated[Digits, Field(description="ARR of the customers that were there.")]
    closing: Annotated[Digits, Field(description="ARR of all: what is kept, and what is new.")]
    kept: Digits
    new: Digits
    nrr: Annotated[Digits | None, Field(description="Null where there was nothing at the opening.")]
    grr: Digits | None
    grr_by_account: Digits | None


class FiguresOut(RatesOut):
    """Rates with the bridge between opening and closing, and how far each driver moved them."""

    customers: Annotated[int, Field(description="How many were there at the opening.")]
    lost: Annotated[int, Field(description="How many of them have nothing at the closing.")]
    points: Annotated[dict[Driver, Digits | None], Field(description="NRR is 1 and these, but for rounding.")]
    movements: tuple[MovedOut, ...]


class SegmentOut(FiguresOut):
    """The figures of one segment."""

    segment: Annotated[
        str,
        Field(
            description="`(none)` for those that have no value; of several, the values with ` · ` between them, "
            "and a dot within one doubled."
        ),
    ]


class MonthOut(Answer):
    """The bridge over one month of the window."""

    month: Annotated[date, Field(description="Its last day.")]
    opening: Digits
    movements: tuple[MovedOut, ...]
    closing: Digits


class BenchmarksOut(Answer):
    """NRR of B2B SaaS companies by valuation: context, and in no figure."""

    nrr_top_quartile: Digits
    nrr_bottom_quartile: Digits


class RetentionOut(Answer):
    """Net and gross revenue retention of a window, with what every figure means."""

    opening: date
    closing: date
    months: int
    by: str | None
    gap_days: int | None
    currency: Annotated[str, Field(description="The reporting currency; every amount is in it.")]
    definitions: dict[str, str]
    whole: FiguresOut
    segments: Annotated[
        tuple[SegmentOut, ...],
        Field(description="What they open and close with sums to the whole; a customer may be in several products."),
    ]
    by_month: tuple[MonthOut, ...]
    currency_effect: Digits
    contracted: Annotated[
        Digits, Field(description="The closing, and what was signed by then and not in force yet (CARR).")
    ]
    benchmarks: BenchmarksOut
    targets: AgainstTargetsOut


class EffectQuery(WireModel):
    """Until when an effect is looked at, and how likely the quote is to be accepted."""

    horizon: Day | None = Field(
        default=None, description="The last day of the window; 12 months after the quote takes force when absent."
    )
    probability: Probability | None = Field(
        default=None, description="How likely the quote is to be accepted, from 0 to 1; nothing is expected without it."
    )


class LinePointsOut(Answer):
    """What a driver moves of a product line, if the quote is accepted and not if it is declined."""

    product: str
    driver: Driver
    amount: Annotated[Digits, Field(description="Of a driver they sum to what it moves.")]
    points: Digits | None


class EffectOut(Answer):
    """The rates if the quote is accepted and if it is declined; differences are fractions, null as the rates are."""

    accepted: RatesOut
    declined: RatesOut
    flat: Annotated[RatesOut | None, Field(description="Of a renewal: if it renewed as it is.")]
    nrr_difference: Annotated[Digits | None, Field(description="NRR accepted less NRR declined.")]
    grr_difference: Digits | None
    against_flat: Digits | None
    growth_difference: Annotated[
        Digits | None,
        Field(description="The same with new business: of the book, what the Rule of 40 gains at the same margin."),
    ]
    points: Annotated[dict[Driver, Digits | None], Field(description="By driver; they sum to the difference in NRR.")]
    lines: Annotated[
        tuple[LinePointsOut, ...],
        Field(description="The same by product line; they sum to the points of each driver, but for rounding."),
    ]
    expected: Annotated[ExpectedOut | None, Field(description="Null without a probability.")]


class SegmentEffectOut(EffectOut):
    """The effect on a segment that the account is in."""

    by: Annotated[str, Field(description="The attribute of accounts.")]
    segment: str


class QuoteEffectOut(Answer):
    """What a quote does to retention, all else held as it is."""

    quote_id: str
    worked_out_at: Annotated[datetime, Field(description="As the book goes on, so do effects on it.")]
    opening: Annotated[date, Field(description="The day before the quote takes force.")]
    closing: date
    currency: Annotated[str, Field(description="The reporting currency, of all but `moved`.")]
    definitions: dict[str, str]
    declined: Annotated[str, Field(description="What happens without the quote, in words.")]
    probability: Annotated[
        Digits | None, Field(description="How likely it is to be accepted: as it was given, else as a model told.")
    ]
    not_expected: Annotated[str | None, Field(description="In words why nothing is expected, where it is not.")]
    moved: Annotated[tuple[MovementOut, ...], Field(description="What the quote moves, line by line.")]
    account: EffectOut
    segments: tuple[SegmentEffectOut, ...]
    book: EffectOut


class KeptQuoteOut(QuoteOut):
    """A quote that is kept."""

    retention: Annotated[QuoteEffectOut | None, Field(description="Only with expand=retention.")] = None


class LedgerBreakOut(Answer):
    """Where the ledger and a contract differ; in version 0, a history and what was imported of a month."""

    account_id: str
    contract_id: str
    version: int
    product: str
    day: date
    in_ledger: Digits
    in_contract: Digits


class LedgerVerifiedOut(Answer):
    """Whether movements sum to what every contract is worth."""

    versions: Annotated[int, Field(description="How many contract versions agree, from the first on.")]
    months: Annotated[int, Field(description="How many months of imported histories agree, by account and product.")]
    is_whole: bool
    what: str | None
    broken: LedgerBreakOut | None
