"""The next version of a contract, from a change to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pricing_engine.contracts.contract import AgreedDiscount, BookedCharge, ChargeKind, Contract, Conversion, TermsPin
from pricing_engine.contracts.contract_line import ContractLine, Stretch
from pricing_engine.pricing.line_item import AmountAsk
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.changes.agreed_lines import TargetLine
from pricing_engine.quoting.changes.contract_parts import (
    agreed_discounts,
    grants_in,
    held_products,
    lasting_waivers,
    new_line,
    new_term,
    refuse_unpriced,
)
from pricing_engine.quoting.changes.dues import due_items
from pricing_engine.quoting.changes.given_up import without_clawed
from pricing_engine.quoting.changes.milestones import promised, still_open
from pricing_engine.quoting.changes.over_use import settled_by
from pricing_engine.quoting.changes.penalties import clawed_shares
from pricing_engine.quoting.changes.schedule import LineSchedule, left_of_old_term
from pricing_engine.quoting.changes.trials import conversions_after, trials_going_on
from pricing_engine.quoting.changes.work_out import work_out
from pricing_engine.quoting.changes.worked import Worked, cadence_after
from pricing_engine.quoting.choose_terms import terms_for
from pricing_engine.quoting.contract_change import DueKind, QuoteType
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook

_OF_LINES = frozenset({DueKind.CHARGE, DueKind.CREDIT, DueKind.REPRICING})


def book_change(request: QuoteRequest, *, rulebook: Rulebook, held: Held) -> Contract:
    """The next version of the contract held.

    Raises: NotBookable for a change that lacks a price; what working it out raises.
    """
    worked = work_out(request, rulebook, held)
    refuse_unpriced(is_complete=worked.pricing.is_complete)
    return _new_term(worked) if worked.kind.is_new_term else _changed(worked)


def _changed(worked: Worked) -> Contract:
    """The contract after a change within its term."""
    contract, kind, sale = worked.held.contract, worked.kind, worked.sale
    tier = sale.tier.tier.id if sale.tier else None
    is_cancelled = kind.type is QuoteType.CANCELLATION
    return contract._replace(
        version=contract.version + 1,
        effective=kind.start,
        ends=kind.start if is_cancelled else contract.ends,
        tier=contract.tier if is_cancelled else tier,
        tier_rulebook=contract.tier_rulebook if is_cancelled or tier == contract.tier else sale.rulebook.hash,
        # What was there is remembered, for a reinstatement.
        products=contract.products if is_cancelled else held_products(sale.chosen),
        lines=_lines(worked),
        discounts=contract.discounts if is_cancelled else _discounts(worked),
        charges=(*contract.charges, *_charges(worked)),
        trials=(*contract.trials, *(trial.product for _, trial in worked.target.trials)),
        changed_terms={**contract.changed_terms, **lasting_waivers(worked.request.waivers)},
        settled_use=(*contract.settled_use, *settled_by(worked.target.over_use, worked.items, contract, kind.start)),
        conversions=() if is_cancelled else _conversions(worked, contract.ends),
    )


def _lines(worked: Worked) -> tuple[ContractLine, ...]:
    """Every line of the term: as priced, or ended."""
    target = {line.item.id: line for line in worked.conditions.lines}  # growth may have joined the layer beneath
    over = {each.product.id for each in worked.sale.chosen} | worked.target.trials_ended
    is_cancelled = worked.kind.type is QuoteType.CANCELLATION
    lines = []
    for id_, scheduled in worked.schedule.lines.items():
        line, was, now = target.get(id_), scheduled.was, scheduled.now
        if line is not None:
            assert now is not None  # only what is priced is booked
            lines.append(_agreed(line, now, scheduled, worked))
            continue
        assert was is not None  # what is not on the target was on the contract
        tried = was.trial_until is not None and was.product not in over and not is_cancelled
        # A cancelled line keeps what it was sold as, so that it can be reinstated.
        phases = was.phases if tried or is_cancelled else ()
        stretches = scheduled.stretches or (_agreed_only(was) if is_cancelled else ())
        lines.append(was._replace(phases=phases, stretches=stretches, instalments=scheduled.after))
    return tuple(lines)


def _agreed_only(line: ContractLine) -> tuple[Stretch, ...]:
    """What a line was agreed at that is cancelled on its first day, as a stretch of no days: it may come back (P25)."""
    return tuple([each._replace(end=each.start) for each in line.stretches[:1]])


def _agreed(line: TargetLine, priced: PricedLine, scheduled: LineSchedule, worked: Worked) -> ContractLine:
    """A line of the target: its own rulebook version and grants where it is kept, today's where it is new."""
    conditions, origin = worked.conditions, line.origin
    item = next(each for each in conditions.items if each.id == line.item.id)
    if origin is None:
        grants = grants_in(conditions.fresh.get(item.id, ()))
        return new_line(item, priced, grants, worked.sale.rulebook.hash, scheduled.stretches, scheduled.after)
    lost_bundle = origin.bundle is not None and item.bundle is None
    granted = conditions.terms.granted.by_line[item.id]
    grants = grants_in(granted) if lost_bundle else tuple(each.grant for each in conditions.regrants[item.id])
    clawed = clawed_shares(conditions.regrants).get(item.id, {})
    return origin._replace(
        bundle=item.bundle.id if item.bundle else None,
        phases=item.phases,
        grants=grants,
        stretches=without_clawed(scheduled.stretches, clawed, worked.kind.start) if clawed else scheduled.stretches,
        instalments=scheduled.after,
    )


def _discounts(worked: Worked) -> tuple[AgreedDiscount, ...]:
    """The agreed discounts that still hold, and those agreed now."""
    contract, terms = worked.held.contract, worked.conditions.terms
    holding = {ask.rule: ask for ask in terms.asks if ask.is_agreed}
    kept = []
    for each in contract.discounts:
        ask = holding.get(each.rule)
        if ask is not None:
            size = ask.size.amount if isinstance(ask.size, AmountAsk) else each.size
            kept.append(each._replace(size=size, lines=ask.lines or each.lines))
    version = contract.version + 1
    return (*kept, *agreed_discounts(terms.asks, worked.conditions.items, worked.sale.chosen, version))


def _charges(worked: Worked) -> list[BookedCharge]:
    """What is due now beside the lines' own instalments."""
    return [
        BookedCharge(worked.kind.due_on, ChargeKind(item.kind.value), item.line or item.how, item.amount)
        for item in due_items(worked)
        if item.kind not in _OF_LINES
    ]


def _of_old_term(worked: Worked) -> list[BookedCharge]:
    """What the old term still has to invoice."""
    return [
        BookedCharge(invoice.day, ChargeKind.OLD_TERM, line.line, line.amount)
        for invoice in left_of_old_term(worked.schedule)
        for line in invoice.lines
    ]


def _new_term(worked: Worked) -> Contract:
    """The contract renewed or reinstated: a term of its own, under the rulebook and terms in force."""
    contract, kind, sale = worked.held.contract, worked.kind, worked.sale
    rulebook, currency, cadence = sale.rulebook, sale.currency, cadence_after(worked)
    terms = terms_for(rulebook, worked.facts)
    granted, items = worked.conditions.fresh, worked.conditions.items
    made = new_term(items, worked.pricing, granted, cadence, currency, rulebook=rulebook.hash, day=kind.due_on)
    tried = trials_going_on(contract, kind, cadence, worked.pricing.lines, worked.target.trials_ended)
    arr = sum((line.net_per_year for line in worked.pricing.lines), Decimal(0))
    version = contract.version + 1
    return contract._replace(
        version=version,
        effective=kind.start,
        price_book=sale.price_book.id,
        term=kind.term,
        ends=kind.term.end,
        billing=sale.plan,
        proration=rulebook.proration,
        tier=sale.tier.tier.id if sale.tier else None,
        tier_rulebook=rulebook.hash,
        terms=TermsPin(terms.id, rulebook.hash) if terms else None,
        price_hold=terms.price_hold if terms else False,
        products=held_products(sale.chosen),
        lines=(*made.lines, *tried),
        discounts=agreed_discounts(worked.conditions.terms.asks, items, sale.chosen, version),
        charges=(*_charges(worked), *_of_old_term(worked), *made.charges),
        milestones=promised(terms, kind.start, arr, currency, still_open(contract)),
        changed_terms={**contract.changed_terms, **lasting_waivers(worked.request.waivers)},
        settled_use=(),
        conversions=() if kind.type is QuoteType.REINSTATEMENT else _conversions(worked, kind.term.end),
    )


def _conversions(worked: Worked, ends: date) -> tuple[Conversion, ...]:
    return conversions_after(worked.held.contract, worked.target, worked.lines, worked.terms, ends)
