"""The facts rule conditions are tested on: each vocabulary name with its value for this quote, by its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pricing_engine.errors import DomainError
from pricing_engine.expressions import Expression, Kind
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook, VocabularyName

Facts = Mapping[str, Any]


class FactMissing(DomainError):
    """A condition asks for something the account or the request does not say."""

    code = "fact-missing"


class FactOutOfVocabulary(DomainError):
    """The account has a value that the vocabulary does not know: every rule about it would be silently dead."""

    code = "fact-out-of-vocabulary"


@dataclass(frozen=True, slots=True)
class TargetState:
    """What is known once it is clear what the customer will have."""

    tier: str | None
    product_count: int
    totals: Mapping[str, Decimal]


def target_facts(request: QuoteRequest, state: TargetState, rulebook: Rulebook) -> dict[str, Any]:
    """Facts known when policies are applied; names whose value is not known are left out.

    Raises: FactOutOfVocabulary for a word that its enum does not list.
    """
    known: dict[str, Any] = {
        "request.term_months": Decimal(request.term_months),
        "request.billing": request.billing or rulebook.default_billing,
        "request.currency": request.currency,
        "request.market": request.account.market,
        "request.quote_type": "new",
        "request.requested_by": request.role,
        "request.effective_date": request.effective_date,
        "quote.product_count": Decimal(state.product_count),
        "quote.tier": state.tier,
    }
    attributes, totals = request.account.attributes, state.totals
    facts: dict[str, Any] = {}
    for id_, entry in rulebook.vocabulary.items():
        origin = entry.origin
        if origin.startswith("account."):
            value = attributes.get(origin[8:])
        elif origin.startswith("metric."):
            value = totals.get(origin[7:], Decimal(0))
        else:
            value = known.get(origin)
        if value is not None:
            facts[id_] = _checked(value, entry)
    return facts


def _checked(value: object, entry: VocabularyName) -> object:
    if entry.name.kind is Kind.ENUM and value not in entry.name.values:
        raise FactOutOfVocabulary(
            f"{entry.origin} is {value}, which the vocabulary does not list",
            fix=f"use one of {', '.join(entry.name.values)}, or add it to vocabulary.yaml",
            name=entry.name.id,
        )
    return value


def with_origins(facts: Mapping[str, Any], rulebook: Rulebook, values: Mapping[str, Decimal]) -> dict[str, Any]:
    """The facts with more of them known, given by origin (`quote.acv`)."""
    found = dict(facts)
    for id_, entry in rulebook.vocabulary.items():
        if entry.origin in values:
            found[id_] = values[entry.origin]
    return found


def evaluate(expression: Expression, facts: Facts) -> Any:
    """The value of a condition or formula.

    Raises: FactMissing, naming the name that has no value.
    """
    try:
        return expression.evaluate(facts)
    except KeyError as missing:
        name = str(missing.args[0])
        raise FactMissing(
            f"`{expression.text}` needs {name}, which is not known for this quote",
            fix=f"give the account a value for {name}, or declare it optional in vocabulary.yaml",
            name=name,
        ) from missing
