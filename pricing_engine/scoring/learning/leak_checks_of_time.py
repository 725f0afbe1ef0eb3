"""What gives away that a fact is of another time than the quote: days after it, or fields that come and go (S5)."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import numpy as np

from pricing_engine.scoring.evaluation import Suspicion
from pricing_engine.scoring.learning.columns import UNKNOWN, Columns, NumberColumn, Numbers, Whole
from pricing_engine.scoring.learning.intervals import voices
from pricing_engine.scoring.learning.looks import Found, Look, sides

DATES: Final = 0.95
NEAR_CLOSING_REFUSED: Final = 0.25
LATER_SUSPICIOUS: Final = 0.1
LEAST_DEALS: Final = 50
THERE: Final = 0.9
GONE: Final = 0.02
AS_LONG_REFUSED: Final = 0.95
LEAST_VOICES: Final = 10
_WRITTEN: Final = re.compile(
    r"(?:(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})(?:[-/.](?P<day>[0-9]{1,2}))?|(?P<first>[0-9]{1,2})[-/.](?P<second>[0-9]{1,2})[-/.](?P<last>[0-9]{4}))"
    r"(?![0-9])"
)
_NEAR: Final = 366
"""By how many days a day may lie outside of those of the deals, for a number to be taken for one."""
_SPREADSHEET: Final = date(1899, 12, 30).toordinal()
_CLOCK: Final = date(1970, 1, 1).toordinal()
_SECONDS: Final = 86_400


def days_after_creation(look: Look) -> Found | None:
    """A day that lies after the deal was made: where it is that of the decision it is the outcome's own mark."""
    days = _days(look)
    if days is None:
        return None
    decided, _, _ = sides(look.columns)
    known = (days != UNKNOWN) & decided
    later = known & (days > look.columns.created)
    if known.sum() < LEAST_DEALS or later.sum() < LATER_SUSPICIOUS * known.sum():
        return None
    at_closing = later & (np.abs(days - look.columns.closed) <= 1)
    refused = at_closing.sum() >= NEAR_CLOSING_REFUSED * later.sum()
    if not refused and isinstance(look.column, NumberColumn):
        return None  # an amount may look like a day, but not like that of the decision
    why = (
        f"a day after the deal was made on {int(later.sum()):,} of {int(known.sum()):,} decided deals, and within a day"
        f" of its decision on {int(at_closing.sum()):,} of them, where {NEAR_CLOSING_REFUSED:.0%} is refused, and"
        f" {LATER_SUSPICIOUS:.0%} after it is suspicious"
    )
    suspicion = Suspicion.REFUSED if refused else Suspicion.SUSPICIOUS
    return Found(suspicion, "days after creation", why, "leave it out, or give a day that was planned when quoting")


def _days(look: Look) -> Whole | None:
    """The days that its words or numbers are, UNKNOWN for others; None where they mostly are none."""
    if isinstance(look.column, NumberColumn):
        return _days_of_numbers(look.column.values, look.columns)
    days = np.array([*(_day(word) for word in look.column.words), UNKNOWN], dtype=np.int64)
    if (days[:-1] != UNKNOWN).sum() < DATES * max(len(days) - 1, 1):
        return None
    found: Whole = days[look.column.codes]
    return found


def _day(word: str) -> int:
    """The day of a word; the first of a month where it names none, and of a month and a day whichever can come first.

    The day comes first where either can: it is as far off for all deals alike.
    """
    try:
        return date.fromisoformat(word[:10]).toordinal()
    except ValueError:
        parts = _WRITTEN.match(word)
    if parts is None:
        return UNKNOWN
    year, month, day = (
        parts["year"] or parts["last"],
        parts["month"] or parts["second"],
        parts["first"] or parts["day"] or "1",
    )
    for order in ((month, day), (day, month)):
        try:
            return date(int(year), *map(int, order)).toordinal()
        except ValueError:
            continue
    return UNKNOWN


def _days_of_numbers(values: Numbers, columns: Columns) -> Whole | None:
    """The days that numbers are, as spreadsheets, clocks or people write them, if that puts them near the deals."""
    whole = np.nan_to_num(values, nan=-1.0, posinf=-1.0, neginf=-1.0)
    known = ~np.isnan(values)
    first, last = int(columns.created.min()) - _NEAR, int(max(columns.closed.max(), columns.created.max())) + _NEAR
    for read in (
        np.floor(whole) + _SPREADSHEET,
        np.floor(whole / _SECONDS) + _CLOCK,
        np.floor(whole / _SECONDS / 1_000) + _CLOCK,
        whole,
        _written(whole),
    ):
        near = known & (read >= first) & (read <= last)
        if known.any() and near.sum() >= DATES * known.sum():
            found: Whole = np.where(near, read, UNKNOWN).astype(np.int64)
            return found
    return None


def _written(numbers: Numbers) -> Numbers:
    """The days of numbers such as 20250131; UNKNOWN of others."""
    distinct, place = np.unique(numbers, return_inverse=True)
    days = [_day(f"{each:.0f}") if 1e7 < each < 1e8 else UNKNOWN for each in distinct]
    return np.array(days, dtype=np.float64)[place]


def days_it_took(look: Look) -> Found | None:
    """A number that says how long a deal took until it was decided: when it is quoted it has taken no time at all."""
    if not isinstance(look.column, NumberColumn):
        return None
    decided, _, _ = sides(look.columns)
    known = decided & look.is_known
    took = (look.columns.closed - look.columns.created)[known].astype(np.float64)
    values = look.column.values[known]
    if len(took) < LEAST_DEALS or voices(look.columns.accounts, known) < LEAST_VOICES:
        return None
    if not (np.ptp(took) and np.ptp(values)):
        return None
    alike = float(np.corrcoef(_ranks(took), _ranks(values))[0, 1])
    if abs(alike) < AS_LONG_REFUSED:
        return None
    why = (
        f"of {len(took):,} decided deals it goes with the days they took until their decision (rank correlation"
        f" {alike:.0%}, where {AS_LONG_REFUSED:.0%} is refused)"
    )
    return Found(Suspicion.REFUSED, "time to the decision", why, "leave it out: it is not known when quoting")


def _ranks(values: Numbers) -> Numbers:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    found: Numbers = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return found


def comes_or_goes(look: Look) -> Found | None:
    """Known only from a day on, or only until one: it tells when a deal was made, and soon nothing at all."""
    order = np.argsort(look.columns.created, kind="stable")
    known = look.is_known[order]
    count = len(known)
    if count < 2 * LEAST_DEALS:
        return None
    before = np.cumsum(known)
    sizes = np.arange(1, count + 1)
    edges = slice(LEAST_DEALS - 1, count - LEAST_DEALS)
    early = before[edges] / sizes[edges]
    late = (before[-1] - before[edges]) / (count - sizes[edges])
    at = int(np.argmax(np.abs(early - late)))
    first, last = float(early[at]), float(late[at])
    if not (max(first, last) >= THERE and min(first, last) <= GONE):
        return None
    day = date.fromordinal(int(look.columns.created[order][edges][at]))
    goes = first > last
    why = (
        f"known for {first:.0%} of deals made until {day} and for {last:.0%} of those made after it, where from"
        f" {THERE:.0%} to {GONE:.0%} is {'refused' if goes else 'suspicious the other way round'}"
    )
    if goes:
        return Found(Suspicion.REFUSED, "comes or goes", why, "leave it out: quotes no longer have it")
    return Found(Suspicion.SUSPICIOUS, "comes or goes", why, "wait until enough deals have it")
