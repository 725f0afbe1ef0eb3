"""What pricing a quote starts from, read in one trip: the account, its contracts and which rulebook is in force."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import orjson
from sqlalchemy import and_, bindparam, select

from pricing_engine.contracts.contract import Contract
from pricing_engine.quoting.request import Account
from pricing_engine.storage import tables
from pricing_engine.storage.accounts import account_not_found
from pricing_engine.storage.contract_json import decode_contract
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.rulebooks import IN_FORCE, by_the_end_of
from pricing_engine.storage.session import Session
from pricing_engine.storage.tagged_values import mapping_from_plain

_ACCOUNT = tables.account.c
_VERSION = tables.contract_version.c
_LATER = tables.contract_version.alias("later").c
_IS_LATEST = ~(
    select(1)
    .where(
        _LATER.tenant_id == _VERSION.tenant_id,
        _LATER.contract_id == _VERSION.contract_id,
        _LATER.version > _VERSION.version,
    )
    .exists()
)
# One row for each contract, and one with no state for an account that has none.
BASIS = (
    select(
        _ACCOUNT.id,
        _ACCOUNT.name,
        _ACCOUNT.currency,
        _ACCOUNT.market,
        _ACCOUNT.attributes,
        IN_FORCE.scalar_subquery(),
        _VERSION.state,
    )
    .outerjoin_from(
        tables.account,
        tables.contract_version,
        and_(_VERSION.tenant_id == _ACCOUNT.tenant_id, _VERSION.account_id == _ACCOUNT.id, _IS_LATEST),
    )
    .where(_ACCOUNT.tenant_id == bindparam("tenant"), _ACCOUNT.id == bindparam("id"))
)
_HOT_BASIS = HotStatement(BASIS)


class QuoteBasis(NamedTuple):
    """An account, the hash of the rulebook in force (None when none is), and its contracts in their latest versions.

    Shape: `contracts` by their ids, also those that have ended.
    """

    account: Account
    rulebook: str | None
    contracts: tuple[Contract, ...]


def load(session: Session, account_id: str, *, as_of: date, pointer: str = "") -> QuoteBasis:
    """The account with this id, and the rulebook in force at the end of a day; `pointer` is where a request named it.

    Raises: AccountNotFound, also for an account of another tenant.
    """
    rows = _HOT_BASIS.rows(session, {"id": account_id, **by_the_end_of(as_of, session)})
    if not rows:
        raise account_not_found(account_id, pointer=pointer)
    id_, name, currency, market, attributes, rulebook, state = rows[0]
    account = Account(id_, name, currency, market, mapping_from_plain(orjson.loads(attributes)))
    return QuoteBasis(account, rulebook, () if state is None else _contracts(rows))


def _contracts(rows: list[tuple[Any, ...]]) -> tuple[Contract, ...]:
    return tuple(sorted([decode_contract(row[-1]) for row in rows], key=lambda contract: contract.id))
