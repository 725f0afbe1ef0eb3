"""A change worked out step by step: target, price, schedule, and what the terms say (P14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pricing_engine.pricing.conditions import Renewed
from pricing_engine.pricing.price import Past
from pricing_engine.quoting.changes.agreed_lines import TargetLine
from pricing_engine.quoting.changes.change_sale import read_change_sale
from pricing_engine.quoting.changes.conditions import Priced, read_conditions
from pricing_engine.quoting.changes.dues import with_dues
from pricing_engine.quoting.changes.early_renewal import valued_as_agreed, within_running_term
from pricing_engine.quoting.changes.kind import Kind, read_kind
from pricing_engine.quoting.changes.lines import target_lines
from pricing_engine.quoting.changes.refusals import ChangesConflict
from pricing_engine.quoting.changes.schedule import reschedule
from pricing_engine.quoting.changes.target import Target, read_target
from pricing_engine.quoting.changes.trials import trial_lines
from pricing_engine.quoting.changes.waivers import Waived, read_waivers
from pricing_engine.quoting.changes.worked import Worked
from pricing_engine.quoting.choose_terms import terms_of
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.facts import TargetState, target_facts
from pricing_engine.quoting.granting import list_arr
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.quoting.sale import Sale, count_products
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.terms.amounts import uplift_limit
from pricing_engine.terms.terms import Terms, Waivable


def work_out(request: QuoteRequest, rulebook: Rulebook, held: Held) -> Worked:
    """The change that a request makes to a contract.

    Raises: a DomainError where it cannot be priced at all.
    Source: P14, P17, P22–P32.
    """
    contract = held.contract
    terms = terms_of(held)
    waived = read_waivers(request.waivers, terms, contract.changed_terms, billing=request.billing)
    kind = read_kind(request, contract, terms)
    target = read_target(request, held, rulebook, kind, terms.over_use if terms else None)
    _refuse_emptied(target, kind)
    sale = read_change_sale(request, target, held, rulebook, kind)
    fresh = _fresh(sale, kind)
    lines = target_lines(sale, held, fresh=fresh, asked_of=target.asked_of, is_new_term=kind.is_new_term)
    facts = _Facts(sale, lines, kind, held)
    lines = (*lines, *trial_lines(target, contract, terms, sale))
    conditions = read_conditions(sale, lines, held, facts.of, is_new_term=kind.is_new_term)
    past = _past(sale, conditions, held, terms, waived, facts, kind)
    pricing = held.known.price(conditions.items, conditions.terms, past)
    goes_on = pricing.is_complete and not kind.is_new_term
    schedule = reschedule(
        held,
        pricing.lines if goes_on else (),
        kind,
        is_altered=bool(conditions.before),
        trials_ended=target.trials_ended,
    )
    worked = Worked(
        *(request, held, kind, terms, waived, target, sale, lines, conditions),
        *(facts.of(sale.rulebook), pricing, schedule, (), (), ()),
    )
    if not pricing.is_complete:
        return worked
    in_term = within_running_term(request, held, kind)
    return with_dues(worked, facts.of, None if in_term is None else work_out(in_term, rulebook, valued_as_agreed(held)))


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

    __slots__ = ("held", "kind", "known", "lines", "sale")

    def __init__(self, sale: Sale, lines: tuple[TargetLine, ...], kind: Kind, held: Held) -> None:
        self.sale, self.lines, self.kind, self.held = sale, lines, kind, held
        self.known: dict[str, Mapping[str, Any]] = {}

    def of(self, rulebook: Rulebook) -> Mapping[str, Any]:
        """The facts in the words of a version."""
        found = self.known.get(rulebook.hash)
        if found is None:
            found = self.known[rulebook.hash] = self._read(rulebook)
        return found

    def _read(self, rulebook: Rulebook) -> Mapping[str, Any]:
        sale, items = self.sale, [item for item, _ in self.lines]
        word = QuoteType.RENEWAL if self.kind.is_new_term else QuoteType.AMENDMENT
        tier = sale.tier.tier if sale.tier else None
        state = TargetState(tier, count_products(items), sale.first_totals, sale.plan.id, word.value)
        facts = target_facts(sale.request, state, rulebook)
        if rulebook.list_arr_names:
            listed, others = self.held.known.listed(items, sale.term.start)
            facts.update(dict.fromkeys(rulebook.list_arr_names, list_arr(sale, others, listed)))
        return facts


def _past(
    sale: Sale,
    conditions: Priced,
    held: Held,
    terms: Terms | None,
    waived: Waived,
    facts: _Facts,
    kind: Kind,
) -> Past | None:
    """What the target is priced against."""
    kept = conditions.terms.settled
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
    contracted = valued_as_agreed(held)
    everything = frozenset([each.product.id for each in sale.chosen])
    agreed = target_lines(sale._replace(bundles={}), contracted, asked_of=everything)
    pinned = read_conditions(
        sale._replace(request=sale.request._replace(discounts=(), bundles=()), bundles={}),
        [line for line in agreed if line.origin is not None],
        contracted,
        facts.of,
        is_new_term=True,
    )
    return Past(kept, (), Renewed(limit, pinned.items, pinned.terms))
