"""The oracle of figures: sums over a list of movements, one after the other, in decimals (N1, N2, N4, N7).

What the engine does in columns of whole numbers is held to it on any book.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from pricing_engine.money import ZERO
from pricing_engine.retention.bridge import Bridge, Moved
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind, Cause, Driver, moved
from pricing_engine.retention.rates import Position, Rates, Window, share

NEVER: Mapping[str, date] = {}
Positions = Mapping[str, Mapping[str, Position]]
"""By customer and product line."""

_KINDS = {kind: place for place, kind in enumerate(ArrKind)}
_CAUSES = {cause: place for place, cause in enumerate(Cause)}


def with_lapses(entries: Iterable[Entry], ends: Mapping[str, date]) -> Iterator[Entry]:
    """The entries, and the churn of contracts whose last term has ended: the ledger says so only once they come back.

    Shape: `ends` are the first days without those contracts, by id.
    Source: N4, P25.
    """
    left: dict[tuple[str, str, str, str], Decimal] = {}
    for each in entries:
        yield each
        ended = ends.get(each.contract)
        if ended is not None and each.day <= ended:
            key = each.account, each.contract, each.product_line, each.currency
            left[key] = left.get(key, ZERO) + each.amount
    for (account, contract, product_line, currency), amount in left.items():
        if amount:
            lapse = moved(ends[contract], "", product_line, Cause.CHURN, -amount)
            yield Entry(
                *(account, contract, product_line, None, lapse.day, lapse.kind, lapse.driver, lapse.cause),
                *(currency, lapse.amount),
            )


def with_swaps(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, with what is bought and given up of one line of one contract on a day told by the sum of both."""
    known = list(entries)
    both = {Cause.CROSS_SELL, Cause.PARTIAL_CHURN}
    moves: dict[tuple[str, str, str, date], list[Entry]] = {}
    for each in known:
        if each.cause in both:
            moves.setdefault((each.account, each.contract, each.product_line, each.day), []).append(each)
    for each in known:
        found = moves.get((each.account, each.contract, each.product_line, each.day), [])
        if each.cause in both and {move.cause for move in found} == both:
            cause = Cause.TIER_UPGRADE if sum([move.amount for move in found]) > 0 else Cause.PARTIAL_CHURN
            kind = ArrKind.EXPANSION if cause is Cause.TIER_UPGRADE else ArrKind.CONTRACTION
            yield _as(each, cause)._replace(kind=kind)
        else:
            yield each


def converted(entries: Iterable[Entry], convert: Callable[[str, Decimal], Decimal]) -> Iterator[Entry]:
    """The entries in one currency, each by how much more the position it leads to comes to, so bridges close (N3).

    So positions are what they convert to, and nothing left is nothing: of entries rounded one by one a cent may stay,
    and with it a customer who has left. Shape: the entries of each contract in order of time.
    """
    reached: dict[tuple[str, str, str], Decimal] = {}
    for each in entries:
        key = each.contract, each.product_line, each.currency
        before = reached.get(key, ZERO)
        reached[key] = after = before + each.amount
        yield each._replace(amount=convert(each.currency, after) - convert(each.currency, before))


def of_customers(entries: Iterable[Entry]) -> list[Entry]:
    """The entries by customer and day, told as the customer's: contracts side by side are one customer's (N4).

    A further contract of a customer is cross-sell, one of several given up is partial churn, one of several that comes
    back is won back, and whoever had left and buys anew has come back (N7). Who had nothing is new with whatever makes
    it something, such as a trial that is bought; who has nothing left is lost, whatever took it. On a day on which
    contracts take a history over all is told by what that gains or loses.
    """
    by_account: dict[str, dict[date, list[Entry]]] = {}
    for each in entries:
        by_account.setdefault(each.account, {}).setdefault(each.day, []).append(each)
    told: list[Entry] = []
    for days in by_account.values():
        before, was_there = ZERO, False
        for day in sorted(days):
            after = before + sum([each.amount for each in days[day]], ZERO)
            if any(each.cause is Cause.HANDOVER for each in days[day]):
                kind = ArrKind.EXPANSION if after >= before else ArrKind.CONTRACTION
                told += [_as(each, Cause.HANDOVER)._replace(kind=kind) for each in days[day]]
            else:
                told += [_told(each, before, after, was_there=was_there) for each in days[day]]
            before, was_there = after, was_there or after > 0
    return told


def returned_as_new(entries: Iterable[Entry], left: Mapping[str, date]) -> Iterator[Entry]:
    """The entries, with what brought customers back after the day on which they left for long told as new (N7)."""
    for each in entries:
        day = left.get(each.account)
        is_back = day is not None and each.day > day and each.kind is ArrKind.REACTIVATION
        yield _as(each, Cause.NEW_BUSINESS) if is_back else each


def _told(each: Entry, before: Decimal, after: Decimal, *, was_there: bool) -> Entry:
    if not before and after and each.amount > 0:
        return _as(each, Cause.REACTIVATION if was_there else Cause.NEW_BUSINESS)
    if before and not after and each.amount < 0:
        return _as(each, Cause.CHURN)
    if each.kind is ArrKind.NEW and before:
        return _as(each, Cause.CROSS_SELL)
    if each.kind is ArrKind.REACTIVATION and before:
        return each._replace(kind=ArrKind.EXPANSION)
    if each.kind is ArrKind.CHURN and after:
        return _as(each, Cause.PARTIAL_CHURN)
    return each


def _as(each: Entry, cause: Cause) -> Entry:
    told = moved(each.day, "", each.product_line, cause, each.amount)
    return each._replace(kind=told.kind, driver=told.driver, cause=told.cause)


def positions_of(entries: Iterable[Entry], window: Window) -> dict[str, dict[str, Position]]:
    """What every customer has at both ends of a window; those that have nothing at either are left out."""
    sums: dict[str, dict[str, Position]] = {}
    for each in entries:
        if each.day > window.closing:
            continue
        lines = sums.setdefault(each.account, {})
        opening, closing = lines.get(each.product_line, Position(ZERO, ZERO))
        if each.day <= window.opening:
            opening += each.amount
        lines[each.product_line] = Position(opening, closing + each.amount)
    found = {
        account: {line: each for line, each in lines.items() if each.opening or each.closing}
        for account, lines in sums.items()
    }
    return {account: lines for account, lines in found.items() if lines}


def opening_of(lines: Mapping[str, Position]) -> Decimal:
    """What a customer had at the opening, of all product lines."""
    return sum([each.opening for each in lines.values()], ZERO)


def rates_of(positions: Positions, *, returned_as_new: Container[str] = ()) -> Rates:
    """The rates of customers; those `returned_as_new` count as lost, and what they have as new (N7).

    Source: N1, N2.
    """
    opening = kept = by_line = by_account = new = ZERO
    customers = lost = 0
    for account, lines in positions.items():
        before = opening_of(lines)
        now = sum([each.closing for each in lines.values()], ZERO)
        if not before:
            new += now
            continue
        customers += 1
        opening += before
        if account in returned_as_new:
            new += now
        else:
            kept += now
            by_line += sum([min(each) for each in lines.values()], ZERO)
            by_account += min(before, now)
        lost += not now or account in returned_as_new
    return Rates(opening, kept, by_line, by_account, new, customers, lost)


def returned_after(entries: Iterable[Entry], window: Window, *, gap_days: int) -> dict[str, date]:
    """The customers that had nothing for more than so many days of a window and came back within it (N7).

    Shape: the first day without anything, by customer.
    """
    by_account: dict[str, dict[date, Decimal]] = {}
    for each in entries:
        if each.day <= window.closing:
            days = by_account.setdefault(each.account, {})
            day = max(each.day, window.opening)
            days[day] = days.get(day, ZERO) + each.amount
    left = {account: _left(days, longer_than=timedelta(days=gap_days)) for account, days in by_account.items()}
    return {account: day for account, day in left.items() if day is not None}


def _left(days: Mapping[date, Decimal], *, longer_than: timedelta) -> date | None:
    """The first day of the first such time with nothing, between two times with something."""
    total = ZERO
    gone: date | None = None
    for day in sorted(days):
        before, total = total, total + days[day]
        if before and not total:
            gone = day
        elif total and not before and gone is not None and day - gone > longer_than:
            return gone
    return None


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
    told = [driver for driver in Driver if driver is not Driver.UNEXPLAINED or sums[driver]]
    return {driver: share(sums[driver], opening) for driver in told}
