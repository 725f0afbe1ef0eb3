"""The steps of quotes beside the journal, in real databases: whoever changes one of them is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pricing_engine.desk import Desk
from pricing_engine.quoting.lifecycle import Action
from pricing_engine.storage import journal, quote_histories
from pricing_engine.storage.journal_chain import Broken
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.ask_again import change_quote, revise_quote
from pricing_engine.usecases.expire_quotes import expire_quotes
from pricing_engine.usecases.read_journal import verify_journal
from tests.storage.quote_lives import MANAGER, REP, TWELVE_OFF, asked, later, presented, step
from tests.storage.tampering import chain_anew, tamper
from tests.storage.test_use_cases import an_ask, open_for_business, row_count


def a_deal(desk: Desk) -> str:
    """A quote with the steps 2 to 5: submitted by rob, approved by mia, presented and accepted by rob."""
    quote_id = asked(desk, an_ask(open_for_business(desk), discounts=TWELVE_OFF))
    step(desk, quote_id, Action.SUBMIT)
    step(desk, quote_id, Action.APPROVE, MANAGER, level="manager", comment="a competitor is cheaper")
    step(desk, quote_id, Action.PRESENT)
    accept_quote(desk, quote_id=quote_id, actor=REP)
    return quote_id


def found(desk: Desk) -> Broken:
    broken = verify_journal(desk).broken
    assert broken is not None
    return broken


def enter(desk: Desk, type: str, subject: str, **data: object) -> int:
    """An entry that no step made, chained as it should be; its number."""
    with desk.transaction() as session:
        happening = journal.Happening(desk.new_id("evt"), type, subject, desk.now(), "eve", "admin", data)
        return journal.enter(session, happening)


def test_every_kind_of_step_has_its_entry(desk: Desk) -> None:
    account = open_for_business(desk)
    asked(desk, an_ask(account))
    changed = asked(desk, an_ask(account, discounts=TWELVE_OFF))
    change_quote(desk, quote_id=changed, actor=REP, changed={"note": "x"})
    step(desk, changed, Action.SUBMIT, comment=" ")
    step(desk, changed, Action.REJECT, MANAGER, comment="too much")
    step(desk, changed, Action.SUBMIT)
    step(desk, changed, Action.APPROVE, MANAGER, level="manager", comment="so be it")
    revised = revise_quote(desk, quote_id=changed, actor=REP, changed={"note": "y"}).quote.id
    step(desk, revised, Action.WITHDRAW)
    step(desk, presented(desk, an_ask(account)), Action.DECLINE, comment="no budget")
    presented(desk, an_ask(account))
    expire_quotes(later(desk, 40))
    accept_quote(desk, quote_id=presented(desk, an_ask(account)), actor=REP)
    verified = verify_journal(desk)
    assert verified.broken is None
    assert (verified.quotes, verified.steps) == (row_count(desk, "quote"), row_count(desk, "quote_step")) == (6, 13)
    with desk.reading() as session:
        kinds = session.connection.exec_driver_sql("SELECT DISTINCT action FROM quote_step").all()
    assert {kind for (kind,) in kinds} == {action.value for action in Action}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("by = 'eve'", "by is 'eve' in the step, 'mia' in the entry"),
        ("role = 'admin'", "role is 'admin' in the step, 'manager' in the entry"),
        ("level = 'cfo'", "level is 'cfo' in the step, 'manager' in the entry"),
        ("level = NULL", "level is None in the step, 'manager' in the entry"),
        ("comment = ''", "comment is '' in the step, 'a competitor is cheaper' in the entry"),
        ("action = 'reject'", "action is 'reject' in the step, 'approve' in the entry"),
        ("action = 'nothing'", "action is 'nothing' in the step, 'approve' in the entry"),
        ("from_state = 'draft'", "from_state is 'draft' in the step, 'pending_approval' in the entry"),
        ("to_state = 'presented'", "to_state is 'presented' in the step, 'approved' in the entry"),
        ("by = 'x\x1b[2J'", "by is 'x\\x1b[2J' in the step, 'mia' in the entry"),
    ],
)
def test_a_changed_approval_is_named_with_what_differs(change: str, what: str, desk: Desk) -> None:
    quote_id = a_deal(desk)
    tamper(desk, f"UPDATE quote_step SET {change} WHERE action = 'approve'")
    broken = found(desk)
    assert broken.what == f"quote {quote_id}: step 3 and entry 2 of the log differ: {what}"
    assert (broken.quote_id, broken.step, broken.number) == (quote_id, 3, 2)
    assert "table quote_step" in broken.fix
    assert (verify_journal(desk).entries, verify_journal(desk).quotes) == (4, 0)


@pytest.mark.parametrize("change", ["at = '2026-01-15 12:00:00.000000'", "content_hash = 'c0ffee'"])
def test_the_instant_and_the_content_of_a_step_are_compared_too(change: str, desk: Desk) -> None:
    a_deal(desk)
    tamper(desk, f"UPDATE quote_step SET {change} WHERE action = 'accept'")
    assert f"step 5 and entry 4 of the log differ: {change.split(maxsplit=1)[0]} is " in found(desk).what


INSERTED = (
    "INSERT INTO quote_step SELECT tenant_id, quote_id, 6, action, from_state, to_state, at, 'eve', role, 'cfo', "
    "comment, content_hash FROM quote_step WHERE number = 3"
)


@pytest.mark.parametrize(
    ("statement", "number", "entry", "what"),
    [
        (
            "DELETE FROM quote_step WHERE number = 3",
            3,
            2,
            " is missing: entry 2 of the log is 'quote.approved' by 'mia'",
        ),
        (
            "DELETE FROM quote_step WHERE number = 5",
            5,
            4,
            " is missing: entry 4 of the log is 'quote.accepted' by 'rob'",
        ),
        ("DELETE FROM quote_step", 2, 1, " is missing: entry 1 of the log is 'quote.submitted' by 'rob'"),
        ("UPDATE quote_step SET number = number + 10 WHERE number > 3", 4, 3, " is missing: entry 3 of the log is"),
        ("UPDATE quote_step SET number = 1 WHERE number = 2", 2, 1, " is missing: entry 1 of the log is"),
        (INSERTED, 6, None, ", 'approve' by 'eve', has no entry in the log"),
    ],
)
def test_steps_that_were_taken_away_put_in_or_moved_are_found(
    statement: str, number: int, entry: int | None, what: str, desk: Desk
) -> None:
    quote_id = a_deal(desk)
    tamper(desk, statement)
    broken = found(desk)
    assert broken.what.startswith(f"quote {quote_id}: step {number}{what}")
    assert (broken.step, broken.number) == (number, entry)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("state = 'draft'", "the quote is 'draft' at revision 5, and step 5 left it 'accepted'"),
        ("revision = 4", "the quote is 'accepted' at revision 4, and step 5 left it 'accepted'"),
        ("content_hash = 'c0ffee'", "the quote has another content than step 5 left it with"),
        (
            "valid_until = '2099-12-31'",
            "the quote is valid until '2099-12-31', and step 5 left it valid until '2026-02-14'",
        ),
        ("valid_until = NULL", "the quote is valid until None, and step 5 left it valid until '2026-02-14'"),
    ],
)
def test_a_quote_is_where_its_last_step_left_it(change: str, what: str, desk: Desk) -> None:
    quote_id = a_deal(desk)
    tamper(desk, f"UPDATE quote SET {change}")
    broken = found(desk)
    assert (broken.what, broken.step, broken.number) == (f"quote {quote_id}: {what}", 5, None)
    assert "table quote," in broken.fix


def test_a_draft_that_somebody_made_approved_is_found(desk: Desk) -> None:
    quote_id = asked(desk, an_ask(open_for_business(desk), discounts=TWELVE_OFF))
    assert verify_journal(desk).broken is None
    tamper(desk, "UPDATE quote SET state = 'approved'")
    what = "the quote is 'approved' at revision 1, and nothing was done with it since it was made"
    assert (found(desk).what, found(desk).step) == (f"quote {quote_id}: {what}", None)


def test_a_log_that_was_chained_anew_without_an_approval_is_found_by_its_step(desk: Desk) -> None:
    quote_id = a_deal(desk)
    tamper(desk, "DELETE FROM journal WHERE type = 'quote.approved'")
    chain_anew(desk)
    broken = found(desk)
    assert broken.what == f"quote {quote_id}: step 3, 'approve' by 'mia', has no entry in the log"
    assert (verify_journal(desk).entries, broken.step, broken.number) == (3, 3, None)
    tamper(desk, "DELETE FROM quote_step WHERE action = 'approve'")
    assert found(desk).what == f"quote {quote_id}: step 3 is missing, and its entry in the log too"


def test_steps_and_entries_that_agree_still_follow_one_from_the_other(desk: Desk) -> None:
    quote_id = a_deal(desk)
    said = """UPDATE journal SET data = replace(data, '"state_before":"approved"', '"state_before":"draft"')"""
    tamper(desk, "UPDATE quote_step SET from_state = 'draft' WHERE number = 4", said)
    chain_anew(desk)
    what = f"quote {quote_id}: step 4 was taken from 'draft', and the quote was 'approved' before it"
    assert (found(desk).what, found(desk).number) == (what, 3)


def test_an_entry_that_no_step_made_is_found(desk: Desk) -> None:
    quote_id = a_deal(desk)
    number = enter(desk, "quote.approved", quote_id, revision=6)
    assert found(desk).what == f"quote {quote_id}: step 6 is missing: entry 5 of the log is 'quote.approved' by 'eve'"
    assert found(desk).number == number


@pytest.mark.parametrize("revision", [3, 5])
def test_an_entry_about_a_step_that_has_one_is_found(revision: int, desk: Desk) -> None:
    quote_id = a_deal(desk)
    enter(desk, "quote.approved", quote_id, revision=revision)
    what = f"quote {quote_id}: entry 5 of the log is about step {revision}, as an entry before it is"
    assert (found(desk).what, found(desk).number) == (what, 5)


def test_an_entry_that_does_not_say_which_step_it_is_of_is_found(desk: Desk) -> None:
    quote_id = a_deal(desk)
    enter(desk, "quote.approved", quote_id, revision=None)
    assert found(desk).what == f"quote {quote_id}: step 6 is missing, and its entry in the log too"


@pytest.mark.parametrize("id", ["", "quo", "zzz"])
def test_entries_and_steps_of_a_quote_that_is_not_there_are_found(id: str, desk: Desk) -> None:
    a_deal(desk)
    tamper(
        desk,
        f"INSERT INTO quote_step SELECT tenant_id, '{id}', number, action, from_state, to_state, at, by, role, level, "
        "comment, content_hash FROM quote_step WHERE number = 3",
    )
    assert found(desk).what == f"quote {id}: the quote is not there, and has step 3, 'approve' by 'mia'"
    enter(desk, "quote.approved", id, revision=3)
    assert (
        found(desk).what == f"quote {id}: the quote is not there, and entry 5 of the log is 'quote.approved' by 'eve'"
    )


def test_a_quote_that_was_taken_away_is_found_by_what_is_left_of_it(desk: Desk) -> None:
    quote_id = presented(desk, an_ask(open_for_business(desk)))
    tamper(desk, "DELETE FROM presented_booking", "DELETE FROM quote_step", "DELETE FROM quote")
    assert found(desk).what == (
        f"quote {quote_id}: the quote is not there, and entry 1 of the log is 'quote.presented' by 'rob'"
    )


UNREADABLE = {"sqlite": ["at = 'never'", "by = CAST(x'ff' AS TEXT)"], "postgresql": ["at = 'infinity'"]}


def test_a_step_that_the_driver_cannot_read_is_named_by_its_quote(desk: Desk) -> None:
    account = open_for_business(desk)
    presented(desk, an_ask(account))
    quote_id = presented(desk, an_ask(account))
    for change in UNREADABLE[desk.database.engine.dialect.name]:
        tamper(desk, f"UPDATE quote_step SET {change} WHERE quote_id = '{quote_id}'")
        assert found(desk).what == f"quote {quote_id}: a step of the quote cannot be read", change


@pytest.mark.parametrize("at_once", [1, 2, 3, 5])
def test_quotes_are_read_some_at_a_time_and_none_is_passed_over(
    at_once: int, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_for_business(desk)
    ids = sorted(presented(desk, an_ask(account)) for _ in range(6))
    monkeypatch.setattr(quote_histories, "_AT_ONCE", at_once)
    heard: list[tuple[str, int, int]] = []
    verified = verify_journal(desk, on_progress=lambda *said: heard.append(said))
    assert (verified.broken, verified.quotes, verified.steps) == (None, 6, 6)
    assert heard == [("quotes", done, 6) for done in range(1, 7)]
    for place, id in reversed(list(enumerate(ids))):
        tamper(desk, f"UPDATE quote_step SET by = 'eve' WHERE quote_id = '{id}'")
        assert (found(desk).quote_id, verify_journal(desk).quotes) == (id, place)
    enter(desk, "quote.approved", f"{ids[2]}x", revision=2)
    tamper(desk, "UPDATE quote_step SET by = 'rob'")
    assert found(desk).quote_id == f"{ids[2]}x"


def test_another_tenant_s_quotes_are_theirs(desk: Desk) -> None:
    theirs = desk.for_tenant("other")
    presented(theirs, an_ask(open_for_business(theirs)))
    presented(desk, an_ask(open_for_business(desk)))
    tamper(desk, "UPDATE quote_step SET by = 'eve' WHERE tenant_id = 'other'")
    assert (verify_journal(desk).broken, verify_journal(desk).quotes) == (None, 1)
    assert verify_journal(theirs).broken is not None


def test_the_instant_of_a_step_is_the_entry_s_to_the_microsecond(desk: Desk) -> None:
    odd = replace(desk, now=lambda: desk.now() + timedelta(microseconds=123_457))
    presented(odd, an_ask(open_for_business(odd)))
    assert verify_journal(odd).broken is None
