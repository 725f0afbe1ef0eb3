"""Terms and conditions as data with formulas: what a cancellation, a lapse, over-use or a renewal costs (P23–P29)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.expressions import Expression
from pricing_engine.money import ONE, ZERO


class Allowed(StrEnum):
    """When a part of a contract may be given up."""

    NEVER = "never"
    AT_RENEWAL = "at_renewal"
    WITH_FEE = "with_fee"


class Credit(StrEnum):
    """What happens to fees already billed for days that are given up."""

    CREDIT = "credit"
    REFUND = "refund"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee as a formula over the names of the `change` (`remaining_fees`, `fees_per_year`, `months_left`, …).

    Units: reporting currency, unrounded (P2). `cap` limits it further; it never exceeds the remaining fees.
    """

    formula: Expression
    cap: Expression | None
    rule: RuleRef


@dataclass(frozen=True, slots=True)
class GivingUp:
    """What giving something up costs and returns: all of the contract (a cancellation), or part of it (P23).

    `allowed` is WITH_FEE for a whole cancellation. `free_window_days` are counted from the term's first day: within
    them there is no fee. `notice_days` lie between the as-of day and the effective date.
    """

    rule: RuleRef
    allowed: Allowed = Allowed.WITH_FEE
    fee: Fee | None = None
    free_window_days: int = 0
    notice_days: int = 0
    credit: Credit = Credit.CREDIT


@dataclass(frozen=True, slots=True)
class Reinstatement:
    """Coming back after a lapse (P25). Units: fractions.

    The fee is `lapse_fees_share` of the fees of the days not covered plus `last_year_share` of the last yearly fee.
    """

    rule: RuleRef
    within_days: int
    lapse_fees_share: Decimal = ZERO
    last_year_share: Decimal = ZERO
    covers_lapse: bool = False


class OverUseMode(StrEnum):
    """Whether use above the commitment is charged from when it began, or only from now on."""

    TRUE_UP = "true_up"
    TRUE_FORWARD = "true_forward"


@dataclass(frozen=True, slots=True)
class OverUse:
    """Use above the committed capacity (P26): beyond `tolerance` (a fraction) all of the excess counts."""

    rule: RuleRef
    mode: OverUseMode
    tolerance: Decimal = ZERO
    multiplier: Decimal = ONE


class RenewalBasis(StrEnum):
    """What a renewal's price starts from: the list, limited against the contract, or the contract with an uplift."""

    LIST = "list"
    CONTRACTED = "contracted"


@dataclass(frozen=True, slots=True)
class RenewalTerms:
    """How lines are priced in a new term (P27). Units: fractions; None does not limit.

    `floor` and `cap` belong to LIST, `uplift` to CONTRACTED.
    """

    rule: RuleRef
    basis: RenewalBasis = RenewalBasis.LIST
    floor: Decimal | None = None
    cap: Decimal | None = None
    uplift: Decimal = ZERO
    notice_days: int = 0
    grace_days: int = 0
    auto: bool = False


class CreditBase(StrEnum):
    """The fees a guarantee's credit is a share of."""

    MONTH_FEES = "month_fees"
    QUARTER_FEES = "quarter_fees"
    YEAR_FEES = "year_fees"


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A milestone promised within `due_days` of the term's start, and the share of fees credited when missed (P28)."""

    milestone: str
    rule: RuleRef
    due_days: int
    credit: Decimal
    of: CreditBase


class TrialEnd(StrEnum):
    """What becomes of a trial when its days are over."""

    END = "end"
    CONVERT = "convert"


@dataclass(frozen=True, slots=True)
class TrialRule:
    """A product an account may try at 0 for some days, within limits by metric, once unless `is_repeatable` (P29)."""

    product: str
    rule: RuleRef
    days: int
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    is_repeatable: bool = False
    then: TrialEnd = TrialEnd.END


class Waivable(StrEnum):
    """What a rep may ask to waive or change (P32)."""

    CANCELLATION_FEE = "cancellation_fee"
    PARTIAL_CANCELLATION_FEE = "partial_cancellation_fee"
    REINSTATEMENT_FEE = "reinstatement_fee"
    OVER_USE_CHARGE = "over_use_charge"
    CLAWBACK = "clawback"
    NOTICE = "notice"
    UPLIFT_CAP = "uplift_cap"
    UPLIFT_FLOOR = "uplift_floor"
    BILLING_PLAN = "billing_plan"


@dataclass(frozen=True, slots=True)
class Terms:
    """One set of terms. A None part is not in them: then what it would allow is refused.

    `when` says for which accounts they are (None: for all that no other terms are for). `price_hold`: growth within
    the term is at the contracted schedule (P17). `waivers` are the approval levels that may waive, by what is waived.
    """

    id: str
    rule: RuleRef
    when: Expression | None = None
    price_hold: bool = False
    cancellation: GivingUp | None = None
    partial_cancellation: GivingUp | None = None
    reinstatement: Reinstatement | None = None
    over_use: OverUse | None = None
    renewal: RenewalTerms | None = None
    guarantees: tuple[Guarantee, ...] = ()
    trials: tuple[TrialRule, ...] = ()
    waivers: Mapping[Waivable, str] = field(default_factory=dict)
