"""What the ledger says of one customer: what it has on any day, what moved on one, and what had moved before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pricing_engine.money import ZERO
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.movements import ArrKind


@dataclass(slots=True)
class Positions:
    """What there is on any day. Shape: days rise, and each has what there is from it on."""

    days: list[date] = field(default_factory=list)
    amounts: list[Decimal] = field(default_factory=list)

    def on(self, day: date) -> Decimal:
        """What there is at the end of a day."""
        place = bisect_right(self.days, day)
        return self.amounts[place - 1] if place else ZERO

    def before(self, day: date) -> Decimal:
        """What there is as a day begins."""
        place = bisect_left(self.days, day)
        return self.amounts[place - 1] if place else ZERO

    def add(self, day: date, amount: Decimal) -> None:
        """Adds what moves on a day, none of which is before those that were added."""
        total = (self.amounts[-1] if self.amounts else ZERO) + amount
        if self.days and self.days[-1] == day:
            self.amounts[-1] = total
        else:
            self.days.append(day)
            self.amounts.append(total)


@dataclass(slots=True)
class CustomerLedger:
    """A customer in the ledger, and each of its contracts. Units: the ledger's."""

    whole: Positions = field(default_factory=Positions)
    contracts: dict[str, Positions] = field(default_factory=dict)
    moved: dict[tuple[date, ArrKind], Decimal] = field(default_factory=dict)
    first: dict[ArrKind, date] = field(default_factory=dict)

    def of_kind(self, day: date, kind: ArrKind) -> Decimal:
        """How much moved on a day that is told as of a kind, without its sign."""
        return abs(self.moved.get((day, kind), ZERO))

    def has_before(self, day: date, kind: ArrKind) -> bool:
        """Whether anything of a kind moved before a day."""
        first = self.first.get(kind)
        return first is not None and first < day


def customer_ledgers(entries: Iterable[Entry]) -> dict[str, CustomerLedger]:
    """Every customer of a ledger that is told as customers', by account."""
    found: dict[str, CustomerLedger] = {}
    for each in sorted(entries, key=lambda each: each.day):
        customer = found.setdefault(each.account, CustomerLedger())
        customer.whole.add(each.day, each.amount)
        customer.contracts.setdefault(each.contract, Positions()).add(each.day, each.amount)
        key = each.day, each.kind
        customer.moved[key] = customer.moved.get(key, ZERO) + each.amount
        customer.first.setdefault(each.kind, each.day)
    return found
