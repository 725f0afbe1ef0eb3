"""What people may take off beyond the policies: limits by role, the total cap, and the floor (P19, P21)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pricing_engine.catalog.products import Selector
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.expressions import Expression
from pricing_engine.money import ONE


@dataclass(frozen=True, slots=True)
class DiscretionLimit:
    """What a role may give of its own accord, per line and over the quote. Units: fractions."""

    id: str
    role: str
    line_max: Decimal
    quote_max: Decimal
    applies_to: Selector
    rule: RuleRef
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """The net price below which no approval helps: the higher of a share of list and the price that keeps a margin."""

    net_ratio: Decimal | None
    margin: Decimal | None
    rule: RuleRef


@dataclass(frozen=True, slots=True)
class Discretion:
    """What people may take off beyond the policies (P21).

    `max_total_discount` trims policy discounts and refuses discretionary ones beyond it (P19); `may_price` are
    the roles that may give an on-request line its price (P5).
    """

    limits: tuple[DiscretionLimit, ...]
    may_price: frozenset[str]
    max_total_discount: Decimal | None = None
    cap_rule: RuleRef | None = None
    floor: Floor | None = None

    @property
    def most_off(self) -> Decimal | None:
        """The largest share off list that is let off any line, whatever it costs us; None without a limit."""
        ratio = None if self.floor is None or self.floor.net_ratio is None else ONE - self.floor.net_ratio
        return min([each for each in (self.max_total_discount, ratio) if each is not None], default=None)
