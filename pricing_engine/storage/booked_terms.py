"""The term of every booking of a contract, without the rest of its state: which terms began and ended when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy import bindparam, select

from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.retention.behaviour_history import Term
from pricing_engine.storage import tables
from pricing_engine.storage.session import Session

_VERSION = tables.contract_version.c
_TERMS: Final = (
    select(_VERSION.account_id, _VERSION.contract_id, _VERSION.effective_date, _VERSION.term_end, _VERSION.kind)
    .where(_VERSION.tenant_id == bindparam("tenant"), _VERSION.effective_date <= bindparam("by"))
    .order_by(_VERSION.contract_id, _VERSION.version)
)


def booked_terms(session: Session, *, by: date) -> Iterator[Term]:
    """What took force up to a day, contract by contract in the order in which it was booked."""
    for account, contract, effective, end, kind in session.connection.execute(
        _TERMS, {"tenant": session.tenant, "by": by}
    ):
        yield Term(*(account, contract, effective, end), kind == QuoteType.RENEWAL, kind == QuoteType.CANCELLATION)
