"""Stored things with good defaults, one builder per noun; what is priced comes from tests/rulebooks.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from pricing_engine.desk import Desk
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Account
from pricing_engine.storage import accounts, rulebooks
from pricing_engine.storage.currencies import currency_digits
from pricing_engine.storage.database import Database, open_database
from pricing_engine.storage.dispatch import open_dispatch
from pricing_engine.storage.rulebooks import Activation, RulebookSummary, StoredRulebook
from pricing_engine.storage.sealing import SealingKey, Seals
from pricing_engine.storage.session import Session
from tests.rulebooks import D, a_policy, a_product, a_rulebook, add, quote

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
TENANT = "acme"
HASH = "0" * 64


def a_quote(id: str = "quo_1", **more: Any) -> Quote:
    """A priced quote of 100 seats at 20 a month with 15% off, for the account and rulebook of `stage`."""
    rulebook = a_rulebook([a_product("crm")], {"crm.seats": "20"}, discounts=[a_policy("portfolio-15", "0.15")])
    request = {name: more.pop(name) for name in tuple(more) if name not in {"state", "rulebook"}}
    priced = quote(rulebook, add("crm", "100"), **({"account": an_account()} | request))
    return priced._replace(id=id, **more)


def an_account(id: str = "acc_1", **more: Any) -> Account:
    """A US customer of the middle market with one attribute of each kind."""
    attributes = {"segment": "mid_market", "seats": D("120.50"), "strategic": True, "since": date(2020, 2, 29)}
    return Account(**({"id": id, "name": "Åsa & Søn Ltd", "currency": "USD", "attributes": attributes} | more))


def a_version(hash: str = HASH, **more: Any) -> StoredRulebook:
    """A published version of two files; not one that compiles."""
    summary = RulebookSummary(
        hash=hash, name="test", engine_version="0.1.0", language="1", author="ada", commit="c0ffee", created_at=NOON
    )
    files = {"rulebook.yaml": b"kind: rulebook\n", "bands.csv": b"up_to,price\r\n10,5\r\n"}
    return StoredRulebook(replace(summary, **more), files, {"USD": 2, "JPY": 0})


def an_activation(
    id: str, *, hash: str = HASH, from_instant: datetime = NOON, created_at: datetime = NOON
) -> Activation:
    """An activation for a reason."""
    return Activation(id, hash, from_instant, "new prices", "ada", created_at)


@contextmanager
def an_open_database(url: str) -> Iterator[Database]:
    """The database of a URL; closed at the end."""
    database = open_database(url)
    try:
        yield database
    finally:
        database.engine.dispose()


@contextmanager
def writing(database: Database, tenant: str = TENANT) -> Iterator[Session]:
    """A session that writes."""
    with database.writer.begin() as connection:
        yield Session(connection, tenant)


@contextmanager
def reading(database: Database, tenant: str = TENANT) -> Iterator[Session]:
    """A session that reads."""
    with database.reader.connect() as connection:
        yield Session(connection, tenant)


def stage(session: Session) -> None:
    """What a quote refers to: its account and its rulebook version."""
    accounts.save(session, an_account(), external_id=None, at=NOON)
    rulebooks.save_version(session, a_version())


@contextmanager
def a_desk(url: str, **more: Any) -> Iterator[Desk]:
    """A desk over a migrated database, on NOON's day and with ids in turn; closed at the end."""
    database = open_database(url)
    parts: dict[str, Any] = {
        "database": database,
        "dispatch": open_dispatch(database),
        "tenant": TENANT,
        "now": a_clock(),
        "new_id": ids_in_turn(),
        "currency_digits": currency_digits(),
    }
    desk = Desk(**(parts | more))
    try:
        yield desk
    finally:
        desk.close()


def a_sealing_key(number: int) -> bytes:
    """A key that nobody would guess to be one of a test."""
    return bytes([number]) * 32


def seals_with(*numbers: int) -> Seals:
    """What secrets are sealed with: these keys, newest first."""
    return Seals(tuple(SealingKey.of(a_sealing_key(number)) for number in numbers))


def a_clock(start: datetime = NOON, *, step: timedelta = timedelta(seconds=1)) -> Callable[[], datetime]:
    """A clock that moves one step at each look."""
    ticks = count()
    return lambda: start + next(ticks) * step


def ids_in_turn() -> Callable[[str], str]:
    """Ids that count up: `quo_0001`, `quo_0002`."""
    numbers = count(1)
    return lambda prefix: f"{prefix}_{next(numbers):04}"
