"""What is stored of quotes, and what they booked, beside the journal, in real databases: changes are found."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import select, text

from pricing_engine.desk import Desk
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.quoting.request import Cancel, Renew
from pricing_engine.storage import tables
from pricing_engine.storage.journal_chain import Broken
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.read_journal import verify_journal
from pricing_engine.usecases.records import StoredContract
from pricing_engine.usecases.verify_ledger import verify_ledger
from tests.builders import a_desk
from tests.storage.quote_lives import REP, asked, presented, step
from tests.storage.tampering import chain_anew, tamper
from tests.storage.test_contract_use_cases import LENIENT, a_change, booked
from tests.storage.test_use_cases import an_ask, open_for_business
from tests.unit.rulebook.small_rules import small_rules


def grown(desk: Desk) -> tuple[StoredContract, StoredContract]:
    """A contract of 10 users, 6,000.00 a year, and from May on of 20, 12,000.00: as it was booked each time."""
    account = open_for_business(desk)
    return booked(desk, an_ask(account)), booked(desk, a_change(account))


def another_account(desk: Desk) -> str:
    return create_account(desk, name="Other", currency="USD").account.id


def found(desk: Desk) -> Broken:
    broken = verify_journal(desk).broken
    assert broken is not None
    return broken


@pytest.mark.parametrize("is_presented", [False, True])
@pytest.mark.parametrize(
    "change",
    ["priced = replace(priced, '1', '2')", "priced = priced || ' '", "request = replace(request, 'users', 'seats')"],
)
def test_a_content_that_was_changed_is_named(change: str, is_presented: bool, desk: Desk) -> None:
    account = open_for_business(desk)
    ids = [asked(desk, an_ask(account)) for _ in range(2)]
    if is_presented:
        step(desk, ids[1], Action.PRESENT)
    assert verify_journal(desk).broken is None
    tamper(desk, f"UPDATE quote SET {change} WHERE id = '{ids[1]}'")
    what = "its request or its prices are not as they were stored: they have another hash"
    assert (found(desk).what, found(desk).step) == (f"quote {ids[1]}: {what}", 2 if is_presented else None)
    assert "table quote," in found(desk).fix
    assert verify_journal(desk).quotes == 1


def test_a_draft_whose_hash_alone_was_changed_is_named(desk: Desk) -> None:
    quote_id = asked(desk, an_ask(open_for_business(desk)))
    tamper(desk, "UPDATE quote SET content_hash = 'c0ffee'")
    assert found(desk).quote_id == quote_id


@pytest.mark.parametrize("value", ["CAST(x'ff' AS TEXT)", "x'ff'", "priced || char(0)"])
def test_bytes_that_are_no_text_are_another_content(value: str, sqlite_url: str) -> None:
    with a_desk(sqlite_url) as desk:
        quote_id = asked(desk, an_ask(open_for_business(desk)))
        tamper(desk, f"UPDATE quote SET priced = {value}")
        assert found(desk).quote_id == quote_id


def test_contracts_that_grow_renew_end_and_come_anew_are_as_the_log_says(desk: Desk) -> None:
    account = open_for_business(desk)
    terms = f"{LENIENT}renewal: {{basis: list, notice_days: 30, auto: true}}\n".encode()
    publish_rulebook(desk, {**small_rules(), "terms.yaml": terms}, author="ada", activate=True, reason="x")
    ends = booked(desk, an_ask(account)).contract.term.end
    booked(desk, a_change(account))
    booked(desk, a_change(account, changes=(Renew(),))._replace(effective_date=ends))
    booked(desk, a_change(account, changes=(Cancel(),))._replace(effective_date=ends + timedelta(days=40)))
    booked(desk, an_ask(another_account(desk)))
    verified = verify_journal(desk)
    assert (verified.broken, verified.bookings) == (None, 5)
    assert verify_ledger(desk).broken is None


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("account_id = (SELECT id FROM account WHERE name = 'Other')", "account_id is "),
        ("booked_by = 'eve'", "by is eve in it, ada in the entry"),
        ("currency = 'EUR'", "currency is EUR in it, USD in the entry"),
        ("arr = '1.00'", "arr is 1.00 in it, 12000.00 in the entry"),
    ],
)
def test_a_version_says_what_its_acceptance_says(change: str, what: str, desk: Desk) -> None:
    _, second = grown(desk)
    another_account(desk)
    tamper(desk, f"UPDATE contract_version SET {change} WHERE version = 2")
    where = f"version 2 of contract {second.contract.id} and entry 4 of the log differ"
    assert found(desk).what.startswith(f"quote {second.quote_id}: {where}: {what}")
    assert (found(desk).number, "table contract_version," in found(desk).fix) == (4, True)


@pytest.mark.parametrize("change", ["booking = booking || ' '", "contract = replace(contract, '1', '2')", "hash = 'x'"])
@pytest.mark.parametrize("is_accepted", [False, True])
def test_what_a_presented_quote_is_to_book_is_as_it_was_presented(change: str, is_accepted: bool, desk: Desk) -> None:
    account = open_for_business(desk)
    quote_id = presented(desk, an_ask(account))
    if is_accepted:
        accept_quote(desk, quote_id=quote_id, actor=REP)
    assert verify_journal(desk).broken is None
    tamper(desk, f"UPDATE presented_booking SET {change}")
    assert found(desk).what == f"quote {quote_id}: what it was to book is not as it was presented"
    assert (found(desk).number, "table presented_booking," in found(desk).fix) == (1, True)


def test_the_log_vouches_for_what_has_its_own_hash_too(desk: Desk) -> None:
    _, second = grown(desk)
    with desk.transaction() as session:
        state = session.connection.scalar(select(tables.contract_version.c.state).order_by(text("version DESC")))
    other = str(state).replace('"ends":"2027', '"ends":"2029')
    assert other != state
    hash = sha256(other.encode()).hexdigest()
    tamper(desk, f"UPDATE contract_version SET state = '{other}', content_hash = '{hash}' WHERE version = 2")
    assert found(desk).what.startswith(f"quote {second.quote_id}: version 2 of contract {second.contract.id} is not as")


@pytest.mark.parametrize("change", ["state = replace(state, '1', '2')", "content_hash = 'c0ffee'"])
def test_a_contract_whose_content_was_changed_is_named(change: str, desk: Desk) -> None:
    _, second = grown(desk)
    tamper(desk, f"UPDATE contract_version SET {change} WHERE version = 2")
    what = f"version 2 of contract {second.contract.id} is not as it was stored: its content has another hash"
    assert found(desk).what == f"quote {second.quote_id}: {what}"


@pytest.mark.parametrize(
    ("change", "version", "comes_to"),
    [
        ("DELETE FROM arr_movement WHERE contract_version = 2", 2, "6000.00"),
        ("UPDATE arr_movement SET amount = '1.00' WHERE contract_version = 2", 2, "6001.00"),
        ("UPDATE arr_movement SET day = '2099-01-01' WHERE contract_version = 2", 2, "6000.00"),
        ("UPDATE arr_movement SET currency = 'EUR' WHERE contract_version = 2", 2, "6000.00"),
        ("UPDATE arr_movement SET account_id = 'x' WHERE contract_version = 2", 2, "6000.00"),
        ("DELETE FROM arr_movement", 1, "0"),
        ("UPDATE arr_movement SET contract_version = 2, number = 2 WHERE contract_version = 1", 1, "0"),
    ],
)
def test_movements_come_to_what_the_acceptance_says(change: str, version: int, comes_to: str, desk: Desk) -> None:
    stored = grown(desk)[version - 1]
    tamper(desk, change)
    entry, says = version * 2, f"{version * 6}000.00"
    summed = f"the movements up to version {version} of contract {stored.contract.id} sum to {comes_to}"
    assert found(desk).what == f"quote {stored.quote_id}: {summed}, and entry {entry} of the log says {says}"
    assert "table arr_movement," in found(desk).fix


def test_a_booking_that_is_gone_moved_or_there_twice_is_found(desk: Desk) -> None:
    first, second = grown(desk)
    id = second.contract.id
    says = f"quote {second.quote_id}: entry 4 of the log says that it booked version 2 of contract {id}"
    tamper(desk, "UPDATE contract_version SET version = 7 WHERE version = 2")
    assert found(desk).what == f"{says}, and version 7 of contract {id} is there"
    tamper(desk, "DELETE FROM contract_version WHERE version = 7")
    assert (found(desk).what, found(desk).number) == (f"{says}, and nothing is there", 4)
    tamper(desk, f"UPDATE contract_version SET quote_id = '{second.quote_id}'")
    assert found(desk).what == (
        f"quote {first.quote_id}: entry 2 of the log says that it booked version 1 of contract {id}, "
        "and nothing is there"
    )


def test_a_booking_that_nobody_accepted_is_found(desk: Desk) -> None:
    account = open_for_business(desk)
    draft = asked(desk, an_ask(account))
    stored = booked(desk, an_ask(account))
    tamper(desk, f"UPDATE contract_version SET quote_id = '{draft}'")
    what = f"it booked version 1 of contract {stored.contract.id}, and the log has no acceptance of it"
    assert (found(desk).what, found(desk).number) == (f"quote {draft}: {what}", None)


@pytest.mark.parametrize("sql", ["arr = 'much'", "currency = CAST(x'ff' AS TEXT)"])
def test_a_booking_that_cannot_be_read_is_named_by_its_quote(sql: str, sqlite_url: str) -> None:
    with a_desk(sqlite_url) as desk:
        grown(desk)
        stored = booked(desk, an_ask(another_account(desk)))
        tamper(desk, f"UPDATE contract_version SET {sql} WHERE quote_id = '{stored.quote_id}'")
        assert found(desk).what == f"quote {stored.quote_id}: what it booked cannot be read"
        assert verify_journal(desk).bookings == 2


def test_an_entry_whose_amount_is_none_is_found(desk: Desk) -> None:
    booked(desk, an_ask(open_for_business(desk)))
    tamper(desk, """UPDATE journal SET data = replace(data, '"arr":"', '"arr":"x')""")
    chain_anew(desk)
    assert "arr is 6000.00 in it, None in the entry" in found(desk).what
