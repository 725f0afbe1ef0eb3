"""Whether later won lines were sold inside the band that guidance would have shown them (S9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pricing_engine.money import ZERO
from pricing_engine.scoring.deal import FAMILY, PRODUCT, Deal, Outcome
from pricing_engine.scoring.evaluation import Coverage, Covered
from pricing_engine.scoring.guidance_rules import PeerSettings
from pricing_engine.scoring.peers import Path, PeerTree, find_peers


@dataclass(slots=True)
class _Counted:
    below: int = 0
    inside: int = 0
    above: int = 0
    accounts: set[str] = field(default_factory=set)

    def covered(self, path: Path) -> Covered:
        return Covered(path, len(self.accounts), self.below, self.inside, self.above)


def coverage_of(tree: PeerTree, deals: Iterable[Deal], settings: PeerSettings) -> Coverage:
    """How won lines of deals, which were created after those the tree was learnt from, lie to the band of their peers.

    A discount on an end of the band lies inside; where many are alike, more lie inside than is promised. Prices drawn
    by lot are left out, as they are of peers, and above list counts as at list.
    """
    whole, segments, silent = _Counted(), dict[Path, _Counted](), 0
    for deal in deals:
        if deal.outcome is not Outcome.WON or deal.draw is not None:
            continue
        for line in deal.lines:
            if (discount := line.discount) is None:
                continue
            found = find_peers(tree, {**deal.facts, PRODUCT: line.product, FAMILY: line.family})
            if found is None:
                silent += 1
                continue
            node, path = found
            for counted in (whole, segments.setdefault(path, _Counted())):
                counted.below += max(discount, ZERO) < node.stretch
                counted.inside += node.stretch <= max(discount, ZERO) <= node.floor
                counted.above += discount > node.floor
                counted.accounts.add(deal.account)
    rows = sorted([each.covered(path) for path, each in segments.items()], key=lambda each: (-each.lines, each.peers))
    return Coverage(settings.floor - settings.stretch, whole.covered(()), tuple(rows), silent)
