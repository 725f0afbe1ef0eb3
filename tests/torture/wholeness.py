"""What must hold of a database whoever was killed when: what belongs together is there together, or not at all."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from pricing_engine.desk import Desk
from pricing_engine.storage import tables
from pricing_engine.storage.session import Session
from pricing_engine.usecases.quote_life import HAPPENED
from pricing_engine.usecases.read_journal import verify_journal

HAPPENED_BY_ACTION: Mapping[str, str] = {action.value: event for action, event in HAPPENED.items()}


class Kept(NamedTuple):
    """Every row about quotes and contracts that there is."""

    quotes: list[Any]
    versions: list[Any]
    movements: list[Any]
    steps: list[Any]
    journal: list[Any]
    answers: list[Any]
    presented: list[Any]


def broken_promises(desk: Desk) -> list[str]:
    """Everything that is not as it must be, in words; none for a database that is whole."""
    with desk.reading() as session:
        kept = _read(session)
    return [*_halves(kept), *_offers(kept), *_ledger(kept), *_histories(kept), *_answers(kept), *_chain(desk, kept)]


def _read(session: Session) -> Kept:
    def rows(table: Any) -> list[Any]:
        # What was priced is as large as the rest together, and says nothing here.
        columns = [column for column in table.c if column.name not in {"request", "priced"}]
        return list(session.connection.execute(select(*columns).where(table.c.tenant_id == session.tenant)))

    return Kept(
        rows(tables.quote),
        rows(tables.contract_version),
        rows(tables.arr_movement),
        rows(tables.quote_step),
        rows(tables.journal),
        rows(tables.kept_answer),
        rows(tables.presented_booking),
    )


def _halves(kept: Kept) -> Iterator[str]:
    """A quote is accepted where it has one contract version, step and entry, and nowhere else."""
    accepted = {row.id for row in kept.quotes if row.state == "accepted"}
    for what, found in {
        "contract version": Counter(row.quote_id for row in kept.versions if row.quote_id is not None),
        "step": Counter(row.quote_id for row in kept.steps if row.action == "accept"),
        "journal entry": Counter(row.subject for row in kept.journal if row.type == "quote.accepted"),
    }.items():
        yield from (f"{quote} is accepted without {what}" for quote in accepted - set(found))
        yield from (f"{quote} has a {what} and is not accepted" for quote in set(found) - accepted)
        yield from (f"{quote} has {number} of {what}" for quote, number in found.items() if number > 1)


def _offers(kept: Kept) -> Iterator[str]:
    """What was presented was written then, and what was accepted is that, to the letter."""
    presented = {row.quote_id: row for row in kept.presented}
    steps = {row.quote_id for row in kept.steps if row.action == "present"}
    yield from (f"{quote} is presented and books nothing, or the other way round" for quote in steps ^ set(presented))
    for row in kept.versions:
        if row.quote_id is not None and row.state != presented[row.quote_id].contract:
            yield f"{row.quote_id} has booked another contract than it was presented with"


def _ledger(kept: Kept) -> Iterator[str]:
    """Versions count up from one, and what they moved by its day sums to what the contract is worth."""
    moved: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for row in kept.movements:
        moved[row.contract_id, row.contract_version] += row.amount
    versions = {(row.contract_id, row.version): row for row in kept.versions}
    yield from (f"{which} moved without being booked" for which in set(moved) - set(versions))
    for (contract, number), row in versions.items():
        before = versions.get((contract, number - 1))
        if before is None and number > 1:
            yield f"{contract} has a version {number} and none before it"
        difference = row.arr - (before.arr if before else 0)
        if moved.get((contract, number), Decimal(0)) != difference:
            yield f"{contract} version {number} moved {moved.get((contract, number))} instead of {difference}"


def _histories(kept: Kept) -> Iterator[str]:
    """Each revision of a quote was made by one step, which one entry tells of."""
    steps: dict[str, list[Any]] = defaultdict(list)
    for row in sorted(kept.steps, key=lambda row: row.number):
        steps[row.quote_id].append(row)
    entries = defaultdict(list)
    for row in sorted(kept.journal, key=lambda row: row.number):
        entries[row.subject].append(row.type)
    for quote in kept.quotes:
        mine = steps[quote.id]
        if [row.number for row in mine] != list(range(2, quote.revision + 1)):
            yield f"{quote.id} is at revision {quote.revision} with steps {[row.number for row in mine]}"
        if mine and mine[-1].to_state != quote.state:
            yield f"{quote.id} is {quote.state} after a step to {mine[-1].to_state}"
        if entries[quote.id] != [HAPPENED_BY_ACTION[row.action] for row in mine]:
            yield f"{quote.id} has steps {[row.action for row in mine]} and entries {entries[quote.id]}"


def _answers(kept: Kept) -> Iterator[str]:
    """What is kept to be answered again is true."""
    states = {row.id: row.state for row in kept.quotes}
    for row in kept.answers:
        said = json.loads(row.body)
        quote = said.get("quote", said)
        if row.status >= 400 or quote["id"] not in states:
            yield f"the answer under {row.key} is about nothing that is there"
        elif "contract" in said and states[quote["id"]] != "accepted":
            yield f"the answer under {row.key} says accepted, and {quote['id']} is {states[quote['id']]}"


def _chain(desk: Desk, kept: Kept) -> Iterator[str]:
    whole = verify_journal(desk)
    if whole.broken is not None:
        yield f"the journal is broken at {whole.broken.number}: {whole.broken.what}"
    numbers = sorted(row.number for row in kept.journal)
    if numbers != list(range(1, len(numbers) + 1)) or whole.entries != len(numbers):
        yield f"{len(numbers)} entries with numbers up to {max(numbers, default=0)}, of which {whole.entries} are whole"
