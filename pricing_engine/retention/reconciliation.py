"""What a reconciliation comes to: what was compared with the ledger, and every contradiction with what is at stake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.money import ZERO, Currency


class Contradiction(NamedTuple):
    """One row or month that says otherwise than the ledger. Units of `at_stake`: the reporting currency, a year."""

    source: str
    check: str
    account: str
    contract: str
    file: str
    line: int | None
    at_stake: Decimal
    what: str


@dataclass(slots=True)
class Compared:
    """A kind of contradiction: what was compared, how often it was found, and what is at stake, each thing once."""

    source: str
    check: str
    why: str
    tested: int = 0
    untested: int = 0
    found: int = 0
    stakes: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    @property
    def at_stake(self) -> Decimal:
        """What is at stake of all accounts and contracts: what several rows say of one counts once."""
        return sum(self.stakes.values(), ZERO)

    def add(self, contradiction: Contradiction) -> Contradiction:
        """Counts a contradiction."""
        self.found += 1
        key = contradiction.account, contradiction.contract
        self.stakes[key] = max(contradiction.at_stake, self.stakes.get(key, ZERO))
        return contradiction


class MonthTotal(NamedTuple):
    """What tables say of all customers in a month, and what the ledger says of the same. Units: `currency`, a year."""

    month: date
    currency: str
    customers: int
    imported: Decimal
    in_ledger: Decimal


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What was compared as of a day, what was found, and for histories the totals of each month.

    `unread` are tables of which all or the rest could not be read.
    """

    on: date
    currency: Currency
    compared: Sequence[Compared]
    contradictions: Sequence[Contradiction]
    months: Sequence[MonthTotal] = ()
    unread: Sequence[str] = ()
