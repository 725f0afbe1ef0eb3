"""From a quote to a contract and back: booked, found by the next request, changed once, and replayed as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select

from pricing_engine.contracts.value import arr_on
from pricing_engine.desk import Desk
from pricing_engine.quoting.changes.contract_parts import NotBookable
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.lifecycle import TransitionNotAllowed
from pricing_engine.quoting.request import Add, Cancel, ContractRef, Remove, Set
from pricing_engine.storage import tables
from pricing_engine.storage.accounts import AccountNotFound
from pricing_engine.storage.contracts import ContractChangedMeanwhile, ContractNotFound
from pricing_engine.usecases.book_quote import book_quote
from pricing_engine.usecases.contract_choice import ContractAmbiguous, TermNotChangeable
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.preview_quote import PREVIEW_ID, preview_quote
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.read_contract import read_contract
from pricing_engine.usecases.read_contract_history import read_contract_history
from pricing_engine.usecases.records import StoredContract
from pricing_engine.usecases.replay_quote import replay_quote
from pricing_engine.usecases.request_quote import request_quote
from tests.storage.test_use_cases import FEBRUARY, an_ask, open_for_business, row_count
from tests.unit.rulebook.small_rules import changed, small_rules

LENIENT = (
    "kind: terms\nid: standard\nwhy: leave when you like\ncancellation: {notice_days: 0, fee: '0', credit: credit}\n"
)
MAY = date(2026, 5, 1)
JUNE = date(2026, 6, 1)


def users(number: int) -> dict[str, Decimal]:
    return {"users": Decimal(number)}


def a_change(account: str, number: int = 20, *, on: date = MAY, **more: Any) -> QuoteAsk:
    """So many users of CRM from May on, whatever there were."""
    return QuoteAsk(account, "rep", on, (Set("crm", users(number)),))._replace(**more)


def booked(desk: Desk, ask: QuoteAsk) -> StoredContract:
    """What the quote of a request makes when it is booked."""
    return book_quote(desk, quote_id=request_quote(desk, ask=ask, by="rep").quote.id, by="ada")


def test_a_booked_quote_is_what_the_account_has_from_its_first_day(desk: Desk) -> None:
    account = open_for_business(desk)
    stored = booked(desk, an_ask(account))
    # 10 users × 50.00 × 12 months, from 1 February.
    assert (stored.kind, stored.contract.version, stored.booked_by) == (QuoteType.NEW, 1, "ada")
    assert arr_on(stored.contract, FEBRUARY) == Decimal("6000.00")
    assert read_contract(desk, account_id=account, on=FEBRUARY).contracts == (stored,)
    assert read_contract(desk, account_id=account, on=FEBRUARY - timedelta(days=1)).contracts == ()
    (entry,) = read_contract_history(desk, account_id=account).items
    assert (entry.contract_id, entry.quote_id, entry.arr) == (stored.contract.id, stored.quote_id, Decimal("6000.00"))


def test_the_next_request_changes_the_contract_there_is(desk: Desk) -> None:
    account = open_for_business(desk)
    first = booked(desk, an_ask(account)).contract
    previewed = preview_quote(desk, ask=a_change(account))
    kept = request_quote(desk, ask=a_change(account), by="rep").quote
    assert previewed.id == PREVIEW_ID
    assert previewed._replace(id=kept.id) == kept
    assert kept.request.contract == ContractRef(first.id, 1)
    assert kept.request.term_months == 12
    assert kept.change is not None
    assert (kept.change.arr_before, kept.change.arr_after) == (Decimal("6000.00"), Decimal("12000.00"))
    second = book_quote(desk, quote_id=kept.id, by="bob")
    assert (second.kind, second.contract.id, second.contract.version) == (QuoteType.AMENDMENT, first.id, 2)
    assert (second.contract.effective, arr_on(second.contract, MAY)) == (MAY, kept.change.arr_after)


def test_a_change_is_replayed_from_the_version_it_was_priced_from(desk: Desk) -> None:
    account = open_for_business(desk)
    booked(desk, an_ask(account))
    quote = request_quote(desk, ask=a_change(account), by="rep").quote
    booked(desk, a_change(account, 30))
    dearer = changed("price_books/usd.yaml", '"50.00"', '"60.00"')
    publish_rulebook(desk, dearer, author="ada", activate=True, reason="price rise")
    again = replay_quote(desk, quote_id=quote.id)
    assert again.is_equal, again.differences


def test_a_change_prices_with_the_rules_the_contract_is_pinned_to(desk: Desk) -> None:
    account = open_for_business(desk)
    booked(desk, an_ask(account))
    dearer = changed("price_books/usd.yaml", '"50.00"', '"60.00"')
    new = publish_rulebook(desk, dearer, author="ada", activate=True, reason="price rise")
    quote = request_quote(desk, ask=a_change(account), by="rep").quote
    assert quote.rulebook == new.summary.hash
    # The 10 users there were stay at 50.00; 10 more are at 60.00: 12 × (500 + 600).
    assert quote.change is not None
    assert quote.change.arr_after == Decimal("13200.00")
    contract = book_quote(desk, quote_id=quote.id, by="ada").contract
    assert len(contract.rulebooks) == 2


def test_a_quote_is_booked_once(desk: Desk) -> None:
    quote = request_quote(desk, ask=an_ask(open_for_business(desk)), by="rep").quote
    book_quote(desk, quote_id=quote.id, by="ada")
    with pytest.raises(TransitionNotAllowed, match="accepted cannot be"):
        book_quote(desk, quote_id=quote.id, by="ada")
    assert row_count(desk, "contract_version") == 1


def test_a_quote_whose_contract_has_moved_on_is_not_booked(desk: Desk) -> None:
    account = open_for_business(desk)
    contract = booked(desk, an_ask(account)).contract
    late = request_quote(desk, ask=a_change(account, 20, on=JUNE), by="rep").quote
    booked(desk, a_change(account, 30))
    with pytest.raises(ContractChangedMeanwhile, match="priced from version 1 and is in version 2") as refused:
        book_quote(desk, quote_id=late.id, by="ada")
    assert refused.value.facts["contract"] == contract.id
    assert row_count(desk, "contract_version") == 2


def test_a_refused_quote_is_not_booked(desk: Desk) -> None:
    # Analytics requires CRM.
    ask = an_ask(open_for_business(desk), changes=(Add("analytics", users(10)),))
    quote = request_quote(desk, ask=ask, by="rep").quote
    assert quote.is_refused
    with pytest.raises(NotBookable, match="requires"):
        book_quote(desk, quote_id=quote.id, by="ada")
    assert row_count(desk, "contract_version") == 0


def test_a_quote_without_all_prices_is_not_booked(desk: Desk) -> None:
    # Onboarding is priced per deal.
    ask = an_ask(open_for_business(desk), changes=(Add("crm", users(10)), Add("onboarding")))
    quote = request_quote(desk, ask=ask, by="rep").quote
    assert not quote.is_complete
    with pytest.raises(NotBookable, match="price-on-request"):
        book_quote(desk, quote_id=quote.id, by="ada")


def test_contracts_stand_side_by_side_only_when_that_is_asked(desk: Desk) -> None:
    account = open_for_business(desk)
    one = booked(desk, an_ask(account)).contract.id
    two = booked(desk, an_ask(account, contract_id="new")).contract.id
    assert one != two
    with pytest.raises(ContractAmbiguous) as refused:
        preview_quote(desk, ask=a_change(account))
    assert (refused.value.pointer, refused.value.facts["contracts"]) == ("/contract_id", sorted([one, two]))
    named = preview_quote(desk, ask=a_change(account, contract_id=two)).request.contract
    assert named == ContractRef(two, 1)
    with pytest.raises(ContractNotFound) as unknown:
        preview_quote(desk, ask=a_change(account, contract_id="con_nobody"))
    assert unknown.value.pointer == "/contract_id"


def test_of_two_quotes_for_a_first_contract_one_is_booked(desk: Desk) -> None:
    account = open_for_business(desk)
    first, second = (request_quote(desk, ask=an_ask(account), by="rep").quote.id for _ in range(2))
    book_quote(desk, quote_id=first, by="ada")
    with pytest.raises(ContractChangedMeanwhile):
        book_quote(desk, quote_id=second, by="ada")
    assert row_count(desk, "contract_version") == 1


def test_a_first_contract_that_begins_later_is_one_too(desk: Desk) -> None:
    account = open_for_business(desk)
    early = request_quote(desk, ask=an_ask(account), by="rep").quote
    booked(desk, an_ask(account, effective_date=JUNE))
    with pytest.raises(ContractChangedMeanwhile):
        book_quote(desk, quote_id=early.id, by="ada")


def test_another_accounts_contract_is_not_found(desk: Desk) -> None:
    account = open_for_business(desk)
    theirs = booked(desk, an_ask(account)).contract.id
    ours = create_account(desk, name="Other", currency="USD", attributes={"segment": "smb"}).account.id
    with pytest.raises(ContractNotFound):
        preview_quote(desk, ask=a_change(ours, contract_id=theirs))


def test_after_its_end_a_contract_is_not_changed_but_sold_anew(desk: Desk) -> None:
    account = open_for_business(desk)
    booked(desk, an_ask(account))
    assert preview_quote(desk, ask=an_ask(account, effective_date=date(2027, 2, 1))).request.contract is None
    assert preview_quote(desk, ask=an_ask(account, effective_date=date(2027, 1, 31))).request.contract is not None


def test_only_the_contract_that_is_meant_is_read(desk: Desk) -> None:
    account = open_for_business(desk)
    booked(desk, an_ask(account))
    with desk.transaction() as session:
        row = dict(session.connection.execute(select(tables.contract_version)).mappings().one())
        for id_, ends in (("con_ended", MAY), ("con_runs", row["ends"])):
            other = {"contract_id": id_, "quote_id": None, "ends": ends, "state": "not to be read"}
            session.connection.execute(insert(tables.contract_version).values(row | other))
    # Of the two that run one has to be named; the one that has ended is not asked about.
    named = preview_quote(desk, ask=a_change(account, contract_id=row["contract_id"]))
    assert named.request.contract == ContractRef(row["contract_id"], 1)
    assert preview_quote(desk, ask=an_ask(account, contract_id="new")).change is None
    with pytest.raises(ContractAmbiguous) as refused:
        preview_quote(desk, ask=a_change(account))
    assert set(refused.value.facts["contracts"]) == {row["contract_id"], "con_runs"}


def test_a_change_within_the_term_keeps_its_length(desk: Desk) -> None:
    account = open_for_business(desk)
    booked(desk, an_ask(account, term_months=24))
    assert preview_quote(desk, ask=a_change(account)).request.term_months == 24
    assert preview_quote(desk, ask=a_change(account, term_months=24)).request.term_months == 24
    with pytest.raises(TermNotChangeable, match="24 months") as refused:
        preview_quote(desk, ask=a_change(account, term_months=12))
    assert refused.value.pointer == "/term_months"


def test_a_cancelled_contract_has_ended_on_its_day_and_is_still_read(desk: Desk) -> None:
    account = open_for_business(desk)
    rules = small_rules({"terms/standard.yaml": LENIENT})
    publish_rulebook(desk, rules, author="ada", activate=True, reason="terms")
    booked(desk, an_ask(account))
    booked(desk, QuoteAsk(account, "rep", JUNE, (Cancel(),)))
    read = read_contract(desk, account_id=account, on=JUNE)
    (stored,) = read.contracts
    assert (stored.kind, read.has_ended(stored), arr_on(stored.contract, JUNE)) == (QuoteType.CANCELLATION, True, 0)
    before = read_contract(desk, account_id=account, on=JUNE - timedelta(days=1))
    assert not before.has_ended(before.contracts[0])


READS: dict[str, Callable[[Desk], object]] = {
    "contract": lambda desk: read_contract(desk, account_id="acc_nobody"),
    "history": lambda desk: read_contract_history(desk, account_id="acc_nobody"),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_an_account_that_is_not_there_is_not_found(desk: Desk, read: Callable[[Desk], object]) -> None:
    with pytest.raises(AccountNotFound):
        read(desk)


def test_what_was_not_booked_changes_nothing(desk: Desk) -> None:
    account = open_for_business(desk)
    stored = booked(desk, an_ask(account))
    request_quote(desk, ask=QuoteAsk(account, "rep", MAY, (Remove("crm", users(5)),)), by="rep")
    assert read_contract(desk, account_id=account, on=JUNE).contracts == (stored,)
