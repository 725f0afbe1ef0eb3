"""The life of quotes in a real database: what each step writes, and what it refuses without writing anything."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.changes.contract_parts import NotBookable
from pricing_engine.quoting.lifecycle import (
    Action,
    ApprovalMissing,
    LevelNotAsked,
    OwnRequest,
    QuoteExpired,
    TransitionNotAllowed,
)
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.quoting.request import Add, DiscountRequest, PercentOff
from pricing_engine.retention.movements import ArrKind, Cause
from pricing_engine.storage import movements
from pricing_engine.storage.contracts import ContractChangedMeanwhile
from pricing_engine.storage.rulebook_withdrawals import RulebookWithdrawn
from pricing_engine.usecases import accept_quote as accepting
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.ask_again import change_quote, revise_quote
from pricing_engine.usecases.expire_quotes import expire_quotes
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.quote_life import Actor, Life, QuoteStale, read_life
from pricing_engine.usecases.read_contract import read_contract
from pricing_engine.usecases.read_journal import read_journal, verify_journal
from pricing_engine.usecases.replay_quote import replay_quote
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.take_step import VALID_DAYS, ReasonWanted, take_step
from pricing_engine.usecases.withdraw_rulebook import withdraw_rulebook
from tests.builders import NOON, a_desk
from tests.storage.test_contract_use_cases import MAY, a_change, booked
from tests.storage.test_use_cases import FEBRUARY, an_ask, open_for_business, row_count

REP = Actor("rob", "rep")
MANAGER = Actor("mia", "manager")
TWELVE_OFF = (DiscountRequest(PercentOff(Decimal("0.12"))),)
"""More than the 8% a rep may give; a manager must agree."""

WRITTEN = ("contract_version", "arr_movement", "quote_step", "journal")


def asked(desk: Desk, ask: QuoteAsk) -> str:
    return request_quote(desk, ask=ask, by=REP.user).quote.id


def step(desk: Desk, quote_id: str, action: Action, actor: Actor = REP, **more: Any) -> Life:
    return take_step(desk, quote_id=quote_id, action=action, actor=actor, **more)


def presented(desk: Desk, ask: QuoteAsk) -> str:
    quote_id = asked(desk, ask)
    step(desk, quote_id, Action.PRESENT)
    return quote_id


def life_of(desk: Desk, quote_id: str) -> Life:
    with desk.reading() as session:
        return read_life(session, quote_id)


def counts(desk: Desk) -> dict[str, int]:
    return {table: row_count(desk, table) for table in WRITTEN}


def later(desk: Desk, days: int) -> Desk:
    return replace(desk, now=lambda: NOON + timedelta(days=days))


def test_a_quote_within_the_policy_goes_from_draft_to_contract_in_two_steps(desk: Desk) -> None:
    account = open_for_business(desk)
    quote_id = presented(desk, an_ask(account))
    life = life_of(desk, quote_id)
    assert (life.quote.state, life.stored.revision) == (QuoteState.PRESENTED, 2)
    assert life.stored.valid_until == NOON.date() + timedelta(days=VALID_DAYS)
    done = accept_quote(desk, quote_id=quote_id, actor=REP, comment="signed by post")
    assert done.life.quote.state is QuoteState.ACCEPTED
    assert read_contract(desk, account_id=account, on=FEBRUARY).contracts == (done.booked,)
    with desk.reading() as session:
        (moved,) = movements.of_version(session, done.booked.contract.id, 1)
    # 10 users × 50.00 × 12.
    assert (moved.kind, moved.cause, moved.amount, moved.day) == (
        ArrKind.NEW,
        Cause.NEW_BUSINESS,
        Decimal("6000.00"),
        FEBRUARY,
    )
    assert [each.type for each in read_journal(desk, after=0, limit=10)] == ["quote.presented", "quote.accepted"]
    entry = read_journal(desk, after=1, limit=10)[0]
    assert (entry.subject, entry.by, entry.role) == (quote_id, "rob", "rep")
    assert entry.data["contract_id"] == done.booked.contract.id
    assert entry.data["comment"] == "signed by post"
    assert replay_quote(desk, quote_id=quote_id).is_equal


def test_a_discount_beyond_the_limit_waits_for_its_level(desk: Desk) -> None:
    quote_id = asked(desk, an_ask(open_for_business(desk), discounts=TWELVE_OFF))
    with pytest.raises(ApprovalMissing, match="manager must agree"):
        step(desk, quote_id, Action.PRESENT)
    assert step(desk, quote_id, Action.SUBMIT).quote.state is QuoteState.PENDING_APPROVAL
    with pytest.raises(LevelNotAsked):
        step(desk, quote_id, Action.APPROVE, MANAGER, level="cfo")
    with pytest.raises(OwnRequest, match="rob asked for the quote"):
        step(desk, quote_id, Action.APPROVE, Actor("rob", "manager"), level="manager")
    life = step(desk, quote_id, Action.APPROVE, MANAGER, level="manager", comment="competitive deal")
    assert (life.quote.state, life.missing) == (QuoteState.APPROVED, ())
    assert [(each.action, each.level, each.comment) for each in life.steps] == [
        (Action.SUBMIT, None, ""),
        (Action.APPROVE, "manager", "competitive deal"),
    ]
    step(desk, quote_id, Action.PRESENT)
    assert accept_quote(desk, quote_id=quote_id, actor=REP).life.quote.state is QuoteState.ACCEPTED


def test_a_rejected_quote_is_a_draft_again_and_needs_a_reason(desk: Desk) -> None:
    quote_id = asked(desk, an_ask(open_for_business(desk), discounts=TWELVE_OFF))
    step(desk, quote_id, Action.SUBMIT)
    with pytest.raises(ReasonWanted) as refused:
        step(desk, quote_id, Action.REJECT, MANAGER, comment=" ")
    assert refused.value.pointer == "/comment"
    assert step(desk, quote_id, Action.REJECT, MANAGER, comment="too much").quote.state is QuoteState.DRAFT


def test_an_approval_is_void_when_the_draft_changes(desk: Desk) -> None:
    quote_id = asked(desk, an_ask(open_for_business(desk), discounts=TWELVE_OFF))
    step(desk, quote_id, Action.SUBMIT)
    approved = step(desk, quote_id, Action.APPROVE, MANAGER, level="manager")
    with pytest.raises(TransitionNotAllowed, match="approved cannot be changed"):
        change_quote(desk, quote_id=quote_id, actor=REP, changed={"note": "x"})
    again = revise_quote(desk, quote_id=quote_id, actor=REP, changed={"note": "x"})
    assert (again.stored.version, again.stored.revises) == (2, quote_id)
    assert (again.quote.state, again.missing) == (QuoteState.DRAFT, ("manager",))
    assert again.stored.content_hash != approved.stored.content_hash
    assert life_of(desk, quote_id).quote.state is QuoteState.SUPERSEDED


def test_a_draft_is_priced_anew_when_it_changes(desk: Desk) -> None:
    quote_id = asked(desk, an_ask(open_for_business(desk)))
    more = (Add("crm", {"users": Decimal(20)}),)
    life = change_quote(desk, quote_id=quote_id, actor=REP, changed={"changes": more}, revision=1)
    assert life.quote.id == quote_id
    assert life.quote.totals is not None
    assert (life.quote.totals.arr, life.stored.revision) == (Decimal("12000.00"), 2)
    assert replay_quote(desk, quote_id=quote_id).is_equal
    with pytest.raises(QuoteStale, match="at revision 2, not 1") as refused:
        change_quote(desk, quote_id=quote_id, actor=REP, changed={"note": "late"}, revision=1)
    assert refused.value.facts["revision"] == 2


def test_a_change_of_a_contract_can_be_revised_after_the_contract_moved_on(desk: Desk) -> None:
    account = open_for_business(desk)
    booked(desk, an_ask(account))
    late = presented(desk, a_change(account, 20))
    booked(desk, a_change(account, 15, on=MAY))
    before = counts(desk)
    with pytest.raises(DomainError, match="priced from version 1 and is in version 2"):
        accept_quote(desk, quote_id=late, actor=REP)
    assert counts(desk) == before
    again = revise_quote(desk, quote_id=late, actor=REP, changed={})
    step(desk, again.quote.id, Action.PRESENT)
    assert accept_quote(desk, quote_id=again.quote.id, actor=REP).booked.contract.version == 3


def test_what_cannot_be_offered_is_not_submitted_or_presented(desk: Desk) -> None:
    account = open_for_business(desk)
    refused = asked(desk, an_ask(account, changes=(Add("analytics", {"users": Decimal(10)}),)))
    for action in (Action.SUBMIT, Action.PRESENT):
        with pytest.raises(NotBookable):
            step(desk, refused, action)
    assert counts(desk) == dict.fromkeys(WRITTEN, 0)


def test_a_quote_can_be_accepted_until_its_last_day(desk: Desk) -> None:
    account = open_for_business(desk)
    quote_id = presented(desk, an_ask(account))
    with pytest.raises(QuoteExpired):
        accept_quote(later(desk, VALID_DAYS + 1), quote_id=quote_id, actor=REP)
    assert accept_quote(later(desk, VALID_DAYS), quote_id=quote_id, actor=REP).booked.contract.version == 1


def test_quotes_that_nobody_answered_expire(desk: Desk) -> None:
    account = open_for_business(desk)
    quote_id, draft = presented(desk, an_ask(account)), asked(desk, an_ask(account))
    assert expire_quotes(later(desk, VALID_DAYS)) == ()
    assert expire_quotes(later(desk, VALID_DAYS + 1)) == (quote_id,)
    assert life_of(desk, quote_id).quote.state is QuoteState.EXPIRED
    assert life_of(desk, draft).quote.state is QuoteState.DRAFT
    with pytest.raises(TransitionNotAllowed, match="expired cannot be accepted"):
        accept_quote(desk, quote_id=quote_id, actor=REP)


def test_a_quote_that_is_declined_or_withdrawn_is_over(desk: Desk) -> None:
    account = open_for_business(desk)
    declined, withdrawn = presented(desk, an_ask(account)), asked(desk, an_ask(account))
    with pytest.raises(ReasonWanted):
        step(desk, declined, Action.DECLINE)
    assert step(desk, declined, Action.DECLINE, comment="no budget").quote.state is QuoteState.DECLINED
    assert step(desk, withdrawn, Action.WITHDRAW).quote.state is QuoteState.WITHDRAWN
    for over in (declined, withdrawn):
        with pytest.raises(TransitionNotAllowed) as refused:
            revise_quote(desk, quote_id=over, actor=REP, changed={})
        assert refused.value.facts["actions"] == []


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
    """Compiled rulebooks that are given once all who ask have asked: then each has read, and none has written."""

    def __init__(self, desk: Desk, parties: int) -> None:
        self.compiled, self.barrier = desk.compiled, Barrier(parties, timeout=60)

    def get(self, *asked: Any) -> Any:
        self.barrier.wait()
        return self.compiled.get(*asked)


def race(desk: Desk, accept: Callable[[Desk, int], object], parties: int) -> list[str]:
    """How each of several that act at once ends: "done", or the code it is refused with."""
    together: Any = Together(desk, parties)
    racing = replace(desk, compiled=together)

    def attempt(number: int) -> str:
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
    parties = desk.database.pool_size - 1  # one connection is kept for the loop
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


def test_steps_and_journal_cannot_be_changed(desk: Desk) -> None:
    presented(desk, an_ask(open_for_business(desk)))
    for table in ("quote_step", "journal"):
        for verb in (f"UPDATE {table} SET role = 'admin'", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="never changed"), desk.transaction() as session:
                session.connection.exec_driver_sql(verb)


def test_a_changed_entry_breaks_the_chain_and_is_named(desk: Desk) -> None:
    account = open_for_business(desk)
    for _ in range(3):
        presented(desk, an_ask(account))
    assert (verify_journal(desk).entries, verify_journal(desk).broken) == (3, None)
    with desk.transaction() as session:
        if session.connection.dialect.name == "sqlite":
            session.connection.exec_driver_sql("DROP TRIGGER tr_journal_update")
        else:
            session.connection.exec_driver_sql("DROP TRIGGER tr_journal_change ON journal")
        session.connection.exec_driver_sql("UPDATE journal SET role = 'admin' WHERE number = 2")
    found = verify_journal(desk)
    broken = found.broken
    assert found.entries == 1
    assert broken is not None
    assert (broken.number, broken.what) == (2, "entry 2 is not as it was written")


def test_a_step_is_named_by_the_quotes_of_its_own_tenant(desk: Desk) -> None:
    quote_id = presented(desk, an_ask(open_for_business(desk)))
    rival = desk.for_tenant("rival")
    with pytest.raises(DomainError) as refused:
        step(rival, quote_id, Action.WITHDRAW)
    assert refused.value.code == "quote-not-found"
    assert read_journal(rival, after=0, limit=10) == ()


def tamper(desk: Desk, *statements: str) -> None:
    """Changes the journal as somebody could who owns the database."""
    with desk.transaction() as session:
        if session.connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                session.connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS tr_journal_{verb}")
        else:
            session.connection.exec_driver_sql("DROP TRIGGER IF EXISTS tr_journal_change ON journal")
        for statement in statements:
            session.connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM journal WHERE number = 2", "entry 2 is missing"),
        ("DELETE FROM journal WHERE number = 3", "the chain was 3 entries long and has 2"),
        ("UPDATE journal SET number = 0 WHERE number = 1", "there is an entry before the first"),
        ("UPDATE journal SET data = 'x' WHERE number = 2", "entry 2 is not as it was written"),
        ("UPDATE journal SET previous_hash = hash WHERE number = 2", "entry 2 does not follow the one before it"),
    ],
)
def test_whatever_is_done_to_the_journal_is_found(statement: str, what: str, desk: Desk) -> None:
    account = open_for_business(desk)
    for _ in range(3):
        presented(desk, an_ask(account))
    tamper(desk, statement)
    broken = verify_journal(desk).broken
    assert broken is not None
    assert broken.what == what


def test_the_last_hash_shows_that_entries_and_head_were_taken_away_together(desk: Desk) -> None:
    account = open_for_business(desk)
    presented(desk, an_ask(account))
    first = verify_journal(desk).hash
    presented(desk, an_ask(account))
    kept_elsewhere = verify_journal(desk).hash
    head = f"UPDATE journal_head SET number = 1, hash = '{first}'"
    tamper(desk, "DELETE FROM journal WHERE number = 2", head)
    found = verify_journal(desk)
    assert found.broken is None
    assert found.hash != kept_elsewhere


def test_entries_made_while_the_chain_is_verified_do_not_break_it(desk: Desk) -> None:
    account = open_for_business(desk)
    ids = [asked(desk, an_ask(account)) for _ in range(12)]

    def withdraw(quote_id: str) -> None:
        step(desk, quote_id, Action.WITHDRAW)

    with ThreadPoolExecutor(2) as pool:
        writing = [pool.submit(withdraw, each) for each in ids]
        seen = [verify_journal(desk).broken for _ in range(12)]
        for each in writing:
            each.result()
    assert set(seen) == {None}
    assert verify_journal(desk).entries == 12


def test_a_change_by_somebody_who_may_give_more_does_not_lend_their_authority(desk: Desk) -> None:
    quote_id = asked(desk, an_ask(open_for_business(desk), discounts=TWELVE_OFF))
    noted = change_quote(desk, quote_id=quote_id, actor=MANAGER, changed={"note": "typo"})
    assert (noted.quote.request.role, noted.missing) == ("rep", ("manager",))
    own = change_quote(desk, quote_id=quote_id, actor=MANAGER, changed={"discounts": TWELVE_OFF})
    assert (own.quote.request.role, own.missing) == ("manager", ())


@pytest.mark.parametrize("name", ["rob", "Rob", " ROB "])
def test_nobody_approves_their_own_request_under_another_spelling_or_version(name: str, desk: Desk) -> None:
    quote_id = asked(desk, an_ask(open_for_business(desk), discounts=TWELVE_OFF))
    again = revise_quote(desk, quote_id=quote_id, actor=Actor("carl", "rep"), changed={}).quote.id
    step(desk, again, Action.SUBMIT, Actor("carl", "rep"))
    for who in (name, "carl"):
        with pytest.raises(OwnRequest):
            step(desk, again, Action.APPROVE, Actor(who, "manager"), level="manager")
    assert step(desk, again, Action.APPROVE, MANAGER, level="manager").quote.state is QuoteState.APPROVED


def test_a_first_sale_does_not_become_a_change_of_a_contract_that_came_meanwhile(desk: Desk) -> None:
    account = open_for_business(desk)
    draft = asked(desk, an_ask(account, term_months=24))
    booked(desk, an_ask(account, contract_id="new"))
    for again in (change_quote, revise_quote):
        with pytest.raises(ContractChangedMeanwhile):
            again(desk, quote_id=draft, actor=REP, changed={"note": "typo"})
    beside = change_quote(desk, quote_id=draft, actor=REP, changed={"contract_id": "new"})
    assert beside.quote.change is None


def test_a_last_day_that_is_over_is_not_asked_for_again(desk: Desk) -> None:
    last = NOON.date() + timedelta(days=5)
    quote_id = presented(desk, an_ask(open_for_business(desk), valid_until=last))
    again = revise_quote(later(desk, 6), quote_id=quote_id, actor=REP, changed={})
    assert again.stored.valid_until is None
    assert step(later(desk, 6), again.quote.id, Action.PRESENT).stored.valid_until is not None


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

    def booked_late(*asked: Any, **more: Any) -> Any:
        withdraw_rulebook(desk, hash=hash, reason="a price was wrong", actor=MANAGER)
        return book_contract(*asked, **more)

    monkeypatch.setattr(accepting, "book_contract", booked_late)
    with pytest.raises(RulebookWithdrawn, match="a price was wrong") as refused:
        accept_quote(desk, quote_id=quote_id, actor=REP)
    assert "still in force" in refused.value.fix
    assert [each.type for each in read_journal(desk, after=1, limit=9)] == ["rulebook.withdrawn"]


def test_what_cannot_be_offered_has_no_such_action(desk: Desk) -> None:
    refused = asked(desk, an_ask(open_for_business(desk), changes=(Add("analytics", {"users": Decimal(10)}),)))
    assert life_of(desk, refused).actions == (Action.CHANGE, Action.WITHDRAW, Action.REVISE)
