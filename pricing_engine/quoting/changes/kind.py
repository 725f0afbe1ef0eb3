"""What a request is for, and on which days: a change within the term, or a new term (P27, P31)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from pricing_engine.contracts.contract import Contract
from pricing_engine.periods import Period, add_months
from pricing_engine.quoting.changes.refusals import ChangesConflict, LaterChangeBooked, NotInTerms, OutsideTerm
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.request import DECIDING, Cancel, Change, Extend, QuoteRequest, op_of
from pricing_engine.terms.terms import Terms


class Kind(NamedTuple):
    """What a request is for. `term` is the whole term after it, `start` the day from which the target is in force.

    `due_on` is the day of what is due now: invoices before it have been sent. With `is_new_term` everything is priced
    anew, for a term of its own.
    """

    type: QuoteType
    term: Period
    start: date
    due_on: date
    is_new_term: bool

    @property
    def days(self) -> Period:
        """The days left of the term from the change on, or the new term; none of a cancellation when the term ends."""
        return Period(self.start, max(self.term.end, self.start))


def read_kind(request: QuoteRequest, contract: Contract, terms: Terms | None) -> Kind:
    """What the request is for.

    Raises: ChangesConflict; OutsideTerm; LaterChangeBooked; NotInTerms.
    """
    deciding = _deciding(request.changes)
    type_ = DECIDING[type(request.changes[deciding])] if deciding is not None else QuoteType.AMENDMENT
    day = request.effective_date
    due_on = max(day, request.as_of)
    if type_ is QuoteType.RENEWAL:
        start = _renewal_start(day, contract, terms, request.changes, f"/changes/{deciding}", _months(request))
        return Kind(type_, Period(start, add_months(start, _months(request))), start, due_on, is_new_term=True)
    if type_ is QuoteType.REINSTATEMENT:
        _check_lapsed(day, contract, terms)
        return Kind(type_, Period(day, add_months(day, request.term_months)), day, due_on, is_new_term=True)
    _check_within(day, contract, may_be_end=type_ is QuoteType.CANCELLATION)
    return Kind(type_, contract.term, day, due_on, is_new_term=False)


def _deciding(changes: Sequence[Change]) -> int | None:
    """The place of the change that decides what the request is for; None when all are changes within the term."""
    found = [index for index, change in enumerate(changes) if type(change) in DECIDING]
    if len(found) > 1:
        raise ChangesConflict(
            f"{op_of(changes[found[0]])} and {op_of(changes[found[1]])} cannot be asked for together",
            fix="ask for one of them",
            pointer=f"/changes/{found[1]}/op",
        )
    if found and isinstance(changes[found[0]], Cancel) and len(changes) > 1:
        raise ChangesConflict(
            "a contract that is cancelled cannot be changed otherwise",
            fix="cancel alone, or remove the products that are to go",
            pointer=f"/changes/{found[0]}/op",
        )
    return found[0] if found else None


def _months(request: QuoteRequest) -> int:
    extended = next((change.months for change in request.changes if isinstance(change, Extend)), None)
    return request.term_months if extended is None else extended


def _check_within(day: date, contract: Contract, *, may_be_end: bool) -> None:
    if contract.version > 1 and day < contract.effective:
        raise LaterChangeBooked(
            f"version {contract.version} of contract {contract.id} takes force on {contract.effective}, after {day}",
            fix=f"ask for a change that takes force on {contract.effective} or later",
            pointer="/effective_date",
            contract=contract.id,
            version=contract.version,
            effective=contract.effective,
        )
    if not contract.term.start <= day < contract.ends and not (may_be_end and day == contract.ends):
        raise OutsideTerm(
            f"contract {contract.id} is in force from {contract.term.start} to {contract.ends - timedelta(days=1)}, "
            f"not on {day}",
            fix="give a day within it; after its end, renew or reinstate it",
            pointer="/effective_date",
            contract=contract.id,
            ends=contract.ends,
        )


def _renewal_start(
    day: date, contract: Contract, terms: Terms | None, changes: Sequence[Change], pointer: str, months: int
) -> date:
    """The first day of the new term: the given one for an early renewal, else where the old term ended."""
    if contract.ends < contract.term.end:
        raise OutsideTerm(
            f"contract {contract.id} was cancelled on {contract.ends}",
            fix="reinstate it",
            pointer=pointer,
            contract=contract.id,
        )
    renewal = terms.renewal if terms else None
    if renewal is None:
        raise NotInTerms(
            f"the terms of contract {contract.id} do not say how it renews",
            fix="have the pricing team add `renewal` to the terms, or sell anew",
            pointer=pointer,
        )
    end = contract.term.end
    if any(isinstance(change, Extend) for change in changes):
        if day != end:
            raise OutsideTerm(
                f"an extension begins when the term ends, on {end}, not on {day}",
                fix=f"give effective_date {end}, or renew early",
                pointer="/effective_date",
            )
        return end
    if day < end:
        _check_early(day, contract, months)
        return day
    if day > end + timedelta(days=renewal.grace_days):
        raise OutsideTerm(
            f"contract {contract.id} ended on {end}; it could be renewed until {renewal.grace_days} days later",
            fix="reinstate it",
            pointer="/effective_date",
            contract=contract.id,
        )
    return end


def _check_early(day: date, contract: Contract, months: int) -> None:
    """A new term that begins within the old one ends no earlier: what is given up sooner is cancelled."""
    _check_within(day, contract, may_be_end=False)
    end = contract.term.end
    if add_months(day, months) < end:
        raise OutsideTerm(
            f"a term of {months} months from {day} ends before the running one, on {end}",
            fix=f"ask for a term that ends on {end} or later; giving up earlier is a cancellation",
            pointer="/term_months",
        )


def _check_lapsed(day: date, contract: Contract, terms: Terms | None) -> None:
    rule = terms.reinstatement if terms else None
    if rule is None:
        raise NotInTerms(
            f"the terms of contract {contract.id} have no reinstatement",
            fix="sell anew: add the products with contract_id new",
            pointer="/changes",
        )
    if day < contract.ends:
        raise OutsideTerm(
            f"contract {contract.id} is in force until {contract.ends - timedelta(days=1)}",
            fix="change or renew it",
            pointer="/effective_date",
        )
    if day > contract.ends + timedelta(days=rule.within_days):
        raise OutsideTerm(
            f"contract {contract.id} ended on {contract.ends}; it could come back within {rule.within_days} days",
            fix="sell anew: add the products with contract_id new",
            pointer="/effective_date",
            contract=contract.id,
            ends=contract.ends,
        )
