"""What is due now, item by item, and what became of each line: the redline of a change (P14, P24)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.contract_line import ContractLine, Stretch
from pricing_engine.money import ZERO, Currency, round_money
from pricing_engine.pricing.instalments import billed_periods, share_of_days
from pricing_engine.pricing.waterfall import REPRICING
from pricing_engine.quoting.changes.given_up import repriced, times, unit_days
from pricing_engine.quoting.changes.kind import Kind
from pricing_engine.quoting.changes.schedule import LineSchedule, Schedule
from pricing_engine.quoting.changes.told import told, told_with, written
from pricing_engine.quoting.contract_change import KEPT, DueItem, DueKind, LineChange, Movement

# As `RECURRING` in `catalog/products.py`.
_CHARGE: Final = DueKind.CHARGE
_CREDIT: Final = DueKind.CREDIT

ROUNDING: Final = "of rounding"
"""Said of what an amount is off by, since it was billed in whole minor units."""


def draw_redline(contract: Contract, schedule: Schedule, kind: Kind) -> tuple[LineChange, ...]:
    """Every line before and after a change within a term, in the order of the quote's; not those that ended before it.

    Rounds: the repricing part of a yearly net once per line.
    """
    return tuple(
        [
            scheduled.kept or _line_change(scheduled, contract, kind)
            for scheduled in schedule.lines.values()
            if scheduled.kept is not None or not _is_left_out(scheduled, kind)
        ]
    )


def line_items(contract: Contract, schedule: Schedule, kind: Kind) -> list[DueItem]:
    """What lines owe or are owed now, item by item, which sums to what the redline says is due.

    Rounds: the repricing part of what is due once per line; the rest of the line's due is its change of volume.
    """
    items: list[DueItem] = []
    for scheduled in schedule.lines.values():
        if scheduled.kept is None and scheduled.due and not _is_left_out(scheduled, kind):
            items += _due_items(scheduled, schedule, contract, kind)
    return items


def _is_left_out(scheduled: LineSchedule, kind: Kind) -> bool:
    was = scheduled.was
    if scheduled.now is not None:
        return False
    return was is None or was.stretch_on(kind.start) is None or _is_tried_on(was, scheduled, kind)


def _is_tried_on(line: ContractLine, scheduled: LineSchedule, kind: Kind) -> bool:
    """Whether it is a trial that goes on, whatever else changes."""
    return line.trial_until is not None and any(each.end > kind.start for each in scheduled.stretches)


def _line_change(scheduled: LineSchedule, contract: Contract, kind: Kind) -> LineChange:
    was, now = scheduled.was, scheduled.now
    stretch = was.stretch_on(kind.start) if was else None
    first = now.segments[0] if now and now.segments else None
    shown = now or was
    assert shown is not None  # a scheduled line is of the contract or of the quote
    before = round_money(stretch.net, contract.currency) if stretch else ZERO
    after = now.net_per_year if now else ZERO
    more = repriced(first) if first else ZERO
    repricing = round_money(more, contract.currency) if more else ZERO
    quantities = stretch.quantity if stretch else ZERO, first.quantity if first else ZERO
    movement = movement_of(quantities, before, after, was=stretch is not None, now=first is not None)
    if movement is KEPT and was is not None and scheduled.after != scheduled.before:
        movement = _later_movement(was.stretches, scheduled.stretches)
    return LineChange(
        shown.id, shown.product, shown.name, movement, *quantities, before, after, repricing, scheduled.due
    )


def movement_of(
    quantities: tuple[Decimal, Decimal], before: Decimal, after: Decimal, *, was: bool, now: bool
) -> Movement:
    """What became of a line that was there or not and is now or not, with these quantities and yearly nets."""
    if not was or not now:
        return Movement.REMOVED if was else Movement.ADDED
    quantity_before, quantity_after = quantities
    if quantity_after != quantity_before:
        return Movement.GROWN if quantity_after > quantity_before else Movement.REDUCED
    return KEPT if before == after else Movement.REPRICED


def _later_movement(before: Sequence[Stretch], after: Sequence[Stretch]) -> Movement:
    """What becomes of a line that stays as it is on the day, and not until the term ends."""
    was, now = (unit_days((each.start, each.end, each.quantity) for each in stretches) for stretches in (before, after))
    if was == now:
        return Movement.REPRICED
    return Movement.GROWN if now > was else Movement.REDUCED


class _Part(NamedTuple):
    """An amount per year, unrounded, over a share of years."""

    per_year: Decimal
    share: Fraction

    @property
    def worth(self) -> Decimal:
        return times(self.per_year, self.share)


def _due_items(scheduled: LineSchedule, schedule: Schedule, contract: Contract, kind: Kind) -> Iterator[DueItem]:
    """A line's part of what is due: repricing, and the rest as a charge or credit."""
    was, now = scheduled.was, scheduled.now
    last = billed_periods(schedule.cadence).periods[schedule.billed - 1].end
    segments = [each for each in (now.segments if now else ()) if each.start < last]
    after = [_Part(each.net, share_of_days(schedule.cadence, each.start, min(each.end, last))) for each in segments]
    before = _parts_before(was, schedule, kind.start, last)
    id_ = now.id if now else was.id if was else ""
    rest = scheduled.due
    dearer = [repriced(each) for each in segments]
    if any(dearer):
        now_parts = after
        after = [_Part(part.per_year - more, part.share) for part, more in zip(now_parts, dearer, strict=True)]
        part = _repricing_in(rest, now_parts, after, before, contract.currency)
        if part:
            rules = [step.rule for step in segments[0].steps if step.kind is REPRICING]
            how = _how(now_parts, after, part, contract.currency)
            yield DueItem(DueKind.REPRICING, id_, rules[-1] if rules else None, how, part)
        rest -= part
    if rest:
        how = _how(after, before, rest, contract.currency)
        yield DueItem(_CHARGE if rest > 0 else _CREDIT, id_, None, how, rest)


def _repricing_in(
    due: Decimal, now: Sequence[_Part], after: Sequence[_Part], before: Sequence[_Part], currency: Currency
) -> Decimal:
    """The part of what is due that repricing makes; all of it where the volume stays."""
    volume = _worth(after)
    repricing = _worth(now) - volume
    if not repricing:
        return ZERO
    return due if volume == _worth(before) else round_money(repricing, currency)


def _worth(parts: Sequence[_Part]) -> Decimal:
    return sum([part.worth for part in parts], ZERO)


def _parts_before(was: ContractLine | None, schedule: Schedule, start: date, last: date) -> list[_Part]:
    return [
        _Part(each.net, share)
        for each in (was.stretches if was else ())
        if (share := share_of_days(schedule.cadence, max(each.start, start), min(each.end, last)))
    ]


def _how(after: Sequence[_Part], before: Sequence[_Part], amount: Decimal, currency: Currency) -> str:
    """How the amount came about, for a person to follow: what is written comes to it.

    What was and is billed are whole minor units, period by period, so that their difference may be off by some.
    """
    now, was = _rounded(after, currency), _rounded(before, currency)
    come_to = round_money(_difference(now, was), currency)
    if come_to == amount:  # as mostly
        return _written_sum(now, was, currency)
    decimals = told_with(currency, amount, lambda each: _difference(_told(after, each), _told(before, each)))
    if decimals is not None:
        return _written_sum(_told(after, decimals), _told(before, decimals), currency)
    off = amount - come_to if now else come_to - amount  # what is credited alone is written without its sign
    return f"{_written_sum(now, was, currency)} {'+' if off > 0 else '−'} {written(abs(off), currency)} {ROUNDING}"


def _is_one_stretch(after: Sequence[_Part], before: Sequence[_Part]) -> bool:
    return len(after) == len(before) == 1 and after[0].share == before[0].share


def _difference(after: Sequence[_Part], before: Sequence[_Part]) -> Decimal:
    if _is_one_stretch(after, before):
        return times(after[0].per_year - before[0].per_year, after[0].share)
    return _worth(after) - _worth(before)


def _rounded(parts: Sequence[_Part], currency: Currency) -> Sequence[_Part]:
    return [_Part(round_money(per_year, currency), share) for per_year, share in parts]


def _told(parts: Sequence[_Part], decimals: int) -> list[_Part]:
    return [_Part(told(each.per_year, decimals), each.share) for each in parts]


def _written_sum(after: Sequence[_Part], before: Sequence[_Part], currency: Currency) -> str:
    if not after or not before:
        return _sum(after or before, currency)
    if _is_one_stretch(after, before):
        more, less = written(after[0].per_year, currency), written(before[0].per_year, currency)
        return f"({more} − {less}) × {_share(after[0].share)}"
    return f"({_sum(after, currency)}) − ({_sum(before, currency)})"


def _sum(parts: Sequence[_Part], currency: Currency) -> str:
    return " + ".join(f"{written(each.per_year, currency)} × {_share(each.share)}" for each in parts)


def _share(share: Fraction) -> str:
    years, parts = share.as_integer_ratio()
    return f"{years}/{parts}" if parts != 1 else f"{years}"
