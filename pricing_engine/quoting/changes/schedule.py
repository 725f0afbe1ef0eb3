"""What each line was and will be billed, period by period, and the difference in periods that are billed (P24, P30)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple, cast

from pricing_engine.contracts.contract import Contract
from pricing_engine.contracts.contract_line import ContractLine, Stretch
from pricing_engine.money import ZERO
from pricing_engine.pricing.billing import Invoice, make_invoice_line
from pricing_engine.pricing.instalments import Cadence, billed_periods, cadence_for, invoice_day, respread
from pricing_engine.pricing.waterfall import CAP, POLICY, PricedLine, Segment
from pricing_engine.quoting.changes.kind import Kind
from pricing_engine.quoting.contract_change import KEPT, LineChange, make_line_change
from pricing_engine.quoting.held import Held


class LineSchedule(NamedTuple):
    """One line's stretches and instalments before and after the change, over all of the term.

    `was` is the line as the contract has it, `now` as it is priced; at least one of them is there. `due` is the
    difference in the periods that have been billed. `kept` is what the redline shows of one that simply goes on.
    """

    was: ContractLine | None
    now: PricedLine | None
    before: tuple[Decimal, ...]
    after: tuple[Decimal, ...]
    stretches: tuple[Stretch, ...]
    due: Decimal
    kept: LineChange | None = None


# As `make_step` in `pricing/waterfall.py`: most lines of a contract go on.
_make_scheduled = cast("Callable[[tuple[object, ...]], LineSchedule]", partial(tuple.__new__, LineSchedule))


class Schedule(NamedTuple):
    """The lines of a contract by id, those that ended among them.

    `first` is the place of the period in which the change takes force, `billed` how many periods have been invoiced.
    """

    cadence: Cadence
    lines: Mapping[str, LineSchedule]
    first: int
    billed: int


def cadence_of(contract: Contract) -> Cadence:
    """How a contract is billed."""
    return cadence_for(contract.term, contract.billing, contract.proration)


def reschedule(
    held: Held, priced: Sequence[PricedLine], kind: Kind, *, is_altered: bool, trials_ended: Set[str]
) -> Schedule:
    """The schedule of a contract whose lines from the day of the change on are the priced ones.

    `is_altered`: other discounts may hold, also on lines that cost as much as before.

    A trial that is running goes on, unless it is given up, the product is bought or all of it cancelled.
    """
    contract, going_on = held.contract, held.once(_going_on)
    cadence = cadence_of(contract)
    periods = billed_periods(cadence).periods
    start = kind.start
    first = sum([period.end <= start for period in periods])
    billed = sum([invoice_day(cadence, period) < kind.due_on for period in periods])
    target = {line.id: line for line in priced if line.months is not None}
    agreed = {line.id: line for line in contract.lines}
    zero = contract.currency.zero
    lines: dict[str, LineSchedule] = {}
    for id_ in {**target, **agreed}:
        was, now, known = agreed.get(id_), target.get(id_), going_on.get(id_)
        if known is not None and known.now is now and not is_altered:
            lines[id_] = known
            continue
        before = was.instalments if was else (zero,) * len(periods)
        if was is not None and now is not None and _goes_on(was.stretches, now.segments, is_altered=is_altered):
            lines[id_] = going_on[id_] = _make_scheduled((was, now, before, before, was.stretches, zero, _kept(now)))
            continue
        stretches = (
            *_until(was, start),
            *(stretches_of(now) if now else _trial_from(was, start, priced, trials_ended)),
        )
        if was is not None and _same(was.stretches, stretches):
            lines[id_] = LineSchedule(was, now, before, before, stretches, zero)
            continue
        after = respread(cadence, before, stretches, first=first, currency=contract.currency)
        due = sum(after[:billed], zero) - sum(before[:billed], ZERO)
        lines[id_] = LineSchedule(was, now, before, after, stretches, due)
    return Schedule(cadence, lines, first, billed)


def _going_on(held: Held) -> dict[str, LineSchedule]:
    """The schedules of lines that go on, by id, filled as they are met: at the very same price they go on just so."""
    return {}


def _kept(line: PricedLine) -> LineChange:
    quantity, net = line.quantity, line.net_per_year
    return make_line_change((line.id, line.product, line.name, KEPT, quantity, quantity, net, net, ZERO, ZERO))


def _until(line: ContractLine | None, day: date) -> list[Stretch]:
    """What a line was before a day."""
    if line is None:
        return []
    return [
        each if each.end <= day else Stretch(each.start, day, *each[2:]) for each in line.stretches if each.start < day
    ]


def _trial_from(line: ContractLine | None, day: date, priced: Sequence[PricedLine], ended: Set[str]) -> list[Stretch]:
    """What is left of a trial: nothing when it is ended, bought, or all of the contract is given up."""
    if line is None or line.trial_until is None or not priced or line.product in ended:
        return []
    if any(line.product == each.product for each in priced):
        return []
    return [each._replace(start=max(each.start, day)) for each in line.stretches if each.end > day]


def _goes_on(stretches: Sequence[Stretch], segments: Sequence[Segment], *, is_altered: bool) -> bool:
    """Whether a line simply goes on, as most do: its last stretch has begun and does not change.

    A line that was given up on the day it began has no stretch, one that lacks a price no segment.
    """
    if not stretches or not segments:
        return False
    begun, ends, quantity, listed, net, taken = stretches[-1]
    start, end, _, quantity_now, listed_now, net_now, _, _ = segments[0]
    return (
        len(segments) == 1
        and begun <= start < ends == end
        and quantity == quantity_now
        and net == net_now
        and listed == listed_now
        and (not is_altered or taken == _taken(segments[0]))
    )


def _same(before: Sequence[Stretch], after: Sequence[Stretch]) -> bool:
    """Whether a line is worth the same on every day, wherever its stretches are cut."""
    if before and after and before[-1].net != after[-1].net:  # as mostly where it is not
        return False
    return _worth(before) == _worth(after)


def _worth(stretches: Sequence[Stretch]) -> list[tuple[date, date, Decimal]]:
    joined: list[tuple[date, date, Decimal]] = []
    for each in stretches:
        start, end, net = each.start, each.end, each.net
        if joined and joined[-1][1] == start and joined[-1][2] == net:
            joined[-1] = (joined[-1][0], end, net)
        else:
            joined.append((start, end, net))
    return joined


def stretches_of(line: PricedLine) -> list[Stretch]:
    """A priced line as a contract remembers it."""
    return [Stretch(each.start, each.end, each.quantity, each.list, each.net, _taken(each)) for each in line.segments]


def _taken(segment: Segment) -> tuple[tuple[str, Decimal], ...]:
    """What each policy takes off a year; where the total cap trims them, each as much less in proportion."""
    taken: dict[str, Decimal] = {}
    trimmed = ZERO
    for kind, rule, before, after in segment.holding or segment.steps:
        if kind is POLICY:
            taken[rule.id] = taken.get(rule.id, ZERO) + before - after
        elif kind is CAP:
            trimmed += after - before
    if trimmed:
        taken_in_all = sum(taken.values(), ZERO)
        taken = {policy: amount - trimmed * amount / taken_in_all for policy, amount in taken.items()}
    return tuple([(policy, amount) for policy, amount in taken.items() if amount > 0])


def left_of_old_term(schedule: Schedule) -> list[Invoice]:
    """What of a term that is replaced has been used and is not invoiced yet, as it is in arrears."""
    after = {id_: line.after for id_, line in schedule.lines.items()}
    return invoices_from(schedule.cadence, after, first=schedule.billed)


def invoices_from(
    cadence: Cadence, lines: Mapping[str, Sequence[Decimal]], *, first: int, last: int | None = None
) -> list[Invoice]:
    """The invoices of the billing periods from the one at index `first` on, by the instalments of each line."""
    periods = billed_periods(cadence).periods[first:last]
    if not periods:
        return []
    by_period = list(zip(*lines.values(), strict=True))[first:last]
    invoices = []
    for period, amounts in zip(periods, by_period, strict=bool(lines)):
        if any(amounts):
            found = tuple([make_invoice_line((id_, part)) for id_, part in zip(lines, amounts, strict=True) if part])
            invoices.append(Invoice(invoice_day(cadence, period), period.start, period.end, found, sum(amounts, ZERO)))
    return invoices
