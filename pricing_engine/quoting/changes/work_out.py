"""A change worked out: target, price, schedule and what the terms say; the quote and the contract are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.periods import Period
from pricing_engine.policies.findings import Finding
from pricing_engine.pricing.conditions import Renewed
from pricing_engine.pricing.instalments import Cadence
from pricing_engine.pricing.price import Past, Pricing, price
from pricing_engine.quoting.changes.change_sale import read_change_sale
from pricing_engine.quoting.changes.conditions import Priced, read_conditions
from pricing_engine.quoting.changes.due_items import Redline, draw_redline
from pricing_engine.quoting.changes.given_up import GivenUp, given_up
from pricing_engine.quoting.changes.kind import Kind, read_kind
from pricing_engine.quoting.changes.lines import TargetLine, target_lines
from pricing_engine.quoting.changes.penalties import (
    Situation,
    clawback_items,
    fee_items,
    giving_up_findings,
    over_use_items,
    reinstatement_items,
)
from pricing_engine.quoting.changes.refusals import ChangesConflict
from pricing_engine.quoting.changes.schedule import Schedule, cadence_of, reschedule
from pricing_engine.quoting.changes.target import Target, read_target
from pricing_engine.quoting.changes.trials import trial_lines
from pricing_engine.quoting.changes.waivers import Waived, read_waivers
from pricing_engine.quoting.choose_terms import terms_of
from pricing_engine.quoting.chosen import totals_on
from pricing_engine.quoting.contract_change import DueItem, DueKind, QuoteType
from pricing_engine.quoting.facts import TargetState, target_facts
from pricing_engine.quoting.granting import list_arr
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.quoting.sale import Sale, count_products
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.terms.amounts import uplift_limit
from pricing_engine.terms.terms import Credit, Terms, Waivable


class Worked(NamedTuple):
    """A change worked out. `schedule` and `redline` are of the running term; for a renewal, of what is cut off it.

    `items` are what is due now, `findings` what the terms and waivers say, `levels` who must agree to waivers.
    """

    request: QuoteRequest
    held: Held
    kind: Kind
    terms: Terms | None
    waived: Waived
    target: Target
    sale: Sale
    lines: tuple[TargetLine, ...]
    conditions: Priced
    facts: Mapping[str, Any]
    pricing: Pricing
    schedule: Schedule
    redline: Redline
    items: tuple[DueItem, ...]
    findings: tuple[Finding, ...]

    @property
    def is_refunded(self) -> bool:
        """Whether the terms pay back what is owed to the customer, instead of crediting it."""
        if self.terms is None:
            return False
        whole = self.kind.type is QuoteType.CANCELLATION
        rule = self.terms.cancellation if whole else self.terms.partial_cancellation
        return rule is not None and rule.credit is Credit.REFUND


def work_out(request: QuoteRequest, rulebook: Rulebook, held: Held) -> Worked:
    """The change that a request makes to a contract.

    Raises: a DomainError where it cannot be priced at all.
    Source: P14, P17, P22–P32.
    """
    contract = held.contract
    terms = terms_of(held)
    waived = read_waivers(request.waivers, terms, agreed=contract.changed_terms)
    kind = read_kind(request, contract, terms)
    days = Period(kind.start, max(kind.term.end, kind.start))
    target = read_target(request, held, rulebook, days, terms.over_use if terms else None)
    _refuse_emptied(target, kind)
    sale = read_change_sale(request, target, held, rulebook, kind)
    fresh = _fresh(sale, kind)
    lines = target_lines(sale, held, fresh=fresh, asked_of=target.asked_of)
    facts = _Facts(sale, lines, kind)
    lines = (*lines, *trial_lines(target, contract, terms, sale))
    conditions = read_conditions(sale, lines, held, facts.of)
    pricing = price(
        conditions.items, conditions.terms, _past(sale, lines, conditions, held, terms, waived, facts, kind)
    )
    goes_on = pricing.is_complete and not kind.is_new_term
    schedule = reschedule(contract, pricing.lines if goes_on else (), kind)
    worked = Worked(
        *(request, held, kind, terms, waived, target, sale, lines, conditions),
        *(facts.of(sale.rulebook), pricing, schedule, Redline((), ()), (), ()),
    )
    return _with_dues(worked, facts) if pricing.is_complete else worked


def _fresh(sale: Sale, kind: Kind) -> frozenset[str]:
    """The products priced anew: for a new term all, the platform's tier too; else those of a bundle asked for."""
    if not kind.is_new_term:
        return frozenset(sale.bundles)
    platform = sale.rulebook.platform_id
    return frozenset([*(each.product.id for each in sale.chosen), *((platform,) if platform else ())])


def _refuse_emptied(target: Target, kind: Kind) -> None:
    """Giving up every product is a cancellation, with the terms of one.

    Raises: ChangesConflict.
    """
    if target.held and not target.chosen and kind.type is not QuoteType.CANCELLATION:
        raise ChangesConflict(
            "nothing would be left of the contract: that is a cancellation",
            fix='cancel it: {"op": "cancel"}; or keep or add a product',
            pointer="/changes",
        )


class _Facts:
    """The facts of the target in the words of each rulebook version, each read once."""

    __slots__ = ("kind", "known", "lines", "sale")

    def __init__(self, sale: Sale, lines: tuple[TargetLine, ...], kind: Kind) -> None:
        self.sale, self.lines, self.kind = sale, lines, kind
        self.known: dict[str, Mapping[str, Any]] = {}

    def of(self, rulebook: Rulebook) -> Mapping[str, Any]:
        """The facts in the words of a version."""
        found = self.known.get(rulebook.hash)
        if found is None:
            found = self.known[rulebook.hash] = self._read(rulebook)
        return found

    def _read(self, rulebook: Rulebook) -> Mapping[str, Any]:
        sale, items = self.sale, [line.item for line in self.lines]
        first_day = totals_on(sale.term.start, sale.chosen, sale.request.usage, sale.rulebook.metrics)
        word = QuoteType.RENEWAL if self.kind.is_new_term else QuoteType.AMENDMENT
        state = TargetState(sale.tier.tier if sale.tier else None, count_products(items), first_day, word.value)
        facts = target_facts(sale.request, state, rulebook)
        if rulebook.list_arr_names:
            facts.update(dict.fromkeys(rulebook.list_arr_names, list_arr(sale, items)))
        return facts


def _past(
    sale: Sale,
    lines: tuple[TargetLine, ...],
    conditions: Priced,
    held: Held,
    terms: Terms | None,
    waived: Waived,
    facts: _Facts,
    kind: Kind,
) -> Past | None:
    """What the target is priced against."""
    kept = frozenset([line.item.id for line in lines if line.origin is not None])
    if not kind.is_new_term:
        return Past(kept, conditions.before) if conditions.before else None
    if terms is None or terms.renewal is None:
        return None
    renewal = terms.renewal
    limit = uplift_limit(
        renewal,
        cap=waived.values.get(Waivable.UPLIFT_CAP, renewal.cap),
        floor=waived.values.get(Waivable.UPLIFT_FLOOR, renewal.floor),
    )
    contracted = _contracted(held)
    everything = frozenset([each.product.id for each in sale.chosen])
    agreed = target_lines(sale._replace(bundles={}), contracted, asked_of=everything)
    pinned = read_conditions(
        sale._replace(request=sale.request._replace(discounts=(), bundles=()), bundles={}),
        [line for line in agreed if line.origin is not None],
        contracted,
        facts.of,
    )
    return Past(kept, (), Renewed(limit, pinned.items, pinned.terms))


def _contracted(held: Held) -> Held:
    """The contract as if growth were at its own schedule: what a renewal's price is limited against."""
    return held._replace(contract=held.contract._replace(price_hold=True))


def _with_dues(worked: Worked, facts: _Facts) -> Worked:
    """The change with what is due now, and what the terms say of it."""
    contract, kind, schedule = worked.held.contract, worked.kind, worked.schedule
    situation = _situation(worked, facts)
    now = {} if kind.is_new_term else {line.id: line for line in worked.pricing.lines if line.months is not None}
    redline = draw_redline(contract, now, schedule, kind)
    if kind.is_new_term:
        items = [_unused(item) for item in redline.items] + reinstatement_items(situation)
        return worked._replace(redline=redline, items=tuple(items), findings=worked.waived.findings)
    unchanged = {id_ for id_, line in schedule.lines.items() if line.before is line.after}
    followers = {line.item.id for line in worked.lines if line.item.charge.of_lines is not None}
    given = given_up(contract, now.values(), schedule.cadence, kind, unchanged=unchanged, followers=followers)
    conditions = worked.conditions
    over_use, tolerated = over_use_items(situation, worked.target.over_use, worked.sale)
    items = [
        *redline.items,
        *_one_time(worked),
        *fee_items(situation, given, _credit(redline, given)),
        *(clawback_items(situation, conditions.regrants) if conditions.before else ()),
        *over_use,
    ]
    findings = (*giving_up_findings(situation, given), *worked.waived.findings, *tolerated)
    return worked._replace(redline=redline, items=tuple(items), findings=findings)


def _situation(worked: Worked, facts: _Facts) -> Situation:
    contract = worked.held.contract
    pinned = worked.held.rulebooks[contract.terms.rulebook] if contract.terms else worked.sale.rulebook
    return Situation(
        worked.request,
        contract,
        worked.kind,
        cadence_of(contract),
        worked.terms,
        worked.waived,
        facts.of(pinned),
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
    volumes = [item.amount for item in redline.items if item.kind in {DueKind.CHARGE, DueKind.CREDIT}]
    return max(-sum(volumes, ZERO), ZERO) if given.lines else ZERO


def cadence_after(worked: Worked) -> Cadence:
    """How the contract is billed after the change."""
    if not worked.kind.is_new_term:
        return cadence_of(worked.held.contract)
    plan = worked.sale.plan
    return Cadence(worked.kind.term, plan.months, plan.in_advance, plan.billing_months, worked.sale.rulebook.proration)
