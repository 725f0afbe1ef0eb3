"""Compiles the settings of a rulebook: currencies, billing plans, exchange rates, and the vocabulary."""

from collections.abc import Mapping

from pricing_engine.contracts.billing_plan import BillingPlan
from pricing_engine.expressions import Kind, Name
from pricing_engine.money import Currency
from pricing_engine.rulebook.documents.fx_rates import FxRatesDocument
from pricing_engine.rulebook.documents.rulebook import RulebookDocument
from pricing_engine.rulebook.documents.vocabulary import NameShape, VocabularyDocument
from pricing_engine.rulebook.rulebook import ExchangeRates, VocabularyName
from pricing_engine.rulebook.sources import Loaded

_PLAN_MONTHS = {"yearly": 12, "half_yearly": 6, "quarterly": 3, "monthly": 1}
KIND_OF = {"yes_no": Kind.YES_NO} | {kind.value: kind for kind in Kind if kind is not Kind.YES_NO}
"""The expression kind of each type word of the vocabulary."""


def compile_currencies(shape: RulebookDocument, digits: Mapping[str, int]) -> dict[str, Currency]:
    """The currencies that are sold in, and the reporting currency, by code."""
    return {code: Currency(code, digits[code]) for code in (*shape.currencies, shape.reporting_currency)}


def compile_plans(shape: RulebookDocument) -> dict[str, BillingPlan]:
    """The billing plans by their word."""
    return {word: _plan(word) for word in shape.billing.plans}


def _plan(word: str) -> BillingPlan:
    if word == "up_front":
        return BillingPlan(word, None, in_advance=True)
    every, _, side = word.partition("_in_")
    return BillingPlan(word, _PLAN_MONTHS[every], in_advance=side == "advance")


def compile_rates(loaded: Loaded[FxRatesDocument] | None, reporting: str) -> ExchangeRates:
    """The exchange rates by date."""
    dated = sorted(loaded.shape.rates, key=lambda each: each.start) if loaded else []
    return ExchangeRates(
        reporting, tuple(each.start for each in dated), tuple(dict(each.by_currency) for each in dated)
    )


def compile_vocabulary(
    loaded: Loaded[VocabularyDocument] | None, words: Mapping[str, tuple[str, ...]]
) -> dict[str, VocabularyName]:
    """The names by their spelling; an enum without values has those that the rest of the rulebook gives its origin.

    Shape: `words` are those values by origin.
    """
    if loaded is None:
        return {}
    return {id_: _name(id_, shape, words) for id_, shape in loaded.shape.names.items()}


def _name(id_: str, shape: NameShape, words: Mapping[str, tuple[str, ...]]) -> VocabularyName:
    minimum, maximum = shape.range.numbers if shape.range else (None, None)
    name = Name(
        id=id_,
        kind=KIND_OF[shape.type],
        values=shape.values or (words.get(shape.origin, ()) if shape.type == "enum" else ()),
        minimum=minimum,
        maximum=maximum,
        optional=shape.optional,
        meaning=shape.meaning,
    )
    return VocabularyName(name, shape.origin)
