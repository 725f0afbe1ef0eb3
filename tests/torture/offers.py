"""Quotes that were presented to customers, for others to accept: first contracts, and changes of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from pricing_engine.desk import Desk, open_desk
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.quoting.request import Add, Set
from pricing_engine.settings import Settings
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.take_step import take_step
from tests.api.rule_files import FILES
from tests.torture.served import NOON

REP = Actor("rob", "rep")
JULY, SEPTEMBER = date(2026, 7, 1), date(2026, 9, 1)
_NUMBERS = count(1)


@contextmanager
def a_desk_with_rules(url: str) -> Iterator[Desk]:
    """A desk on the day of the servers, over a migrated database, with the rules of the API's tests in force."""
    desk = replace(open_desk(Settings(database_url=url, database_pool_size=4)), now=lambda: NOON)
    try:
        since = datetime(2026, 1, 1, tzinfo=UTC)
        publish_rulebook(desk, FILES, author="test", activate=True, reason="tests", from_instant=since)
        yield desk
    finally:
        desk.close()


def new_account(desk: Desk) -> str:
    """The id of one more customer."""
    return create_account(desk, name=f"Customer {next(_NUMBERS)}", currency="USD").account.id


def offered(desk: Desk, account: str) -> str:
    """The id of a presented quote for two products, which make the account's first contract."""
    products = (Add("crm", {"users": Decimal(100)}), Add("analytics", {"users": Decimal(20)}))
    return _presented(desk, QuoteAsk(account, REP.role, JULY, products))


def offered_more(desk: Desk, account: str, users: int) -> str:
    """The id of a presented quote for so many users, which changes the contract there is."""
    return _presented(desk, QuoteAsk(account, REP.role, SEPTEMBER, (Set("crm", {"users": Decimal(users)}),)))


def _presented(desk: Desk, ask: QuoteAsk) -> str:
    quote_id = request_quote(desk, ask=ask, by=REP.user).quote.id
    take_step(desk, quote_id=quote_id, action=Action.PRESENT, actor=REP)
    return quote_id
