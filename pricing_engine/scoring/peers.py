"""Comparable won deals as a tree of segments: each node says what discounts its deals came to (S4)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from pricing_engine.scoring.deal import Fact, Facts

LEAST_ACCOUNTS: Final = 5
"""Of how many accounts comparable deals are at least: what one customer got says little of the next."""

Path = tuple[tuple[str, str], ...]
"""What comparable deals have in common: facts with what deals are told apart as."""

_NOTHING: Final[Path] = ()


class Dimension(NamedTuple):
    """What deals are told apart by: a fact, or of a number the range between two rising `bounds` that it lies in."""

    fact: str
    bounds: tuple[Decimal, ...] = ()

    def bucket(self, value: Fact | None) -> str | None:
        """What a deal with this value is called; None where it is not known.

        Shape: of bounds 10 and 20: `..10`, `10..20` and `20..`, each with its lower end and without its upper one.
        """
        if value is None:
            return None
        if not self.bounds:
            return "yes" if value is True else "no" if value is False else str(value)
        if not isinstance(value, Decimal):
            return None
        at = bisect_right(self.bounds, value)
        low, high = self.bounds[at - 1] if at else "", self.bounds[at] if at < len(self.bounds) else ""
        return f"{low}..{high}"


@dataclass(frozen=True, slots=True)
class PeerNode:
    """Comparable deals: how many, of how many accounts, closed between when, and their realised discounts.

    `stretch`, `target` and `floor` are rising quantiles of the share off list, and `mean` is its mean; half of the
    lines lie between `low` and `high`. `children` are finer segments, told apart `by` what, in which there are enough
    deals; without `by` nothing is known that tells their discounts apart.
    """

    deals: int
    accounts: int
    since: date
    until: date
    stretch: Decimal
    target: Decimal
    floor: Decimal
    low: Decimal
    high: Decimal
    mean: Decimal
    by: Dimension | None = None
    children: Mapping[str, PeerNode] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeerTree:
    """The root of all won deals, or None where they were too few: `deals`, and not `minimum` of enough accounts."""

    minimum: int
    deals: int
    root: PeerNode | None


def find_peers(tree: PeerTree, facts: Facts) -> tuple[PeerNode, Path] | None:
    """The finest segment that a line with these facts falls into, and what it is; None where even the root is thin."""
    node, path = tree.root, _NOTHING
    if node is None:
        return None
    while (child := _child(node, facts)) is not None:
        node, path = child[1], (*path, child[0])
    return node, path


def _child(node: PeerNode, facts: Facts) -> tuple[tuple[str, str], PeerNode] | None:
    if node.by is None:
        return None
    bucket = node.by.bucket(facts.get(node.by.fact))
    child = None if bucket is None else node.children.get(bucket)
    return None if bucket is None or child is None else ((node.by.fact, bucket), child)
