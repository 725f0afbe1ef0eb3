"""Counts what can be bought: every tier with every set of products that its offers, needs and exclusions allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

from pricing_engine.catalog.products import Ladder, Product, Tier
from pricing_engine.rulebook.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class ConfigurationCount:
    """How many valid configurations a rulebook has, in all and by tier; without a ladder `by_tier` is empty."""

    total: int
    by_tier: Mapping[str, int]


def count_configurations(rulebook: Rulebook) -> ConfigurationCount:
    """The number of valid configurations: a tier with a set of products, or without a ladder a set of products.

    A set is valid when the tier offers each product, each has what it requires and none excludes another; the
    platform is in every one. Quantities make no difference. The empty set counts where there is a tier; without
    one it would be nothing at all.
    Source: P15, P16.
    """
    if rulebook.ladder is None:
        return ConfigurationCount(_count_sets(tuple(rulebook.products.values()), platform=None) - 1, {})
    by_tier = {tier.id: _count_in_tier(rulebook, rulebook.ladder, tier) for tier in rulebook.ladder.tiers}
    return ConfigurationCount(sum(by_tier.values()), by_tier)


def _count_in_tier(rulebook: Rulebook, ladder: Ladder, tier: Tier) -> int:
    offered = tuple(
        product
        for product in rulebook.products.values()
        if product.id != ladder.platform.id and _is_in(tier, product, ladder)
    )
    return _count_sets(offered, platform=ladder.platform)


def _is_in(tier: Tier, product: Product, ladder: Ladder) -> bool:
    """Whether the tier can hold the product without being raised."""
    needed = product.requires_tier
    return tier.offers_product(product) and (needed is None or ladder.ranks[tier.id] >= ladder.ranks[needed])


def _count_sets(products: tuple[Product, ...], *, platform: Product | None) -> int:
    """How many sets of the products are valid; the empty one is."""
    always = frozenset({platform.id}) if platform is not None else frozenset()
    banned = platform.excludes if platform is not None else frozenset()
    possible = {
        product.id: product
        for product in products
        if product.id not in banned and not product.excludes & always and product.id not in product.excludes
    }
    _drop_impossible(possible, always)
    requires = {id_: frozenset(product.requires - always) for id_, product in possible.items()}
    excludes: dict[str, set[str]] = {id_: set(product.excludes & possible.keys()) for id_, product in possible.items()}
    for id_, others in list(excludes.items()):
        for other in others:
            excludes[other].add(id_)
    return _Counter(requires, {id_: frozenset(others) for id_, others in excludes.items()}).count()


def _drop_impossible(possible: dict[str, Product], always: frozenset[str]) -> None:
    """Take out what requires something that cannot be had, until nothing does."""
    while gone := [id_ for id_, each in possible.items() if not each.requires <= possible.keys() | always]:
        for id_ in gone:
            del possible[id_]


class _Counter:
    """Counts the sets that satisfy "needs" and "excludes" exactly.

    Products that no rule joins multiply by 2 each. A joined group is split on its most joined product: once with
    it, once without; what remains falls into smaller groups, each counted once and remembered. So the work grows
    with how entangled the rules are, not with 2 to the number of products.
    """

    def __init__(self, requires: Mapping[str, frozenset[str]], excludes: Mapping[str, frozenset[str]]) -> None:
        self._requires = requires
        self._excludes = excludes
        self._required_by: dict[str, set[str]] = {id_: set() for id_ in requires}
        for id_, needed in requires.items():
            for other in needed:
                self._required_by[other].add(id_)
        self._joined = {id_: requires[id_] | excludes[id_] | self._required_by[id_] for id_ in requires}
        self._known: dict[frozenset[str], int] = {}

    def count(self) -> int:
        """The number of valid sets, the empty one included."""
        groups = self._groups(self._requires.keys())
        for group in groups:
            self._count_group(group)
        return prod(self._known[group] for group in groups)

    def _count_group(self, wanted: frozenset[str]) -> None:
        """Count a group with a stack of its own, so that no rulebook is too deep for Python's."""
        waiting = [wanted]
        while waiting:
            group = waiting[-1]
            if group in self._known:
                waiting.pop()
                continue
            branches = self._branches(group)
            missing = [part for parts in branches for part in parts if part not in self._known]
            if missing:
                waiting.extend(missing)
            else:
                self._known[group] = sum(prod(self._known[part] for part in parts) for parts in branches)
                waiting.pop()

    def _branches(self, group: frozenset[str]) -> tuple[tuple[frozenset[str], ...], ...]:
        """What is left to decide when the chosen product is in, and when it is not."""
        if len(group) == 1:
            return ((), ())
        chosen = self._split_at(group)
        without = group - self._closure(chosen, self._required_by, group)
        taken = self._closure(chosen, self._requires, group)
        ruled_out = {other for id_ in taken for other in self._excludes[id_] if other in group}
        if ruled_out & taken:
            return (self._groups(without),)
        for id_ in tuple(ruled_out):
            ruled_out |= self._closure(id_, self._required_by, group)
        return (self._groups(without), self._groups(group - taken - ruled_out))

    def _split_at(self, group: frozenset[str]) -> str:
        """The product joined to most others; of several, the one in the middle of the group, to halve chains."""
        degrees = {id_: len(self._joined[id_] & group) for id_ in group}
        most = max(degrees.values())
        if most == len(group) - 1:
            return min(id_ for id_, degree in degrees.items() if degree == most)
        ordered = self._reached(min(group, key=lambda id_: (degrees[id_], id_)), group, in_order=True)
        middle = len(ordered) // 2
        places = (place for place, id_ in enumerate(ordered) if degrees[id_] == most)
        return ordered[min(places, key=lambda place: abs(place - middle))]

    def _reached(self, start: str, group: frozenset[str], *, in_order: bool) -> list[str]:
        """What rules join to a product within the group, in widening circles; `in_order` makes them repeatable."""
        found, reached = {start}, [start]
        for id_ in reached:
            new = (self._joined[id_] & group) - found
            found |= new
            reached.extend(sorted(new) if in_order else new)
        return reached

    def _closure(self, start: str, links: Mapping[str, Iterable[str]], group: frozenset[str]) -> frozenset[str]:
        found, waiting = {start}, [start]
        while waiting:
            for other in links[waiting.pop()]:
                if other in group and other not in found:
                    found.add(other)
                    waiting.append(other)
        return frozenset(found)

    def _groups(self, ids: Iterable[str]) -> tuple[frozenset[str], ...]:
        """The products in parts that no rule joins."""
        left, groups = frozenset(ids), []
        while left:
            group = frozenset(self._reached(next(iter(left)), left, in_order=False))
            groups.append(group)
            left -= group
        return tuple(groups)
