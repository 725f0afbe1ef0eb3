"""The leak detector: looks at every fact against the outcome and against time, and says which may not be used (S5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pricing_engine.scoring.evaluation import Leak, Suspicion
from pricing_engine.scoring.learning import leak_checks, leak_checks_of_time
from pricing_engine.scoring.learning.columns import Column, Columns
from pricing_engine.scoring.learning.intervals import corrected
from pricing_engine.scoring.learning.looks import Check, Found, Look, coded, sides

FALSE_ALARM: Final = 0.01
"""How likely chance alone makes any check of any fact pass its threshold; what differs a little passes none."""

_CHECKS: Final[tuple[Check, ...]] = (
    leak_checks.separates,
    leak_checks.only_one_outcome,
    leak_checks.missing_by_outcome,
    leak_checks.missing_while_open,
    leak_checks.only_once_closed,
    leak_checks_of_time.days_after_creation,
    leak_checks_of_time.days_it_took,
    leak_checks_of_time.comes_or_goes,
    leak_checks.missing_by_time_to_close,
)


def find_leaks(columns: Columns, *, keep: Mapping[str, str]) -> tuple[Leak, ...]:
    """The facts, and amounts of the deals, that tell more than was known when quoting, the worst first.

    Shape: `keep` says for suspicious facts why they are used all the same; what is refused cannot be kept. No look is
    at the name of a fact.
    """
    _, won, lost = sides(columns)
    if not won.any() or not lost.any():
        return ()
    facts = [each.fact for each in columns.facts]
    amounts = [each for each in (columns.net, columns.list, columns.discount) if each.fact not in facts]
    looked = [*columns.facts, *(each for each in amounts if each.is_known.any())]
    errors = corrected(looks=len(looked) * len(_CHECKS), alarm=FALSE_ALARM)
    found = [_leak(each, columns, errors, keep) for each in looked]
    return tuple(sorted([each for each in found if each is not None], key=lambda each: (each.suspicion, each.fact)))


def _leak(column: Column, columns: Columns, errors: float, keep: Mapping[str, str]) -> Leak | None:
    look = Look(column.fact, column, coded(column), columns, errors)
    found = [each for each in (check(look) for check in _CHECKS) if each is not None]
    if not found:
        return None
    refused = [each for each in found if each.suspicion is Suspicion.REFUSED]
    first = (refused or found)[0]
    why = "; also ".join([first.why, *(each.why for each in found if each is not first)])
    kept = keep.get(column.fact) if first.suspicion is Suspicion.SUSPICIOUS else None
    return Leak(column.fact, first.suspicion, first.check, why, _fix(column.fact, first), kept)


def _fix(fact: str, found: Found) -> str:
    if found.suspicion is Suspicion.REFUSED:
        return found.fix
    return f"{found.fix}; where it is known when quoting, keep it: --keep {fact} --why '…'"


def not_to_be_used(leaks: tuple[Leak, ...]) -> frozenset[str]:
    """The facts that are refused, or suspicious and not kept."""
    return frozenset([each.fact for each in leaks if each.kept is None])
