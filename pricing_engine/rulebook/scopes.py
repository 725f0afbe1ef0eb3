"""What an expression may use: when policies are applied (TARGET), and once prices are known (PRICED)."""

from collections.abc import Mapping

from pricing_engine.expressions import Name, Scope
from pricing_engine.rulebook.rulebook import VocabularyName

KNOWN_AFTER_PRICING = frozenset(
    {"quote.arr_after", "quote.acv", "quote.tcv", "quote.discount", "quote.discretionary", "quote.net_ratio"}
)
"""Origins whose value is a result of pricing: limits and approvals may ask for them, discount policies may not."""


def target_scope(vocabulary: Mapping[str, VocabularyName]) -> Scope:
    """TARGET: what is known when policies are applied; the other names are said to be known after pricing."""
    early: dict[str, Name] = {}
    late: dict[str, str] = {}
    for id_, known in vocabulary.items():
        if known.origin in KNOWN_AFTER_PRICING:
            late[id_] = "the step after pricing: in discretion limits and approvals"
        else:
            early[id_] = known.name
    return Scope(names=early, elsewhere=late)


def priced_scope(vocabulary: Mapping[str, VocabularyName]) -> Scope:
    """PRICED: every name of the vocabulary."""
    return Scope(names={id_: known.name for id_, known in vocabulary.items()})
