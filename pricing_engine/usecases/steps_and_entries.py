"""Whether the tables say of a quote what the journal says: every step has its entry, and the last led where it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest
from typing import Final

from pricing_engine.quoting.quote import QuoteState
from pricing_engine.storage.journal import Entry
from pricing_engine.storage.journal_chain import Broken
from pricing_engine.storage.quote_histories import QuoteHistory, RowOfQuote, RowOfStep
from pricing_engine.usecases.quote_life import HAPPENED

_ACTIONS: Final = {happened: action.value for action, happened in HAPPENED.items()}
_FIRST_STEP: Final = 2
"""A quote is made at revision 1, and every step makes the next one."""


def first_difference(history: QuoteHistory) -> Broken | None:
    """The first thing about a quote that its tables and the journal do not agree on."""
    row, steps, entries = history.row, history.steps, history.entries
    if steps is None:
        return broken(history, "a step of the quote cannot be read")
    if row is None:
        return _of_no_quote(history, steps)
    before: RowOfStep | None = None
    for number, (step, entry) in enumerate(zip_longest(steps, entries), start=_FIRST_STEP):
        found = _difference(number, step, entry, before)
        if found is not None:
            what, shows_at = found
            return broken(history, what, step=number, entry=shows_at)
        before = step
    return _misplaced(history, row, before)


def _difference(
    number: int, step: RowOfStep | None, entry: Entry | None, before: RowOfStep | None
) -> tuple[str, Entry | None] | None:
    """What is wrong with the step that should have this number, or with its entry; and the entry it shows at."""
    said = None if entry is None else entry.data.get("revision")
    if entry is not None and isinstance(said, int) and said < number:
        return f"entry {entry.number} of the log is about step {said}, as an entry before it is", entry
    is_there = step is not None and step.number == number
    if entry is None or said != number:
        if step is None or not is_there:
            return f"step {number} is missing, and its entry in the log too", None
        return f"step {number}, {step.action!r} by {step.by!r}, has no entry in the log", None
    if step is None or not is_there:
        return f"step {number} is missing: {_told(entry)}", entry
    what = _unlike(step, entry) or _out_of_turn(step, before)
    return None if what is None else (what, entry)


def _unlike(step: RowOfStep, entry: Entry) -> str | None:
    for word, kept, told in _facts(step, entry):
        if kept != told:
            where = f"step {step.number} and entry {entry.number} of the log differ"
            return f"{where}: {word} is {_shown(kept)} in the step, {_shown(told)} in the entry"
    return None


def _out_of_turn(step: RowOfStep, before: RowOfStep | None) -> str | None:
    was = QuoteState.DRAFT.value if before is None else before.to_state
    if step.from_state == was:
        return None
    return f"step {step.number} was taken from {step.from_state!r}, and the quote was {was!r} before it"


def _facts(step: RowOfStep, entry: Entry) -> Iterator[tuple[str, object, object]]:
    """What both remember, by name: first as the step has it, then as the entry does."""
    data = entry.data
    yield "action", step.action, _ACTIONS.get(entry.type, entry.type)
    yield "level", step.level, data.get("level")
    yield "by", step.by, entry.by
    yield "role", step.role, entry.role
    yield "at", step.at, entry.at
    yield "comment", step.comment, data.get("comment", "")
    yield "from_state", step.from_state, data.get("state_before")
    yield "to_state", step.to_state, data.get("state")
    yield "content_hash", step.content_hash, data.get("content_hash")


def _shown(value: object) -> str:
    """A value that anybody may have written, so that no control character in it reaches a terminal."""
    return value.isoformat() if isinstance(value, datetime) else repr(value)


def _told(entry: Entry) -> str:
    return f"entry {entry.number} of the log is {entry.type!r} by {entry.by!r}"


def _misplaced(history: QuoteHistory, row: RowOfQuote, last: RowOfStep | None) -> Broken | None:
    """What the quote's own row says wrongly, once its steps are as the log has them."""
    is_at = f"the quote is {row.state!r} at revision {row.revision}"
    number = None if last is None else last.number
    if last is None and (row.state, row.revision) != (QuoteState.DRAFT.value, _FIRST_STEP - 1):
        what = f"{is_at}, and nothing was done with it since it was made"
    elif last is not None and (row.state, row.revision) != (last.to_state, last.number):
        what = f"{is_at}, and step {last.number} left it {last.to_state!r}"
    elif last is not None and row.content_hash != last.content_hash:
        what = f"the quote has another content than step {last.number} left it with"
    elif last is not None and row.valid_until != (told := history.entries[-1].data.get("valid_until", row.valid_until)):
        what = f"the quote is valid until {row.valid_until!r}, and step {last.number} left it valid until {told!r}"
    elif row.hash_of_stored != row.content_hash:
        what = "its request or its prices are not as they were stored: they have another hash"
    else:
        return None
    return broken(history, what, step=number, table="quote")


def _of_no_quote(history: QuoteHistory, steps: tuple[RowOfStep, ...]) -> Broken:
    if history.entries:
        entry = history.entries[0]
        return broken(history, f"the quote is not there, and {_told(entry)}", entry=entry, table="quote")
    step = steps[0]
    what = f"the quote is not there, and has step {step.number}, {step.action!r} by {step.by!r}"
    return broken(history, what, step=step.number, table="quote")


def broken(
    history: QuoteHistory,
    what: str,
    *,
    step: int | None = None,
    entry: Entry | None = None,
    table: str = "quote_step",
) -> Broken:
    """A difference in a table, at a step or entry where it shows at one."""
    return Broken(
        number=None if entry is None else entry.number,
        what=f"quote {history.quote_id}: {what}",
        fix=f"find out who has changed the table {table}, and restore the quote's rows from a backup; if the hash of "
        "the log's last entry is the one you have kept elsewhere, what the log says is what was done",
        quote_id=history.quote_id,
        step=step,
    )
