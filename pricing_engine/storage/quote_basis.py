"""What a quote starts from, read in one trip: the account, its contracts, which rulebook and which model count."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import and_, bindparam, or_, select

from pricing_engine.contracts.contract import Contract
from pricing_engine.quoting.request import Account
from pricing_engine.storage import tables
from pricing_engine.storage.accounts import account_not_found
from pricing_engine.storage.contract_json import decode_contract
from pricing_engine.storage.contracts import is_latest
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.storage.loop_connections import LoopSession
from pricing_engine.storage.rulebooks import IN_FORCE, by_the_end_of
from pricing_engine.storage.scoring_models import LIVE, LiveParts, read_live
from pricing_engine.storage.session import Session
from pricing_engine.storage.tagged_values import mapping_from_plain
from pricing_engine.storage.usage import LATEST, read_latest

_ACCOUNT = tables.account.c
_VERSION = tables.contract_version.c
ANY: Final = ""
"""In place of a contract's id: none is asked for by name."""

# One row for each contract, and one with no state for an account that has none.
BASIS = (
    select(
        _ACCOUNT.id,
        _ACCOUNT.name,
        _ACCOUNT.currency,
        _ACCOUNT.market,
        _ACCOUNT.attributes,
        IN_FORCE.scalar_subquery(),
        _VERSION.contract_id,
        _VERSION.ends,
        _VERSION.state,
        LIVE.scalar_subquery(),
    )
    .outerjoin_from(
        tables.account,
        tables.contract_version,
        and_(
            _VERSION.tenant_id == _ACCOUNT.tenant_id,
            _VERSION.account_id == _ACCOUNT.id,
            or_(bindparam("contract") == ANY, _VERSION.contract_id == bindparam("contract")),
            is_latest(),
        ),
    )
    .where(_ACCOUNT.tenant_id == bindparam("tenant"), _ACCOUNT.id == bindparam("id"))
)
_HOT_BASIS = HotStatement(BASIS)
# The same with what the account was last measured to use, as one text in every row.
WITH_USE = BASIS.add_columns(LATEST.scalar_subquery())
_HOT_WITH_USE = HotStatement(WITH_USE)


class KnownContract(NamedTuple):
    """A contract in its latest version. Its state is read when it is chosen: an account may have had many."""

    id: str
    ends: date
    state: str

    def read(self) -> Contract:
        """The contract itself."""
        return decode_contract(self.state)


class QuoteBasis(NamedTuple):
    """An account, the hash of the rulebook in force (None when none is), and its contracts in their latest versions.

    Shape: `contracts` by their ids, also those that have ended; at most the one that was asked for. `live` is the model
    that scores quotes now.
    """

    account: Account
    rulebook: str | None
    contracts: tuple[KnownContract, ...]
    live: LiveParts | None


def load(
    session: Session, account_id: str, *, as_of: date, contract_id: str | None = None, pointer: str = ""
) -> QuoteBasis:
    """The account with this id, and the rulebook in force at the end of a day; `pointer` is where a request named it.

    `contract_id` is the only contract of interest, if there is one.
    Raises: AccountNotFound, also for an account of another tenant.
    """
    which = {"id": account_id, "contract": contract_id or ANY, **by_the_end_of(as_of, session)}
    return _read(_HOT_BASIS.rows(session, which), account_id, pointer)


async def load_in_loop(
    session: LoopSession, account_id: str, *, as_of: date, contract_id: str | None = None, pointer: str = ""
) -> QuoteBasis:
    """The same, waited for in an event loop.

    Raises: as `load`.
    """
    which = {"id": account_id, "contract": contract_id or ANY, **by_the_end_of(as_of, session)}
    return _read(await _HOT_BASIS.rows_in_loop(session, which), account_id, pointer)


def load_with_use(
    session: Session, account_id: str, *, as_of: date, contract_id: str | None = None
) -> tuple[QuoteBasis, dict[str, Decimal]]:
    """The same, and what the account was last measured to use by the end of the day, by metric.

    Raises: AccountNotFound, also for an account of another tenant.
    """
    which = {"id": account_id, "contract": contract_id or ANY, "used_until": as_of, **by_the_end_of(as_of, session)}
    rows = _HOT_WITH_USE.rows(session, which)
    return _read(rows, account_id, ""), read_latest(rows[0][-1] if rows else None)


def _read(rows: Sequence[tuple[Any, ...]], account_id: str, pointer: str) -> QuoteBasis:
    if not rows:
        raise account_not_found(account_id, pointer=pointer)
    id_, name, currency, market, attributes, rulebook, contract, _, _, live, *_ = rows[0]
    account = Account(id_, name, currency, market, mapping_from_plain(orjson.loads(attributes)))
    known = () if contract is None else tuple(sorted([KnownContract(*row[6:9]) for row in rows]))
    return QuoteBasis(account, rulebook, known, read_live(live))
