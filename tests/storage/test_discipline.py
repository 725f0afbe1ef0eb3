"""How quotes were made, by figures worked by hand, on SQLite and PostgreSQL (N16)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from pricing_engine.desk import Desk
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.quoting.request import DiscountRequest, PercentOff, Remove
from pricing_engine.retention.discipline import Discipline
from pricing_engine.retention.rates import Window
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.read_discipline import read_discipline
from pricing_engine.usecases.take_step import take_step
from tests.rulebooks import D
from tests.storage.retained_book import agree, analytics, ask, crm, customer, on_day, with_rules

DAY, LATER = date(2026, 3, 2), date(2026, 9, 1)
FIVE_OFF = (DiscountRequest(PercentOff(D("0.05"))),)
TWELVE_OFF = (DiscountRequest(PercentOff(D("0.12"))),)
"""More than the 8% a rep may give."""


@pytest.fixture
def ready(desk: Desk) -> Desk:
    return with_rules(desk)


def figures(desk: Desk, opening: date = date(2026, 3, 1), closing: date = LATER) -> Discipline:
    return read_discipline(on_day(desk, closing), Window(opening, closing)).figures


def present(desk: Desk, quote_id: str, day: date) -> None:
    there = on_day(desk, day)
    take_step(there, quote_id=quote_id, action=Action.PRESENT, actor=Actor("ada", "rep"))


def approved(desk: Desk, quote_id: str, day: date) -> None:
    there = on_day(desk, day)
    take_step(there, quote_id=quote_id, action=Action.SUBMIT, actor=Actor("ada", "rep"))
    take_step(there, quote_id=quote_id, action=Action.APPROVE, actor=Actor("mia", "manager"), level="manager")


def test_what_is_given_beside_the_rules_is_counted(ready: Desk) -> None:
    account = customer(ready, "one")
    agree(ready, account, DAY, crm(20), analytics(20))
    for discounts, by_day in ((FIVE_OFF, DAY), (TWELVE_OFF, DAY + timedelta(days=1))):
        quote_id = ask(ready, customer(ready, "other"), DAY, crm(10), discounts=discounts)
        if discounts is TWELVE_OFF:
            approved(ready, quote_id, DAY)
        present(ready, quote_id, by_day)
    ask(ready, account, DAY, crm(5))  # not presented
    present(ready, ask(ready, account, LATER, Remove("analytics")), LATER)
    found = figures(ready)
    assert (found.quotes, found.growth, found.partial_churns) == (4, 3, 1)
    # Of the three that grow one has no discount; of all four a manager had to agree to one.
    assert (found.untouched, found.within_policy) == (D("0.333333"), D("0.75"))
    assert found.discretion == six(D("0.05") + D("0.12"), 4)
    # CRM loses 10% of 20 × 50.00 × 12, and the platform fee 10% of 10,800.
    assert found.repriced == D("1200.00") + D("1080.00")
    # At once three times, and a day once.
    assert found.minutes == 0


def six(total: Decimal, count: int) -> Decimal:
    return (total / count).quantize(D("0.000001"))


def test_only_what_was_presented_in_the_window_counts_and_nothing_has_no_share(ready: Desk) -> None:
    agree(ready, customer(ready, "one"), DAY, crm(20))
    assert figures(ready, DAY - timedelta(days=1), DAY).quotes == 1
    for window in ((DAY, LATER), (date(2026, 1, 1), DAY - timedelta(days=1))):
        found: Any = figures(ready, *window)
        assert (found.quotes, found.untouched, found.within_policy, found.discount, found.minutes) == (0, *[None] * 4)
