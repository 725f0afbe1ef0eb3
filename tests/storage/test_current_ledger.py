"""A ledger that is kept and renewed says what one says that is read whole, whatever happens between two reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from pricing_engine.desk import Desk
from pricing_engine.quoting.request import Cancel, Remove, Renew
from pricing_engine.retention.rates import Window
from pricing_engine.retention.told import ledger_of
from pricing_engine.storage.kept_ledgers import KeptLedgers
from pricing_engine.usecases.read_retained import Within, read_movements
from pricing_engine.usecases.read_retention import Asked, read_retention
from pricing_engine.usecases.retained_book import read_book
from tests.storage.retained_book import CLOSING, OPENING, START, agree, analytics, crm, customer, on_day, with_rules

WINDOW = Window(OPENING, CLOSING)
BY = "segment,product,discount"


@pytest.fixture
def ready(desk: Desk) -> Desk:
    return with_rules(desk)


def fresh(desk: Desk) -> Desk:
    return replace(desk, ledgers=KeptLedgers())


def entries(desk: Desk) -> list[str]:
    return sorted(map(repr, read_book(desk, WINDOW).entries))


def bookings(desk: Desk) -> Iterator[tuple[date, Callable[[], None]]]:
    """What happens, and the day on which the book is read after it."""
    ids = {name: customer(desk, name) for name in ("grows", "gives up", "lapses", "leaves")}
    small = customer(desk, "small", "smb")
    day = date(2026, 7, 1)
    yield START, lambda: agree(desk, ids["grows"], START, crm(10))
    yield START, lambda: agree(desk, ids["gives up"], START, crm(20), analytics(20), term_months=24)
    yield START, lambda: agree(desk, ids["lapses"], START, crm(10))
    yield day, lambda: agree(desk, ids["grows"], day, crm(10))
    yield day, lambda: agree(desk, ids["gives up"], day, Remove("analytics"))
    yield date(2026, 9, 1), lambda: agree(desk, ids["leaves"], date(2026, 9, 1), crm(7))
    yield date(2026, 12, 1), lambda: agree(desk, ids["leaves"], date(2026, 12, 1), Cancel())
    yield date(2027, 1, 10), lambda: agree(desk, ids["grows"], date(2027, 1, 10), Renew())
    yield date(2027, 1, 20), lambda: None  # a term has ended, and nobody did anything
    yield date(2027, 2, 1), lambda: agree(desk, ids["lapses"], date(2027, 2, 1), crm(9))
    yield date(2027, 2, 2), lambda: agree(desk, customer(desk, "made since"), date(2027, 2, 2), crm(5))
    yield date(2027, 2, 3), lambda: agree(desk, small, date(2027, 2, 3), crm(6))


def test_it_is_renewed_by_what_happens(ready: Desk) -> None:
    for day, happens in bookings(ready):
        happens()
        today = on_day(ready, day)
        assert entries(today) == entries(fresh(today))
        asked = Asked(day, by=BY)
        assert read_retention(today, asked) == read_retention(fresh(today), asked)


def test_movements_are_in_one_order_in_every_process(ready: Desk) -> None:
    """Their pages may come from several."""
    first, second = (customer(ready, name) for name in ("first", "second"))
    day = on_day(ready, CLOSING)
    asked = Asked(CLOSING, months=24)
    agree(ready, second, START, crm(10), term_months=24)
    assert read_movements(day, asked, Within(), after=0, limit=9).count == 1
    agree(ready, first, START, analytics(10), crm(10), term_months=24)
    read_movements(day, asked, Within(), after=0, limit=9)
    agree(ready, second, START, analytics(10))
    kept, anew = (read_movements(each, asked, Within(), after=0, limit=99).items for each in (day, fresh(day)))
    assert kept == anew
    keys = [(each.day, each.account, each.contract, each.product_line) for each in kept]
    assert keys == sorted(keys)


def test_a_database_that_was_put_back_is_read_anew(ready: Desk) -> None:
    today, account = on_day(ready, CLOSING), customer(ready, "grows")
    agree(ready, account, START, crm(10))
    before = entries(today)
    # What it had read last is not in the journal any more: another was written since a backup was put back.
    kept = ready.ledgers.by_tenant[ready.tenant]
    other = kept.journal[0], "of another history"
    ready.ledgers.by_tenant[ready.tenant] = kept._replace(journal=other, ledger=ledger_of([], {}))
    agree(ready, customer(ready, "other"), START, crm(20))
    assert entries(today) == entries(fresh(today)) != before
