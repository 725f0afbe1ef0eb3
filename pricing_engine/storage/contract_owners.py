"""Whose contracts there are already, for what brings many at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from pricing_engine.storage import tables
from pricing_engine.storage.session import Session

_VERSION = tables.contract_version.c
MOST_AT_ONCE = 5_000
"""Ids in one statement: SQLite takes some 32,000 parameters, PostgreSQL 65,000."""


def owners_of(session: Session, contract_ids: Sequence[str]) -> dict[str, str]:
    """The accounts of those contracts that there are, by the contracts' ids."""
    found: dict[str, str] = {}
    for start in range(0, len(contract_ids), MOST_AT_ONCE):
        some = contract_ids[start : start + MOST_AT_ONCE]
        rows = session.connection.execute(
            select(_VERSION.contract_id, _VERSION.account_id).where(
                _VERSION.tenant_id == session.tenant, _VERSION.version == 1, _VERSION.contract_id.in_(some)
            )
        )
        found.update((row.contract_id, row.account_id) for row in rows)
    return found
