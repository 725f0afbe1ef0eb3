"""What training found out of itself: refused facts, and how well each part does on deals it had not seen (S5, S9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pricing_engine.scoring.model import Part
from pricing_engine.scoring.peers import Path


class Suspicion(StrEnum):
    """What becomes of a fact: never used, or used only where somebody says why."""

    REFUSED = "refused"
    SUSPICIOUS = "suspicious"


class Leak(NamedTuple):
    """A fact that tells more than was known when the deal was quoted.

    `check` names the test that found it, `why` shows its figures beside the threshold, `fix` what to do. `kept` is the
    reason for which somebody keeps it all the same.
    """

    fact: str
    suspicion: Suspicion
    check: str
    why: str
    fix: str
    kept: str | None = None


class Interval(NamedTuple):
    """A figure, and between which bounds it lies with 95 of 100; None: they cannot be told."""

    value: Decimal
    low: Decimal | None
    high: Decimal | None


class Split(NamedTuple):
    """Which deals trained and which tested: closed before the `cut`, and created from it on.

    `between` were created before and decided after it, so they do neither; `undecided` were created after it and are
    open. `shared` is how many accounts are on both sides; `grouping` says how they are kept apart.
    """

    cut: date
    train: int
    train_accounts: int
    train_won: int
    test: int
    test_accounts: int
    test_won: int
    between: int
    undecided: int
    shared: int
    grouping: str


class Measures(NamedTuple):
    """How well chances did on the test deals; less is better but for `auc`. Units: nats, squared fractions."""

    name: str
    log_loss: Decimal
    brier: Decimal
    auc: Decimal


class Reliability(NamedTuple):
    """Of a group of test deals: the mean chance that was said, and the share that was won, with its interval."""

    group: str
    deals: int
    said: Decimal
    won: Interval


class ReliabilityTable(NamedTuple):
    """The groups of one kind."""

    by: str
    rows: tuple[Reliability, ...]


class Drift(NamedTuple):
    """How differently a fact is spread in test and training deals: the population stability index, 0 for alike."""

    fact: str
    psi: Decimal
    says: str


class WinEvaluation(NamedTuple):
    """The chance to win, judged out of time beside the base rate that was known at the cut.

    `gains` are by how much less log-loss and Brier score the logit has than the base rate; `challenger_gain` by how
    much less log-loss gradient boosting has than the logit.
    """

    split: Split
    measures: tuple[Measures, ...]
    log_loss_gain: Interval
    brier_gain: Interval
    auc: Interval
    slope: Interval
    challenger_gain: Interval
    reliability: tuple[ReliabilityTable, ...]
    drift: tuple[Drift, ...]


class Covered(NamedTuple):
    """Won lines that the same peers speak for: how many were sold below stretch, inside the band, and above floor."""

    peers: Path
    accounts: int
    below: int
    inside: int
    above: int

    @property
    def lines(self) -> int:
        """All of them."""
        return self.below + self.inside + self.above


class Coverage(NamedTuple):
    """The whole (without peers of its own) and each segment, the largest first.

    `promised` is the share of lines that the quantiles say lie inside; `silent` are won lines of which no peers speak.
    """

    promised: Decimal
    whole: Covered
    segments: tuple[Covered, ...]
    silent: int


class PolicyValue(NamedTuple):
    """What a way to set discounts is worth in a world.

    `prices` says what moved those of the history; `margin` is that to expect of a deal a year, `gain` by how much of
    history's it is more, `discount` the mean one. `why` says what guidance went by.
    """

    strength: Decimal
    prices: str
    policy: str
    margin: Decimal
    gain: Decimal
    discount: Decimal
    why: str = ""


class SinceTraining(NamedTuple):
    """How a model has done on deals created after it was trained, beside the base rate of its training deals."""

    deals: int
    accounts: int
    won: int
    measures: tuple[Measures, ...]
    log_loss_gain: Interval
    slope: Interval


class Verdict(NamedTuple):
    """Whether a part may be promoted, and why, in plain words and figures."""

    part: Part
    is_usable: bool
    why: str
