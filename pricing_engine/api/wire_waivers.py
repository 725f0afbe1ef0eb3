"""The terms a request asks to waive or change, as JSON: told apart by `what`, which says how `to` is written."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from pricing_engine.api.json_values import digits
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_numbers import Price, Share
from pricing_engine.api.wire_text import DayCount, Reason, RuleId
from pricing_engine.quoting.request import Waiver
from pricing_engine.rulebook.documents.fields import write_percent
from pricing_engine.terms.terms import Waivable

MAX_WAIVERS: Final = 20


class FeeWaiverIn(WireModel):
    """A fee, charge or clawback to be waived, or to be an amount instead."""

    what: Literal[
        "cancellation_fee", "partial_cancellation_fee", "reinstatement_fee", "over_use_charge", "clawback"
    ]  # fmt: skip
    to: Annotated[Price | None, Field(description="The amount instead, in the quote's currency; 0 when absent.")] = None
    why: Reason = ""


class NoticeWaiverIn(WireModel):
    """The notice to be waived, or to be so many days instead."""

    what: Literal["notice"]
    to: Annotated[DayCount | None, Field(description="The days instead; none when absent.")] = None
    why: Reason = ""


class UpliftWaiverIn(WireModel):
    """A limit of the rise at renewal to be waived, or to be another one instead."""

    what: Literal["uplift_cap", "uplift_floor"]
    to: Annotated[Share | None, Field(description="The limit instead, as a fraction; no limit when absent.")] = None
    why: Reason = ""


class BillingWaiverIn(WireModel):
    """The billing plan to be another one."""

    what: Literal["billing_plan"]
    to: Annotated[RuleId | None, Field(description="The plan instead; the one the request names when absent.")] = None
    why: Reason = ""


AnyWaiver = FeeWaiverIn | NoticeWaiverIn | UpliftWaiverIn | BillingWaiverIn
WaiverIn = Annotated[AnyWaiver, Field(discriminator="what")]


EACH_ONCE: Final[JsonDict] = {
    "allOf": [
        {
            "contains": {"required": ["what"], "properties": {"what": {"const": str(term)}}},
            "minContains": 0,
            "maxContains": 1,
        }
        for term in Waivable
    ]
}
"""The schema of waivers that name no term twice."""


def each_once(waivers: list[AnyWaiver]) -> list[AnyWaiver]:
    """The waivers, of which no two are about one term."""
    named = [waiver.what for waiver in waivers]
    if len(set(named)) < len(named):
        raise PydanticCustomError("duplicate", "name each term once")
    return waivers


def waiver_of(waiver: AnyWaiver) -> Waiver:
    """The core's waiver, which writes a limit as the terms do: as a percentage."""
    match waiver:
        case UpliftWaiverIn(to=fraction) if fraction is not None:
            instead: str | None = write_percent(fraction)
        case FeeWaiverIn(to=amount):
            instead = None if amount is None else digits(amount)
        case NoticeWaiverIn(to=text) | BillingWaiverIn(to=text):
            instead = text
        case _:
            instead = None
    return Waiver(waiver.what, instead, waiver.why)
