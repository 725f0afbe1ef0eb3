"""kind: terms: what cancelling, lapsing, using too much, renewing and trying cost, and who may waive it."""

from typing import Literal, Self

from pydantic import Field, model_validator

from pricing_engine.money import ONE, ZERO
from pricing_engine.rulebook.documents.fields import (
    ConditionText,
    Days,
    Id,
    Quantity,
    Ratio,
    SnakeName,
    SomeDays,
    Text,
    YesNo,
)
from pricing_engine.rulebook.documents.shape import Shape, refused
from pricing_engine.terms.terms import Allowed, Credit, CreditBase, OverUseMode, RenewalBasis, TrialEnd, Waivable

_WHEN_FREE_OF_FEE = {Allowed.NEVER: "never", Allowed.AT_RENEWAL: "only at renewal"}


class CancellationShape(Shape):
    """Giving up all of a contract. `fee` and `cap` are formulas that result in money."""

    fee: ConditionText | None = None
    cap: ConditionText | None = None
    free_window_days: Days = 0
    notice_days: Days = 0
    credit: Credit = Credit.CREDIT
    why: str = ""

    @model_validator(mode="after")
    def _limits_a_fee(self) -> Self:
        if self.cap is not None and self.fee is None:
            raise refused("E106", "a cap without a fee limits nothing", "add fee: …, or remove cap")
        return self


class PartialCancellationShape(CancellationShape):
    """Giving up a part of a contract."""

    allowed: Allowed = Allowed.WITH_FEE

    @model_validator(mode="after")
    def _has_a_fee_where_it_needs_one(self) -> Self:
        if self.allowed is Allowed.WITH_FEE and self.fee is None:
            raise refused("E106", "with_fee needs a fee", 'add fee: …, or fee: "0" where it costs nothing')
        if self.allowed is not Allowed.WITH_FEE and self.fee is not None:
            what = f"there is no fee where a part may be given up {_WHEN_FREE_OF_FEE[self.allowed]}"
            raise refused("E106", what, "write allowed: with_fee, or remove fee and cap")
        return self


class ReinstatementShape(Shape):
    """Coming back after a lapse: shares of the fees of the days not covered, and of the last yearly fee."""

    within_days: SomeDays
    lapse_fees_share: Ratio = ZERO
    last_year_share: Ratio = ZERO
    covers_lapse: YesNo = False
    why: str = ""


class OverUseShape(Shape):
    """Use above the commitment; `multiplier` is of the list price, so `"125%"` costs a quarter more."""

    mode: OverUseMode
    tolerance: Ratio = ZERO
    multiplier: Ratio = ONE
    why: str = ""


class RenewalShape(Shape):
    """How a new term is priced: `floor` and `cap` go with basis list, `uplift` with basis contracted."""

    basis: RenewalBasis = RenewalBasis.LIST
    floor: Ratio | None = None
    cap: Ratio | None = None
    uplift: Ratio | None = None
    notice_days: Days = 0
    grace_days: Days = 0
    auto: YesNo = False
    why: str = ""


class GuaranteeShape(Shape):
    """A milestone promised within some days of the term's start, and what is credited when it is missed."""

    milestone: Id
    due_days: SomeDays
    credit: Ratio
    of: CreditBase
    why: str = ""


class TrialShape(Shape):
    """A product that may be tried, how long, up to how much of each metric, and what becomes of it then."""

    product: Id
    days: SomeDays
    limits: dict[SnakeName, Quantity] = Field(default_factory=dict)
    repeatable: YesNo = False
    then: TrialEnd = TrialEnd.END
    why: str = ""


class TermsDocument(Shape):
    """One set of terms; a part left out is not agreed, and what it would allow is refused.

    Without `when` they are for every account that no other terms are for. `waivers` name the approval level that may
    waive a thing; `why` is the reason of every part that has none of its own.
    """

    kind: Literal["terms"]
    id: Id
    when: ConditionText | None = None
    price_hold: YesNo = False
    cancellation: CancellationShape | None = None
    partial_cancellation: PartialCancellationShape | None = None
    reinstatement: ReinstatementShape | None = None
    over_use: OverUseShape | None = None
    renewal: RenewalShape | None = None
    guarantees: tuple[GuaranteeShape, ...] = ()
    trials: tuple[TrialShape, ...] = ()
    waivers: dict[Waivable, SnakeName] = Field(default_factory=dict)
    why: Text

    def given_up(self) -> tuple[tuple[str, CancellationShape], ...]:
        """What it costs to give something up, by field, of those that are there."""
        parts = (("cancellation", self.cancellation), ("partial_cancellation", self.partial_cancellation))
        return tuple((field, part) for field, part in parts if part is not None)
