"""What gives away that a fact is of another time than the quote: days after it, or fields that come and go (S5)."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from pricing_engine.scoring.evaluation import Suspicion
from pricing_engine.scoring.learning.columns import UNKNOWN, NumberColumn, Whole
from pricing_engine.scoring.learning.looks import Found, Look, sides

DATES: Final = 0.95
NEAR_CLOSING_REFUSED: Final = 0.25
LATER_SUSPICIOUS: Final = 0.1
LEAST_DEALS: Final = 50
THERE: Final = 0.9
GONE: Final = 0.02


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
    why = (
        f"a day after the deal was made on {int(later.sum()):,} of {int(known.sum()):,} decided deals, and within a day"
        f" of its decision on {int(at_closing.sum()):,} of them, where {NEAR_CLOSING_REFUSED:.0%} is refused, and"
        f" {LATER_SUSPICIOUS:.0%} after it is suspicious"
    )
    suspicion = Suspicion.REFUSED if refused else Suspicion.SUSPICIOUS
    return Found(suspicion, "days after creation", why, "leave it out, or give a day that was planned when quoting")


def _days(look: Look) -> Whole | None:
    """The days that its words are, UNKNOWN for others; None where they mostly are none."""
    if isinstance(look.column, NumberColumn):
        return None
    days = np.array([*(_day(word) for word in look.column.words), UNKNOWN], dtype=np.int64)
    if (days[:-1] != UNKNOWN).sum() < DATES * max(len(days) - 1, 1):
        return None
    found: Whole = days[look.column.codes]
    return found


def _day(word: str) -> int:
    try:
        return date.fromisoformat(word[:10]).toordinal()
    except ValueError:
        return UNKNOWN


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
