"""Read what an account had, has or will have on a day, as it is known now or was known on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pricing_engine.desk import Desk
from pricing_engine.storage import accounts, bookings, contracts
from pricing_engine.storage.session import Session
from pricing_engine.usecases.records import Booking, StoredContract


@dataclass(frozen=True, slots=True)
class AccountContracts:
    """An account's contracts on a day, those that had ended by then too; `known_on` None: as known now.

    `later` is what was booked by then and takes force after the day, in the order in which it does.
    """

    account_id: str
    on: date
    known_on: date | None
    contracts: tuple[StoredContract, ...]
    later: tuple[Booking, ...]

    def has_ended(self, stored: StoredContract) -> bool:
        """Whether a contract is no longer in force on the day."""
        return stored.contract.ends <= self.on

    def upcoming(self, stored: StoredContract) -> tuple[Booking, ...]:
        """What is booked on one of the contracts already and takes force after the day."""
        return tuple([booking for booking in self.later if booking.contract_id == stored.contract.id])

    @property
    def not_begun(self) -> tuple[Booking, ...]:
        """What is booked of contracts that begin after the day."""
        begun = {stored.contract.id for stored in self.contracts}
        return tuple([booking for booking in self.later if booking.contract_id not in begun])


def read_contract(
    desk: Desk, *, account_id: str, on: date | None = None, known_on: date | None = None
) -> AccountContracts:
    """The account's contracts as they are in force on the day `on` (None: today), by their ids.

    With `known_on` only what was booked by the end of that day counts, in UTC.
    Raises: AccountNotFound.
    """
    with desk.reading() as session:
        accounts.load(session, account_id)
        return contracts_on(session, account_id, on=on or desk.today(), known_on=known_on)


def contracts_on(session: Session, account_id: str, *, on: date, known_on: date | None = None) -> AccountContracts:
    """The same of an account that is known to be there."""
    found = contracts.of_account(session, account_id, on=on, known_on=known_on)
    later = bookings.upcoming(session, account_id, on=on, known_on=known_on)
    return AccountContracts(account_id, on, known_on, found, later)
