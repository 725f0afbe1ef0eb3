"""Read what an account had, has or will have on a day, as it is known now or was known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pricing_engine.desk import Desk
from pricing_engine.storage import accounts, contracts
from pricing_engine.usecases.records import StoredContract


@dataclass(frozen=True, slots=True)
class AccountContracts:
    """An account's contracts on a day, those that had ended by then too; `known_on` None: as known now."""

    account_id: str
    on: date
    known_on: date | None
    contracts: tuple[StoredContract, ...]

    def has_ended(self, stored: StoredContract) -> bool:
        """Whether a contract is no longer in force on the day."""
        return stored.contract.ends <= self.on


def read_contract(
    desk: Desk, *, account_id: str, on: date | None = None, known_on: date | None = None
) -> AccountContracts:
    """The account's contracts as they are in force on the day `on` (None: today), by their ids.

    With `known_on` only what was booked by the end of that day counts, in UTC.
    Raises: AccountNotFound.
    """
    day = on or desk.today()
    with desk.reading() as session:
        accounts.load(session, account_id)
        found = contracts.of_account(session, account_id, on=day, known_on=known_on)
    return AccountContracts(account_id, day, known_on, found)
