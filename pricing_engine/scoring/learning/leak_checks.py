"""What gives away that a fact was filled in after the outcome was known, or on the way to it (S5)."""

from __future__ import annotations

from typing import Final

import numpy as np

from pricing_engine.scoring.evaluation import Suspicion
from pricing_engine.scoring.learning.columns import Flags, Numbers
from pricing_engine.scoring.learning.intervals import (
    difference,
    nearest_to_none,
    share,
    sorting,
    sorting_range,
    voices,
)
from pricing_engine.scoring.learning.looks import Found, Look, expected_of_like_age, sides

MISSING_REFUSED: Final = 0.4
MISSING_SUSPICIOUS: Final = 0.15
SORTING_REFUSED: Final = 0.95
SORTING_SUSPICIOUS: Final = 0.88
SORTING_OF_AGE_SUSPICIOUS: Final = 0.8
PURE_REFUSED: Final = 0.995
PURE_SUSPICIOUS: Final = 0.98
OTHERS_REFUSED: Final = 0.08
OTHERS_SUSPICIOUS: Final = 0.2
"""At most so many may surely end otherwise: of few deals all may end alike, honestly."""
PURE_COVERS_REFUSED: Final = 0.05
PURE_COVERS_SUSPICIOUS: Final = 0.03
NEVER_OPEN_REFUSED: Final = 0.3
NEVER_OPEN_SUSPICIOUS: Final = 0.1
NEVER_OPEN_EXPECTED: Final = 15.0
LEAST_VOICES: Final = 10
_MOST_VALUES: Final = 30

LEAVE_OUT: Final = "leave it out of the mapping, or record what was known when the quote was made"


def missing_by_outcome(look: Look) -> Found | None:
    """Known for one outcome much more often than for the other."""
    _, won, lost = sides(look.columns)
    apart = difference(look.share(look.is_known, won), look.share(look.is_known, lost))
    suspicion = _graded(nearest_to_none(apart), MISSING_REFUSED, MISSING_SUSPICIOUS)
    if suspicion is None:
        return None
    why = (
        f"known for {_of(look.is_known, won)} won and {_of(look.is_known, lost)} lost deals: surely"
        f" {nearest_to_none(apart):.0%} apart, where {_threshold(suspicion, MISSING_REFUSED, MISSING_SUSPICIOUS)}"
    )
    return Found(suspicion, "known by outcome", why, LEAVE_OUT)


def missing_while_open(look: Look) -> Found | None:
    """Known for decided deals much more often than for open ones of their age, or the other way round."""
    decided, _, _ = sides(look.columns)
    stands_for, is_open = expected_of_like_age(look.columns, decided, ~decided)
    if not is_open.any():
        return None
    compared = decided & (stands_for > 0)
    like = look.share(look.is_known, compared)
    rate = float(stands_for[look.is_known].sum() / stands_for.sum())
    moved = like._replace(value=rate, low=like.low + rate - like.value, high=like.high + rate - like.value)
    apart = difference(moved, look.share(look.is_known, is_open))
    suspicion = _graded(nearest_to_none(apart), MISSING_REFUSED, MISSING_SUSPICIOUS)
    if suspicion is None:
        return None
    why = (
        f"known for {rate:.0%} of decided deals and for {_of(look.is_known, is_open)} open ones of the same age: surely"
        f" {nearest_to_none(apart):.0%} apart, where {_threshold(suspicion, MISSING_REFUSED, MISSING_SUSPICIOUS)};"
        " it is filled in, or emptied, on the way to a decision"
    )
    return Found(suspicion, "known while open", why, LEAVE_OUT)


def missing_by_time_to_close(look: Look) -> Found | None:
    """Known for deals that took long, and not for quick ones, or the other way round."""
    decided, _, _ = sides(look.columns)
    took = (look.columns.closed - look.columns.created).astype(np.float64)
    known, unknown = decided & look.is_known, decided & ~look.is_known
    says = (voices(look.columns.accounts, known), voices(look.columns.accounts, unknown))
    if min(says) < LEAST_VOICES:
        return None
    area = sorting(took[decided], look.is_known[decided])
    found = sorting_range(max(area, 1 - area), *says, errors=look.errors)
    if found.low < SORTING_OF_AGE_SUSPICIOUS:
        return None
    why = (
        f"known for deals that took {np.median(took[known]):.0f} days, not known for those that took"
        f" {np.median(took[unknown]):.0f} (medians); the time to the decision puts {found.value:.0%} of pairs in order"
        f" (surely {found.low:.0%}), where {SORTING_OF_AGE_SUSPICIOUS:.0%} is suspicious"
    )
    return Found(Suspicion.SUSPICIOUS, "known by time to close", why, LEAVE_OUT)


def separates(look: Look) -> Found | None:
    """Alone tells won from lost nearly perfectly: better than anything honest does."""
    decided, won, lost = sides(look.columns)
    accounts = look.columns.accounts
    says = voices(accounts, won), voices(accounts, lost)
    if min(says) < LEAST_VOICES:
        return None
    area = sorting(_told_by_others(look)[decided], won[decided])
    found = sorting_range(area, *says, errors=look.errors)
    suspicion = _graded(found.low, SORTING_REFUSED, SORTING_SUSPICIOUS)
    if suspicion is None:
        return None
    why = (
        f"alone it puts {area:.1%} of all pairs of a won and a lost deal in order (surely {found.low:.1%}),"
        f" where {_threshold(suspicion, SORTING_REFUSED, SORTING_SUSPICIOUS)}"
    )
    return Found(suspicion, "separates the outcomes", why, LEAVE_OUT)


def _told_by_others(look: Look) -> Numbers:
    """For each deal the share won among deals with its value of the other half of the accounts."""
    decided, won, _ = sides(look.columns)
    half, codes = look.columns.accounts % 2, look.coded.codes
    base = won.sum() / decided.sum()
    told = np.zeros(len(codes))
    for side in (0, 1):
        of_others, of_own = decided & (half != side), half == side
        count = np.bincount(codes[of_others], minlength=len(look.coded.names))
        count_won = np.bincount(codes[of_others & won], minlength=len(look.coded.names))
        told[of_own] = ((count_won + base) / (count + 1))[codes[of_own]]
    return told


def only_one_outcome(look: Look) -> Found | None:
    """Is known, is not, or has a value that practically only one outcome has, on a good part of all deals."""
    decided, _, _ = sides(look.columns)
    names = look.coded.names
    counts = np.bincount(look.coded.codes[decided], minlength=len(names))
    # A range at either end of a number may well be of one outcome, honestly: single values are looked at.
    single = [code for code, name in enumerate(names) if code and counts[code] and ".." not in name]
    often = sorted(single, key=lambda code: -counts[code])[:_MOST_VALUES]
    found = [
        _pure(look, "known", look.is_known),
        _pure(look, "not known", ~look.is_known),
        *(_pure(look, names[code], look.coded.codes == code) for code in often),
    ]
    there = [each for each in found if each is not None]
    return min(there, key=lambda each: each.suspicion, default=None)


def _pure(look: Look, name: str, here: Flags) -> Found | None:
    """What is to be said of the deals that have a value, if they end alike."""
    decided, won, lost = sides(look.columns)
    count, whole = int((here & decided).sum()), int(decided.sum())
    if count < PURE_COVERS_SUSPICIOUS * whole:
        return None
    of_won, of_lost = int((here & won).sum()), int((here & lost).sum())
    alike, usual = max(of_won, of_lost) / count, (won if of_won > of_lost else lost).sum() / whole
    says = voices(look.columns.accounts, here & decided)
    others = share((1 - alike) * says, says, errors=look.errors).high
    if alike < PURE_SUSPICIOUS or others > OTHERS_SUSPICIOUS or others > 1 - usual:
        return None
    refused = alike >= PURE_REFUSED and others <= OTHERS_REFUSED and count >= PURE_COVERS_REFUSED * whole
    pure, covers = (PURE_REFUSED, PURE_COVERS_REFUSED) if refused else (PURE_SUSPICIOUS, PURE_COVERS_SUSPICIOUS)
    suspicion = Suspicion.REFUSED if refused else Suspicion.SUSPICIOUS
    why = (
        f"{name} on {_of(here, won)} won and {_of(here, lost)} lost deals: {alike:.1%} of the {count:,} that have this"
        f" ended alike, where {pure:.1%} on {covers:.0%} of deals is {suspicion}"
    )
    return Found(suspicion, "a value of one outcome", why, LEAVE_OUT)


def only_once_closed(look: Look) -> Found | None:
    """Has values that no open deal has, of which decided ones of the same age have many, where either is known."""
    decided, _, _ = sides(look.columns)
    known, unknown = decided & look.is_known, ~decided & look.is_known
    stands_for, is_open = expected_of_like_age(look.columns, known, unknown)
    if not is_open.any():
        return None
    codes, count = look.coded.codes, len(look.coded.names)
    says = voices(look.columns.accounts, is_open) / is_open.sum()
    expected = np.bincount(codes, weights=stands_for, minlength=count)
    # Where few were decided so soon, one of them stands for many open ones: it still is one.
    decided_say = expected**2 / np.maximum(np.bincount(codes, weights=stands_for**2, minlength=count), 1e-12)
    enough = np.minimum(expected, decided_say) * says >= NEVER_OPEN_EXPECTED
    absent = (np.bincount(codes[is_open], minlength=count) == 0) & enough
    covers = float(expected[absent].sum() / expected.sum())
    suspicion = _graded(covers, NEVER_OPEN_REFUSED, NEVER_OPEN_SUSPICIOUS)
    if suspicion is None:
        return None
    names = ", ".join([look.coded.names[each] for each in np.flatnonzero(absent)[:3]])
    why = (
        f"{names}{' and others' if absent.sum() > 3 else ''}: on {covers:.0%} of decided deals, and on none of"
        f" {int(is_open.sum()):,} open ones of the same age, where"
        f" {_threshold(suspicion, NEVER_OPEN_REFUSED, NEVER_OPEN_SUSPICIOUS)}"
    )
    return Found(suspicion, "a value of closed deals", why, LEAVE_OUT)


def _graded(figure: float, refused: float, suspicious: float) -> Suspicion | None:
    if figure >= refused:
        return Suspicion.REFUSED
    return Suspicion.SUSPICIOUS if figure >= suspicious else None


def _threshold(suspicion: Suspicion, refused: float, suspicious: float) -> str:
    return f"{refused if suspicion is Suspicion.REFUSED else suspicious:.0%} is {suspicion}"


def _of(what: object, among: object) -> str:
    """`12 of 345`, as people check it."""
    both = np.logical_and(what, among)  # type: ignore[call-overload]
    return f"{int(both.sum()):,} of {int(np.sum(among)):,}"  # type: ignore[call-overload]
