"""What changes of price did to customers, over the API: what may be asked, and the shape of the answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_numbers import Day
from pricing_engine.api.wire_retention import Months
from pricing_engine.retention.behaviour import Outcome, Verdict
from pricing_engine.retention.behaviour_cases import LeftOut
from pricing_engine.retention.price_events import DEFAULT_AROUND, DEFAULT_MONTHS, Direction, PriceEvent


class BehaviourQuery(WireModel):
    """Which events, and how long before and after each accounts are looked at."""

    event: Literal["uplift", "list_change", "repricing", "discount_change", "promotion_end"] = Field(
        description="The cause of the movements that count as hits."
    )
    direction: Literal["rise", "fall"] = Field(default="rise", description="Which way it moved the price.")
    on: Day | None = Field(default=None, description="The last day of the window; today when absent.")
    months: Months = Field(default=DEFAULT_MONTHS, description="How many months of events before it are looked at.")
    around: Months = Field(default=DEFAULT_AROUND, description="How many months before and after each are compared.")


class MovesBeforeOut(Answer):
    """Means of what accounts moved in the months before."""

    contraction: Digits
    expansion: Digits


class MovesAfterOut(MovesBeforeOut):
    """Means of what accounts moved in the months after."""

    churn: Digits


class ComparedOut(Answer):
    """A group of accounts. Means are fractions, null where the group is empty."""

    accounts: int
    cases: Annotated[int, Field(description="An account is there again for each day on which it was hit, or like one.")]
    counts_as: Annotated[Digits, Field(description="How many accounts of equal weight would say as much.")]
    arr: Annotated[Digits, Field(description="ARR before the day, of all cases.")]
    before: MovesBeforeOut | None
    after: MovesAfterOut | None


class HitOut(ComparedOut):
    """The accounts hit, of strata in which there are like ones."""

    price_change: Annotated[Digits | None, Field(description="What the event moved, as a mean fraction of ARR.")]


class LikeOut(ComparedOut):
    """Accounts of the same strata that were not hit, weighing as those."""

    hit_later: Annotated[int, Field(description="Cases that were hit in the months after.")]


class DifferenceOut(Answer):
    """By how much those hit differ from like ones, as a fraction; no bounds where there is too little to tell."""

    outcome: Outcome
    difference: Digits
    lower: Digits | None
    upper: Digits | None


class AlikeBeforeOut(Answer):
    """Whether both groups moved alike in the months before."""

    is_alike: Annotated[bool | None, Field(description="Null where groups are too small to tell.")]
    level: Annotated[Digits, Field(description="Of both intervals together.")]
    differences: tuple[DifferenceOut, ...]


class BehaviourOut(Answer):
    """The accounts an event hit against like ones that it did not hit, and what can be told of it."""

    event: PriceEvent
    direction: Direction
    opening: date
    closing: date
    months: int
    around: int
    currency: str
    definitions: dict[str, str]
    hit: HitOut
    like: LikeOut
    left_out: Annotated[dict[LeftOut, int], Field(description="Hits that are not compared, by why.")]
    left_at_end_of_term: Annotated[
        int, Field(description="Accounts that had nothing left when a term ended, in the days compared.")
    ]
    alike_before: AlikeBeforeOut
    level: Annotated[Digits, Field(description="Of all three intervals together.")]
    differences: tuple[DifferenceOut, ...]
    verdict: Literal["effect", "cannot_tell"]
    because: Verdict
    in_words: str
