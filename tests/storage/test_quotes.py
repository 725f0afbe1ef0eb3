"""Quotes in the database: what is stored comes back equal, digit by digit, and only to its own tenant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from orjson import dumps, loads
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.quote import Quote, QuoteState
from pricing_engine.quoting.request import ContractRef
from pricing_engine.storage import accounts, quote_lists, quotes, tables
from pricing_engine.storage.database import Database
from pricing_engine.storage.pages import CursorUnreadable, Listing, encode_cursor
from pricing_engine.storage.priced_json import decode_priced, encode_priced
from pricing_engine.storage.quote_lists import QuoteFilter
from pricing_engine.storage.quotes import QuoteNotFound
from pricing_engine.storage.request_json import decode_request, encode_request
from pricing_engine.storage.session import Session
from tests.builders import NOON, TENANT, a_quote, an_account, reading, stage, writing
from tests.rulebooks import add
from tests.storage.any_quote import quotes as any_quote

EVERYTHING = QuoteFilter()


def as_text(value: object) -> str:
    """Tells 1.0 from 1.00, which compare equal."""
    return repr(value)


@given(quote=any_quote)
def test_encoded_then_decoded_is_equal_to_the_last_digit(quote: Quote) -> None:
    request = decode_request(encode_request(quote.request))
    decoded = decode_priced(encode_priced(quote), id=quote.id, state=quote.state, request=request)
    assert decoded == quote
    assert as_text(decoded) == as_text(quote)


def test_what_was_stored_before_there_were_contracts_stays_readable() -> None:
    quote = a_quote()
    request, priced = loads(encode_request(quote.request)), loads(encode_priced(quote))
    # The keys of a first release; a quote without a contract is written with these alone, so its hash stays the same.
    assert {"contract", "waivers", "change", "terms"}.isdisjoint(request | priced)
    assert decode_priced(dumps(priced), id=quote.id, state=quote.state, request=decode_request(dumps(request))) == quote


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """A session whose writes are rolled back."""
    with database.writer.connect() as connection, connection.begin() as transaction:
        yield Session(connection, TENANT)
        transaction.rollback()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(quote=any_quote)
def test_stored_then_loaded_is_equal(database: Database, quote: Quote) -> None:
    with undone(database) as session:
        stage(session)
        stored = quotes.save(session, quote, at=NOON, by="ada")
        assert quotes.load(session, quote.id) == stored
        assert as_text(quotes.load(session, quote.id).quote) == as_text(quote)


def test_a_priced_quote_survives_another_connection(database: Database) -> None:
    quote = a_quote(external_ref="opp-7", note="line 1\nline 2 \U0001f600 \x00")
    with writing(database) as session:
        stage(session)
        stored = quotes.save(session, quote, at=NOON, by="ada")
    with reading(database) as session:
        assert quotes.load(session, "quo_1") == stored
    assert stored.quote == quote
    assert (stored.version, stored.created_at, stored.created_by) == (1, NOON, "ada")


def test_the_list_shows_the_exact_totals(database: Database) -> None:
    # 100 seats × 20 × 12 months = 24,000 list; 15% off leaves 20,400.
    with writing(database) as session:
        stage(session)
        quotes.save(session, a_quote(external_ref="opp-7"), at=NOON, by="ada")
        (summary,) = quote_lists.page(session, EVERYTHING, cursor=None, limit=10).items
    assert (summary.arr, summary.tcv) == (Decimal("20400.00"), Decimal("20400.00"))
    assert str(summary.arr) == "20400.00"
    assert (summary.complete, summary.currency, summary.external_ref) == (True, "USD", "opp-7")
    assert summary.created_at == NOON
    assert summary.created_at.tzinfo is not None


def test_the_content_hash_changes_with_the_price_but_not_with_the_state(database: Database) -> None:
    quote = a_quote()
    assert quote.totals is not None
    dearer = quote._replace(id="quo_2", totals=quote.totals._replace(arr=quote.totals.arr + 1))
    with writing(database) as session:
        stage(session)
        first = quotes.save(session, quote, at=NOON, by="ada").content_hash
        same = quotes.save(session, quote._replace(id="quo_3"), at=NOON, by="bob").content_hash
        other = quotes.save(session, dearer, at=NOON, by="ada").content_hash
    assert first == same
    assert first != other


def test_another_tenant_sees_nothing(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        quotes.save(session, a_quote(), at=NOON, by="ada")
    with reading(database, "rival") as session:
        assert quote_lists.page(session, EVERYTHING, cursor=None, limit=10).items == ()
        with pytest.raises(QuoteNotFound):
            quotes.load(session, "quo_1")


def test_a_quote_cannot_point_at_another_tenants_account(database: Database) -> None:
    with writing(database) as session:
        stage(session)
    with pytest.raises(IntegrityError), writing(database, "rival") as session:
        quotes.save(session, a_quote(), at=NOON, by="mallory")


def test_an_error_in_a_transaction_leaves_no_row(database: Database) -> None:
    def fail_late() -> None:
        with writing(database) as session:
            stage(session)
            quotes.save(session, a_quote(), at=NOON, by="ada")
            raise RuntimeError("after the insert")

    with pytest.raises(RuntimeError, match="after the insert"):
        fail_late()
    with reading(database) as session:
        assert session.connection.execute(select(tables.quote.c.id)).all() == []


def save_many(session: Session, count: int, *, start: int = 0, **more: str) -> None:
    quote = a_quote(**more)
    for number in range(start, start + count):
        # Three at a time share an instant, so that the id has to decide.
        quotes.save(session, quote._replace(id=f"quo_{number:03}"), at=NOON + timedelta(seconds=number // 3), by="ada")


def test_pages_show_every_quote_once_newest_first(database: Database) -> None:
    seen, cursor = [], None
    with writing(database) as session:
        stage(session)
        save_many(session, 10)
        while True:
            page = quote_lists.page(session, EVERYTHING, cursor=cursor, limit=4)
            seen.append([item.id for item in page.items])
            cursor = page.next_cursor
            if cursor is None:
                break
    ids = [f"quo_{number:03}" for number in reversed(range(10))]
    assert seen == [ids[:4], ids[4:8], ids[8:]]


def test_quotes_made_between_two_pages_move_nothing(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        save_many(session, 6)
        first = quote_lists.page(session, EVERYTHING, cursor=None, limit=3)
        save_many(session, 6, start=6)
        second = quote_lists.page(session, EVERYTHING, cursor=first.next_cursor, limit=3)
    assert [item.id for item in first.items + second.items] == [f"quo_{number:03}" for number in (5, 4, 3, 2, 1, 0)]
    assert second.next_cursor is None


def test_a_full_last_page_has_no_next_one(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        save_many(session, 3)
        assert quote_lists.page(session, EVERYTHING, cursor=None, limit=3).next_cursor is None


def test_filters_restrict_together(database: Database) -> None:
    other = an_account("acc_2", name="Other")
    with writing(database) as session:
        stage(session)
        accounts.save(session, other, external_id=None, at=NOON)
        save_many(session, 6)
        quotes.save(session, a_quote("quo_other", account=other, external_ref="opp-9"), at=NOON, by="ada")

        def ids(only: QuoteFilter) -> list[str]:
            return [item.id for item in quote_lists.page(session, only, cursor=None, limit=50).items]

        assert ids(QuoteFilter(account_id="acc_2")) == ["quo_other"]
        assert ids(QuoteFilter(external_ref="opp-9")) == ["quo_other"]
        # quo_003 to quo_005 were made a second after noon; the instant itself is not after itself.
        later = ["quo_005", "quo_004", "quo_003"]
        assert ids(QuoteFilter(account_id="acc_1", created_after=NOON)) == later
        assert ids(QuoteFilter(created_after=NOON + timedelta(microseconds=999_999))) == later
        assert len(ids(QuoteFilter(state=QuoteState.DRAFT))) == 7
        quotes.save(session, a_quote("quo_more", contract=ContractRef("con_1", 3)), at=NOON, by="ada")
        assert ids(QuoteFilter(type=QuoteType.AMENDMENT)) == ["quo_more"]
        assert ids(QuoteFilter(type=QuoteType.AMENDMENT, account_id="acc_2")) == []
        assert len(ids(QuoteFilter(type=QuoteType.NEW))) == 7


NO_FILTER = dict.fromkeys(("account_id", "state", "created_after", "external_ref", "type"))
ALL_QUOTES = Listing("quotes", NO_FILTER)
NUL_IN_THE_ID = encode_cursor(ALL_QUOTES, NOON, "quo_1\x00")
OF_ACCOUNTS = encode_cursor(Listing("accounts", NO_FILTER), NOON, "quo_1")
OF_OTHER_FILTERS = encode_cursor(Listing("quotes", NO_FILTER | {"state": "draft"}), NOON, "quo_1")
YEAR_OF_FIVE_DIGITS = "OTk5OTk5OTk5OTk5OTk5OTk5Lng"
WITHOUT_A_LIST = "MTIzLng"  # 123.x
BAD_CURSORS = ["", "x", "====", "é", "MTIz", "LjE", NUL_IN_THE_ID, YEAR_OF_FIVE_DIGITS]
BAD_CURSORS += [WITHOUT_A_LIST, OF_ACCOUNTS, OF_OTHER_FILTERS]


@pytest.mark.parametrize("cursor", BAD_CURSORS)
def test_a_cursor_no_page_gave_is_refused(database: Database, cursor: str) -> None:
    with reading(database) as session, pytest.raises(CursorUnreadable):
        quote_lists.page(session, EVERYTHING, cursor=cursor, limit=3)


def test_a_cursor_counts_for_the_filters_of_its_page_only(database: Database) -> None:
    mine, since = QuoteFilter(account_id="acc_1"), QuoteFilter(account_id="acc_1", created_after=NOON)
    with writing(database) as session:
        stage(session)
        save_many(session, 6)
        cursor = quote_lists.page(session, mine, cursor=None, limit=4).next_cursor
        assert [item.id for item in quote_lists.page(session, mine, cursor=cursor, limit=4).items] == [
            "quo_001",
            "quo_000",
        ]
        for other in (EVERYTHING, since, QuoteFilter(account_id="acc_2"), replace(mine, type=QuoteType.NEW)):
            with pytest.raises(CursorUnreadable):
                quote_lists.page(session, other, cursor=cursor, limit=4)


def test_a_page_without_an_end_is_refused(database: Database) -> None:
    with reading(database) as session, pytest.raises(ValueError, match="no end"):
        quote_lists.page(session, EVERYTHING, cursor=None, limit=-1)


def test_a_quote_without_a_price_has_no_totals_in_the_list(database: Database) -> None:
    incomplete = a_quote()._replace(totals=None, invoices=())
    with writing(database) as session:
        stage(session)
        quotes.save(session, incomplete, at=NOON, by="ada")
        (summary,) = quote_lists.page(session, EVERYTHING, cursor=None, limit=1).items
    assert (summary.complete, summary.arr, summary.tcv) == (False, None, None)


def test_a_line_keeps_its_rules_file_and_line(database: Database) -> None:
    with writing(database) as session:
        stage(session)
        quotes.save(session, a_quote(), at=NOON, by="ada")
        (line,) = quotes.load(session, "quo_1").quote.lines
    places = {step.rule.id: (step.rule.file, step.rule.line) for step in line.segments[0].steps}
    assert places["portfolio-15"] == ("portfolio-15.yaml", 1)


def test_the_request_keeps_what_was_asked_for(database: Database) -> None:
    quote = a_quote()
    with writing(database) as session:
        stage(session)
        quotes.save(session, quote, at=NOON, by="ada")
        assert quotes.load(session, "quo_1").quote.request.changes == (add("crm", "100"),)
