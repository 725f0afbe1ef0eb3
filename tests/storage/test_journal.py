"""The journal in a real database: nobody can change it unseen, and it is verified while others write."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import DatabaseError

from pricing_engine.desk import Desk
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.storage.journal import JournalDamaged
from pricing_engine.usecases.read_journal import read_journal, verify_journal
from tests.storage.quote_lives import asked, presented, step
from tests.storage.tampering import chain_anew, tamper
from tests.storage.test_use_cases import an_ask, open_for_business


def test_steps_and_journal_cannot_be_changed(desk: Desk) -> None:
    presented(desk, an_ask(open_for_business(desk)))
    for table in ("quote_step", "journal"):
        for verb in (f"UPDATE {table} SET role = 'admin'", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="never changed"), desk.transaction() as session:
                session.connection.exec_driver_sql(verb)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE journal SET role = 'admin' WHERE number = 2", "entry 2 is not as it was written"),
        ("DELETE FROM journal WHERE number = 2", "entry 2 is missing"),
        ("DELETE FROM journal WHERE number = 3", "the chain was 3 entries long and has 2"),
        ("UPDATE journal SET number = 0 WHERE number = 1", "there is an entry before the first"),
        ("UPDATE journal SET data = 'x' WHERE number = 2", "entry 2 is not as it was written"),
        ("UPDATE journal SET previous_hash = hash WHERE number = 2", "entry 2 does not follow the one before it"),
    ],
)
def test_whatever_is_done_to_the_journal_is_found(statement: str, what: str, desk: Desk) -> None:
    account = open_for_business(desk)
    for _ in range(3):
        presented(desk, an_ask(account))
    tamper(desk, statement)
    broken = verify_journal(desk).broken
    assert broken is not None
    assert broken.what == what


def test_the_last_hash_shows_that_entries_and_head_were_taken_away_together(desk: Desk) -> None:
    account = open_for_business(desk)
    presented(desk, an_ask(account))
    first = verify_journal(desk).hash
    presented(desk, an_ask(account))
    kept_elsewhere = verify_journal(desk).hash
    head = f"UPDATE journal_head SET number = 1, hash = '{first}'"
    tamper(desk, "DELETE FROM journal WHERE number = 2", head)
    alone = verify_journal(desk).broken
    assert alone is not None
    assert "has no entry in the log" in alone.what
    where = f"= '{alone.quote_id}'"
    draft = "UPDATE quote SET state = 'draft', revision = 1 WHERE id"
    tamper(desk, f"DELETE FROM quote_step WHERE quote_id {where}", f"{draft} {where}")
    found = verify_journal(desk)
    assert found.broken is None
    assert found.hash != kept_elsewhere


def test_entries_made_while_the_chain_is_verified_do_not_break_it(desk: Desk) -> None:
    account = open_for_business(desk)
    ids = [asked(desk, an_ask(account)) for _ in range(12)]

    def withdraw(quote_id: str) -> None:
        step(desk, quote_id, Action.WITHDRAW)

    with ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(withdraw, each) for each in ids]
        seen = [verify_journal(desk).broken for _ in range(12)]
        for each in writing:
            each.result()
    assert set(seen) == {None}
    assert verify_journal(desk).entries == 12


@pytest.mark.parametrize("data", ["no JSON", "", "[]", '"text"', "null", '{"quote_id": '])
def test_an_entry_whose_data_is_no_object_is_a_break_and_refused_by_number(data: str, desk: Desk) -> None:
    account = open_for_business(desk)
    for _ in range(3):
        presented(desk, an_ask(account))
    tamper(desk, f"UPDATE journal SET data = '{data}' WHERE number = 2")
    damaged = verify_journal(desk).broken
    assert damaged is not None
    assert (damaged.number, damaged.what) == (2, "entry 2 is not as it was written")
    chain_anew(desk)
    damaged = verify_journal(desk).broken
    assert damaged is not None
    assert (damaged.number, damaged.what) == (2, "the data of entry 2 is not JSON")
    with pytest.raises(JournalDamaged, match="entry 2 of the journal cannot be read") as refused:
        read_journal(desk, after=0, limit=50)
    assert refused.value.facts == {"number": 2}
    assert "audit verify" in refused.value.fix
    assert [entry.number for entry in read_journal(desk, after=0, limit=1)] == [1]
    assert [entry.number for entry in read_journal(desk, after=2, limit=50)] == [3]


UNREADABLE = {
    "sqlite": ["at = 'never'", "by = CAST(x'ff' AS TEXT)", "data = CAST(x'ff' AS TEXT)"],
    "postgresql": ["at = 'infinity'"],
}
BYTES = {"sqlite": ["by = x'ff'", "data = x'7b7d'"], "postgresql": []}


def test_an_entry_that_the_driver_cannot_read_is_a_break_and_refused_by_number(desk: Desk) -> None:
    account = open_for_business(desk)
    for _ in range(3):
        presented(desk, an_ask(account))
    for change in UNREADABLE[desk.database.engine.dialect.name]:
        tamper(desk, f"UPDATE journal SET {change} WHERE number = 2")
        broken = verify_journal(desk).broken
        assert broken is not None
        assert (broken.number, broken.what) == (2, "entry 2 cannot be read"), change
        with pytest.raises(JournalDamaged, match="entry 2 of the journal"):
            read_journal(desk, after=0, limit=50)


def test_bytes_where_text_should_be_are_a_break(desk: Desk) -> None:
    presented(desk, an_ask(open_for_business(desk)))
    for change in BYTES[desk.database.engine.dialect.name]:
        tamper(desk, f"UPDATE journal SET {change} WHERE number = 1")
        broken = verify_journal(desk).broken
        assert broken is not None
        assert broken.what == "entry 1 is not as it was written", change
