"""From a change that is worked out to the quote of it: current against target, what is due, findings and levels."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from pricing_engine.money import ZERO, round_money
from pricing_engine.policies.findings import Finding
from pricing_engine.pricing.billing import Invoice, InvoiceLine
from pricing_engine.pricing.instalments import share_of_days, spread
from pricing_engine.pricing.line_item import price_key
from pricing_engine.quoting.changes.due_items import movement_of
from pricing_engine.quoting.changes.dues import due_items, due_now
from pricing_engine.quoting.changes.milestones import exposures_of
from pricing_engine.quoting.changes.remark_changes import remark_repricing, remark_withheld
from pricing_engine.quoting.changes.schedule import invoices_from, left_of_old_term, stretches_of
from pricing_engine.quoting.changes.trials import remark_conversions
from pricing_engine.quoting.changes.work_out import work_out
from pricing_engine.quoting.changes.worked import Worked, cadence_after
from pricing_engine.quoting.cheaper_above import remark_cheaper_above
from pricing_engine.quoting.contract_change import ContractChange, LineChange, Movement
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.judged import Judged
from pricing_engine.quoting.overage_advice import advise_on_overage
from pricing_engine.quoting.product_rules import check_product_rules
from pricing_engine.quoting.quote import DRAFT, Quote, Totals
from pricing_engine.quoting.remarks import (
    remark_idle_asks,
    remark_on_request,
    remark_promotion_ends,
    remark_tier,
)
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.quoting.routing import route_approvals
from pricing_engine.quoting.scoring import ScoredBy, score_quote
from pricing_engine.quoting.tier_resolution import tier_outcome
from pricing_engine.quoting.totals import total_lines
from pricing_engine.quoting.weighed import Weighed
from pricing_engine.rulebook.rulebook import Rulebook


def assemble_change(
    request: QuoteRequest, *, rulebook: Rulebook, quote_id: str, held: Held, scored_by: ScoredBy | None
) -> Quote:
    """The quote of a change to a contract.

    Raises: a DomainError where it cannot be priced at all.
    """
    worked = work_out(request, rulebook, held)
    return _write_out(worked, _verdict(worked), scored_by, quote_id)


def weigh_change(request: QuoteRequest, *, rulebook: Rulebook, held: Held) -> Weighed:
    """What a change to a contract comes to, to be written out as its quote or not.

    Raises: as `assemble_change`.
    """
    worked = work_out(request, rulebook, held)
    verdict = _verdict(worked)
    currency = worked.sale.currency
    return Weighed(
        request,
        currency,
        worked.pricing.lines,
        worked.pricing.is_complete,
        sum([line.net_before for line in _line_changes(worked)], currency.zero),
        sum([line.net_per_year for line in worked.pricing.lines], currency.zero),
        due_now(worked),
        verdict.findings,
        verdict.levels,
        partial(_write_out, worked, verdict, None),
    )


class _Verdict(NamedTuple):
    """What is said of a change, and who must agree to it."""

    findings: tuple[Finding, ...]
    levels: tuple[str, ...]


def _verdict(worked: Worked) -> _Verdict:
    findings, sale = _findings(worked), worked.sale
    if not worked.pricing.is_complete:
        return _Verdict(tuple(findings), ())
    levels = worked.waived.levels
    if sale.request.discounts or sale.has_ramp:  # nothing else asks for more than policies give
        judged, totals = judged_change(worked), _totals(worked, invoices_after(worked))
        beyond, more = route_approvals(sale, judged.items, worked.facts, judged.lines, totals)
        findings += beyond
        levels = tuple(dict.fromkeys((*more, *levels)))
    return _Verdict(tuple(findings), levels)


def _write_out(worked: Worked, verdict: _Verdict, scored_by: ScoredBy | None, quote_id: str) -> Quote:
    sale = worked.sale
    totals, change, scored = None, None, None
    invoices: tuple[Invoice, ...] = ()
    if worked.pricing.is_complete:
        invoices = invoices_after(worked)
        totals = _totals(worked, invoices)
        change = _change(worked, invoices, totals)
        if scored_by is not None:
            scored = score_quote(judged_change(worked), totals, by=scored_by, change=change)
    return Quote(
        quote_id,
        DRAFT,
        worked.request,
        sale.rulebook.hash,
        sale.price_book.id,
        sale.currency,
        sale.term.start,
        sale.term.end,
        sale.plan.id,
        tier_outcome(sale.tier),
        worked.pricing.lines,
        totals,
        invoices,
        verdict.findings,
        verdict.levels,
        change,
        worked.terms.id if worked.terms else None,
        scored,
    )


def _findings(worked: Worked) -> list[Finding]:
    """What the quote points out."""
    sale, pricing, conditions = worked.sale, worked.pricing, worked.conditions
    items, terms = conditions.items, conditions.terms
    new = [item for item, origin in worked.lines if origin is None]
    return [
        *check_product_rules(sale.chosen, sale.rulebook.metrics),
        *(() if pricing.is_complete else remark_on_request(pricing.lines, items)),
        *pricing.findings,
        *worked.findings,
        *remark_repricing(conditions.before, pricing.lines, sale.currency),
        *remark_withheld(conditions.regrants),
        *(remark_conversions(worked.lines, worked.terms, sale) if worked.target.trials else ()),
        *remark_tier(sale.tier),
        *advise_on_overage(sale),
        *remark_cheaper_above(new, sale.rulebook.metrics),
        *(remark_promotion_ends(pricing.lines, items, terms) if terms.granted.ends else ()),
        *(remark_idle_asks(pricing.lines, terms) if terms.asks else ()),
    ]


def judged_change(worked: Worked) -> Judged:
    """Discretion is judged, and guidance given, over the lines a change is about, and others that are named."""
    conditions = worked.conditions
    settled = conditions.terms.settled
    for ask in conditions.terms.asks:
        if not ask.is_agreed:
            settled = frozenset([line for line in settled if not ask.is_about(line)])
    lines = [line for line in worked.pricing.lines if line.id not in settled]
    items = [item for item in conditions.items if item.id not in settled]
    return Judged(worked.sale, items, lines, worked.facts)


def _totals(worked: Worked, invoices: tuple[Invoice, ...]) -> Totals:
    """The totals of the target from the day of the change to the term's end; all that is sent first is one invoice."""
    sale = worked.sale
    day = min([invoice.day for invoice in invoices], default=None)
    first = [invoice for invoice in invoices if invoice.day == day]
    start, end = sale.term.start, sale.term.end
    years: tuple[int, int] | None = None
    # At one price the value of a year is ARR, whatever the cents that a stub is rounded to.
    if start >= end or any([len(line.segments) != 1 for line in worked.pricing.lines]):
        years = share_of_days(cadence_after(worked), start, end).as_integer_ratio()
    return total_lines(worked.pricing.lines, first, years=years, currency=sale.currency)


def _change(worked: Worked, invoices: tuple[Invoice, ...], totals: Totals) -> ContractChange:
    contract, kind, schedule = worked.held.contract, worked.kind, worked.schedule
    zero = contract.currency.zero
    due = due_now(worked)
    before = {id_: line.before for id_, line in schedule.lines.items()}
    billed_so_far = sum([sum(parts[: schedule.billed], ZERO) for parts in before.values()], zero)
    booked = sum([charge.amount for charge in contract.charges], zero)
    carried = ZERO if kind.is_new_term else billed_so_far + booked
    lines = _line_changes(worked)
    invoices_before = tuple(invoices_from(schedule.cadence, before, first=schedule.billed))
    return ContractChange(
        kind.type,
        contract.id,
        contract.version,
        sum([line.net_before for line in lines], zero),
        totals.arr,
        billed_so_far + booked + sum([invoice.total for invoice in invoices_before], zero),
        carried + sum([invoice.total for invoice in invoices], zero),
        kind.due_on,
        due,
        due < 0 and worked.is_refunded,
        due_items(worked),
        lines,
        invoices_before,
        exposures_of(worked),
    )


def _line_changes(worked: Worked) -> tuple[LineChange, ...]:
    return tuple(_renewed_lines(worked)) if worked.kind.is_new_term else worked.redline


def _renewed_lines(worked: Worked) -> Iterator[LineChange]:
    """Every charge before and after a renewal, layers of one together."""
    contract, currency = worked.held.contract, worked.sale.currency
    day = min(worked.kind.start, contract.ends - timedelta(days=1))
    before: dict[str, tuple[str, str, Decimal, Decimal]] = {}
    for line in contract.lines:
        stretch = line.stretch_on(day)
        if stretch is not None and line.trial_until is None:
            _, _, quantity, net = before.get(line.key, ("", "", ZERO, ZERO))
            total = quantity + stretch.quantity, net + round_money(stretch.net, currency)
            before[line.key] = (line.product, line.name, *total)
    for priced in worked.pricing.lines:
        if priced.months is None:
            continue
        was = before.pop(price_key(priced.id), None)
        quantity, net = was[2:] if was else (ZERO, ZERO)
        quantities = quantity, priced.quantity
        movement = movement_of(quantities, net, priced.net_per_year, was=was is not None, now=True)
        yield LineChange(
            *(priced.id, priced.product, priced.name, movement, quantity, priced.quantity),
            *(net, priced.net_per_year, ZERO, ZERO),
        )
    for key, (product, name, quantity, net) in before.items():
        yield LineChange(key, product, name, Movement.REMOVED, quantity, ZERO, net, ZERO, ZERO, ZERO)


def invoices_after(worked: Worked) -> tuple[Invoice, ...]:
    """The invoices still to be sent: first what is due now, then the billing periods not invoiced yet (P30)."""
    schedule = worked.schedule
    first = due_invoice(worked)
    if worked.kind.is_new_term:
        cadence = cadence_after(worked)
        lines = {
            line.id: spread(cadence, stretches_of(line), currency=worked.sale.currency)
            for line in worked.pricing.lines
            if line.months is not None
        }
        return (*first, *left_of_old_term(schedule), *invoices_from(cadence, lines, first=0))
    return (*first, *left_of_old_term(schedule))


def due_invoice(worked: Worked) -> tuple[Invoice, ...]:
    """What is due now as one document; none when nothing is."""
    amounts: dict[str, Decimal] = {}
    for change in worked.redline:
        if change.due:
            amounts[change.line] = change.due
    for item in worked.items:
        name = item.line or item.kind.value
        amounts[name] = amounts.get(name, ZERO) + item.amount
    if worked.kind.is_new_term:
        for line in worked.pricing.lines:
            if line.months is None and line.net_term:
                amounts[line.id] = amounts.get(line.id, ZERO) + line.net_term
    if not amounts:
        return ()
    lines = tuple([InvoiceLine(name, amount) for name, amount in amounts.items()])
    kind = worked.kind
    total = sum(amounts.values(), ZERO)
    return (Invoice(kind.due_on, kind.start, max(kind.term.end, kind.start), lines, total),)
