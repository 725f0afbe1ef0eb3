"""What is due now, item by item, with how each amount was made, in words that need no rule file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from pricing_engine.document import wording
from pricing_engine.document.formulas import formula_in_words, is_what_remains
from pricing_engine.document.names import names_by_line
from pricing_engine.document.shape import Cell, Row, RowKind, Section, cell, table
from pricing_engine.document.terms_in_words import reinstatement_fee_in_words
from pricing_engine.document.view import View
from pricing_engine.money import ZERO
from pricing_engine.quoting.changes.due_items import ROUNDING
from pricing_engine.quoting.contract_change import ContractChange, DueItem, DueKind, QuoteType
from pricing_engine.terms.terms import Fee

_HEADINGS = (wording.DUE_FOR, wording.DUE_HOW, wording.AMOUNT)
_OF_DAYS: Final = frozenset({DueKind.CHARGE, DueKind.CREDIT, DueKind.REPRICING})
_FEES: Final = frozenset({DueKind.CANCELLATION_FEE, DueKind.PARTIAL_CANCELLATION_FEE})
_PLAIN: Final[Mapping[DueKind, str]] = {
    DueKind.CLAWBACK: wording.HOW_CLAWBACK,
    DueKind.ONE_TIME: wording.ONCE,
    DueKind.FORFEITED_CREDIT: wording.HOW_FORFEITED,
}
_AMOUNT: Final = re.compile(r"(?<![\d,./])(?<!× )-?\d[\d,]*(?:\.\d+)?")
"""An amount in what the engine wrote; what stands after × is a share of the year."""
_SUM: Final = re.compile(rf"[-\d,./ ×+−()]+(?: {ROUNDING})?")
_EXCESS: Final = re.compile(
    r"(?P<units>\d[\d., then]*) (?P<metric>\w+) since (?P<since>\d{4}-\d\d-\d\d) at list × (?P<times>\d+(?:\.\d+)?)"
)
_SHARE: Final = re.compile(r"\d+/\d+")
_FIGURE: Final = r"-?[\d,]+(?:\.\d+)?"
_FEE: Final = re.compile(
    rf", of (?P<remaining>{_FIGURE}) remaining fees.*?"
    rf"(?:, at most (?P<most>{_FIGURE}))?(?:, agreed at (?P<agreed>{_FIGURE}))?$"
)


def due_section(view: View, change: ContractChange) -> Section:
    """A row per item and their sum; negative amounts are the customer's."""
    if not change.items:
        return Section(wording.DUE_HEADING, remarks=(wording.NOTHING_DUE,))
    names = names_by_line(view.quote)
    rows = []
    for item in change.items:
        about = names[item.line].in_one if item.line in names else ""
        how, amount = how_made(view, item), view.figures.money(item.amount)
        rows.append(Row((Cell(wording.DUE_KINDS[item.kind], about), Cell(how), Cell(amount))))
    closing = sum_name(view, change)
    rows.append(Row((cell(closing), cell(""), Cell(view.figures.money(change.due_now))), RowKind.SUM))
    share = next((found[0] for item in change.items if (found := _SHARE.search(item.how))), None)
    remarks = () if share is None else (wording.HOW_SHARES.format(share=share),)
    return Section(wording.DUE_HEADING, table=table(_HEADINGS, rows, words=2), remarks=remarks)


def first_invoice_section(view: View) -> Section | None:
    """What is invoiced first for a new term, all invoices of that day together; None where nothing is."""
    invoices = view.quote.invoices
    if not invoices:
        return None
    names, recurs = names_by_line(view.quote), {line.id for line in view.quote.lines if line.months is not None}
    first = [invoice for invoice in invoices if invoice.day == invoices[0].day]
    rows = []
    for invoice in first:
        period = wording.HOW_FOR.format(days=view.figures.days(invoice.start, invoice.end))
        for line in invoice.lines:
            what = names[line.line].cell if line.line in names else cell(wording.OTHER_ITEMS)
            rows.append(Row((what, cell(period if line.line in recurs else wording.ONCE), _money(view, line.amount))))
    rest = sum((invoice.total - sum((line.amount for line in invoice.lines), ZERO) for invoice in first), ZERO)
    if rest:
        rows.append(Row((cell(wording.OTHER_ITEMS), cell(wording.ONCE), _money(view, rest))))
    heading = wording.FIRST_INVOICE.format(day=view.figures.day(first[0].day))
    total = sum((invoice.total for invoice in first), ZERO)
    rows.append(Row((cell(heading), cell(""), _money(view, total)), RowKind.SUM))
    return Section(heading, table=table(_HEADINGS, rows, words=2))


def sum_name(view: View, change: ContractChange) -> str:
    """Whether the customer pays, or is given the amount, and how."""
    day = view.figures.day(change.due_on)
    if change.due_now >= 0:
        return wording.DUE_SUM.format(day=day)
    return (wording.REFUNDED_SUM if change.is_refund else wording.CREDITED_SUM).format(day=day)


def how_made(view: View, item: DueItem) -> str:
    """How an amount was made, as far as the customer knows what it was made of.

    Shape: what the engine wrote is read again only where it is a sum of amounts and shares of the year.
    """
    if item.kind in _OF_DAYS and _SUM.fullmatch(item.how):
        return _rewritten(view, item.how)
    if item.kind in _FEES:
        return _fee(view, item)
    if item.kind is DueKind.REINSTATEMENT_FEE and view.terms is not None and view.terms.reinstatement is not None:
        return reinstatement_fee_in_words(view, view.terms.reinstatement)
    if item.kind is DueKind.OVER_USE:
        return _over_use(view, item)
    return _PLAIN.get(item.kind, wording.HOW_BY_TERMS)


def _over_use(view: View, item: DueItem) -> str:
    """How much more was used, since when, and at what share of the list price."""
    found = _EXCESS.fullmatch(item.how)
    if found is None:
        return wording.HOW_BY_TERMS
    units = [view.units(found["metric"], Decimal(each)) for each in found["units"].split(", then ")]
    since, share = view.figures.day(date.fromisoformat(found["since"])), view.figures.share(Decimal(found["times"]))
    return wording.HOW_OVER_USE.format(units=wording.THEN.join(units), since=since, share=share)


def _rewritten(view: View, how: str) -> str:
    """A sum with its amounts as the locale writes them; shares stay."""
    written = _AMOUNT.sub(lambda found: _read(view, found[0]), how)
    return written.replace(ROUNDING, wording.HOW_ROUNDING)


def _read(view: View, amount: str) -> str:
    return view.figures.exact(Decimal(amount.replace(",", "")))


def _fee(view: View, item: DueItem) -> str:
    """The formula of the terms with the fees that were left, and what is owed instead where that is less."""
    found, fee = _FEE.search(item.how), _fee_of(view)
    said = formula_in_words(view, fee.formula) if fee else None
    if found is None or fee is None or said is None:
        return wording.HOW_BY_TERMS
    text = wording.HOW_ALL_REMAINING if is_what_remains(fee.formula) else wording.HOW_OF_REMAINING
    less = [
        instead.format(amount=_read(view, found[name])) for name, instead in wording.HOW_LESS.items() if found[name]
    ]
    return "".join([text.format(formula=said, amount=_read(view, found["remaining"])), *less])


def _fee_of(view: View) -> Fee | None:
    terms = view.terms
    if terms is None:
        return None
    rule = terms.cancellation if view.type is QuoteType.CANCELLATION else terms.partial_cancellation
    return rule.fee if rule else None


def _money(view: View, amount: Decimal) -> Cell:
    return Cell(view.figures.money(amount))
