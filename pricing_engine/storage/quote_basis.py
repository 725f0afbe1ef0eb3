"""What pricing a quote starts from, read in one trip: the account, and which rulebook is in force."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import orjson
from sqlalchemy import bindparam, select

from pricing_engine.quoting.request import Account
from pricing_engine.storage import tables
from pricing_engine.storage.accounts import account_not_found
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.rulebooks import IN_FORCE, by_the_end_of
from pricing_engine.storage.session import Session
from pricing_engine.storage.tagged_values import mapping_from_plain

_ACCOUNT = tables.account.c
BASIS = select(
    _ACCOUNT.id,
    _ACCOUNT.name,
    _ACCOUNT.currency,
    _ACCOUNT.market,
    _ACCOUNT.attributes,
    IN_FORCE.scalar_subquery(),
).where(_ACCOUNT.tenant_id == bindparam("tenant"), _ACCOUNT.id == bindparam("id"))
_HOT_BASIS = HotStatement(BASIS)


class QuoteBasis(NamedTuple):
    """An account, and the hash of the rulebook in force; None when no rulebook is."""

    account: Account
    rulebook: str | None


def load(session: Session, account_id: str, *, as_of: date, pointer: str = "") -> QuoteBasis:
    """The account with this id, and the rulebook in force at the end of a day; `pointer` is where a request named it.

    Raises: AccountNotFound, also for an account of another tenant.
    """
    row = _HOT_BASIS.row(session, {"id": account_id, **by_the_end_of(as_of, session)})
    if row is None:
        raise account_not_found(account_id, pointer=pointer)
    id_, name, currency, market, attributes, rulebook = row
    return QuoteBasis(Account(id_, name, currency, market, mapping_from_plain(orjson.loads(attributes))), rulebook)
