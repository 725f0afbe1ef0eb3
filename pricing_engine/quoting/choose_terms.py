"""The terms an account is sold under, and those a contract is under."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pricing_engine.contracts.contract import Contract
from pricing_engine.quoting.changes.refusals import TermsGone
from pricing_engine.quoting.facts import evaluate
from pricing_engine.quoting.held import Held
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.terms.terms import Terms


def terms_for(rulebook: Rulebook, facts: Mapping[str, Any]) -> Terms | None:
    """The first terms, by id, whose condition holds, else those without one; None where the rulebook has none.

    Raises: FactMissing where a condition goes by what is not known.
    """
    for terms in sorted(rulebook.terms, key=lambda each: (each.when is None, each.id)):
        if terms.when is None or evaluate(terms.when, facts):
            return terms
    return None


def terms_of(held: Held) -> Terms | None:
    """The terms a contract is under, in the version it is pinned to; None where it was sold without.

    Raises: TermsGone.
    """
    contract: Contract = held.contract
    if contract.terms is None:
        return None
    for terms in held.rulebooks[contract.terms.rulebook].terms:
        if terms.id == contract.terms.id:
            return terms
    raise TermsGone(
        f"contract {contract.id} is under terms {contract.terms.id}, which its rulebook does not have",
        fix="import the contract again under terms there are",
        contract=contract.id,
        terms=contract.terms.id,
    )
