"""What the pricing team says about guidance: targets without a history, who is a peer, and what may be tried out."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pricing_engine.catalog.products import Charge, Product, Selector
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.expressions import Expression
from pricing_engine.scoring.deal import FAMILY, LIST_PER_YEAR, MARKET, TERM_MONTHS
from pricing_engine.scoring.peers import Dimension

MOST_TRIED: Final = Decimal("0.1")
"""By how much of list a target may be moved at random, at most."""


class Maximise(StrEnum):
    """What the target is to maximise where price response is known (S7)."""

    MARGIN = "margin"
    NRR = "nrr"


@dataclass(frozen=True, slots=True)
class GuidanceRow:
    """Target and stretch of the lines it applies to, where `when` holds. Units: shares off list."""

    id: str
    applies_to: Selector
    target: Decimal
    stretch: Decimal
    rule: RuleRef
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class PeerSettings:
    """Who is comparable, of how many deals a segment has to be at least, and which quantiles guide.

    Units: quantiles of the discounts of won deals, as fractions; `months` is how far back deals count (None: all).
    """

    by: tuple[Dimension, ...]
    minimum: int
    stretch: Decimal
    target: Decimal
    floor: Decimal
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Exploration:
    """That the target of a `share` of quotes is moved by lot, by at most `within` (S8). Units: fractions."""

    share: Decimal
    within: Decimal


@dataclass(frozen=True, slots=True)
class GuidanceRules:
    """The first row that applies to a line and holds speaks for it; where there are enough peers, they speak first."""

    rows: tuple[GuidanceRow, ...]
    peers: PeerSettings
    maximise: Maximise = Maximise.MARGIN
    exploration: Exploration | None = None
    _about: dict[tuple[str, str], tuple[GuidanceRow, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def rows_about(self, product: Product, charge: Charge) -> tuple[GuidanceRow, ...]:
        """The rows that apply to a charge, remembered: rules about others cost a quote nothing."""
        key = product.id, charge.id
        found = self._about.get(key)
        if found is None:
            found = tuple([row for row in self.rows if row.applies_to.matches(product, charge)])
            self._about[key] = found
        return found


USUAL_PEERS: Final = PeerSettings(
    by=(
        Dimension(FAMILY),
        Dimension("segment"),
        Dimension(LIST_PER_YEAR, (Decimal(5_000), Decimal(25_000), Decimal(100_000))),
        Dimension(TERM_MONTHS, (Decimal(13), Decimal(25))),
        Dimension(MARKET),
    ),
    minimum=20,
    stretch=Decimal("0.25"),
    target=Decimal("0.5"),
    floor=Decimal("0.9"),
)
"""Who is comparable where the rules do not say."""
