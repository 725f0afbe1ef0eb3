"""Rulebook versions that are withdrawn: their quotes stay readable, and are not presented or accepted any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from pricing_engine.errors import DomainError
from pricing_engine.storage import tables
from pricing_engine.storage.hot_statements import HotStatement, Rows
from pricing_engine.storage.rulebooks import activation_in_force
from pricing_engine.storage.session import Session

_WITHDRAWAL = tables.rulebook_withdrawal.c
_OF_VERSION: Final = HotStatement(
    select(*list(_WITHDRAWAL)[1:]).where(
        _WITHDRAWAL.tenant_id == bindparam("tenant"), _WITHDRAWAL.rulebook_hash == bindparam("hash")
    )
)


class RulebookWithdrawn(DomainError):
    """The rules that the quote was priced under are withdrawn."""

    code = "rulebook-withdrawn"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Since when, by whom and why a version is withdrawn."""

    rulebook_hash: str
    at: datetime
    by: str
    reason: str


def withdraw(session: Session, withdrawal: Withdrawal) -> Withdrawal:
    """The withdrawal of a version; the one there is, if it is withdrawn already."""
    row = {
        "tenant_id": session.tenant,
        "rulebook_hash": withdrawal.rulebook_hash,
        "at": withdrawal.at,
        "by": withdrawal.by,
        "reason": withdrawal.reason,
    }
    dialect = sqlite if session.connection.dialect.name == "sqlite" else postgresql
    asked = dialect.insert(tables.rulebook_withdrawal).values(row).on_conflict_do_nothing()
    if session.connection.execute(asked.returning(_WITHDRAWAL.at)).one_or_none() is not None:
        return withdrawal
    found = find(session, withdrawal.rulebook_hash)
    assert found is not None, "rows of this table are never deleted"
    return found


def find(session: Session, hash: str) -> Withdrawal | None:
    """The withdrawal of a version; None for one that counts."""
    return _withdrawal(ask(session, hash))


def ask(session: Session, hash: str) -> Rows:
    """What gives the row of a version's withdrawal, if there is one."""
    return _OF_VERSION.ask(session, {"tenant": session.tenant, "hash": hash})


def refuse_withdrawn(session: Session, hash: str, *, today: date, asked: Rows | None = None) -> None:
    """Refuses what was priced under a version that is withdrawn; `asked` is what was asked before.

    Raises: RulebookWithdrawn.
    """
    found = _withdrawal(asked or ask(session, hash))
    if found is not None:
        in_force = activation_in_force(session, today)
        is_in_force = in_force is not None and in_force.rulebook == hash
        first = "have other rules activated, for these are still in force; then " if is_in_force else ""
        raise RulebookWithdrawn(
            f"rulebook {hash[:12]} is withdrawn: {found.reason}",
            fix=f"{first}revise the quote: a new version is priced under the rules of today",
            rulebook=hash,
            reason=found.reason,
        )


def _withdrawal(rows: Rows) -> Withdrawal | None:
    found = rows()
    return Withdrawal(*found[0]) if found else None
