"""A book of five customers over two years, with good defaults: what retention is read of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.quoting.request import Add, Change, Remove, Renew
from pricing_engine.storage import contracts
from pricing_engine.usecases.book_quote import book_quote
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.read_retention import Asked, Retention, read_retention
from pricing_engine.usecases.request_quote import request_quote
from tests.builders import NOON
from tests.rulebooks import D
from tests.unit.rulebook.small_rules import small_rules

TERMS = """\
kind: terms
id: standard
renewal: {cap: "7%", floor: "0%", basis: list}
cancellation: {notice_days: 0}
partial_cancellation: {allowed: with_fee, fee: "0", credit: credit}
why: usual
"""
START = NOON.date()
OPENING, CLOSING = date(2026, 3, 1), date(2027, 3, 1)
"""A year in which one account grows, one gives a product up, one lapses and one renews dearer; a fifth is new."""


def on_day(desk: Desk, day: date) -> Desk:
    return replace(desk, now=lambda: datetime.combine(day, time(12), UTC))


def with_rules(desk: Desk, terms: str = TERMS, **files: str) -> Desk:
    rules = small_rules({"terms/standard.yaml": terms, **files})
    publish_rulebook(desk, rules, author="ada", activate=True, reason="first")
    return desk


def customer(desk: Desk, name: str, segment: str = "enterprise", **more: Any) -> str:
    attributes = {"segment": segment, "prepaid": False}
    return create_account(desk, name=name, attributes=attributes, **({"currency": "USD"} | more)).account.id


def ask(desk: Desk, account: str, day: date, *changes: Change, **more: Any) -> str:
    """A quote asked for on the day it takes force."""
    asked = QuoteAsk(account, "rep", day, changes)._replace(**more)
    return request_quote(on_day(desk, day), ask=asked, by="ada").quote.id


def agree(desk: Desk, account: str, day: date, *changes: Change, **more: Any) -> None:
    """The same, presented and accepted."""
    book_quote(on_day(desk, day), quote_id=ask(desk, account, day, *changes, **more), by="ada")


def crm(users: int) -> Add:
    return Add("crm", {"users": D(users)})


def analytics(users: int) -> Add:
    return Add("analytics", {"users": D(users)})


def sold(desk: Desk) -> dict[str, str]:
    """Four customers by what will become of them, of which one is small."""
    ids = {name: customer(desk, name) for name in ("grows", "gives up", "renews")}
    ids["lapses"] = customer(desk, "lapses", "smb")
    agree(desk, ids["grows"], START, crm(10))
    agree(desk, ids["gives up"], START, crm(20), analytics(20), term_months=24)
    agree(desk, ids["lapses"], START, crm(10))
    agree(desk, ids["renews"], START, crm(10))
    return ids


def a_book(desk: Desk) -> dict[str, str]:
    """Five customers by what became of them, of which two are small."""
    ids = sold(desk)
    ids["new"] = customer(desk, "new", "smb")
    agree(desk, ids["grows"], date(2026, 7, 1), crm(10))
    agree(desk, ids["gives up"], date(2026, 9, 1), Remove("analytics"))
    agree(desk, ids["new"], date(2026, 11, 1), crm(5))
    for name in ("grows", "renews"):
        agree(desk, ids[name], date(2027, 1, 15), Renew())
    return ids


def stored(desk: Desk, account: str, day: date) -> Iterator[Contract]:
    """The account's contracts in force on a day."""
    with desk.reading() as session:
        yield from [each.contract for each in contracts.of_account(session, account, on=day)]


def figures(desk: Desk, **asked: Any) -> Retention:
    """Those of the year."""
    return read_retention(on_day(desk, CLOSING), Asked(CLOSING, **asked))
