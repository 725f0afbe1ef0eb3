"""Accepting quotes in a real database: of several at once one wins, and what is booked is what was shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.lifecycle import Action, QuoteExpired
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.quoting.request import DiscountRequest, PercentOff
from pricing_engine.storage import quotes
from pricing_engine.storage.rulebook_withdrawals import RulebookWithdrawn, Withdrawal, withdraw
from pricing_engine.storage.session import Session
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.read_journal import read_journal, verify_journal
from pricing_engine.usecases.take_step import VALID_DAYS
from pricing_engine.usecases.withdraw_rulebook import withdraw_rulebook
from tests.builders import NOON, a_desk
from tests.storage.quote_lives import MANAGER, REP, asked, counts, later, life_of, presented, step
from tests.storage.test_contract_use_cases import a_change, booked
from tests.storage.test_use_cases import an_ask, open_for_business, row_count


def test_a_quote_can_be_accepted_until_its_last_day(desk: Desk) -> None:
    account = open_for_business(desk)
    quote_id = presented(desk, an_ask(account))
    with pytest.raises(QuoteExpired):
        accept_quote(later(desk, VALID_DAYS + 1), quote_id=quote_id, actor=REP)
    assert accept_quote(later(desk, VALID_DAYS), quote_id=quote_id, actor=REP).booked.contract.version == 1


def test_quotes_of_withdrawn_rules_are_not_offered_any_more(desk: Desk) -> None:
    account = open_for_business(desk)
    quote_id, draft = presented(desk, an_ask(account)), asked(desk, an_ask(account))
    hash = life_of(desk, quote_id).quote.rulebook
    first = withdraw_rulebook(desk, hash=hash, reason="a price was wrong", actor=MANAGER)
    assert withdraw_rulebook(desk, hash=hash, reason="again", actor=REP) == first
    with pytest.raises(RulebookWithdrawn, match="a price was wrong"):
        accept_quote(desk, quote_id=quote_id, actor=REP)
    with pytest.raises(RulebookWithdrawn):
        step(desk, draft, Action.PRESENT)
    assert [each.type for each in read_journal(desk, after=1, limit=9)] == ["rulebook.withdrawn"]


def test_of_two_who_withdraw_rules_at_once_the_second_is_told_of_the_first(desk: Desk) -> None:
    hash = life_of(desk, presented(desk, an_ask(open_for_business(desk)))).quote.rulebook
    together = Barrier(2, timeout=60)

    def withdraw(user: str) -> str:
        together.wait()
        return withdraw_rulebook(desk, hash=hash, reason="a price was wrong", actor=Actor(user, "pricing")).by

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(withdraw, ["mia", "kim"]))) == 1
    assert [each.type for each in read_journal(desk, after=1, limit=9)] == ["rulebook.withdrawn"]


@pytest.mark.parametrize("action", [Action.PRESENT, Action.ACCEPT])
def test_whoever_waits_for_a_quote_does_not_hold_the_journal(action: Action, postgres_url: str) -> None:
    # Who has the quote waits for the journal next; if both were held the other way round, PostgreSQL would end one.
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with a_desk(postgres_url) as desk, ThreadPoolExecutor(1) as pool:
        account = open_for_business(desk)
        step(desk, asked(desk, an_ask(account)), Action.PRESENT)
        quote_id = presented(desk, an_ask(account)) if action is Action.ACCEPT else asked(desk, an_ask(account))
        take: Callable[[], object] = lambda: step(desk, quote_id, Action.PRESENT)  # noqa: E731
        if action is Action.ACCEPT:
            take = lambda: accept_quote(desk, quote_id=quote_id, actor=REP)  # noqa: E731
        with desk.transaction() as session, desk.database.autocommit.connect() as watching:
            run = session.connection.exec_driver_sql
            run("SELECT id FROM quote WHERE id = %s FOR UPDATE", (quote_id,))
            taken = pool.submit(take)
            while not watching.exec_driver_sql(waiting).scalar_one():
                assert not taken.done(), "it did not wait for the quote"
            assert run("SELECT number FROM journal_head FOR UPDATE NOWAIT").one()
        taken.result()


class Together:
    """A clock that first answers once all who ask have asked: on PostgreSQL each has read then, and none has written.

    SQLite has one writer, who reads with the lock in hand, so there they meet before.
    """

    def __init__(self, desk: Desk, parties: int) -> None:
        self.now, self.barrier, self.met = desk.now, Barrier(parties, timeout=60), threading.local()

    def meet(self) -> None:
        if not hasattr(self.met, "once"):
            self.met.once = self.barrier.wait()

    def __call__(self) -> datetime:
        self.meet()
        return self.now()


def race(desk: Desk, accept: Callable[[Desk, int], object], parties: int) -> list[str]:
    """How each of several that act at once ends: "done", or the code it is refused with."""
    together = Together(desk, parties)
    racing = replace(desk, now=together)

    def attempt(number: int) -> str:
        if not desk.database.waits_on_network:
            together.meet()
        try:
            accept(racing, number)
        except DomainError as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(parties) as pool:
        return sorted(pool.map(attempt, range(parties)))


CLEAR = {"contract-changed-meanwhile", "quote-changed-meanwhile", "transition-not-allowed"}


def test_of_many_that_accept_a_quote_at_once_one_wins(desk: Desk) -> None:
    quote_id = presented(desk, an_ask(open_for_business(desk)))
    parties = desk.database.pool_size
    ends = race(desk, lambda racing, _: accept_quote(racing, quote_id=quote_id, actor=REP), parties)
    assert ends.count("done") == 1
    assert set(ends) - {"done"} <= CLEAR
    assert counts(desk) == {"contract_version": 1, "arr_movement": 1, "quote_step": 2, "journal": 2}
    assert (verify_journal(desk).entries, verify_journal(desk).broken) == (2, None)


@pytest.mark.parametrize("is_first", [True, False], ids=["first contracts", "changes of a contract"])
def test_of_two_quotes_that_are_accepted_at_once_one_wins(desk: Desk, is_first: bool) -> None:
    account = open_for_business(desk)
    if not is_first:
        booked(desk, an_ask(account))
    ask = an_ask(account) if is_first else a_change(account, 20)
    ids = [presented(desk, ask) for _ in range(2)]
    versions = row_count(desk, "contract_version")
    ends = race(desk, lambda racing, number: accept_quote(racing, quote_id=ids[number], actor=REP), 2)
    assert ends == ["contract-changed-meanwhile", "done"]
    assert row_count(desk, "contract_version") == versions + 1
    states = sorted(life_of(desk, each).quote.state for each in ids)
    assert states == [QuoteState.ACCEPTED, QuoteState.PRESENTED]


def test_what_is_accepted_is_what_was_stored_and_shown(desk: Desk) -> None:
    quote_id = presented(
        desk, an_ask(open_for_business(desk), discounts=(DiscountRequest(PercentOff(Decimal("0.05"))),))
    )
    with desk.transaction() as session:
        session.connection.exec_driver_sql("UPDATE quote SET request = replace(request, '0.05', '0.50')")
    with pytest.raises(DomainError) as refused:
        accept_quote(desk, quote_id=quote_id, actor=REP)
    assert refused.value.code == "quote-altered"
    assert counts(desk)["contract_version"] == 0


def test_rules_withdrawn_between_check_and_write_stop_an_acceptance(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote_id = presented(desk, an_ask(open_for_business(desk)))
    hash = life_of(desk, quote_id).quote.rulebook
    withdrawal = Withdrawal(hash, NOON, "mia", "a price was wrong")
    move_row = quotes.move_row

    def moved_late(session: Session, *asked: Any, **more: Any) -> None:
        move_row(session, *asked, **more)
        withdraw(session, withdrawal)  # as somebody else's, who held the journal before

    monkeypatch.setattr(quotes, "move_row", moved_late)
    with pytest.raises(RulebookWithdrawn, match="a price was wrong") as refused:
        accept_quote(desk, quote_id=quote_id, actor=REP)
    assert "still in force" in refused.value.fix
    assert counts(desk) == {"contract_version": 0, "arr_movement": 0, "quote_step": 1, "journal": 1}
