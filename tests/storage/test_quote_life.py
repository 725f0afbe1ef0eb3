"""The life of quotes in a real database: what each step writes, and what it refuses without writing anything."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
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
from pricing_engine.quoting.request import Add
from pricing_engine.retention.movements import ArrKind, Cause
from pricing_engine.storage import movements
from pricing_engine.storage.contracts import ContractChangedMeanwhile
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.ask_again import change_quote, revise_quote
from pricing_engine.usecases.expire_quotes import expire_quotes
from pricing_engine.usecases.quote_life import Actor, QuoteStale
from pricing_engine.usecases.read_contract import read_contract
from pricing_engine.usecases.read_journal import read_journal
from pricing_engine.usecases.replay_quote import replay_quote
from pricing_engine.usecases.take_step import VALID_DAYS, ReasonWanted
from tests.builders import NOON
from tests.storage.quote_lives import MANAGER, REP, TWELVE_OFF, WRITTEN, asked, counts, later, life_of, presented, step
from tests.storage.test_contract_use_cases import MAY, a_change, booked
from tests.storage.test_use_cases import FEBRUARY, an_ask, open_for_business


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


def test_a_step_is_named_by_the_quotes_of_its_own_tenant(desk: Desk) -> None:
    quote_id = presented(desk, an_ask(open_for_business(desk)))
    rival = desk.for_tenant("rival")
    with pytest.raises(DomainError) as refused:
        step(rival, quote_id, Action.WITHDRAW)
    assert refused.value.code == "quote-not-found"
    assert read_journal(rival, after=0, limit=10) == ()


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


def test_what_cannot_be_offered_has_no_such_action(desk: Desk) -> None:
    refused = asked(desk, an_ask(open_for_business(desk), changes=(Add("analytics", {"users": Decimal(10)}),)))
    assert life_of(desk, refused).actions_on(desk.today()) == (Action.CHANGE, Action.WITHDRAW, Action.REVISE)


def test_once_its_last_day_is_over_a_quote_is_neither_presented_nor_accepted(desk: Desk) -> None:
    account, last = open_for_business(desk), NOON.date() + timedelta(days=5)
    draft, offered = asked(desk, an_ask(account, valid_until=last)), presented(desk, an_ask(account, valid_until=last))
    after = later(desk, 6)
    for quote_id, action in ((draft, Action.PRESENT), (offered, Action.ACCEPT)):
        life = life_of(desk, quote_id)
        can, can_then = life.actions_on(last), life.actions_on(after.today())
        assert (set(can) - set(can_then), set(can_then) - set(can)) == ({action}, set())
    for take in (lambda: step(after, draft, Action.PRESENT), lambda: accept_quote(after, quote_id=offered, actor=REP)):
        with pytest.raises(QuoteExpired):
            take()
    assert step(after, offered, Action.DECLINE, comment="late").actions_on(after.today()) == ()
