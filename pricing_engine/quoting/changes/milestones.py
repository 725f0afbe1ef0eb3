"""The milestones promised with a term, and what they cost when they are missed (P28)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from pricing_engine.contracts.contract import Milestone, Outcome
from pricing_engine.money import Currency, round_money
from pricing_engine.quoting.changes.work_out import Worked
from pricing_engine.quoting.contract_change import Exposure
from pricing_engine.terms.amounts import guarantee_credit
from pricing_engine.terms.terms import Terms


def promised(terms: Terms | None, start: date, arr: Decimal, currency: Currency) -> tuple[Milestone, ...]:
    """The milestones of a new term with their credits.

    Rounds: each credit once, half up.
    """
    return tuple(
        Milestone(
            each.milestone,
            start + timedelta(days=each.due_days),
            round_money(guarantee_credit(each, fees_per_year=arr), currency),
        )
        for each in (terms.guarantees if terms else ())
    )


def exposures_of(worked: Worked) -> tuple[Exposure, ...]:
    """The credits that milestones still pending would cost; of a new term, those it promises."""
    sale = worked.sale
    if worked.kind.is_new_term:
        arr = sum((line.net_per_year for line in worked.pricing.lines), Decimal(0))
        milestones = promised(worked.terms, worked.kind.start, arr, sale.currency)
    else:
        promised_before = worked.held.contract.milestones
        milestones = tuple(
            each for each in promised_before if each.outcome is Outcome.PENDING and each.due >= worked.kind.start
        )
    return tuple(Exposure(each.id, each.due, each.credit) for each in milestones)
