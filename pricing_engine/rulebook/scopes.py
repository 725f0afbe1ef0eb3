"""What an expression may use: when policies are applied, prices are known, quotes scored, and contracts changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from pricing_engine.expressions import Scope
from pricing_engine.rulebook.names import ORIGINS_OF_SCORING
from pricing_engine.rulebook.rulebook import VocabularyName

KNOWN_AFTER_PRICING = frozenset(
    {"quote.arr_after", "quote.acv", "quote.tcv", "quote.discount", "quote.discretionary", "quote.net_ratio"}
)
"""Origins whose value is a result of pricing: limits and approvals may ask for them, discount policies may not."""

_OF_WHAT_IS_HELD = frozenset({"quote.tier", "quote.product_count"})
"""Origins of the step that makes a price that are known of what an account has, too."""

_ALWAYS, _APPLYING, _PRICED, _SCORED, _CHANGING = "", "applying", "priced", "scored", "changing"
_STEPS = {
    _APPLYING: "the step that makes a price: in discount policies, limits and approvals",
    _PRICED: "the step after pricing: in discretion limits and approvals",
    _SCORED: "the step that scores a quote: in the factors of the scorecard",
    _CHANGING: "the step that changes a contract: in fees and caps of terms",
}
"""When a name is known, and where that is in the words of a fault."""


@dataclass(frozen=True, slots=True)
class Scopes:
    """What each kind of rule may use; names of another step are said to be known elsewhere.

    `target`: policies and the choice of terms, from the state the customer will have. `priced`: discretion limits and
    approvals, which see the price too. `scored`: factors of the scorecard, which see what the price is worth as well.
    `change`: fees of terms, from what is given up. `offered`: upsell paths, from what the account has and uses.
    """

    target: Scope
    priced: Scope
    scored: Scope
    change: Scope
    offered: Scope


def scopes_of(vocabulary: Mapping[str, VocabularyName], metrics: frozenset[str] = frozenset()) -> Scopes:
    """The scopes over the names of a vocabulary; `metrics` are those whose use is measured against a limit."""
    return Scopes(
        target=_scope(vocabulary, _ALWAYS, _APPLYING),
        priced=_scope(vocabulary, _ALWAYS, _APPLYING, _PRICED),
        scored=_scope(vocabulary, _ALWAYS, _APPLYING, _PRICED, _SCORED),
        change=_scope(vocabulary, _ALWAYS, _CHANGING),
        offered=_offered(vocabulary, metrics),
    )


def _offered(vocabulary: Mapping[str, VocabularyName], metrics: frozenset[str]) -> Scope:
    """What the account is, has and uses; nothing of a quote, for there is none yet."""
    held = {id_: each for id_, each in vocabulary.items() if _is_held(each)}
    elsewhere = {id_: _STEPS[_step(each) or _APPLYING] for id_, each in vocabulary.items() if id_ not in held}
    return Scope(names={id_: each.name for id_, each in held.items()}, metrics=metrics, elsewhere=elsewhere)


def _is_held(known: VocabularyName) -> bool:
    return known.source in ("account", "metric") or known.origin in _OF_WHAT_IS_HELD


def _scope(vocabulary: Mapping[str, VocabularyName], *steps: str) -> Scope:
    by_step = [(id_, known.name, _step(known)) for id_, known in vocabulary.items()]
    return Scope(
        names={id_: name for id_, name, step in by_step if step in steps},
        elsewhere={id_: _STEPS[step] for id_, _, step in by_step if step not in steps},
    )


def _step(known: VocabularyName) -> str:
    if known.source == "change":
        return _CHANGING
    if known.source in ("account", "request"):
        return _ALWAYS
    if known.origin in ORIGINS_OF_SCORING:
        return _SCORED
    return _PRICED if known.origin in KNOWN_AFTER_PRICING else _APPLYING
