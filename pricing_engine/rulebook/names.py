"""The vocabulary as expressions need it: the origins of names, the kinds that fit, and the words an enum gets."""

from collections.abc import Mapping

from pricing_engine.expressions import Kind
from pricing_engine.rulebook.compile.settings import compile_vocabulary
from pricing_engine.rulebook.documents.vocabulary import NameType
from pricing_engine.rulebook.index import tiers_of
from pricing_engine.rulebook.repository import Repository
from pricing_engine.rulebook.rulebook import VocabularyName

ORIGINS: Mapping[str, tuple[NameType, ...]] = {
    "request.term_months": ("months",),
    "request.billing": ("enum",),
    "request.currency": ("enum",),
    "request.market": ("enum", "text"),
    "request.quote_type": ("enum",),
    "request.requested_by": ("enum",),
    "request.effective_date": ("date",),
    "quote.product_count": ("count",),
    "quote.tier": ("enum",),
    "quote.list_arr": ("money",),
    "quote.arr_after": ("money",),
    "quote.acv": ("money",),
    "quote.tcv": ("money",),
    "quote.discount": ("ratio",),
    "quote.discretionary": ("ratio",),
    "quote.net_ratio": ("ratio",),
    "quote.margin": ("ratio",),
    "quote.realisation": ("ratio",),
    "quote.retained": ("ratio",),
    "quote.waived": ("count",),
    "quote.prepaid_months": ("months",),
    "quote.win_probability": ("ratio",),
    "change.remaining_fees": ("money",),
    "change.fees_per_year": ("money",),
    "change.last_year_fees": ("money",),
    "change.months_left": ("months",),
    "change.months_passed": ("months",),
    "change.year_of_term": ("count",),
}
"""The fixed origins with the types that fit; `account.<attribute>` and `metric.<id>` come on top."""

ORIGINS_OF_SCORING = frozenset(
    {
        "quote.margin",
        "quote.realisation",
        "quote.retained",
        "quote.waived",
        "quote.prepaid_months",
        "quote.win_probability",
    }
)
"""Origins known only where a quote is scored: what its price is worth, beside the price itself."""

NOT_ALWAYS_KNOWN: Mapping[str, str] = {
    "quote.margin": "costs may not be known",
    "quote.realisation": "there may be no target",
    "quote.retained": "a new sale changes no contract",
    "quote.win_probability": "there may be no model",
}
"""Of those, the ones that the engine cannot always tell, and why: a factor has to say what it makes of that."""

GIVEN_WORDS = frozenset(
    {
        "quote.tier",
        "request.market",
        "request.billing",
        "request.currency",
        "request.requested_by",
        "request.quote_type",
    }
)
"""Origins whose enum may leave out its values, because the rulebook itself gives them."""

QUOTE_TYPES = ("new", "amendment", "renewal", "reinstatement")


def build_vocabulary(repository: Repository) -> dict[str, VocabularyName]:
    """The names by their spelling; an enum without values has those the rulebook itself gives to its origin."""
    return compile_vocabulary(repository.vocabulary, words_by_origin(repository))


def unfinished(vocabulary: Mapping[str, VocabularyName]) -> frozenset[str]:
    """The enums whose values cannot be known, because the files that give them cannot be read."""
    return frozenset(id_ for id_, each in vocabulary.items() if each.name.kind is Kind.ENUM and not each.name.values)


def words_by_origin(repository: Repository) -> dict[str, tuple[str, ...]]:
    """The values that the rest of the rulebook gives to enums, by origin; only those that are complete."""
    known: dict[str, tuple[str, ...]] = {"request.quote_type": QUOTE_TYPES}
    if "tiers" not in repository.unread:
        known["quote.tier"] = tuple(tier.shape.id for tier in tiers_of(repository))
    if "price_book" not in repository.unread:
        markets = {market for book in repository.price_books for market in book.shape.market}
        known["request.market"] = tuple(sorted(markets))
    if repository.rulebook is not None:
        shape = repository.rulebook.shape
        known["request.billing"] = tuple(shape.billing.plans)
        known["request.currency"] = shape.currencies
        known["request.requested_by"] = shape.roles
    return known
