"""The milestones promised with a term, and what they cost when they are missed (P28)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from pricing_engine.contracts.contract import BookedCharge, ChargeKind, Contract, Milestone, Outcome
from pricing_engine.money import Currency, round_money
from pricing_engine.quoting.changes.refusals import MilestoneMetLate, MilestoneNotPromised, OutcomeRecorded, OutsideTerm
from pricing_engine.quoting.changes.worked import Worked
from pricing_engine.quoting.choose_terms import terms_for
from pricing_engine.quoting.contract_change import Exposure
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.terms.amounts import guarantee_credit
from pricing_engine.terms.terms import Terms


def promised(
    terms: Terms | None, start: date, arr: Decimal, currency: Currency, open: Sequence[Milestone] = ()
) -> tuple[Milestone, ...]:
    """The milestones of a new term with their credits; those of the term before that are still open stay as they are.

    Rounds: each credit once, half up.
    """
    known = {each.id for each in open}
    new = [
        Milestone(
            each.milestone,
            start + timedelta(days=each.due_days),
            round_money(guarantee_credit(each, fees_per_year=arr), currency),
        )
        for each in (terms.guarantees if terms else ())
        if each.milestone not in known
    ]
    return (*open, *new)


def still_open(contract: Contract) -> list[Milestone]:
    """The milestones whose outcome is not known yet."""
    return [each for each in contract.milestones if each.outcome is Outcome.PENDING]


def exposures_of(worked: Worked) -> tuple[Exposure, ...]:
    """The credits that milestones still pending would cost; of a new term, those it promises."""
    kind, sale, contract = worked.kind, worked.sale, worked.held.contract
    milestones: Sequence[Milestone] = [each for each in still_open(contract) if each.due >= kind.start]
    if kind.is_new_term:
        arr = sum((line.net_per_year for line in worked.pricing.lines), Decimal(0))
        terms = terms_for(sale.rulebook, worked.facts)
        milestones = promised(terms, kind.start, arr, sale.currency, still_open(contract))
    return tuple([Exposure(each.id, each.due, each.credit) for each in milestones])


def record_outcome(contract: Contract, *, milestone: str, outcome: Outcome, on: date) -> Contract:
    """The contract's next version, in which it is known how a milestone came out; one that was missed is credited.

    No price changes by it, so that one recorded behind a change that is booked already takes force together with it.
    Raises: MilestoneNotPromised; OutcomeRecorded; OutsideTerm; MilestoneMetLate; ValueError for `pending`.
    Source: P28, P31.
    """
    if outcome is Outcome.PENDING:
        raise ValueError("pending is no outcome that could be recorded")
    promise = _pending(contract, milestone)
    _check_day(contract, promise, outcome, on)
    is_credited = outcome is Outcome.MISSED and promise.credit
    # Its own day, also behind a renewal that is booked: of that term it is no invoice.
    credit = (BookedCharge(on, ChargeKind.GUARANTEE_CREDIT, promise.id, -promise.credit),) if is_credited else ()
    return contract._replace(
        version=contract.version + 1,
        effective=max(on, contract.effective),
        charges=(*contract.charges, *credit),
        milestones=tuple(
            each._replace(outcome=outcome) if each.id == promise.id else each for each in contract.milestones
        ),
    )


def _pending(contract: Contract, id_: str) -> Milestone:
    promise = next((each for each in contract.milestones if each.id == id_), None)
    if promise is None:
        raise MilestoneNotPromised(
            f"contract {contract.id} promises no milestone {id_}",
            fix=did_you_mean(id_, (each.id for each in contract.milestones), if_none="its terms promise none at all"),
            pointer="/milestone",
            contract=contract.id,
        )
    if promise.outcome is not Outcome.PENDING:
        raise OutcomeRecorded(
            f"milestone {id_} of contract {contract.id} is recorded as {promise.outcome} already",
            fix="nothing is left to record; read the contract",
            pointer="/milestone",
            contract=contract.id,
            outcome=promise.outcome,
        )
    return promise


def _check_day(contract: Contract, promise: Milestone, outcome: Outcome, on: date) -> None:
    """Refuses a day outside the term, and one on which it is too late to meet the milestone.

    One promised in an earlier term, and open still, may have been met in that one.
    """
    last = contract.ends - timedelta(days=1)
    first = min(contract.term.start, on) if promise.due < contract.term.start else contract.term.start
    if not first <= on <= last:
        raise OutsideTerm(
            f"contract {contract.id} is in force from {contract.term.start} to {last}, not on {on}",
            fix="give a day within it",
            pointer="/on",
            contract=contract.id,
            ends=contract.ends,
        )
    if outcome is Outcome.MET and on > promise.due:
        raise MilestoneMetLate(
            f"{promise.due} was the last day of milestone {promise.id}: met on {on}, it is missed",
            fix="record it as missed, or give the day on which it was met",
            pointer="/on",
            contract=contract.id,
            due=promise.due,
        )
