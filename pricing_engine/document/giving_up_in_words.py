"""What giving up a contract or a part of it takes and costs, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from pricing_engine.document import wording
from pricing_engine.document.formulas import formula_in_words, is_what_remains
from pricing_engine.document.view import View
from pricing_engine.quoting.changes.waivers import Waived
from pricing_engine.terms.terms import Allowed, Credit, Fee, GivingUp, Waivable

_CREDITS: Final[Mapping[Credit, str]] = {
    Credit.CREDIT: wording.CREDITS,
    Credit.REFUND: wording.REFUNDS,
    Credit.NONE: wording.NO_CREDITS,
}


def giving_up_in_words(view: View, rule: GivingUp | None, agreed: Waived) -> tuple[str, ...]:
    """The sentences about leaving early, or giving up a part; `agreed` are terms that are otherwise than they say."""
    if rule is None or rule.allowed is Allowed.NEVER:
        return (wording.NOT_ALLOWED,)
    notice = int(agreed.over(Waivable.NOTICE, Decimal(rule.notice_days)))
    noticed = wording.NOTICE.format(days=view.count_days(notice)) if notice else wording.NO_NOTICE
    if rule.allowed is Allowed.AT_RENEWAL:
        return (wording.ONLY_AT_RENEWAL, noticed)
    return (wording.ALLOWED, noticed, *_costs(view, rule), _CREDITS[rule.credit])


def _costs(view: View, rule: GivingUp) -> Iterator[str]:
    if rule.fee is None:
        yield wording.NO_FEE
        return
    yield from _fee(view, rule.fee)
    if rule.free_window_days:
        yield wording.FREE_WINDOW.format(days=view.count_days(rule.free_window_days))


def _fee(view: View, fee: Fee) -> Iterator[str]:
    """The fee by its formula; where that is not for the customer, that there is one and what it never exceeds."""
    formula = formula_in_words(view, fee.formula)
    if formula is None:
        yield wording.FEE_UNSAID
        return
    cap = None if fee.cap is None or is_what_remains(fee.cap) else formula_in_words(view, fee.cap)
    yield wording.FEE_ALL if is_what_remains(fee.formula) else wording.FEE.format(formula=formula)
    if cap is not None:
        yield wording.FEE_CAP.format(formula=cap)
