"""Whether the forecast is to be believed: made again on past days from what was known then, beside what came (N12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from statistics import fmean
from typing import Final, NamedTuple

import numpy as np

from pricing_engine.retention.forecast import Band, band_of, outcomes_of
from pricing_engine.retention.grouped import sums_in
from pricing_engine.retention.hazards import hazards_of
from pricing_engine.retention.panel import Floats, Panel, coming_terms

LEAST_HISTORY: Final = 12
"""Months of ledger before a past day, for a forecast to be made on it."""

MOST_ORIGINS: Final = 24
LEAST_APART: Final = 2
"""Windows that do not overlap, without which nothing is said of which of two is nearer."""

_OUTCOMES: Final = 250


class Verdict(StrEnum):
    """Whether a forecast beats the same as the segments' rates of the window before."""

    BEATS = "beats"
    DOES_NOT_BEAT = "does_not_beat"
    CANNOT_TELL = "cannot_tell"


class Tried(NamedTuple):
    """A forecast of a past day, NRR as it came, and what the rates of the window before would have said.

    Units: fractions. `last` is None where nobody was there at the beginning of that window.
    """

    origin: date
    band: Band
    truth: float
    last: float | None


class BackTest(NamedTuple):
    """The forecasts of past days a month apart, oldest first, each of so many `months`."""

    tried: Sequence[Tried]
    months: int

    @property
    def apart(self) -> int:
        """How many of the windows compared do not overlap: the others say little more."""
        return -(-len(self.compared) // self.months)

    @property
    def coverage(self) -> float | None:
        """How often the truth was between P10 and P90; 8 in 10 is right."""
        return fmean(each.band.has(each.truth) for each in self.tried) if self.tried else None

    @property
    def compared(self) -> Sequence[Tried]:
        """Those that have a rate of the window before to be compared with."""
        return [each for each in self.tried if each.last is not None]

    @property
    def error(self) -> float | None:
        """By how much P50 was wrong in the mean, of those compared."""
        return _mean(abs(each.band.p50 - each.truth) for each in self.compared)

    @property
    def error_of_last(self) -> float | None:
        """By how much the segments' rates of the window before were."""
        return _mean(abs(each.last - each.truth) for each in self.compared if each.last is not None)

    @property
    def verdict(self) -> Verdict:
        """Whether P50 was nearer than the segments' last rates."""
        error, of_last = self.error, self.error_of_last
        if error is None or of_last is None or self.apart < LEAST_APART:
            return Verdict.CANNOT_TELL
        return Verdict.BEATS if error < of_last else Verdict.DOES_NOT_BEAT


def back_test(panel: Panel, *, months: int) -> BackTest:
    """Forecasts of so many months on each end of a month that has enough of the panel before it, and its window in it.

    Of terms only those count that were known on the day; what accounts are is known as it is now.
    """
    last = panel.months - months
    first = max(LEAST_HISTORY, last - MOST_ORIGINS + 1)
    days = [at for at in range(first, last + 1) if panel.arr[:, :at].any() and panel.arr[:, at].any()]
    return BackTest([_tried(panel, at, months) for at in days], months)


def _tried(panel: Panel, at: int, months: int) -> Tried:
    then, origin = panel.until(at), panel.ends[at]
    coming = coming_terms(panel, on=origin, ends=panel.ends[at + 1 : at + months + 1])
    hazards, nothing = hazards_of(then, months=months), np.zeros(len(panel.accounts))
    outcomes = outcomes_of(then, hazards, coming, nothing, seed=origin.toordinal(), most=_OUTCOMES)
    opening, closing = panel.arr[:, at], panel.arr[:, at + months]
    truth = closing[opening > 0].sum() / opening.sum()
    return Tried(origin, band_of(outcomes.nrr), truth, last_rate(then, months=months))


def last_rate(panel: Panel, *, months: int) -> float | None:
    """NRR if each segment's is that of the so many months before; the book's, where the segment had nobody then.

    None: nobody was there.
    """
    if panel.months < months or not panel.arr[:, -months - 1].any():
        return None
    before, now = panel.arr[:, -months - 1], panel.arr[:, -1]
    opening, kept, held = (
        sums_in(panel.segment, amounts, len(panel.segments)) for amounts in (before, now * (before > 0), now)
    )
    rates: Floats = np.divide(kept, opening, out=np.full(len(kept), kept.sum() / opening.sum()), where=opening > 0)
    return (rates * held).sum() / held.sum() if held.any() else None


def _mean(errors: Iterable[float]) -> float | None:
    found = list(errors)
    return fmean(found) if found else None
