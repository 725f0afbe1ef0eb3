"""Verify that the ledger says what contracts do: movements sum to what each is worth, line of products by line (N4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.money import ZERO, round_money
from pricing_engine.retention.movements import ArrMovement
from pricing_engine.storage import ledger
from pricing_engine.usecases.progress import Progress, unseen


@dataclass(frozen=True, slots=True)
class LedgerBreak:
    """The first place where the ledger and a contract differ, on a day. Units: the contract's currency, a year."""

    account_id: str
    contract_id: str
    version: int
    product: str
    day: date
    in_ledger: Decimal
    in_contract: Decimal

    @property
    def what(self) -> str:
        """The difference in words."""
        return (
            f"account {self.account_id}, contract {self.contract_id} in version {self.version}: on {self.day} the "
            f"movements of {self.product} sum to {self.in_ledger}, and the contract comes to {self.in_contract}"
        )


@dataclass(frozen=True, slots=True)
class LedgerVerified:
    """How many contract versions agree with the ledger, and the first place where one does not."""

    versions: int
    broken: LedgerBreak | None


def verify_ledger(desk: Desk, *, on_progress: Progress = unseen) -> LedgerVerified:
    """Whether on every day on which a version of a contract changes anything its movements sum to what it is worth.

    `on_progress` hears how many versions were compared.
    """
    done, of = 0, ""
    known: dict[tuple[str, date], Decimal] = {}
    with desk.reading_still() as session, closing(ledger.versions_with_movements(session)) as versions:
        for stored, moved in versions:
            if stored.id != of:
                known, of = {}, stored.id
            broken = _compared(stored, moved, known)
            if broken is not None:
                return LedgerVerified(done, broken)
            done += 1
            on_progress("comparing", done, 0)
    return LedgerVerified(done, None)


def _compared(
    contract: Contract, moved: Iterable[ArrMovement], known: dict[tuple[str, date], Decimal]
) -> LedgerBreak | None:
    """The first difference; `known` are the sums of all earlier versions by product and day, and then of this one."""
    for each in moved:
        key = each.product, each.day
        known[key] = known.get(key, ZERO) + each.amount
    for day in _days_of(contract, known):
        in_ledger: dict[str, Decimal] = {}
        for (product, since), amount in known.items():
            if since <= day:
                in_ledger[product] = in_ledger.get(product, ZERO) + amount
        in_contract = _worth(contract, day)
        for product in sorted({*in_ledger, *in_contract}):
            said, is_worth = in_ledger.get(product, ZERO), in_contract.get(product, ZERO)
            if said != is_worth:
                return LedgerBreak(contract.account_id, contract.id, contract.version, product, day, said, is_worth)
    return None


def _days_of(contract: Contract, known: Mapping[tuple[str, date], Decimal]) -> list[date]:
    """The days from a version's first on, up to its last, on which it or the ledger changes anything."""
    cuts = {day for line in contract.lines for each in line.stretches for day in (each.start, each.end)}
    cuts |= {day for _, day in known}
    last = contract.ends - timedelta(days=1)
    days = {contract.effective, last, *cuts}
    found = sorted(day for day in days if contract.effective <= day <= last)
    return found or [contract.effective]  # one that is cancelled on its first day is worth nothing on it


def _worth(contract: Contract, day: date) -> dict[str, Decimal]:
    worth: dict[str, Decimal] = {}
    for line in contract.lines:
        stretch = line.stretch_on(day)
        if stretch is not None:
            worth[line.product] = worth.get(line.product, ZERO) + round_money(stretch.net, contract.currency)
    return worth
