"""The steps of quotes: what was done with each, by whom, and to which content of it; none is ever changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, insert, select

from pricing_engine.quoting.lifecycle import Action, Approval
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.storage import tables
from pricing_engine.storage.hot_statements import HotStatement, Rows
from pricing_engine.storage.session import Session

_STEP = tables.quote_step.c
_INSERT: Final = HotStatement(insert(tables.quote_step))
_OF_QUOTE: Final = HotStatement(
    select(*list(_STEP)[1:])
    .where(_STEP.tenant_id == bindparam("tenant"), _STEP.quote_id == bindparam("quote"))
    .order_by(_STEP.number)
)


@dataclass(frozen=True, slots=True)
class QuoteStep:
    """Something that was done with a quote. `number` is its revision after it; `level` is only of an approval."""

    quote_id: str
    number: int
    action: Action
    from_state: QuoteState
    to_state: QuoteState
    at: datetime
    by: str
    role: str
    level: str | None
    comment: str
    content_hash: str


def add(session: Session, step: QuoteStep) -> None:
    """Keeps a step."""
    row = {
        "tenant_id": session.tenant,
        "quote_id": step.quote_id,
        "number": step.number,
        "action": step.action.value,
        "from_state": step.from_state.value,
        "to_state": step.to_state.value,
        "at": step.at,
        "by": step.by,
        "role": step.role,
        "level": step.level,
        "comment": step.comment,
        "content_hash": step.content_hash,
    }
    _INSERT.run(session, row)


def of_quote(session: Session, quote_id: str) -> tuple[QuoteStep, ...]:
    """Every step of a quote, oldest first; none for a quote that is as it was made."""
    return read_steps(ask(session, quote_id))


def ask(session: Session, quote_id: str) -> Rows:
    """What gives the rows of a quote's steps."""
    return _OF_QUOTE.ask(session, {"tenant": session.tenant, "quote": quote_id})


def read_steps(rows: Rows) -> tuple[QuoteStep, ...]:
    """The steps of those rows, oldest first."""
    return tuple([_read(row) for row in rows()])


def approvals_in(steps: tuple[QuoteStep, ...]) -> list[Approval]:
    """The approvals that still count: those since it was last rejected or changed."""
    found: list[Approval] = []
    for step in steps:
        if step.action is Action.APPROVE and step.level is not None:
            found.append(Approval(step.level, step.content_hash, step.by, step.at, step.comment))
        elif step.action in {Action.REJECT, Action.CHANGE}:
            found.clear()
    return found


def _read(row: tuple[Any, ...]) -> QuoteStep:
    quote_id, number, action, before, after, *rest = row
    return QuoteStep(quote_id, number, Action(action), QuoteState(before), QuoteState(after), *rest)
