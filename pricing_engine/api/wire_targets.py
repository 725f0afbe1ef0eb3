"""Targets of retention over the API: the shape of the figures beside them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits, RuleOut
from pricing_engine.retention.targets import Measure, Standing


class MeasuredOut(Answer):
    """A target and the figure of the window, as fractions: of a driver, points of NRR."""

    segment: Annotated[str | None, Field(description="As in `segments`; null for the whole book.")]
    measure: Measure
    owner: Annotated[str, Field(description="Who answers for it.")]
    target: Digits
    actual: Digits | None
    difference: Annotated[Digits | None, Field(description="The figure less its target.")]
    standing: Annotated[Standing | None, Field(description="On is what has reached its target.")]
    unknown: Annotated[str | None, Field(description="In words why there is no figure, where there is none.")]
    since: date
    until: Annotated[date | None, Field(description="The day it no longer counts; null: nobody has said.")]
    rule: RuleOut


class AgainstTargetsOut(Answer):
    """The figures that have a target."""

    definition: str
    omitted: Annotated[str | None, Field(description="In words why no figure stands beside a target, where none does.")]
    other_by: Annotated[
        tuple[str, ...], Field(description="What else to ask `by`: the rules have targets for such segments.")
    ]
    items: Annotated[tuple[MeasuredOut, ...], Field(description="Of the book, then of each segment asked for.")]
