"""The shapes of what is asked when a model is trained, and of how it was judged."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from pricing_engine.api.wire_answers import Answer, Digits
from pricing_engine.api.wire_models import WireModel
from pricing_engine.api.wire_numbers import Day
from pricing_engine.api.wire_scoring import LeakOut, TrainedOut, VerdictOut
from pricing_engine.api.wire_text import Reason

FactName = Annotated[str, Field(min_length=1, max_length=100)]


class KeptFactIn(WireModel):
    """A suspicious fact that is used all the same."""

    fact: FactName
    why: Annotated[Reason, Field(description="How it is known when a quote is made; it is kept.")]


class TrainingIn(WireModel):
    """How to train."""

    cut: Annotated[
        Day | None,
        Field(description="Deals closed before it train, those created from it on test; chosen if absent."),
    ] = None
    without: Annotated[list[FactName], Field(max_length=200, description="Facts that are left out.")] = Field(
        default_factory=list
    )
    keep: Annotated[list[KeptFactIn], Field(max_length=200)] = Field(default_factory=list)
    instrument: Annotated[
        FactName | None, Field(description="A fact that moved prices, and that buyers had no other reason to care for.")
    ] = None


class EvaluationQuery(WireModel):
    """How the evaluation is to be read."""

    format: Literal["json", "html"] | None = Field(
        default=None, description="What to answer with; by the Accept header when absent, and JSON when that is too."
    )


class IntervalOut(Answer):
    """A figure, and between which bounds it lies with 95 of 100."""

    value: Digits
    low: Digits | None
    high: Digits | None


class SplitOut(Answer):
    """Which deals trained and which tested."""

    cut: date
    train: int
    train_accounts: int
    train_won: int
    test: int
    test_accounts: int
    test_won: int
    between: Annotated[int, Field(description="Created before the cut and decided after it: they do neither.")]
    undecided: Annotated[int, Field(description="Created since the cut and still open.")]
    shared: Annotated[int, Field(description="Accounts with deals on both sides.")]
    grouping: str


class MeasuresOut(Answer):
    """How well chances did."""

    name: str
    log_loss: Digits
    brier: Digits
    auc: Digits


class ReliabilityOut(Answer):
    """What was said of a group, and what came true."""

    group: str
    deals: int
    said: Digits
    won: IntervalOut


class ReliabilityTableOut(Answer):
    """The groups of one kind."""

    by: str
    rows: tuple[ReliabilityOut, ...]


class DriftOut(Answer):
    """How differently a fact is spread since the cut: the population stability index."""

    fact: str
    psi: Digits
    says: str


class WinEvaluationOut(Answer):
    """The chance to win, judged out of time beside the base rate."""

    split: SplitOut
    measures: tuple[MeasuresOut, ...]
    log_loss_gain: IntervalOut
    brier_gain: IntervalOut
    auc: IntervalOut
    slope: Annotated[IntervalOut, Field(description="Of calibration: 1 is right.")]
    challenger_gain: Annotated[IntervalOut, Field(description="How much less log-loss gradient boosting has.")]
    reliability: tuple[ReliabilityTableOut, ...]
    drift: tuple[DriftOut, ...]


class CoveredOut(Answer):
    """Lines won since the cut that the same peers speak for."""

    peers: tuple[tuple[str, str], ...]
    accounts: int
    below: int
    inside: int
    above: int


class CoverageOut(Answer):
    """Whether lines won since the cut were sold inside the band of their peers."""

    promised: Digits
    whole: CoveredOut
    segments: tuple[CoveredOut, ...]
    silent: int


class PolicyValueOut(Answer):
    """What a way to set discounts is worth in the simulator, whose truth is known."""

    strength: Digits
    prices: str
    policy: str
    margin: Digits
    gain: Digits
    discount: Digits
    why: str


class SinceTrainingOut(Answer):
    """How the model has done on deals created after it was trained."""

    deals: int
    accounts: int
    won: int
    measures: tuple[MeasuresOut, ...]
    log_loss_gain: IntervalOut
    slope: IntervalOut


class EvaluationOut(Answer):
    """A model as it was judged: first of all which parts may be used, and why."""

    hash: str
    verdicts: tuple[VerdictOut, ...]
    trained: TrainedOut
    facts: tuple[str, ...]
    leaks: tuple[LeakOut, ...]
    win: WinEvaluationOut | None
    coverage: CoverageOut | None
    policies: tuple[PolicyValueOut, ...]
    said: tuple[str, ...]
    since: Annotated[SinceTrainingOut | None, Field(description="null: too few deals have been decided since.")]
