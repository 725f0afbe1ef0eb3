"""What is due now: what lines owe or are owed, what is owed once, and what the terms say of the change (P23–P26)."""

from __future__ import annotations

from collections.abc import Sequence, Set
from decimal import Decimal

from pricing_engine.money import ZERO
from pricing_engine.pricing.price import price
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.changes.conditions import FactsOf
from pricing_engine.quoting.changes.due_items import Redline, draw_redline
from pricing_engine.quoting.changes.early_renewal import said_of_running_term
from pricing_engine.quoting.changes.fees import fee_items, reinstatement_items
from pricing_engine.quoting.changes.given_up import NOTHING, GivenUp, given_up
from pricing_engine.quoting.changes.over_use import over_use_items
from pricing_engine.quoting.changes.penalties import (
    Situation,
    clawback_items,
    giving_up_findings,
)
from pricing_engine.quoting.changes.worked import Worked
from pricing_engine.quoting.contract_change import DueItem, DueKind, QuoteType


def with_dues(worked: Worked, facts_of: FactsOf, running_term: Worked | None) -> Worked:
    """The change with what is due now, and what the terms say of it.

    `running_term` is the same change without its renewal, where that cuts a term short.
    """
    situation = _situation(worked, facts_of)
    if worked.kind.is_new_term:
        return _of_new_term(worked, situation, running_term)
    return _of_change(worked, situation)


def _of_new_term(worked: Worked, situation: Situation, running_term: Worked | None) -> Worked:
    redline = draw_redline(worked.held.contract, worked.schedule, worked.kind)
    items = [*(_unused(item) for item in redline.items), *reinstatement_items(situation)]
    findings = worked.waived.findings
    if running_term is not None:
        owed, said = said_of_running_term(running_term)
    else:
        owed, said = over_use_items(situation, worked.target.over_use, worked.sale)
    return Worked(*worked[:-3], redline, (*items, *owed), (*said, *findings))


def _of_change(worked: Worked, situation: Situation) -> Worked:
    contract, kind, schedule, conditions = worked.held.contract, worked.kind, worked.schedule, worked.conditions
    redline = draw_redline(contract, schedule, kind)
    given = _given_up(worked)
    over_use, tolerated = over_use_items(situation, worked.target.over_use, worked.sale)
    items = [
        *redline.items,
        *_one_time(worked),
        *fee_items(situation, given, _credit(redline, given)),
        *(clawback_items(situation, conditions.regrants) if conditions.before else ()),
        *over_use,
    ]
    findings = (*giving_up_findings(situation, given), *worked.waived.findings, *tolerated)
    return Worked(*worked[:-3], redline, tuple(items), findings)


def _given_up(worked: Worked) -> GivenUp:
    """What the change gives up; nothing where no line becomes less and no repricing hides that one does."""
    lines = worked.schedule.lines
    less = [line for line in lines.values() if line.before is not line.after and sum(line.after) < sum(line.before)]
    if not worked.conditions.before and not less:
        return NOTHING
    unchanged = {id_ for id_, line in lines.items() if line.before is line.after}
    followers = {line.item.id for line in worked.lines if line.item.charge.of_lines is not None}
    priced = _at_contract(worked, followers)
    contract, cadence = worked.held.contract, worked.schedule.cadence
    given = given_up(contract, priced, cadence, worked.kind, unchanged=unchanged, followers=followers)
    if worked.kind.type is not QuoteType.CANCELLATION:
        return given
    return given._replace(billed=sum([sum(line.before, ZERO) - sum(line.after, ZERO) for line in lines.values()], ZERO))


def _at_contract(worked: Worked, followers: Set[str]) -> Sequence[PricedLine]:
    """The target's lines at the contract's own conditions, or with their repricing apart, as what is given up asks.

    A percentage of other lines has no repricing of its own: it has to be priced where those lines are not repriced.
    """
    before = worked.conditions.before
    if not before or not followers:
        return worked.pricing.lines
    return price(before[0].items, before[0].terms).lines


def _situation(worked: Worked, facts_of: FactsOf) -> Situation:
    contract = worked.held.contract
    pinned = worked.held.rulebooks[contract.terms.rulebook] if contract.terms else worked.sale.rulebook
    return Situation(
        worked.request,
        contract,
        worked.kind,
        worked.schedule.cadence,
        worked.terms,
        worked.waived,
        facts_of(pinned),
        pinned,
        worked.sale.reporting_rate,
    )


def _unused(item: DueItem) -> DueItem:
    return item._replace(kind=DueKind.UNUSED_TERM)


def _one_time(worked: Worked) -> list[DueItem]:
    """One-time charges of what is added are due at once, whatever the plan."""
    return [
        DueItem(DueKind.ONE_TIME, line.id, line.segments[0].steps[0].rule, "once", line.net_term)
        for line in worked.pricing.lines
        if line.months is None and line.net_term
    ]


def _credit(redline: Redline, given: GivenUp) -> Decimal:
    """What lines would get back now, less what others owe in their place."""
    if not given.lines:
        return ZERO
    volumes = [item.amount for item in redline.items if item.kind in {DueKind.CHARGE, DueKind.CREDIT}]
    return max(-sum(volumes, ZERO), ZERO)
