"""The changes of a request that are about the contract as a whole, as JSON: its tier, its term, its end."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pricing_engine.api.wire_models import Months, WireModel
from pricing_engine.api.wire_text import RuleId
from pricing_engine.quoting.request import Cancel, ChangeTier, Extend, Reinstate, Renew


class ChangeTierIn(WireModel):
    """Be on another tier of the ladder."""

    op: Literal["change_tier"]
    tier: RuleId


class RenewIn(WireModel):
    """A new term after the running one, of the request's `term_months`."""

    op: Literal["renew"]


class ExtendIn(WireModel):
    """So many months more when the term ends."""

    op: Literal["extend"]
    months: Annotated[Months, Field(description="How many months are added after the term's end.")]


class CancelIn(WireModel):
    """Give all of the contract up from the effective date on."""

    op: Literal["cancel"]


class ReinstateIn(WireModel):
    """Come back after a lapse with what was there, for a term of the request's `term_months`."""

    op: Literal["reinstate"]


def change_tier_of(change: ChangeTierIn) -> ChangeTier:
    """The core's change."""
    return ChangeTier(change.tier)


def renew_of(_change: RenewIn) -> Renew:
    """The core's change."""
    return Renew()


def extend_of(change: ExtendIn) -> Extend:
    """The core's change."""
    return Extend(change.months)


def cancel_of(_change: CancelIn) -> Cancel:
    """The core's change."""
    return Cancel()


def reinstate_of(_change: ReinstateIn) -> Reinstate:
    """The core's change."""
    return Reinstate()
