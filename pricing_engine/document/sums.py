"""What the quote comes to: the figures that stand first, and how list prices become the total."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from pricing_engine.document import wording
from pricing_engine.document.bridge import bridge_steps
from pricing_engine.document.due import sum_name
from pricing_engine.document.shape import Cell, Fact, Row, RowKind, Section, Table, cell, table
from pricing_engine.document.view import View
from pricing_engine.money import ZERO
from pricing_engine.quoting.contract_change import ContractChange


def highlights(view: View) -> tuple[Fact, ...]:
    """The three figures a reader looks for: what a year costs, what all of it costs, and what is due first."""
    money, day, change = view.figures.money, view.figures.day, view.quote.change
    if change is not None:
        since = wording.A_YEAR_AFTER.format(day=day(view.quote.request.effective_date))
        return (
            Fact(wording.A_YEAR_BEFORE, (money(change.arr_before),)),
            Fact(since, (money(change.arr_after),)),
            _first_invoice(view) if view.is_new_term else Fact(sum_name(view, change), (money(abs(change.due_now)),)),
        )
    totals = view.totals
    return (
        Fact(wording.A_YEAR, (money(totals.arr),)),
        Fact(wording.OVER_TERM.format(months=view.months), (money(totals.tcv),)),
        _first_invoice(view),
    )


def _first_invoice(view: View) -> Fact:
    """What is invoiced first, all invoices of that day together."""
    invoices = view.quote.invoices
    day = invoices[0].day if invoices else view.quote.term_start
    amount = sum((invoice.total for invoice in invoices if invoice.day == day), ZERO)
    return Fact(wording.FIRST_INVOICE.format(day=view.figures.day(day)), (view.figures.money(amount),))


def sums_section(view: View) -> Section:
    """From list to total over the term by kind of discount; of a change within a term, its value before and after."""
    change = view.quote.change
    if change is not None and not view.is_new_term:
        return Section(wording.SUMS_OF_CHANGE, table=_before_and_after(view, change), remarks=(wording.TAX,))
    money, totals = view.figures.money, view.totals
    rows = [Row((cell(wording.LISTED.format(months=view.months)), Cell(""), Cell(money(totals.list))))]
    for kind, amount in _by_kind(view).items():
        off = view.figures.off(totals.list, totals.list + amount)
        rows.append(Row((cell(kind), Cell(off), Cell(view.figures.signed(amount)))))
    closing = wording.TOTAL.format(months=view.months)
    off = view.figures.off(totals.list, totals.net)
    rows.append(Row((cell(closing), Cell(off), Cell(money(totals.tcv))), RowKind.SUM))
    if totals.one_time:
        rows.append(Row((cell(wording.OF_IT_ONCE), Cell(""), Cell(money(totals.one_time))), RowKind.PART))
    return Section(
        wording.SUMS, table=table((wording.SUM, wording.OF_LIST, wording.AMOUNT), rows), remarks=(wording.TAX,)
    )


def _by_kind(view: View) -> dict[str, Decimal]:
    """What each kind of discount comes to over the term, in the order they apply; no 0."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for step in bridge_steps(view.quote, view.totals):
        sums[wording.STEPS.get(step.kind, wording.ROUNDING_STEP)] += step.amount
    return {kind: amount for kind, amount in sums.items() if amount}


def _before_and_after(view: View, change: ContractChange) -> Table:
    money, signed = view.figures.money, view.figures.signed
    rows = [
        Row((cell(name), Cell(money(before)), Cell(money(after)), Cell(signed(after - before))))
        for name, before, after in (
            (wording.ALL_A_YEAR, change.arr_before, change.arr_after),
            (wording.TOTAL_OF_CHANGE, change.tcv_before, change.tcv_after),
        )
    ]
    return table((wording.SUM, wording.SO_FAR, wording.NEW, wording.DIFFERENCE), rows)
