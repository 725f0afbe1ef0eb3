"""Accounts in the database, with both mappings between a row and the core's `Account`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from pricing_engine.errors import DomainError
from pricing_engine.quoting.request import Account
from pricing_engine.storage import tables
from pricing_engine.storage.pages import Listing, Page, fetch_page
from pricing_engine.storage.session import Session
from pricing_engine.storage.tagged_values import mapping_from_plain, mapping_to_plain

_ACCOUNT = tables.account.c
_BY_ID = select(tables.account).where(_ACCOUNT.tenant_id == bindparam("tenant"), _ACCOUNT.id == bindparam("id"))


class AccountNotFound(DomainError):
    """There is no account with this id."""

    code = "account-not-found"


class DuplicateExternalId(DomainError):
    """Another account already has this external id."""

    code = "duplicate-external-id"


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """An account with its id in the system it came from, and when it was made."""

    account: Account
    external_id: str | None
    created_at: datetime


def save(session: Session, account: Account, *, external_id: str | None, at: datetime) -> StoredAccount:
    """The account as stored.

    Raises: DuplicateExternalId, naming the account that has it.
    """
    if external_id is not None:
        _refuse_duplicate(session, external_id)
    stored = StoredAccount(account, external_id, at)
    try:
        session.connection.execute(insert(tables.account), _row(session.tenant, stored))
    except IntegrityError as refused:
        if "external_id" not in str(refused.orig):
            raise
        # Someone else was faster, after we looked.
        raise _duplicate(external_id) from None
    return stored


def save_all(session: Session, stored: Sequence[StoredAccount]) -> None:
    """Keeps accounts whose external ids were looked up before, in one statement.

    Raises: DuplicateExternalId when another has one of them by now; then none is kept.
    """
    if not stored:
        return
    try:
        session.connection.execute(insert(tables.account), [_row(session.tenant, each) for each in stored])
    except IntegrityError as refused:
        if "external_id" not in str(refused.orig):
            raise
        raise _duplicate("that is imported") from None


def of_external_ids(session: Session, external_ids: Sequence[str]) -> dict[str, Account]:
    """The accounts that there are, by their external ids."""
    if not external_ids:
        return {}
    rows = session.connection.execute(
        select(tables.account).where(_ACCOUNT.tenant_id == session.tenant, _ACCOUNT.external_id.in_(external_ids))
    )
    return {row.external_id: _stored(row).account for row in rows}


def _row(tenant: str, stored: StoredAccount) -> dict[str, Any]:
    account = stored.account
    return {
        "tenant_id": tenant,
        "id": account.id,
        "external_id": stored.external_id,
        "name": account.name,
        "currency": account.currency,
        "market": account.market,
        "attributes": orjson.dumps(mapping_to_plain(account.attributes)).decode(),
        "created_at": stored.created_at,
    }


def _stored(row: Row[Any]) -> StoredAccount:
    account = Account(
        id=row.id,
        name=row.name,
        currency=row.currency,
        market=row.market,
        attributes=mapping_from_plain(orjson.loads(row.attributes)),
    )
    return StoredAccount(account, row.external_id, row.created_at)


def load(session: Session, id: str) -> StoredAccount:
    """The account with this id.

    Raises: AccountNotFound, also for an account of another tenant.
    """
    row = session.connection.execute(_BY_ID, {"tenant": session.tenant, "id": id}).one_or_none()
    if row is None:
        raise account_not_found(id)
    return _stored(row)


def account_not_found(id: str, *, pointer: str = "") -> AccountNotFound:
    """The refusal of an id; `pointer` is where a request named it."""
    return AccountNotFound(
        f"there is no account {id}",
        fix="make it first, or list accounts to see those there are",
        pointer=pointer,
        account_id=id,
    )


def page(session: Session, *, external_id: str | None, cursor: str | None, limit: int) -> Page[StoredAccount]:
    """Up to `limit` accounts, newest first; only the one with an external id, if one is given.

    Raises: CursorUnreadable.
    """
    query = select(tables.account).where(_ACCOUNT.tenant_id == session.tenant)
    if external_id is not None:
        query = query.where(_ACCOUNT.external_id == external_id)
    return fetch_page(
        session,
        query,
        of=Listing("accounts", {"external_id": external_id}),
        made=_ACCOUNT.created_at,
        keys=(_ACCOUNT.id,),
        cursor=cursor,
        limit=limit,
        read=_stored,
    )


def _refuse_duplicate(session: Session, external_id: str) -> None:
    query = select(_ACCOUNT.id).where(_ACCOUNT.tenant_id == session.tenant, _ACCOUNT.external_id == external_id)
    found = session.connection.scalar(query)
    if found is not None:
        raise _duplicate(external_id, account_id=found)


def _duplicate(external_id: str | None, **facts: str) -> DuplicateExternalId:
    return DuplicateExternalId(
        f"an account already has the external id {external_id}",
        fix="use that account, or give another external id",
        pointer="/external_id",
        **facts,
    )
