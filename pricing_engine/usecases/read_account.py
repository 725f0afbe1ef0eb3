"""Read one account."""

from __future__ import annotations

from pricing_engine.desk import Desk
from pricing_engine.storage import accounts
from pricing_engine.usecases.records import StoredAccount


def read_account(desk: Desk, *, account_id: str) -> StoredAccount:
    """The account with this id.

    Raises: AccountNotFound.
    """
    with desk.reading() as session:
        return accounts.load(session, account_id)
