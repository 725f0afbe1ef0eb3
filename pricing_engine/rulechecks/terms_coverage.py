"""Which parts of terms a quote is about: what was given up, renewed, brought back, used, promised and tried."""

from __future__ import annotations

from collections.abc import Iterator

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.contracts.contract import Contract
from pricing_engine.quoting.contract_change import ContractChange, Movement, QuoteType
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Trial, TrueUp
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.terms.terms import Terms


def parts_of(terms: Terms) -> Iterator[RuleRef]:
    """The terms themselves, each of their parts, and the formulas of fees, in the order in which terms are written."""
    yield terms.rule
    for giving_up in (terms.cancellation, terms.partial_cancellation):
        if giving_up is not None:
            yield giving_up.rule
            if giving_up.fee is not None:
                yield giving_up.fee.rule
    yield from (part.rule for part in (terms.reinstatement, terms.over_use, terms.renewal) if part is not None)
    yield from (guarantee.rule for guarantee in terms.guarantees)
    yield from (trial.rule for trial in terms.trials)


def fired_parts(quote: Quote, rulebook: Rulebook, contract: Contract | None) -> Iterator[RuleRef]:
    """The parts of its terms that the quote is about, whether or not they come to an amount.

    A fee's formula is not among them: what is due names it where it has a part.
    """
    terms = next((each for each in rulebook.terms if each.id == quote.terms), None)
    if terms is None:
        return
    yield terms.rule
    if quote.change is None or contract is None:
        return
    is_within = quote.request.effective_date < contract.ends
    parts = (
        (terms.cancellation, quote.change.type is QuoteType.CANCELLATION and is_within),
        (terms.partial_cancellation, _gives_up_part(quote.change) and is_within),
        (terms.reinstatement, quote.change.type is QuoteType.REINSTATEMENT),
        (terms.over_use, any(isinstance(change, TrueUp) for change in quote.request.changes)),
        (terms.renewal, quote.change.type is QuoteType.RENEWAL),
    )
    yield from (part.rule for part, is_asked in parts if part is not None and is_asked)
    exposed = {exposure.milestone for exposure in quote.change.exposures}
    yield from (guarantee.rule for guarantee in terms.guarantees if guarantee.milestone in exposed)
    tried = {change.product for change in quote.request.changes if isinstance(change, Trial)}
    yield from (trial.rule for trial in terms.trials if trial.product in tried)


def _gives_up_part(change: ContractChange) -> bool:
    """Whether something that costs is given up, and not all of it."""
    return change.type is not QuoteType.CANCELLATION and any(
        line.movement in (Movement.REMOVED, Movement.REDUCED) and line.net_before for line in change.lines
    )
