"""Contracts in the database: versions are added and never changed, and history is readable as known on any day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from pricing_engine.contracts.contract import Contract
from pricing_engine.periods import Period
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.storage import accounts, bookings, contracts, quote_basis, quotes, tables
from pricing_engine.storage.contracts import (
    ContractChangedMeanwhile,
    ContractNotFound,
    QuoteAlreadyBooked,
    StoredContract,
)
from pricing_engine.storage.database import Database
from pricing_engine.storage.session import Session
from tests.builders import NOON, a_quote, an_account, reading, stage, writing
from tests.storage.any_contract import a_contract, a_line
from tests.storage.any_contract import contracts as any_contract
from tests.storage.test_quotes import undone

JULY = date(2026, 7, 1)
FEBRUARY = datetime(2026, 2, 10, 9, 0, tzinfo=UTC)
APRIL = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)


def book(session: Session, contract: Contract, *, at: datetime = NOON, **more: Any) -> StoredContract:
    fields = {"kind": QuoteType.NEW, "quote_id": None, "by": "ada"} | more
    return contracts.save(session, contract, at=at, **fields)


def grown(contract: Contract, *, effective: date = JULY) -> Contract:
    """The next version, worth 30,000 a year from the effective date on."""
    return contract._replace(version=contract.version + 1, effective=effective, lines=(a_line(net="30000"),))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(contract=any_contract)
def test_stored_then_loaded_is_equal(database: Database, contract: Contract) -> None:
    with undone(database) as session:
        stage(session)
        stored = book(session, contract)
        assert contracts.load(session, contract.id) == stored
        assert contracts.load(session, contract.id, version=contract.version) == stored


def test_a_later_version_leaves_the_earlier_one_readable(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        first = book(session, a_contract())
        second = book(session, grown(first.contract), at=FEBRUARY, kind=QuoteType.AMENDMENT)
    with reading(database) as session:
        assert contracts.load(session, "con_1") == second
        assert contracts.load(session, "con_1", version=1) == first
        with pytest.raises(ContractNotFound, match="no version 3 of contract con_1"):
            contracts.load(session, "con_1", version=3)
        with pytest.raises(ContractNotFound):
            contracts.load(session, "con_2")


def test_another_tenant_sees_nothing(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        book(session, a_contract())
    with reading(database, "rival") as session:
        with pytest.raises(ContractNotFound):
            contracts.load(session, "con_1")
        assert contracts.of_account(session, "acc_1", on=JULY) == ()
        assert bookings.history(session, "acc_1", cursor=None, limit=10).items == ()
    with pytest.raises(IntegrityError), writing(database, "rival") as session:
        book(session, a_contract())


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_a_booked_version_cannot_be_changed(database: Database, verb: str) -> None:
    with writing(database) as session:
        stage(session)
        book(session, a_contract())
    table = tables.contract_version
    statement = update(table).values(booked_by="mallory") if verb == "update" else delete(table)
    with pytest.raises(DatabaseError, match="never changed"), writing(database) as session:
        session.connection.execute(statement)
    with reading(database) as session:
        assert session.connection.scalar(select(table.c.booked_by)) == "ada"


def test_of_two_bookings_on_one_version_the_second_is_refused(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        first = book(session, a_contract())
    with writing(database) as session:
        book(session, grown(first.contract), by="ada")
    with (
        pytest.raises(ContractChangedMeanwhile, match="priced from version 1") as refused,
        writing(database) as session,
    ):
        book(session, grown(first.contract, effective=date(2026, 8, 1)), by="bob")
    assert refused.value.facts["contract"] == "con_1"
    with reading(database) as session:
        assert contracts.load(session, "con_1").booked_by == "ada"


def test_a_quote_makes_one_contract_only(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        quotes.save(session, a_quote(), at=NOON, by="ada")
        book(session, a_contract(), quote_id="quo_1")
        assert contracts.booked_by_quote(session, "quo_1") == ("con_1", 1)
        assert contracts.booked_by_quote(session, "quo_2") is None
    with pytest.raises(QuoteAlreadyBooked, match="quo_1"), writing(database) as session:
        book(session, a_contract("con_2"), quote_id="quo_1")


def in_force(database: Database, on: date, known_on: date | None = None) -> list[tuple[str, int]]:
    with reading(database) as session:
        found = contracts.of_account(session, "acc_1", on=on, known_on=known_on)
    return [(stored.contract.id, stored.contract.version) for stored in found]


def test_what_was_in_force_is_known_for_any_day_as_of_any_day(database: Database) -> None:
    # Booked in January for 2026; in February a change for July; in April a renewal for 2027.
    with writing(database) as session:
        stage(session)
        first = a_contract()
        book(session, first)
        second = grown(first)
        book(session, second, at=FEBRUARY, kind=QuoteType.AMENDMENT)
        book(
            session,
            second._replace(version=3, effective=date(2027, 1, 1), ends=date(2028, 1, 1)),
            at=APRIL,
            kind=QuoteType.RENEWAL,
        )
    before, july, next_year = date(2025, 12, 31), JULY, date(2027, 6, 1)
    january, february, april = NOON.date(), FEBRUARY.date(), APRIL.date()
    assert in_force(database, before) == []
    # As known now.
    assert in_force(database, JULY - timedelta(days=1)) == [("con_1", 1)]
    assert in_force(database, july) == [("con_1", 2)]
    assert in_force(database, next_year) == [("con_1", 3)]
    # As known in January, before the change was booked; on its day it is known.
    assert in_force(database, july, january - timedelta(days=1)) == []
    assert in_force(database, july, january) == [("con_1", 1)]
    assert in_force(database, july, february - timedelta(days=1)) == [("con_1", 1)]
    assert in_force(database, july, february) == [("con_1", 2)]
    # The second version had a term to the end of 2026: known until the renewal, it has ended by then.
    assert in_force(database, next_year, april - timedelta(days=1)) == [("con_1", 2)]
    assert in_force(database, next_year, april) == [("con_1", 3)]


def test_contracts_stand_side_by_side_and_say_when_they_end(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        accounts.save(session, an_account("acc_2"), external_id=None, at=NOON)
        book(session, a_contract("con_b"))
        book(session, a_contract("con_a", ends=JULY))
        book(session, a_contract("con_other", account_id="acc_2"))
        found = contracts.of_account(session, "acc_1", on=JULY)
        assert [(each.contract.id, each.contract.ends <= JULY) for each in found] == [("con_a", True), ("con_b", False)]


def test_many_contracts_are_stored_at_once_or_not_at_all(database: Database) -> None:
    many = [a_contract(f"con_{number}") for number in range(50)]
    with writing(database) as session:
        stage(session)
        assert contracts.save_all(session, many, kind=QuoteType.NEW, at=NOON, by="import") == 50
        assert contracts.save_all(session, [], kind=QuoteType.NEW, at=NOON, by="import") == 0
        assert len(bookings.history(session, "acc_1", cursor=None, limit=100).items) == 50
    again = [a_contract("con_new"), a_contract("con_7")]
    with pytest.raises(ContractChangedMeanwhile, match="con_7") as refused, writing(database) as session:
        contracts.save_all(session, again, kind=QuoteType.NEW, at=NOON, by="import")
    assert refused.value.facts == {"contract": "con_7", "priced_from": 0}
    with reading(database) as session, pytest.raises(ContractNotFound):
        contracts.load(session, "con_new")


def test_a_refusal_of_many_contracts_that_is_about_none_of_them_stays_what_it_was(database: Database) -> None:
    with writing(database) as session:
        stage(session)
    both = [a_contract(), a_contract("con_2", account_id="acc_nobody")]
    with pytest.raises(IntegrityError), writing(database) as session:
        contracts.save_all(session, both, kind=QuoteType.NEW, at=NOON, by="import")


def test_before_a_quote_the_latest_versions_are_read_or_only_the_one_that_is_named(database: Database) -> None:
    ended = a_contract("con_1", term=Period(date(2024, 1, 1), date(2025, 1, 1)))
    first = a_contract("con_2")
    with writing(database) as session:
        stage(session)
        for contract in (first, ended, grown(first)):
            book(session, contract)

        def known(contract_id: str | None) -> list[tuple[str, date, Contract]]:
            basis = quote_basis.load(session, "acc_1", as_of=JULY, contract_id=contract_id)
            return [(each.id, each.ends, each.read()) for each in basis.contracts]

        both = [("con_1", ended.ends, ended), ("con_2", first.ends, grown(first))]
        assert known(None) == both
        assert [known("con_1"), known("con_2")] == [both[:1], both[1:]]
        assert known("new") == known("con_3") == []


READS = {
    "on": contracts.IN_FORCE,
    "all": bookings.HISTORY,
    "later": bookings.UPCOMING,
    "id": contracts.LATEST,
    "basis": quote_basis.BASIS,
}


@pytest.mark.parametrize("statement", READS.values(), ids=READS.keys())
def test_reads_of_one_account_use_an_index(database: Database, statement: Any) -> None:
    values = {"tenant": "acme", "account": "acc_1", "id": "con_1", "contract": "con_1", "on": JULY, "day_end": NOON}
    constants = statement.compile().params
    values = {name: values.get(name, constant) for name, constant in constants.items()}
    with writing(database) as session:
        if session.connection.dialect.name == "sqlite":
            plan = session.connection.execute(text(f"EXPLAIN QUERY PLAN {statement}").bindparams(**values)).all()
            steps = [row.detail for row in plan if "TEMP B-TREE" not in row.detail]
            assert all("SCAN" not in step for step in steps)
        else:
            # An empty table is read whole unless that is forbidden.
            session.connection.execute(text("SET LOCAL enable_seqscan = off"))
            plan = session.connection.execute(text(f"EXPLAIN {statement}").bindparams(**values)).scalars().all()
            steps = [str(line) for line in plan]
            assert all("Seq Scan" not in step for step in steps)
        assert any("contract_version" in step for step in steps)
