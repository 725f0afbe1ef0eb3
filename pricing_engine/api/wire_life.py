"""What is sent to take a quote further: comments, levels, and the parts of a request that change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field

from pricing_engine.api.wire_answers import Answer
from pricing_engine.api.wire_changes import ChangeIn, change_of
from pricing_engine.api.wire_faults import FieldFault, InvalidRequest
from pricing_engine.api.wire_models import MAX_METRICS, NO_OTHER_NAMES, Months, WireModel
from pricing_engine.api.wire_numbers import Day, Usage
from pricing_engine.api.wire_quote_request import (
    MAX_BUNDLES,
    MAX_CHANGES,
    MAX_DISCOUNTS,
    DiscountIn,
    at_most,
    discount_of,
)
from pricing_engine.api.wire_text import Note, Reason, RecordId, Reference, RuleId
from pricing_engine.api.wire_waivers import EACH_ONCE, MAX_WAIVERS, WaiverIn, each_once, waiver_of

State = Literal[
    "draft",
    "pending_approval",
    "approved",
    "presented",
    "accepted",
    "declined",
    "expired",
    "withdrawn",
    "superseded",
]
TypeName = Literal["new", "amendment", "renewal", "reinstatement", "cancellation"]
ActionName = Literal[
    "change", "submit", "approve", "reject", "present", "accept", "decline", "withdraw", "revise", "expire"
]


class StepIn(WireModel):
    """A step in the life of a quote."""

    comment: Annotated[Reason, Field(description="Why; a rejection and a declined quote need one.")] = ""


class ApprovalIn(WireModel):
    """One level's agreement."""

    level: Annotated[RuleId, Field(description="Which of the levels that are asked agrees.")]
    comment: Reason = ""


class QuoteChangeIn(WireModel):
    """The parts of a request that are to be otherwise; what is left out stays as it was."""

    contract_id: Annotated[
        RecordId | None, Field(description="The contract that is changed, or `new` for another one.")
    ] = None
    effective_date: Day | None = None
    term_months: Months | None = None
    tier: RuleId | None = None
    bundles: Annotated[list[RuleId], Field(max_length=MAX_BUNDLES), at_most(MAX_BUNDLES)] | None = None
    billing: RuleId | None = None
    changes: Annotated[list[ChangeIn], Field(min_length=1, max_length=MAX_CHANGES), at_most(MAX_CHANGES)] | None = None
    discounts: Annotated[list[DiscountIn], Field(max_length=MAX_DISCOUNTS), at_most(MAX_DISCOUNTS)] | None = None
    usage: Annotated[dict[RuleId, Usage], Field(max_length=MAX_METRICS, json_schema_extra=NO_OTHER_NAMES)] | None = None
    waivers: (
        Annotated[
            list[WaiverIn],
            Field(max_length=MAX_WAIVERS, json_schema_extra=EACH_ONCE),
            at_most(MAX_WAIVERS),
            AfterValidator(each_once),
        ]
        | None
    ) = None
    valid_until: Day | None = None
    external_ref: Reference | None = None
    note: Note | None = None


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "bundles": lambda bundles: tuple(bundles or ()),
    "changes": lambda changes: tuple(map(change_of, changes)),
    "discounts": lambda discounts: tuple(map(discount_of, discounts or ())),
    "usage": lambda usage: usage or {},
    "waivers": lambda waivers: tuple(map(waiver_of, waivers or ())),
    "note": lambda note: note or "",
}
_NEVER_NULL: Final = frozenset({"effective_date", "changes"})


def changed_parts(wanted: QuoteChangeIn, *, today: date) -> dict[str, Any]:
    """The fields of the request to replace; a null takes away what may be absent, and changes nothing else.

    Raises: InvalidRequest for a last day that is over.
    """
    if wanted.valid_until is not None and wanted.valid_until < today:
        raise InvalidRequest([FieldFault("pointer", "/valid_until", "date-out-of-range", "this day is over")])
    return {
        name: _READ.get(name, lambda value: value)(value)
        for name in wanted.model_fields_set
        if (value := getattr(wanted, name)) is not None or name not in _NEVER_NULL
    }


class LifeStepOut(Answer):
    """Something that was done with a quote."""

    action: ActionName
    state_before: State
    state: State
    at: datetime
    by: str
    role: str
    level: str | None
    comment: str
