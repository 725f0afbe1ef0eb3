"""What an early renewal gives up of the term it cuts short: what its changes would within that term (P23, P27)."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Final

from pricing_engine.periods import months_between
from pricing_engine.policies.findings import Finding
from pricing_engine.quoting.changes.kind import Kind
from pricing_engine.quoting.changes.worked import Worked
from pricing_engine.quoting.contract_change import DueItem, DueKind
from pricing_engine.quoting.held import Held
from pricing_engine.quoting.request import Add, Change, ChangeTier, QuoteRequest, Remove, Renew, TrueUp
from pricing_engine.quoting.request import Set as SetTo
from pricing_engine.terms.terms import Waivable

_GIVE_UP: Final = (Remove, SetTo, ChangeTier, TrueUp)

_BY_TERMS: Final = frozenset(
    {DueKind.PARTIAL_CANCELLATION_FEE, DueKind.FORFEITED_CREDIT, DueKind.CLAWBACK, DueKind.OVER_USE}
)


def within_running_term(request: QuoteRequest, held: Held, kind: Kind) -> QuoteRequest | None:
    """The request as a change of the term that its renewal cuts short; None where that gives nothing up.

    What is only for the new term is left out: prices given, later steps of ramps, discounts, bundles, billing.
    """
    if not kind.is_new_term or kind.start >= held.contract.term.end:
        return None
    if not any(isinstance(change, Renew) for change in request.changes):
        return None
    if request.tier is None and not any(isinstance(change, _GIVE_UP) for change in request.changes):
        return None
    term = held.contract.term
    return request._replace(
        changes=tuple(_within(request.changes, {each.product for each in held.contract.products})),
        term_months=months_between(term.start, term.end),
        discounts=(),
        bundles=(),
        billing=None,
        waivers=tuple(each for each in request.waivers if each.what != Waivable.BILLING_PLAN),
    )


def valued_as_agreed(held: Held) -> Held:
    """The contract as if what grows were at its own schedule: so it counts against what is given up, whatever it costs.

    A price in force may not even be there, as it is given for the new term only.
    """
    return Held(held.contract._replace(price_hold=True), held.rulebooks)


def _within(changes: tuple[Change, ...], held: Set[str]) -> Iterator[Change]:
    for change in changes:
        if isinstance(change, (Add, SetTo)):
            yield change._replace(ramp=(), unit_prices={} if change.product in held else change.unit_prices)
        elif isinstance(change, (Remove, ChangeTier, TrueUp)):
            yield change


def said_of_running_term(worked: Worked) -> tuple[list[DueItem], list[Finding]]:
    """What the terms charge for what is given up, and what they refuse, of the change within the running term."""
    items = [item for item in worked.items if item.kind in _BY_TERMS]
    return items, [finding for finding in worked.findings if finding not in worked.waived.findings]
