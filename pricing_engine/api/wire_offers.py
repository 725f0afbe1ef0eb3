"""Offers as JSON: the shape of the answer, and `OfferQuoteIn` for what a quote of one is made with."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits, RuleOut
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_numbers import Day
from pricing_engine.api.wire_quote_answers import FindingOut
from pricing_engine.api.wire_text import Note, RecordId, Reference
from pricing_engine.quoting.offering.offer import OfferKind


class OffersQuery(WireModel):
    """Which contract is changed, and what is wanted."""

    contract_id: RecordId | None = Field(
        default=None, description="The account's own when absent; `new` for offers beside its contracts."
    )
    kind: Literal["capacity", "add_on", "tier", "cross_sell", "bundle", "trial"] | None = Field(
        default=None, description="Only offers of this kind, which is faster; all when absent."
    )


class OfferQuoteIn(WireModel):
    """What is kept with the quote of an offer."""

    contract_id: Annotated[RecordId | None, Field(description="The one the offers were read for.")] = None
    external_ref: Reference | None = None
    note: Note = ""
    valid_until: Day | None = None


class OfferedChangeOut(Answer):
    """A change that the offer asks for, as a request for a quote has it."""

    op: Literal["add", "change_tier", "trial"]
    product: str | None
    tier: str | None
    quantities: dict[str, Digits]


class OfferOut(Answer):
    """Something the account may try or buy now."""

    id: Annotated[str, Field(description="The same for as long as the same is offered, whatever it costs.")]
    source: Annotated[str, Field(description="The upsell path, bundle or trial it comes from.")]
    kind: OfferKind
    name: str
    say: str
    rule: RuleOut
    changes: tuple[OfferedChangeOut, ...]
    tier: str | None
    bundles: tuple[str, ...]
    days: Annotated[int | None, Field(description="Of a trial: how long it is.")]
    arr_after: Digits
    arr_difference: Annotated[Digits, Field(description="Against the ARR the account has.")]
    due_now: Digits
    saving: Annotated[
        Digits | None,
        Field(description="A year, against the same without bundle and incentive; null: not sold without."),
    ]
    findings: tuple[FindingOut, ...]
    approval_levels: tuple[str, ...]


class WithheldOut(Answer):
    """An offer whose condition holds and that cannot be made."""

    id: Annotated[str, Field(description="The one it would have as an offer; a source may have one for each choice.")]
    source: Annotated[str, Field(description="The upsell path, bundle or trial it comes from.")]
    kind: OfferKind
    name: str
    rule: RuleOut | None
    changes: tuple[OfferedChangeOut, ...]
    tier: str | None
    bundles: tuple[str, ...]
    code: str
    what: str


class UnlockOut(Answer):
    """What brings the next offer, or a lower price."""

    source: str
    metric: str
    has: Digits
    needs: Digits
    more: Digits
    what: str


class OffersOut(Answer):
    """What an account may try or buy now, best first."""

    account_id: str
    contract_id: Annotated[str | None, Field(description="The contract that is changed; null: all are new sales.")]
    as_of: date
    effective_date: date
    rulebook: str
    currency: str
    offers: tuple[OfferOut, ...]
    withheld: tuple[WithheldOut, ...]
    unlocks: tuple[UnlockOut, ...]
