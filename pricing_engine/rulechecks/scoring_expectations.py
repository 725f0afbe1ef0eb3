"""Compares score and guidance of a quote with what an example expects, and says which of their rules it is about."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.quoting.quote import Quote
from pricing_engine.rulebook.documents.examples import ExpectationShape, LineExpectationShape
from pricing_engine.rulebook.documents.fields import write_percent
from pricing_engine.rulebook.faults import Path
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulechecks.expectations import NOTHING, Difference
from pricing_engine.scoring.guidance import Guidance
from pricing_engine.scoring.scorecard import Score

_SHARES: Final = ("floor", "target", "stretch")


def differences_of_scoring(expect: ExpectationShape, quote: Quote) -> Iterator[Difference]:
    """Every expectation of the score and of guidance that the quote does not meet."""
    scored = quote.scored
    why_none = "the rules have no scorecard" if quote.is_complete else "a line has no price"
    yield from _of_score(expect, None if scored is None else scored.score, why_none)
    yield from _of_guidance(expect, None if scored is None else scored.guidance, ())
    lines = {} if scored is None else {each.line: each.guidance for each in scored.lines}
    for id_, line in expect.lines.items():
        yield from _of_guidance(line, lines.get(id_), ("lines", id_), id_)


def _of_score(expect: ExpectationShape, score: Score | None, why_none: str) -> Iterator[Difference]:
    if score is None:
        for field in ("score", "band", "factors"):
            if field in expect.model_fields_set:
                yield Difference((field,), "a score", f"none, for {why_none}")
        return
    if expect.score is not None and expect.score != score.points:
        parts = ", ".join([f"{each.id} {each.points}" for each in score.factors])
        yield Difference(("score",), f"{expect.score:f}", f"{score.points} ({parts})")
    if expect.band is not None and expect.band != score.band:
        yield Difference(("band",), expect.band, f"{score.band}, with {score.points} points")
    parts_of = {each.id: each for each in score.factors}
    for id_, points in expect.factors.items():
        part = parts_of[id_]
        if points != part.points:
            missing = f", for {part.missing} is not known" if part.missing is not None else ""
            yield Difference(("factors", id_), f"{points:f}", f"{part.points} of {part.weight:f}{missing}")


def _of_guidance(
    expect: ExpectationShape | LineExpectationShape, guidance: Guidance | None, place: Path, about: str | None = None
) -> Iterator[Difference]:
    for field in _SHARES:
        wanted: Decimal | None = getattr(expect, field)
        actual: Decimal | None = None if guidance is None else getattr(guidance, field)
        if wanted is not None and wanted != actual:
            shown = NOTHING if actual is None else write_percent(actual)
            why = f" ({guidance.evidence.why})" if guidance is not None else ""
            yield Difference((*place, field), write_percent(wanted), f"{shown}{why}", about)


def scoring_rules(expect: ExpectationShape, quote: Quote, rulebook: Rulebook) -> Iterator[RuleRef]:
    """The factors that an example names, and the rows of guidance that speak for what it expects a target of.

    A quote has all factors and guidance for all lines: an example that expects nothing of them is not about them.
    """
    if rulebook.scorecard is not None:
        yield from (factor.rule for factor in rulebook.scorecard.factors if factor.id in expect.factors)
    if rulebook.guidance is None or quote.scored is None:
        return
    about_all = _expects_guidance(expect)
    about = {id_ for id_, line in expect.lines.items() if _expects_guidance(line)}
    spoke = {each.guidance.evidence.rule for each in quote.scored.lines if about_all or each.line in about}
    yield from (row.rule for row in rulebook.guidance.rows if row.id in spoke)


def _expects_guidance(expect: ExpectationShape | LineExpectationShape) -> bool:
    return expect.target is not None or expect.stretch is not None
