"""Make an account that quotes can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.request import Account
from pricing_engine.storage import accounts
from pricing_engine.usecases.once import Once, keep_answer
from pricing_engine.usecases.records import StoredAccount


class CurrencyUnknown(DomainError):
    """Nobody pays in this currency."""

    code = "currency-unknown"


def create_account(
    desk: Desk,
    *,
    name: str,
    currency: str,
    market: str | None = None,
    attributes: Mapping[str, str | Decimal | bool | date] | None = None,
    external_id: str | None = None,
    once: Once[StoredAccount] | None = None,
) -> StoredAccount:
    """The new account.

    Raises: CurrencyUnknown; DuplicateExternalId.
    """
    if currency not in desk.currency_digits:
        raise CurrencyUnknown(
            f"{currency} is not a currency that is legal tender",
            fix="give an ISO 4217 code in capitals, such as USD",
            pointer="/currency",
        )
    account = Account(desk.new_id("acc"), name, currency, market, dict(attributes or {}))
    with desk.transaction() as session:
        stored = accounts.save(session, account, external_id=external_id, at=desk.now())
        keep_answer(desk, session, once, stored)
        return stored
