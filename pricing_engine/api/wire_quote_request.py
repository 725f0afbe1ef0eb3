"""The request for a quote as JSON (`QuoteIn`) and how it becomes a request of the core."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from pricing_engine.api.wire_changes import ChangeIn, change_of
from pricing_engine.api.wire_faults import FieldFault, InvalidRequest
from pricing_engine.api.wire_models import MAX_METRICS, NO_OTHER_NAMES, Months, WireModel, has_one
from pricing_engine.api.wire_numbers import Day, Price, Share, Usage
from pricing_engine.api.wire_text import CurrencyCode, Note, Reason, RecordId, Reference, RuleId
from pricing_engine.api.wire_waivers import EACH_ONCE, MAX_WAIVERS, WaiverIn, each_once, waiver_of
from pricing_engine.quoting.request import AmountOff, DiscountRequest, PercentOff, TargetPrice
from pricing_engine.usecases.quote_ask import QuoteAsk

MAX_CHANGES: Final = 5_000
MAX_DISCOUNTS: Final = 500
MAX_BUNDLES: Final = 20
QUOTE_TARGET: Final = "quote"


def at_most(limit: int) -> BeforeValidator:
    """Counts before anything is read, so that a list that is far too long costs nothing."""

    def check(value: object) -> object:
        if isinstance(value, list) and len(value) > limit:
            raise PydanticCustomError("too-long", "at most {limit} items", {"limit": limit})
        return value

    return BeforeValidator(check)


class DiscountIn(WireModel):
    """A discretionary discount; exactly one of `percent`, `amount` and `unit_price` says how much."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [has_one("percent"), has_one("amount"), has_one("unit_price")]}
    )

    target: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9_-]{0,63}(\.[a-z0-9][a-z0-9_-]{0,63})?$",
            description="`quote`, a product id, or `product.charge`.",
        ),
    ]
    percent: Share | None = None
    amount: Annotated[Price | None, Field(description="In the quote's currency, per year for recurring lines.")] = None
    unit_price: Annotated[Price | None, Field(description="The net unit price per charge period to come to.")] = None
    why: Reason = ""

    @model_validator(mode="after")
    def _says_how_much_once(self) -> DiscountIn:
        if sum(size is not None for size in (self.percent, self.amount, self.unit_price)) != 1:
            raise PydanticCustomError("not-exactly-one", "give exactly one of percent, amount and unit_price")
        return self


_CHANGES_TIER: Final[JsonDict] = {
    "required": ["changes"],
    "properties": {"changes": {"contains": {"required": ["op"], "properties": {"op": {"const": "change_tier"}}}}},
}


class QuoteIn(WireModel):
    """A request for a quote."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                {"not": {"allOf": [has_one("bundle"), has_one("bundles")]}},
                {"not": {"allOf": [has_one("tier"), _CHANGES_TIER]}},
            ]
        }
    )

    account_id: RecordId
    contract_id: Annotated[
        RecordId | None,
        Field(description="The contract that is changed, or `new` for another one; the account's own when absent."),
    ] = None
    effective_date: Annotated[Day, Field(description="The day the contract begins or the change takes force.")]
    term_months: Annotated[
        Months | None,
        Field(description="The length of a new term: 12 when absent; a change within a term has its own."),
    ] = None
    currency: Annotated[CurrencyCode | None, Field(description="The account's currency when absent.")] = None
    tier: RuleId | None = None
    bundle: Annotated[RuleId | None, Field(description="One bundle; for several, `bundles`.")] = None
    bundles: Annotated[list[RuleId], Field(max_length=MAX_BUNDLES), at_most(MAX_BUNDLES)] = Field(default_factory=list)
    billing: Annotated[RuleId | None, Field(description="A billing plan; the rulebook's default when absent.")] = None
    changes: Annotated[list[ChangeIn], Field(min_length=1, max_length=MAX_CHANGES), at_most(MAX_CHANGES)]
    discounts: Annotated[list[DiscountIn], Field(max_length=MAX_DISCOUNTS), at_most(MAX_DISCOUNTS)] = Field(
        default_factory=list
    )
    usage: Annotated[
        dict[RuleId, Usage],
        Field(max_length=MAX_METRICS, description="Declared use per month.", json_schema_extra=NO_OTHER_NAMES),
    ] = Field(default_factory=dict)
    waivers: Annotated[
        list[WaiverIn],
        Field(max_length=MAX_WAIVERS, json_schema_extra=EACH_ONCE),
        at_most(MAX_WAIVERS),
        AfterValidator(each_once),
    ] = Field(default_factory=list)
    valid_until: Day | None = None
    external_ref: Annotated[Reference | None, Field(description="The CRM's opportunity.")] = None
    note: Note = ""
    as_of: Annotated[Day | None, Field(description="Today when absent; only roles that may backdate give it.")] = None

    @model_validator(mode="after")
    def _names_bundles_once(self) -> QuoteIn:
        if self.bundle is not None and self.bundles:
            raise PydanticCustomError("not-exactly-one", "give bundle or bundles, not both")
        return self

    @model_validator(mode="after")
    def _names_a_tier_once(self) -> QuoteIn:
        if self.tier is not None and any(change.op == "change_tier" for change in self.changes):
            raise PydanticCustomError("not-exactly-one", "give tier or a change_tier, not both")
        return self


def check_outlives(wanted: QuoteIn, *, today: date) -> None:
    """Refuses a quote that would be void at once.

    Raises: InvalidRequest.
    """
    if wanted.valid_until is not None and wanted.valid_until < (wanted.as_of or today):
        detail = "a quote is valid at least on its as-of day"
        raise InvalidRequest([FieldFault("pointer", "/valid_until", "date-out-of-range", detail)])


def ask_of(wanted: QuoteIn, *, role: str) -> QuoteAsk:
    """What the use cases are asked, in their words."""
    return QuoteAsk(
        account_id=wanted.account_id,
        role=role,
        effective_date=wanted.effective_date,
        changes=tuple(map(change_of, wanted.changes)),
        term_months=wanted.term_months,
        currency=wanted.currency,
        as_of=wanted.as_of,
        billing=wanted.billing,
        tier=wanted.tier,
        bundles=tuple(wanted.bundles) if wanted.bundle is None else (wanted.bundle,),
        discounts=tuple(map(discount_of, wanted.discounts)),
        usage=wanted.usage,
        valid_until=wanted.valid_until,
        external_ref=wanted.external_ref,
        note=wanted.note,
        contract_id=wanted.contract_id,
        waivers=tuple(map(waiver_of, wanted.waivers)),
    )


def discount_of(discount: DiscountIn) -> DiscountRequest:
    """The core's discount request. Shape: exactly one size is set, which the wire model has made sure of."""
    product, _, charge = discount.target.partition(".")
    match discount:
        case DiscountIn(percent=fraction) if fraction is not None:
            size: PercentOff | AmountOff | TargetPrice = PercentOff(fraction)
        case DiscountIn(amount=amount) if amount is not None:
            size = AmountOff(amount)
        case DiscountIn(unit_price=unit_price) if unit_price is not None:
            size = TargetPrice(unit_price)
        case _:
            raise TypeError("a discount without a size passed validation")
    return DiscountRequest(
        size=size,
        product=None if discount.target == QUOTE_TARGET else product,
        charge=charge or None,
        why=discount.why,
    )
