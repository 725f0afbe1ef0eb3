"""What training found out of itself: refused facts, and how well each part does on deals it had not seen (S5, S9)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from pricing_engine.scoring.model import Part


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


class Verdict(NamedTuple):
    """Whether a part may be promoted, and why, in plain words and figures."""

    part: Part
    is_usable: bool
    why: str
