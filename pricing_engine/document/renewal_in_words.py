"""What the terms say of the day a term ends: whether it renews by itself, the notice, and what it may cost then."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pricing_engine.document import wording
from pricing_engine.document.view import View
from pricing_engine.money import ZERO
from pricing_engine.quoting.changes.waivers import Waived
from pricing_engine.terms.terms import RenewalBasis, RenewalTerms, Waivable


def renewal_in_words(view: View, renewal: RenewalTerms | None, agreed: Waived) -> tuple[str, ...]:
    """The sentences about a renewal; `agreed` are terms that are otherwise than they say."""
    if renewal is None:
        return (wording.NOT_AUTO,)
    return tuple(_sentences(view, renewal, agreed))


def _sentences(view: View, renewal: RenewalTerms, agreed: Waived) -> Iterator[str]:
    notice = int(agreed.over(Waivable.NOTICE, Decimal(renewal.notice_days)))
    days = view.count_days(notice)
    if renewal.auto:
        yield wording.AUTO.format(days=days) if notice else wording.AUTO_NO_NOTICE
    else:
        yield wording.NOT_AUTO
        if notice:
            yield wording.NOT_AUTO_NOTICE.format(days=days)
    yield _price(view, renewal, agreed)
    if renewal.grace_days:
        yield wording.GRACE.format(days=view.count_days(renewal.grace_days))


def _price(view: View, renewal: RenewalTerms, agreed: Waived) -> str:
    if renewal.basis is RenewalBasis.CONTRACTED:
        if not renewal.uplift:
            return wording.RENEWED_AT_SAME
        return wording.RENEWED_AT_CONTRACTED.format(share=view.figures.share(renewal.uplift))
    cap = agreed.values.get(Waivable.UPLIFT_CAP, renewal.cap)
    floor = agreed.values.get(Waivable.UPLIFT_FLOOR, renewal.floor)
    limits = [*([] if cap is None else [_cap(view, cap)]), *([] if floor is None else [_floor(view, floor)])]
    said = f", {wording.AND.join(limits).strip()}" if limits else ""
    return wording.RENEWED_AT_LIST.format(limits=said)


def _cap(view: View, cap: Decimal) -> str:
    return wording.LIMIT_CAP.format(share=view.figures.share(cap)) if cap > ZERO else wording.LIMIT_CAP_NONE


def _floor(view: View, floor: Decimal) -> str:
    if not floor:
        return wording.LIMIT_FLOOR_NONE
    text = wording.LIMIT_FLOOR if floor > ZERO else wording.LIMIT_FLOOR_BELOW
    return text.format(share=view.figures.share(abs(floor)))
