"""What was booked for an account: its history page by page, and what takes force after a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.storage import accounts, bookings, contracts
from pricing_engine.storage.database import Database
from pricing_engine.storage.pages import CursorUnreadable, Listing, encode_cursor
from tests.builders import NOON, an_account, reading, stage, writing
from tests.storage.any_contract import a_contract
from tests.storage.test_contracts import APRIL, FEBRUARY, JULY, book, grown

OCTOBER = date(2026, 10, 1)
OF_HISTORY = Listing("history", {"account_id": "acc_1"})


def test_the_history_lists_every_booking_with_its_worth(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        first = a_contract()
        book(session, first)
        book(session, grown(first), at=APRIL, kind=QuoteType.AMENDMENT, by="bob")
        book(session, a_contract("con_2"), at=FEBRUARY)
        page = bookings.history(session, "acc_1", cursor=None, limit=10)
    assert [(entry.contract_id, entry.version, entry.kind) for entry in page.items] == [
        ("con_1", 2, QuoteType.AMENDMENT),
        ("con_2", 1, QuoteType.NEW),
        ("con_1", 1, QuoteType.NEW),
    ]
    last = page.items[0]
    assert (str(last.arr), last.currency, last.booked_by, last.booked_at) == ("30000.00", "USD", "bob", APRIL)
    assert (last.effective, last.term_start, last.ends) == (JULY, date(2026, 1, 1), date(2027, 1, 1))
    assert page.next_cursor is None


def test_pages_hold_every_booking_once_also_those_of_one_instant(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        accounts.save(session, an_account("acc_2"), external_id=None, at=NOON)
        book(session, a_contract("con_other", account_id="acc_2"))
        # An import books many at once, and a contract's versions too; versions are numbers, so that 10 is after 9.
        made = [a_contract("con_9")]
        while len(made) < 10:
            made.append(grown(made[-1]))
        many = [*made, *(a_contract(f"con_{number}") for number in range(5))]
        contracts.save_all(session, many, kind=QuoteType.NEW, at=NOON, by="import")
    seen: list[tuple[str, int]] = []
    cursor: str | None = None
    with reading(database) as session:
        while True:
            page = bookings.history(session, "acc_1", cursor=cursor, limit=4)
            seen += [(entry.contract_id, entry.version) for entry in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert seen == [("con_9", version) for version in range(10, 0, -1)] + [(f"con_{n}", 1) for n in range(4, -1, -1)]


@pytest.mark.parametrize("key", ["con_1", "con_1.x", "con_1.1.1", "con_1.9999999999", "con_1.-1", "con_1."])
def test_a_cursor_made_by_hand_is_refused(database: Database, key: str) -> None:
    with reading(database) as session, pytest.raises(CursorUnreadable):
        bookings.history(session, "acc_1", cursor=encode_cursor(OF_HISTORY, NOON, key), limit=4)


def test_a_cursor_is_for_one_account(database: Database) -> None:
    cursor = encode_cursor(OF_HISTORY, NOON, "con_1.1")
    with reading(database) as session:
        assert bookings.history(session, "acc_1", cursor=cursor, limit=4).items == ()
        with pytest.raises(CursorUnreadable):
            bookings.history(session, "acc_2", cursor=cursor, limit=4)


def test_what_takes_force_later_is_told_as_it_was_known(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        accounts.save(session, an_account("acc_2"), external_id=None, at=NOON)
        book(session, a_contract("con_other", account_id="acc_2", effective=OCTOBER))
        first = a_contract()
        book(session, first)
        second = grown(first)
        book(session, second, at=FEBRUARY, kind=QuoteType.AMENDMENT)
        third = grown(second, effective=OCTOBER)
        book(session, third, at=APRIL, kind=QuoteType.RENEWAL)
        book(session, grown(third, effective=OCTOBER), at=APRIL, kind=QuoteType.AMENDMENT)

    def later(on: date, known_on: datetime | None = None) -> list[tuple[int, date]]:
        known = None if known_on is None else known_on.date()
        with reading(database) as session:
            found = bookings.upcoming(session, "acc_1", on=on, known_on=known)
        return [(each.version, each.effective) for each in found]

    june = JULY - timedelta(days=1)
    # Both bookings for one day are told, in order: the last is the one that holds.
    assert later(june) == [(2, JULY), (3, OCTOBER), (4, OCTOBER)]
    assert later(JULY) == [(3, OCTOBER), (4, OCTOBER)]
    assert later(OCTOBER) == []
    assert later(june, APRIL - timedelta(days=1)) == [(2, JULY)]
    assert later(june, datetime(2026, 2, 9, tzinfo=UTC)) == []
