"""Verify that the ledger says what contracts do: movements sum to what each is worth, line of products by line (N4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.money import ZERO, Currency, exact_arithmetic, round_money
from pricing_engine.periods import add_months
from pricing_engine.retention.histories import history_id
from pricing_engine.retention.movements import ArrMovement
from pricing_engine.storage import histories, ledger
from pricing_engine.storage.session import Session
from pricing_engine.usecases.progress import Progress, unseen


@dataclass(frozen=True, slots=True)
class LedgerBreak:
    """The first place where the ledger and a contract differ, on a day. Units: the contract's currency, a year.

    In version 0 it is no contract but a history, and `in_contract` what was imported of the month.
    """

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
        if not self.version:
            return (
                f"account {self.account_id}, history of {self.product}: on {self.day} its movements sum to "
                f"{self.in_ledger}, and what was imported comes to {self.in_contract}"
            )
        return (
            f"account {self.account_id}, contract {self.contract_id} in version {self.version}: on {self.day} the "
            f"movements of {self.product} sum to {self.in_ledger}, and the contract comes to {self.in_contract}"
        )


@dataclass(frozen=True, slots=True)
class LedgerVerified:
    """How many contract versions and months of histories agree with the ledger, and the first that does not."""

    versions: int
    broken: LedgerBreak | None
    months: int = 0


def verify_ledger(desk: Desk, *, on_progress: Progress = unseen) -> LedgerVerified:
    """Whether on every day on which a version of a contract changes anything its movements sum to what it is worth.

    And those of a history in every month to what was imported. `on_progress` hears how much was compared.
    """
    done = 0
    before: Contract | None = None
    known: dict[tuple[str, date], Decimal] = {}
    with (
        exact_arithmetic(),
        desk.reading_still() as session,
        closing(ledger.versions_with_movements(session)) as versions,
    ):
        for stored, moved in versions:
            if before is not None and stored.id != before.id:
                known, before = {}, None
            broken = _compared(before, stored, moved, known)
            if broken is not None:
                return LedgerVerified(done, broken)
            done, before = done + 1, stored
            on_progress("comparing", done, 0)
        months, broken = _verify_histories(desk, session, lambda months: on_progress("comparing", done + months, 0))
    return LedgerVerified(done, broken, months)


def _verify_histories(desk: Desk, session: Session, on_month: Callable[[int], None]) -> tuple[int, LedgerBreak | None]:
    """How many months of histories come to what was imported of them, and the first that does not, or is not there."""
    done, line, in_ledger, expected = 0, ("", ""), ZERO, date.min
    for account, product, code, month, amounts in histories.months_with_movements(session):
        if (account, product) != line:
            line, in_ledger, expected = (account, product), ZERO, month.month
        if month.month != expected:
            return done, LedgerBreak(account, history_id(account), 0, product, expected, in_ledger, ZERO)
        in_ledger = sum(amounts, in_ledger)
        imported = month.per_year(Currency(code, desk.currency_digits[code]))
        if in_ledger != imported:
            return done, LedgerBreak(account, history_id(account), 0, product, expected, in_ledger, imported)
        done, expected = done + 1, add_months(expected, 1)
        on_month(done)
    return done, None


def _compared(
    before: Contract | None,
    contract: Contract,
    moved: Sequence[ArrMovement],
    known: dict[tuple[str, date], Decimal],
) -> LedgerBreak | None:
    """The first difference; `known` are the sums of all earlier versions by product and day, and then of this one.

    What a version moves on days before its own is compared with the version before it: only the end of that is such.
    """
    for each in moved:
        key = each.product, each.day
        known[key] = known.get(key, ZERO) + each.amount
    earlier = [(day, {} if before is None else _worth(before, day)) for day in sorted({each.day for each in moved})]
    own = [(day, _worth(contract, day)) for day in _days_of(contract, known)]
    ended = _in_ledger(known, contract.ends)
    later = [(day, ended) for day in sorted({day for _, day in known if day > contract.ends})]
    for day, worth in (*[each for each in earlier if each[0] < contract.effective], *own, *later):
        in_ledger = _in_ledger(known, day)
        for product in sorted({*in_ledger, *worth}):
            said, is_worth = in_ledger.get(product, ZERO), worth.get(product, ZERO)
            if said != is_worth:
                return LedgerBreak(contract.account_id, contract.id, contract.version, product, day, said, is_worth)
    return None


def _in_ledger(known: Mapping[tuple[str, date], Decimal], day: date) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for (product, since), amount in known.items():
        if since <= day:
            found[product] = found.get(product, ZERO) + amount
    return found


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
