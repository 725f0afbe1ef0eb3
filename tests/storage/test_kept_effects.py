"""What a quote does to retention is kept with it: as it was when it was priced, until it is replayed (N10)."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pricing_engine.desk import Desk
from pricing_engine.quoting.changes.contract_parts import NotBookable
from pricing_engine.quoting.request import Add, Cancel, Change, Remove, Renew
from pricing_engine.storage import quote_effects, quotes
from pricing_engine.storage.quote_effect_json import decode_effect, encode_effect
from pricing_engine.usecases.ask_again import change_quote
from pricing_engine.usecases.keep_effects import EffectKeeper, keep_effects, kept_effect
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.read_quote_effect import read_quote_effect
from pricing_engine.usecases.replay_quote import replay_quote
from tests.storage.retained_book import agree, ask, crm, customer, on_day, sold, with_rules

DAY = date(2026, 7, 1)
NO_LOG: Any = None
REP = Actor("ada", "rep")


@pytest.fixture
def ready(desk: Desk) -> Desk:
    return on_day(with_rules(desk), DAY)


@pytest.fixture
def book(ready: Desk) -> dict[str, str]:
    found = sold(ready)
    ready.unvalued.clear()
    return found


@pytest.mark.parametrize(
    ("who", "change"),
    [("grows", crm(10)), ("gives up", Remove("analytics")), ("renews", Renew()), ("lapses", Cancel())],
)
def test_what_is_kept_is_what_was_worked_out(who: str, change: Change, ready: Desk, book: dict[str, str]) -> None:
    day = date(2027, 1, 15) if change == Renew() else DAY
    quote = ask(ready, book[who], day, change)
    found = read_quote_effect(ready, quote_id=quote)
    assert decode_effect(encode_effect(found), quote_id=quote, at=found.at) == replace(found, moved=tuple(found.moved))
    assert list(ready.unvalued) == [quote]
    assert keep_effects(ready) == (1, 0)
    assert kept_effect(ready, quote_id=quote) == replace(found, moved=tuple(found.moved))


def test_it_stays_as_it_was_while_the_book_goes_on_and_is_worked_out_anew_by_a_replay(
    ready: Desk, book: dict[str, str]
) -> None:
    quote = ask(ready, book["grows"], DAY, crm(10))
    keep_effects(ready)
    before = kept_effect(ready, quote_id=quote)
    agree(ready, book["renews"], DAY, crm(30))
    assert kept_effect(ready, quote_id=quote) == before
    ready.unvalued.clear()
    replay_quote(ready, quote_id=quote)
    assert keep_effects(ready) == (1, 0)
    after = kept_effect(ready, quote_id=quote)
    # 30 users more of 50.00 a month for the other are 18,000 a year, with this quote and without.
    assert after.book.accepted.kept - before.book.accepted.kept == 18_000
    assert after.account == before.account


def test_whoever_asks_right_after_a_replay_is_told_as_of_then(ready: Desk, book: dict[str, str]) -> None:
    quote = ask(ready, book["grows"], DAY, crm(10))
    keep_effects(ready)
    before = kept_effect(ready, quote_id=quote)
    agree(ready, book["renews"], DAY, crm(30))
    ready.unvalued.clear()
    replay_quote(ready, quote_id=quote)
    assert kept_effect(ready, quote_id=quote).book.accepted.kept - before.book.accepted.kept == 18_000


def test_a_quote_that_was_priced_again_does_something_else(ready: Desk, book: dict[str, str]) -> None:
    quote = ask(ready, book["grows"], DAY, crm(10))
    keep_effects(ready)
    before = kept_effect(ready, quote_id=quote)
    change_quote(ready, quote_id=quote, actor=REP, changed={"changes": (crm(20),)})
    assert kept_effect(ready, quote_id=quote).account.accepted.kept - before.account.accepted.kept == 6_000
    assert list(ready.unvalued) == [quote]


@pytest.mark.parametrize("has_rules", [True, False])
def test_a_service_reads_the_ledger_and_then_keeps_effects_until_it_is_stopped(has_rules: bool, desk: Desk) -> None:
    ready = on_day(with_rules(desk), DAY) if has_rules else on_day(desk, DAY)
    quote = ask(ready, sold(ready)["grows"], DAY, crm(10)) if has_rules else ""
    seen: list[tuple[bool, int]] = []

    async def wait() -> None:
        seen.append((ready.tenant in ready.ledgers.by_tenant, len(ready.unvalued)))
        if len(seen) == 2:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(EffectKeeper(ready, NO_LOG, wait).run())
    assert seen == ([(True, 5), (True, 0)] if has_rules else [(False, 0), (False, 0)])
    if has_rules:
        with ready.reading() as session:
            content_hash = quotes.content_hash(session, quote)
            assert quote_effects.find(session, quote, content_hash=content_hash) is not None


def test_a_quote_without_a_price_has_none(ready: Desk, book: dict[str, str]) -> None:
    priced_per_deal = ask(ready, customer(ready, "asks"), DAY, crm(10), Add("onboarding", {}))
    priced = ask(ready, book["grows"], DAY, crm(10))
    assert keep_effects(ready) == (1, 1)
    assert not ready.unvalued
    with pytest.raises(NotBookable):
        kept_effect(ready, quote_id=priced_per_deal)
    assert kept_effect(ready, quote_id=priced).book.accepted.nrr is not None


def test_processes_that_keep_one_effect_at_once_both_do(ready: Desk, book: dict[str, str]) -> None:
    quote = ask(ready, book["grows"], DAY, crm(10))
    if not ready.database.waits_on_network:
        pytest.skip("SQLite has one writer at a time")
    with ThreadPoolExecutor(1) as other:
        with ready.transaction() as session:
            content_hash = quotes.content_hash(session, quote)
            quote_effects.save(session, read_quote_effect(ready, quote_id=quote), content_hash=content_hash)
            answered = other.submit(kept_effect, ready, quote_id=quote)
            with pytest.raises(TimeoutError):
                answered.result(timeout=1)  # it has found none, and waits for this transaction to keep its own
        assert answered.result().account == kept_effect(ready, quote_id=quote).account
