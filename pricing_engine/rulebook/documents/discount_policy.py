"""kind: discount_policy: what is taken off by rule, from which charges, how much and until when."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pricing_engine.policies.discounts import Clawback
from pricing_engine.rulebook.documents.fields import (
    Amount,
    ConditionText,
    Day,
    Id,
    Months,
    Ratio,
    SnakeName,
    Text,
    YesNo,
)
from pricing_engine.rulebook.documents.ranges import Bound
from pricing_engine.rulebook.documents.selectors import SelectorShape
from pricing_engine.rulebook.documents.shape import Shape, refused


class ScheduleBandShape(Shape):
    """From this number on, this percentage."""

    start: Annotated[Bound, Field(alias="from")]
    percent: Ratio


class ScheduleShape(Shape):
    """Percentages by bands of a number: `quantity` (the line's own) or a name of the vocabulary."""

    by: SnakeName
    bands: Annotated[tuple[ScheduleBandShape, ...], Field(min_length=1)]


class DurationShape(Shape):
    """How long a promotion lasts: some months from the start, or until a day."""

    months: Months | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _is_one_of_two(self) -> Self:
        if (self.months is None) == (self.until is None):
            raise refused("E106", "a duration is in months or until a day", "write months: 12, or until: 2027-01-01")
        return self


class WindowShape(Shape):
    """A half-open window of days."""

    start: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.start is not None and self.until is not None and self.until <= self.start:
            raise refused("E115", f"the window ends on {self.until}, before it starts", "write until after from")
        return self


class OnLostShape(Shape):
    """What happens when the condition is lost."""

    reprice: YesNo = True
    clawback: Clawback = Clawback.NONE


class DiscountPolicyDocument(Shape):
    """One discount policy; it has exactly one of percent, amount and schedule."""

    kind: Literal["discount_policy"]
    id: Id
    group: Id
    applies_to: SelectorShape = SelectorShape()
    percent: Ratio | None = None
    amount: Amount | None = None
    schedule: ScheduleShape | None = None
    when: ConditionText | None = None
    hold: Annotated[ConditionText | None, Field(alias="while")] = None
    duration: DurationShape | None = None
    requested_between: WindowShape = WindowShape()
    on_lost: OnLostShape = OnLostShape()
    on_improved: Literal["reprice", "keep"] = "keep"
    stacks_with: Literal["bundles"] | None = None
    why: Text

    @model_validator(mode="after")
    def _has_one_size(self) -> Self:
        if sum(size is not None for size in (self.percent, self.amount, self.schedule)) != 1:
            raise refused("E106", "a policy has exactly one size", "write one of percent, amount and schedule")
        return self
