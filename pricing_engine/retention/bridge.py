"""The bridge from what there was to what there is: every movement between, by kind, driver and cause (N4)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.periods import add_months
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, Cause, Driver
from pricing_engine.retention.rates import Window, share


class Moved(NamedTuple):
    """What was moved for one reason. Units: the ledger's."""

    kind: ArrKind
    driver: Driver | None
    cause: Cause
    amount: Decimal


class Bridge(NamedTuple):
    """Opening, movements in the order of kinds and causes, and closing, which is their sum. Units: the ledger's."""

    opening: Decimal
    moved: tuple[Moved, ...]
    closing: Decimal

    def of_kind(self, kind: ArrKind) -> Decimal:
        """What was moved of one kind."""
        return sum([each.amount for each in self.moved if each.kind is kind], ZERO)


NEVER: Final[Mapping[str, date]] = {}
_KINDS = {kind: place for place, kind in enumerate(ArrKind)}
_CAUSES = {cause: place for place, cause in enumerate(Cause)}


def bridge_of(entries: Iterable[Entry], window: Window) -> Bridge:
    """The bridge over a window of all the entries."""
    return bridges_of(entries, [window])[0]


def bridges_of(entries: Iterable[Entry], windows: Sequence[Window]) -> list[Bridge]:
    """The bridges over windows that follow each other, in their order."""
    opening = ZERO
    sums: list[dict[tuple[ArrKind, Driver | None, Cause], Decimal]] = [{} for _ in windows]
    closings = [window.closing for window in windows]
    for each in entries:
        if each.day <= windows[0].opening:
            opening += each.amount
        elif each.day <= closings[-1]:
            found, key = sums[bisect_left(closings, each.day)], (each.kind, each.driver, each.cause)
            found[key] = found.get(key, ZERO) + each.amount
    bridges: list[Bridge] = []
    for found in sums:
        ordered = sorted(found.items(), key=lambda item: (_KINDS[item[0][0]], _CAUSES[item[0][2]]))
        moved = tuple([Moved(*key, amount) for key, amount in ordered if amount])
        bridges.append(Bridge(opening, moved, opening + sum([each.amount for each in moved], ZERO)))
        opening = bridges[-1].closing
    return bridges


def months_of(window: Window, *, months: int) -> list[Window]:
    """The months of a window that has so many, each counted back from its closing."""
    days = [add_months(window.closing, -left) for left in range(months, -1, -1)]
    return [Window(opening, closing) for opening, closing in pairwise(days)]


def points_by_driver(
    entries: Iterable[Entry],
    window: Window,
    cohort: frozenset[str],
    opening: Decimal,
    *,
    until: Mapping[str, date] = NEVER,
) -> Mapping[Driver, Decimal | None]:
    """By how much each driver moved net retention: what it moved of the customers in the cohort, over the opening.

    NRR is 1 and the sum of these, but for rounding. Rounds: as `share`. Shape: `until` is the last day that counts of
    customers who left and count as new since.
    """
    sums = dict.fromkeys(Driver, ZERO)
    for each in entries:
        if each.account in cohort and window.has(each.day) and each.day <= until.get(each.account, each.day):
            # What is new business to a contract is cross-sell to a customer who was there.
            sums[each.driver or Driver.EXPANSION] += each.amount
    return {driver: share(amount, opening) for driver, amount in sums.items()}
