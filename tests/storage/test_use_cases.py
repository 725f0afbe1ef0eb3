"""What can be done, end to end from a use case to the database: accounts, rulebooks, quotes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.quoting.request import Add
from pricing_engine.rulebook.load import RulebookRefused
from pricing_engine.storage import tables
from pricing_engine.storage.accounts import AccountNotFound, DuplicateExternalId
from pricing_engine.storage.quotes import QuoteNotFound
from pricing_engine.storage.rulebooks import NoRulebookInForce, RulebookNotFound
from pricing_engine.usecases.create_account import CurrencyUnknown, create_account
from pricing_engine.usecases.list_accounts import list_accounts
from pricing_engine.usecases.list_quotes import list_quotes
from pricing_engine.usecases.list_rulebooks import list_rulebooks
from pricing_engine.usecases.preview_quote import PREVIEW_ID, preview_quote
from pricing_engine.usecases.publish_rulebook import (
    ActivationBackdated,
    ReasonMissing,
    activate_rulebook,
    publish_rulebook,
)
from pricing_engine.usecases.quote_ask import CurrencyMismatch, QuoteAsk
from pricing_engine.usecases.read_account import read_account
from pricing_engine.usecases.read_quote import read_quote
from pricing_engine.usecases.read_rulebook import find_hash_in_force, read_rulebook
from pricing_engine.usecases.request_quote import request_quote
from tests.builders import NOON
from tests.unit.rulebook.small_rules import changed, small_rules

FEBRUARY = date(2026, 2, 1)


def open_for_business(desk: Desk) -> str:
    """Publishes the small rules and makes an account; its id."""
    publish_rulebook(desk, small_rules(), author="ada", activate=True, reason="first")
    return create_account(
        desk, name="Fjord AS", currency="USD", attributes={"segment": "smb"}, external_id="crm-1"
    ).account.id


def an_ask(account_id: str, **more: Any) -> QuoteAsk:
    """Ten users of CRM for a year from February."""
    asked = QuoteAsk(account_id, "rep", FEBRUARY, (Add("crm", {"users": Decimal(10)}),))
    return asked._replace(**more)


def row_count(desk: Desk, table: str) -> int:
    with desk.reading() as session:
        return session.connection.scalar(select(func.count()).select_from(tables.metadata.tables[table])) or 0


def test_a_requested_quote_is_kept_as_it_was_answered(desk: Desk) -> None:
    stored = request_quote(desk, ask=an_ask(open_for_business(desk), external_ref="opp-1"), by="rep@acme")
    # 10 users × 50.00 × 12 months.
    assert stored.quote.totals is not None
    assert stored.quote.totals.arr == Decimal("6000.00")
    assert stored.created_by == "rep@acme"
    assert read_quote(desk, quote_id=stored.quote.id).stored == stored
    assert [item.id for item in list_quotes(desk, external_ref="opp-1").items] == [stored.quote.id]


def test_a_preview_is_what_keeping_it_gives_and_writes_nothing(desk: Desk) -> None:
    ask = an_ask(open_for_business(desk))
    previewed = preview_quote(desk, ask=ask)
    assert row_count(desk, "quote") == 0
    kept = request_quote(desk, ask=ask, by="ada").quote
    assert previewed.id == PREVIEW_ID
    assert previewed._replace(id=kept.id) == kept


def test_the_rules_are_those_of_today_unless_a_day_is_given(desk: Desk) -> None:
    account = open_for_business(desk)
    assert preview_quote(desk, ask=an_ask(account)).request.as_of == NOON.date()
    with pytest.raises(NoRulebookInForce):
        preview_quote(desk, ask=an_ask(account, as_of=NOON.date() - timedelta(days=1)))


def test_a_quote_pins_the_version_that_was_in_force(desk: Desk) -> None:
    account = open_for_business(desk)
    first = request_quote(desk, ask=an_ask(account), by="ada")
    dearer = changed("price_books/usd.yaml", '"50.00"', '"60.00"')
    published = publish_rulebook(desk, dearer, author="ada", activate=True, reason="price rise")
    second = request_quote(desk, ask=an_ask(account), by="ada")
    assert second.quote.rulebook == published.summary.hash != first.quote.rulebook
    # 10 users × 60.00 × 12 months, beside the 6,000.00 of before.
    assert second.quote.totals is not None
    assert second.quote.totals.arr == Decimal("7200.00")
    assert read_quote(desk, quote_id=first.quote.id).stored == first


def test_an_activation_in_the_future_waits_for_its_day(desk: Desk) -> None:
    account = open_for_business(desk)
    dearer = changed("price_books/usd.yaml", '"50.00"', '"60.00"')
    april = datetime(2026, 4, 1, tzinfo=UTC)
    new = publish_rulebook(desk, dearer, author="ada", activate=True, reason="price rise", from_instant=april)
    old = preview_quote(desk, ask=an_ask(account)).rulebook
    assert preview_quote(desk, ask=an_ask(account, as_of=date(2026, 3, 31))).rulebook == old
    assert preview_quote(desk, ask=an_ask(account, as_of=date(2026, 4, 1))).rulebook == new.summary.hash


def test_an_activation_does_not_change_past_answers_unless_that_is_said(desk: Desk) -> None:
    account = open_for_business(desk)
    old = preview_quote(desk, ask=an_ask(account)).rulebook
    dearer = changed("price_books/usd.yaml", '"50.00"', '"60.00"')
    past = {"activate": True, "reason": "the book was wrong", "from_instant": NOON + timedelta(hours=1)}
    later = replace(desk, now=lambda: NOON + timedelta(days=3))
    with pytest.raises(ActivationBackdated, match=str(NOON.date())):
        publish_rulebook(later, dearer, author="ada", **past)
    assert list_rulebooks(desk).items[0].hash == old, "nothing of it was kept"
    new = publish_rulebook(later, dearer, author="ada", backdate=True, **past)
    assert new.in_force == new.activation
    assert preview_quote(later, ask=an_ask(account, as_of=NOON.date())).rulebook == new.summary.hash


def test_before_there_were_rules_a_version_may_count_from_any_day(desk: Desk) -> None:
    long_ago = NOON - timedelta(days=400)
    publish_rulebook(desk, small_rules(), author="ada", activate=True, reason="opening", from_instant=long_ago)
    assert find_hash_in_force(desk, as_of=long_ago.date()) is not None


def test_publishing_says_which_activation_counts_today(desk: Desk) -> None:
    open_for_business(desk)
    dearer = changed("price_books/usd.yaml", '"50.00"', '"60.00"')
    april = datetime(2026, 4, 1, tzinfo=UTC)
    published = publish_rulebook(desk, dearer, author="ada", activate=True, reason="rise", from_instant=april)
    assert published.in_force is not None
    assert published.in_force.rulebook != published.summary.hash


def test_rolling_back_brings_the_old_prices_back(desk: Desk) -> None:
    account = open_for_business(desk)
    before = preview_quote(desk, ask=an_ask(account))
    dearer = changed("price_books/usd.yaml", '"50.00"', '"60.00"')
    publish_rulebook(desk, dearer, author="ada", activate=True, reason="price rise")
    activate_rulebook(desk, hash=before.rulebook, reason="the rise was a mistake", by="bob")
    assert preview_quote(desk, ask=an_ask(account)).totals == before.totals


def test_publishing_alone_activates_nothing(desk: Desk) -> None:
    published = publish_rulebook(desk, small_rules(), author="ada")
    assert (published.is_new, published.activation) == (True, None)
    assert find_hash_in_force(desk, as_of=NOON.date()) is None


def test_publishing_twice_stores_once_and_keeps_the_first_author(desk: Desk) -> None:
    first = publish_rulebook(desk, small_rules(), author="ada", commit="c0ffee")
    again = publish_rulebook(desk, small_rules(), author="bob")
    assert (again.is_new, again.summary) == (False, first.summary)
    assert [item.hash for item in list_rulebooks(desk).items] == [first.summary.hash]


def test_a_published_rulebook_can_be_read_with_its_files_and_activations(desk: Desk) -> None:
    published = publish_rulebook(desk, small_rules(), author="ada", activate=True, reason="first")
    record = read_rulebook(desk, hash=published.summary.hash)
    assert record.version.files == small_rules()
    assert record.version.currency_digits == {"USD": 2, "EUR": 2}
    assert record.activations == (published.activation,)
    assert find_hash_in_force(desk, as_of=NOON.date()) == record.version.summary.hash


def test_rules_with_faults_are_refused_and_not_stored(desk: Desk) -> None:
    broken = changed("price_books/usd.yaml", '"50.00"', '"fifty"')
    with pytest.raises(RulebookRefused) as refused:
        publish_rulebook(desk, broken, author="ada", activate=True, reason="oops")
    assert refused.value.faults
    assert row_count(desk, "rulebook_version") == 0


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_activation_without_a_reason_stores_not_even_the_version(desk: Desk, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        publish_rulebook(desk, small_rules(), author="ada", activate=True, reason=reason)
    assert row_count(desk, "rulebook_version") == 0


def test_only_what_is_published_can_be_activated(desk: Desk) -> None:
    with pytest.raises(RulebookNotFound):
        activate_rulebook(desk, hash="f" * 64, reason="why not", by="bob")


def test_a_quote_in_another_currency_than_the_accounts_is_refused(desk: Desk) -> None:
    account = open_for_business(desk)
    with pytest.raises(CurrencyMismatch, match="billed in USD, not in EUR"):
        request_quote(desk, ask=an_ask(account, currency="EUR"), by="ada")
    assert preview_quote(desk, ask=an_ask(account, currency="USD")).currency.code == "USD"
    assert row_count(desk, "quote") == 0


def test_a_quote_that_cannot_be_priced_is_not_kept(desk: Desk) -> None:
    ask = an_ask(open_for_business(desk), changes=(Add("no-such-product"),))
    with pytest.raises(DomainError) as refused:
        request_quote(desk, ask=ask, by="ada")
    assert refused.value.pointer.startswith("/changes/0")
    assert row_count(desk, "quote") == 0


def test_a_quote_for_nobody_is_refused(desk: Desk) -> None:
    publish_rulebook(desk, small_rules(), author="ada", activate=True, reason="first")
    with pytest.raises(AccountNotFound) as refused:
        request_quote(desk, ask=an_ask("acc_nobody"), by="ada")
    assert refused.value.pointer == "/account_id"


def test_without_rules_nothing_is_quoted(desk: Desk) -> None:
    account = create_account(desk, name="Fjord AS", currency="USD").account.id
    with pytest.raises(NoRulebookInForce):
        request_quote(desk, ask=an_ask(account), by="ada")


def test_an_account_is_kept_and_listed(desk: Desk) -> None:
    made = create_account(desk, name="Fjord AS", currency="EUR", market="DE", external_id="crm-1")
    assert read_account(desk, account_id=made.account.id) == made
    assert list_accounts(desk).items == (made,)
    assert list_accounts(desk, external_id="crm-2").items == ()
    with pytest.raises(DuplicateExternalId):
        create_account(desk, name="Fjord again", currency="EUR", external_id="crm-1")


@pytest.mark.parametrize("currency", ["XXX", "XTS", "XAU", "DEM", "usd", "", "USDX"])
def test_an_account_is_billed_in_money_one_can_pay_with(desk: Desk, currency: str) -> None:
    with pytest.raises(CurrencyUnknown):
        create_account(desk, name="Fjord AS", currency=currency)


def test_another_tenants_ids_are_not_found_by_any_use_case(desk: Desk) -> None:
    account = open_for_business(desk)
    stored = request_quote(desk, ask=an_ask(account), by="ada")
    rival = desk.for_tenant("rival")
    with pytest.raises(AccountNotFound):
        read_account(rival, account_id=account)
    with pytest.raises(QuoteNotFound):
        read_quote(rival, quote_id=stored.quote.id)
    with pytest.raises(RulebookNotFound):
        read_rulebook(rival, hash=stored.quote.rulebook)
    assert list_quotes(rival).items == list_accounts(rival).items == list_rulebooks(rival).items == ()
