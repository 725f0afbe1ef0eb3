"""Which role sees what: the one table of fields and facts that not everybody may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COST_ROLES: Final = frozenset({"manager", "deal_desk", "pricing", "revops", "admin"})

SEEN_BY: Final[Mapping[str, frozenset[str]]] = {
    "unit_cost": COST_ROLES,
    "cost": COST_ROLES,
    "margin": COST_ROLES,
    "floor": COST_ROLES,
    "floor_price": COST_ROLES,
    "floor_ratio": COST_ROLES,
    "net_ratio": COST_ROLES,
    "or_margin": COST_ROLES,
}
"""Fact or field → the roles that see it; what is not named here everybody sees."""

_DISCREET_WORDS: Final[Mapping[str, str]] = {
    "below-floor": "the net price is below the floor; no approval helps",
}
"""Finding → what is said to those who may not see its numbers."""


def may_see(role: str, name: str) -> bool:
    """Whether the role may see the fact or field of this name."""
    roles = SEEN_BY.get(name)
    return roles is None or role in roles


def visible_facts(role: str, facts: Mapping[str, object]) -> Mapping[str, object]:
    """The facts the role may see."""
    if role in COST_ROLES:
        return facts
    return {name: value for name, value in facts.items() if may_see(role, name)}


def may_see_rule(role: str, code: str) -> bool:
    """Whether the role may see the rule behind a finding: the reason given for a floor tells where it lies."""
    return role in COST_ROLES or code not in _DISCREET_WORDS


def visible_words(role: str, code: str, what: str) -> str:
    """What a finding says, in words the role may read."""
    return what if role in COST_ROLES else _DISCREET_WORDS.get(code, what)
