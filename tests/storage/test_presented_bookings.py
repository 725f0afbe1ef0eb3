"""What a quote will book is written when it is presented, and accepting it books that and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import Any

import pytest
from babel import Locale

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.document import assemble
from pricing_engine.quoting.booking import book_contract
from pricing_engine.quoting.lifecycle import Action, ApprovalMissing
from pricing_engine.rendering.media import Form
from pricing_engine.storage import movements
from pricing_engine.storage.contract_json import encode_contract
from pricing_engine.storage.contracts import StoredContract
from pricing_engine.storage.quotes import QuoteAltered
from pricing_engine.usecases import presented_booking as presenting
from pricing_engine.usecases.accept_quote import accept_quote
from pricing_engine.usecases.quote_ask import held_by
from pricing_engine.usecases.quote_document import make_document, read_document_basis
from pricing_engine.usecases.quote_life import read_life
from pricing_engine.usecases.read_contract import read_contract
from pricing_engine.usecases.read_journal import verify_journal
from tests.storage.quote_lives import MANAGER, REP, TWELVE_OFF, WRITTEN, asked, counts, life_of, presented, step
from tests.storage.tampering import tamper
from tests.storage.test_contract_use_cases import a_change, booked
from tests.storage.test_use_cases import an_ask, open_for_business, row_count


def test_a_contract_that_would_not_come_to_what_the_quote_says_is_not_presented(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote_id = asked(desk, an_ask(open_for_business(desk)))

    def priced_otherwise(*asked: Any, **more: Any) -> Any:
        return book_contract(*asked, **more)._replace(lines=())

    monkeypatch.setattr(presenting, "book_contract", priced_otherwise)
    with pytest.raises(presenting.NotAsQuoted, match=r"says 6000\.00 a year"):
        step(desk, quote_id, Action.PRESENT)
    assert counts(desk) == dict.fromkeys(WRITTEN, 0)
    assert row_count(desk, "presented_booking") == 0


def test_a_contract_of_the_same_arr_that_would_bill_something_else_is_not_presented(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_for_business(desk)
    draft, signed = asked(desk, an_ask(account)), presented(desk, an_ask(account))
    forget_bookings(desk)

    def billed_otherwise(*asked: Any, **more: Any) -> Any:
        contract = book_contract(*asked, **more)
        (line,) = contract.lines
        first, *rest = line.instalments
        return contract._replace(lines=(line._replace(instalments=(first + Decimal("0.01"), *rest)),))

    monkeypatch.setattr(presenting, "book_contract", billed_otherwise)
    with pytest.raises(presenting.NotAsQuoted, match=r"says 6000\.00 over its term, .* would come to 6000\.01"):
        step(desk, draft, Action.PRESENT)
    # What a customer has is not taken back for a cent.
    assert accept_quote(desk, quote_id=signed, actor=REP).booked.contract.version == 1


def test_what_is_presented_is_booked_whatever_a_later_engine_would_make_of_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_for_business(desk)
    booked(desk, an_ask(account))
    quote_id = presented(desk, a_change(account, 20))
    expected = replayed(desk, quote_id)
    monkeypatch.setattr(presenting, "book_contract", lambda *_, **__: pytest.fail("it was made again"))
    done = accept_quote(desk, quote_id=quote_id, actor=REP)
    assert (done.booked.contract, done.booked.content_hash) == expected
    assert done.booked == contract_of(desk, account)
    with desk.reading() as session:
        assert done.movements == movements.of_version(session, done.booked.contract.id, 2)
        assert done.life == replace(read_life(session, quote_id), asked_by=frozenset())


def test_what_presented_quotes_of_an_older_engine_book_is_made_when_they_are_accepted(desk: Desk) -> None:
    account = open_for_business(desk)
    first = presented(desk, an_ask(account))
    forget_bookings(desk)
    assert accept_quote(desk, quote_id=first, actor=REP).booked == contract_of(desk, account)
    assert verify_journal(desk).broken is None
    change = presented(desk, a_change(account, 20))
    expected = replayed(desk, change)
    forget_bookings(desk)
    done = accept_quote(desk, quote_id=change, actor=REP)
    assert (done.booked.contract, done.booked.content_hash) == expected
    assert verify_journal(desk).broken is None


def test_the_document_of_a_presented_quote_is_of_the_contract_it_will_make(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_for_business(desk)
    booked(desk, an_ask(account))
    basis = read_document_basis(desk, quote_id=presented(desk, a_change(account, 20)))
    write = partial(make_document, locale=Locale("en", "US"), form=Form.HTML)
    made_anew = write(basis._replace(presented=None))
    monkeypatch.setattr(assemble, "book_contract", lambda *_, **__: pytest.fail("it was made again"))
    assert write(basis) == made_anew


@pytest.mark.parametrize(
    "change",
    [
        "booking = replace(booking, '6000.00', '6.00')",
        "contract = replace(contract, '6000.00', '6.00')",
        "content_hash = 'c0ffee'",
    ],
)
def test_what_a_quote_will_book_and_somebody_has_changed_is_not_booked(change: str, desk: Desk) -> None:
    quote_id = presented(desk, an_ask(open_for_business(desk)))
    tamper(desk, f"UPDATE presented_booking SET {change}")
    with pytest.raises(QuoteAltered, match=f"{quote_id} is not as it was stored"):
        accept_quote(desk, quote_id=quote_id, actor=REP)
    assert counts(desk)["contract_version"] == 0


def test_who_must_agree_must_still_have_agreed_when_it_is_accepted(desk: Desk) -> None:
    quote_id = asked(desk, an_ask(open_for_business(desk), discounts=TWELVE_OFF))
    step(desk, quote_id, Action.SUBMIT)
    step(desk, quote_id, Action.APPROVE, MANAGER, level="manager")
    step(desk, quote_id, Action.PRESENT)
    tamper(desk, "UPDATE quote_step SET content_hash = 'c0ffee' WHERE action = 'approve'")
    with pytest.raises(ApprovalMissing, match="manager must agree to it as it is"):
        accept_quote(desk, quote_id=quote_id, actor=REP)


def test_a_booking_that_was_made_anew_is_vouched_for_too(desk: Desk) -> None:
    quote_id = presented(desk, an_ask(open_for_business(desk)))
    forget_bookings(desk)  # as taking the schema back, and up again, does
    accept_quote(desk, quote_id=quote_id, actor=REP)
    assert verify_journal(desk).broken is None
    tamper(desk, "UPDATE presented_booking SET hash = 'c0ffee'")
    broken = verify_journal(desk).broken
    assert broken is not None
    assert broken.what == f"quote {quote_id}: what it was to book is not as it was presented"


def replayed(desk: Desk, quote_id: str) -> tuple[Contract, str]:
    """The contract that is made of a change's request anew, and the hash it is kept under."""
    request = life_of(desk, quote_id).quote.request
    with desk.reading() as session:
        held = held_by(desk, session, request)
        assert held is not None
        rulebook = desk.rulebook(session, life_of(desk, quote_id).quote.rulebook)
        contract = book_contract(request, rulebook=rulebook, contract_id=held.contract.id, held=held)
    return contract, sha256(encode_contract(contract)).hexdigest()


def contract_of(desk: Desk, account: str) -> StoredContract:
    """The account's only contract in its latest version."""
    (found,) = read_contract(desk, account_id=account, on=date.max).contracts
    return found


def forget_bookings(desk: Desk) -> None:
    """As a database is whose quotes were presented before bookings were kept."""
    tamper(desk, "DELETE FROM presented_booking")
