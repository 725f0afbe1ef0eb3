"""Growth of the book, the Rule of 40, and what is signed and not in force yet (N15, N18)."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from pricing_engine.money import EXACT
from pricing_engine.retention.rates import Rates, share


class RuleOf40(NamedTuple):
    """Growth from customers there were and from new ones, and a profit margin, as fractions; 0.4 in all is the rule.

    Growth is None where there was nothing at the opening (N6).
    """

    from_customers: Decimal | None
    from_new: Decimal | None
    margin: Decimal

    @property
    def growth(self) -> Decimal | None:
        """All growth."""
        if self.from_customers is None or self.from_new is None:
            return None
        return self.from_customers + self.from_new

    @property
    def total(self) -> Decimal | None:
        """Growth and margin."""
        return None if self.growth is None else self.growth + self.margin


def rule_of_40(rates: Rates, *, margin: Decimal) -> RuleOf40:
    """The parts of the rule: NRR − 1, new business over the opening, and the margin.

    Rounds: as `share`, each part once.
    Source: N15.
    """
    from_customers = share(EXACT.subtract(rates.kept, rates.opening), rates.opening)
    return RuleOf40(from_customers, share(rates.new, rates.opening), margin)
