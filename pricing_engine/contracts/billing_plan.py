"""How often, and at which end of a period, a contract is invoiced."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BillingPlan:
    """How often and when a contract is invoiced; `months` None is all up front. Source: P30."""

    id: str
    months: int | None
    in_advance: bool

    @property
    def billing_months(self) -> int:
        """The cadence stubs are measured by: 12 for all up front (P8)."""
        return self.months or 12
