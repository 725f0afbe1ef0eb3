"""The life of a quote: every action in every state."""

from datetime import UTC, date, datetime

import pytest

from pricing_engine.quoting.lifecycle import (
    TRANSITIONS,
    Action,
    Approval,
    ApprovalMissing,
    LevelNotAsked,
    OwnRequest,
    QuoteExpired,
    TransitionNotAllowed,
    actions_in,
    check_approver,
    check_valid,
    missing_levels,
    next_state,
)
from pricing_engine.quoting.quote import QuoteState as S

OPEN = (S.DRAFT, S.PENDING_APPROVAL, S.APPROVED, S.PRESENTED)
AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_every_state_is_in_the_table_and_the_last_ones_lead_nowhere():
    assert set(TRANSITIONS) == set(S)
    assert {state for state in S if not actions_in(state)} == set(S) - set(OPEN)


@pytest.mark.parametrize("state", OPEN)
def test_what_is_open_can_be_withdrawn_and_revised(state):
    assert next_state(state, Action.WITHDRAW) is S.WITHDRAWN
    assert next_state(state, Action.REVISE) is S.SUPERSEDED


def test_what_nobody_has_to_approve_goes_straight_to_the_customer():
    assert next_state(S.DRAFT, Action.PRESENT) is S.PRESENTED
    assert next_state(S.DRAFT, Action.SUBMIT) is S.APPROVED


def test_what_somebody_has_to_approve_waits_for_them():
    assert next_state(S.DRAFT, Action.SUBMIT, missing=["manager"]) is S.PENDING_APPROVAL
    assert next_state(S.PENDING_APPROVAL, Action.APPROVE, missing=["cfo"]) is S.PENDING_APPROVAL
    assert next_state(S.PENDING_APPROVAL, Action.APPROVE) is S.APPROVED
    assert next_state(S.PENDING_APPROVAL, Action.REJECT, missing=["cfo"]) is S.DRAFT
    with pytest.raises(ApprovalMissing, match="manager must agree") as refused:
        next_state(S.DRAFT, Action.PRESENT, missing=["manager"])
    assert refused.value.fix == "submit it, and have it approved"


@pytest.mark.parametrize(
    ("state", "action"),
    [(state, action) for state in S for action in Action if action not in TRANSITIONS[state]],
)
def test_what_is_not_in_the_table_is_refused_and_says_what_is(state, action):
    with pytest.raises(TransitionNotAllowed) as refused:
        next_state(state, action)
    assert refused.value.facts == {"state": state.value, "actions": [each.value for each in actions_in(state)]}


def test_an_approval_is_of_one_content_only():
    approvals = [Approval("manager", "a" * 64, "ann", AT, "")]
    assert missing_levels(["manager", "cfo"], approvals, "a" * 64) == ("cfo",)
    assert missing_levels(["manager", "cfo"], approvals, "b" * 64) == ("manager", "cfo")


def test_nobody_approves_their_own_request_or_what_they_are_not_asked():
    check_approver("cfo", by="ann", missing=["cfo"], asked_by=["bob"])
    with pytest.raises(OwnRequest):
        check_approver("cfo", by="bob", missing=["cfo"], asked_by=["bob"])
    with pytest.raises(LevelNotAsked, match="manager is not asked"):
        check_approver("manager", by="ann", missing=["cfo"], asked_by=["bob"])


def test_a_quote_can_be_accepted_on_its_last_day_and_not_after():
    check_valid(None, on=date(2026, 3, 1))
    check_valid(date(2026, 3, 1), on=date(2026, 3, 1))
    with pytest.raises(QuoteExpired, match="until 2026-03-01"):
        check_valid(date(2026, 3, 1), on=date(2026, 3, 2))
