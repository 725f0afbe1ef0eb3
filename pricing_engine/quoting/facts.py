"""The facts rule conditions are tested on: each vocabulary name with its value for this quote, by its origin."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from pricing_engine.catalog.products import Tier
from pricing_engine.errors import DomainError
from pricing_engine.expressions import Expression
from pricing_engine.money import ZERO
from pricing_engine.quoting.request import QuoteRequest
from pricing_engine.rulebook.rulebook import Rulebook, VocabularyName

Facts = Mapping[str, Any]


class FactMissing(DomainError):
    """A condition asks for something the account or the request does not say."""

    code = "fact-missing"


class FactOutOfVocabulary(DomainError):
    """The account has a value that the vocabulary does not know: every rule about it would be silently dead."""

    code = "fact-out-of-vocabulary"


class TargetState(NamedTuple):
    """What is known once it is clear what the customer will have, and how it is billed."""

    tier: Tier | None
    product_count: int
    totals: Mapping[str, Decimal]
    billing: str
    quote_type: str = "new"


class UsageShares:
    """What share of its tier's limit the account has of a metric: 0 without a limit. Computed when a rule asks."""

    __slots__ = ("_state",)

    def __init__(self, state: TargetState) -> None:
        self._state = state

    def __getitem__(self, metric: str) -> Decimal:
        limits = self._state.tier.limits if self._state.tier else ()
        included = next((limit.included for limit in limits if limit.metric == metric), None)
        return self._state.totals.get(metric, ZERO) / included if included else ZERO


def target_facts(request: QuoteRequest, state: TargetState, rulebook: Rulebook) -> dict[str, Any]:
    """Facts known when policies are applied; names whose value is not known are left out.

    Raises: FactOutOfVocabulary for a word that its enum does not list.
    """
    known: Mapping[str, Mapping[str, Any]] = {
        "account": request.account.attributes,
        "metric": state.totals,
        "request": {
            "term_months": Decimal(request.term_months),
            "billing": state.billing,
            "currency": request.currency,
            "market": request.account.market,
            "quote_type": state.quote_type,
            "requested_by": request.role,
            "effective_date": request.effective_date,
        },
        "quote": {"product_count": Decimal(state.product_count), "tier": state.tier.id if state.tier else None},
    }
    facts: dict[str, Any] = {"usage_share": UsageShares(state)}
    for id_, entry in rulebook.early_names.items():
        value = known[entry.source].get(entry.key)
        if value is None:
            if entry.source == "metric":
                facts[id_] = ZERO
            continue
        if entry.words and value not in entry.words:
            raise _out_of_vocabulary(value, entry)
        facts[id_] = value
    return facts


def _out_of_vocabulary(value: object, entry: VocabularyName) -> FactOutOfVocabulary:
    return FactOutOfVocabulary(
        f"{entry.origin} is {value}, which the vocabulary does not list",
        fix=f"use one of {', '.join(entry.name.values)}, or add it to vocabulary.yaml",
        pointer="/account_id" if entry.source == "account" else "",
        name=entry.name.id,
    )


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
