"""Read everything that was ever booked for an account."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.storage import accounts, contracts
from pricing_engine.usecases.records import Booking


def read_contract_history(desk: Desk, *, account_id: str) -> tuple[Booking, ...]:
    """The account's bookings in the order in which they were made.

    Raises: AccountNotFound.
    """
    with desk.reading() as session:
        accounts.load(session, account_id)
        return contracts.history(session, account_id)
