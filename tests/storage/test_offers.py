"""Offers end to end on SQLite and PostgreSQL: one trip to read, a stored quote in one call, and reasons when gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from pricing_engine.desk import Desk
from pricing_engine.quoting.offering.offer import Offers
from pricing_engine.quoting.request import Add
from pricing_engine.storage.accounts import AccountNotFound
from pricing_engine.storage.hot_statements import HotStatement
from pricing_engine.usecases.ask_again import revise_quote
from pricing_engine.usecases.book_quote import book_quote
from pricing_engine.usecases.contract_choice import ContractAmbiguous
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.quote_life import Actor
from pricing_engine.usecases.quote_offer import OfferGone, OfferNotFound, quote_offer
from pricing_engine.usecases.read_offers import read_offers
from pricing_engine.usecases.read_quote import read_quote
from pricing_engine.usecases.record_usage import Measured, record_usage
from pricing_engine.usecases.records import StoredQuote
from pricing_engine.usecases.replay_quote import replay_quote
from pricing_engine.usecases.request_quote import request_quote
from tests.builders import NOON
from tests.rulebooks import D
from tests.unit.rulebook.small_rules import FILES, small_rules

GROW = """\
kind: upsell_path
id: more-seats
from: {product: crm}
when: 'usage_share("users") >= 0.90'
offer: {capacity: {metric: users, more: 10}, incentive: {percent: "5%", months: 12}}
say: "{users_used} of {users_limit}."
why: seats run out
"""
NEW = """\
kind: upsell_path
id: start
offer: {product: crm, quantities: {users: 10}}
say: "Begin with {offer}."
why: everybody does
"""
TODAY = NOON.date()


@pytest.fixture
def account(desk: Desk) -> str:
    """An account without a contract, under the small rules with two paths."""
    files = small_rules({"upsell_paths/grow.yaml": GROW, "upsell_paths/new.yaml": NEW})
    publish_rulebook(desk, files, author="ada", activate=True, reason="first")
    return create_account(
        desk, name="Fjord AS", currency="USD", attributes={"segment": "enterprise", "prepaid": False}
    ).account.id


@pytest.fixture
def customer(desk: Desk, account: str) -> str:
    """The same with 10 users of CRM, of which 9 are in use."""
    buy(desk, account)
    use(desk, account, "9")
    return account


def buy(desk: Desk, account: str, **more: Any) -> None:
    ask = QuoteAsk(account, "rep", TODAY, (Add("crm", {"users": D(10)}),))._replace(**more)
    book_quote(desk, quote_id=request_quote(desk, ask=ask, by="ada").quote.id, by="ada")


def use(desk: Desk, account: str, users: str) -> None:
    reading = Measured(desk.new_id("r"), "users", desk.now(), D(users))
    record_usage(desk, account_id=account, readings=[reading], by="integration")


def offers(desk: Desk, account: str, **more: Any) -> Offers:
    return read_offers(desk, account_id=account, role="rep", **more)


def test_what_is_used_and_what_is_held_make_an_offer(desk: Desk, customer: str) -> None:
    (offer,) = [each for each in offers(desk, customer).offers if each.source == "more-seats"]
    # 10 × 50.00 × 12 = 6,000; × 0.95. The first invoice is of today and will have it in: nothing is due beside it.
    assert (offer.arr_difference, offer.due_now, offer.saving) == (D("5700.00"), D("0.00"), D("300.00"))
    assert offer.say == "9 of 10."


def test_an_account_without_a_contract_is_offered_new_sales(desk: Desk, account: str) -> None:
    found = offers(desk, account)
    assert found.contract is None
    assert "start" in {offer.source for offer in found.offers}
    assert "more-seats" not in {offer.source for offer in found.offers}


def test_nobody_has_no_offers_and_neither_has_another_tenants_account(desk: Desk, account: str) -> None:
    for other, id_ in ((desk, "acc_nobody"), (desk.for_tenant("rival"), account)):
        with pytest.raises(AccountNotFound):
            offers(other, id_)


def test_a_quote_of_an_offer_is_kept_as_it_was_offered_and_replays(desk: Desk, customer: str) -> None:
    offer = offers(desk, customer).offers[0]
    stored = quote_offer(
        desk, account_id=customer, offer_id=offer.id, role="rep", external_ref="opp-1", note="yes", valid_until=date.max
    )
    request = stored.quote.request
    assert (request.path, request.external_ref, request.note, request.valid_until) == (
        "more-seats",
        "opp-1",
        "yes",
        date.max,
    )
    assert stored.quote._replace(id="", request=offer.quote.request) == offer.quote._replace(id="")
    assert read_quote(desk, quote_id=stored.quote.id).stored == stored
    assert replay_quote(desk, quote_id=stored.quote.id).is_equal


def test_an_offer_that_is_taken_up_is_gone_with_the_reason(desk: Desk, customer: str) -> None:
    offer = offers(desk, customer).offers[0]
    book_quote(desk, quote_id=quote_offer(desk, account_id=customer, offer_id=offer.id, role="rep").quote.id, by="ada")
    with pytest.raises(OfferGone, match="more-seats is not offered any more: its condition does not hold") as gone:
        quote_offer(desk, account_id=customer, offer_id=offer.id, role="rep")
    assert gone.value.facts == {"source": "more-seats"}


def test_an_offer_that_has_changed_names_what_is_offered_instead(desk: Desk, account: str) -> None:
    (bundle,) = [each for each in offers(desk, account).offers if each.source == "insight-suite"][:1]
    buy(desk, account)
    now = [each.id for each in offers(desk, account).offers if each.source == "insight-suite"]
    with pytest.raises(OfferGone, match="insight-suite offers something else by now") as gone:
        quote_offer(desk, account_id=account, offer_id=bundle.id, role="rep")
    assert gone.value.facts["offers"] == now


def test_a_choice_that_cannot_be_sold_is_gone_for_its_own_reason(desk: Desk, account: str) -> None:
    bundle = FILES["bundles/insight-suite.yaml"].replace("api]", "onboarding]")
    publish_rulebook(
        desk, small_rules({"bundles/insight-suite.yaml": bundle}), author="ada", activate=True, reason="choice"
    )
    buy(desk, account)
    found = offers(desk, account)
    assert "insight-suite" in {each.source for each in found.offers}
    (withheld,) = [each for each in found.withheld if each.source == "insight-suite"]
    assert [change.product for change in withheld.request.changes] == ["onboarding"]  # type: ignore[union-attr]
    with pytest.raises(OfferGone, match="insight-suite cannot be offered now: price-on-request"):
        quote_offer(desk, account_id=account, offer_id=withheld.id, role="rep")


@pytest.mark.parametrize("id_", ["off", "off_1_2", "quo_0001", "off_" + "0" * 12 + "_" + "0" * 20])
def test_an_id_of_nothing_is_not_found(id_: str, desk: Desk, customer: str) -> None:
    with pytest.raises(OfferNotFound):
        quote_offer(desk, account_id=customer, offer_id=id_, role="rep")


def test_of_contracts_side_by_side_one_has_to_be_named(desk: Desk, customer: str) -> None:
    buy(desk, customer, contract_id="new")
    with pytest.raises(ContractAmbiguous) as refused:
        offers(desk, customer)
    for id_ in refused.value.facts["contracts"]:  # type: ignore[attr-defined]
        assert offers(desk, customer, contract_id=id_).contract == id_
    beside = offers(desk, customer, contract_id="new")
    assert beside.contract is None
    (first,) = [each for each in beside.offers if each.source == "start"]
    assert quote_offer(
        desk, account_id=customer, offer_id=first.id, role="rep", contract_id="new"
    ).quote.request.contract == ("new", 0)


def test_a_contract_that_begins_later_is_offered_for_its_first_day(desk: Desk, account: str) -> None:
    begins = date(2026, 3, 1)
    buy(desk, account, effective_date=begins)
    found = offers(desk, account)
    assert (found.as_of, found.effective_date) == (TODAY, begins)


@contextmanager
def statements(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is sent to the database, by Core or by the driver."""
    sent: list[str] = []
    rows: Callable[..., Any] = HotStatement.rows

    def counted(self: HotStatement, *args: Any) -> Any:
        sent.append("hot")
        return rows(self, *args)

    monkeypatch.setattr(HotStatement, "rows", counted)
    engine = desk.database.engine
    listen = lambda *args: sent.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listen)
    yield sent
    event.remove(engine, "before_cursor_execute", listen)


def test_offers_are_read_in_one_trip(desk: Desk, customer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    offers(desk, customer)  # compiles the rulebook
    with statements(desk, monkeypatch) as sent:
        offers(desk, customer)
    assert sent == ["hot"]


def revised(desk: Desk, quote_id: str, **changed: Any) -> StoredQuote:
    return revise_quote(desk, quote_id=quote_id, actor=Actor("ada", "rep"), changed=changed).stored


def test_a_revised_quote_keeps_its_incentive_while_it_asks_for_what_is_offered(desk: Desk, customer: str) -> None:
    offer = offers(desk, customer).offers[0]
    taken = quote_offer(desk, account_id=customer, offer_id=offer.id, role="rep")
    again = revised(desk, taken.quote.id, note="as we spoke", valid_until=date(2027, 1, 1))
    assert again.quote.request.path == "more-seats"
    assert (again.quote.totals, again.quote.lines) == (taken.quote.totals, taken.quote.lines)
    more = revised(desk, again.quote.id, changes=(Add("crm", {"users": D(11)}),))
    assert more.quote.request.path is None
    assert replay_quote(desk, quote_id=more.quote.id).is_equal


def test_a_revised_quote_has_no_incentive_that_is_not_offered_any_more(desk: Desk, customer: str) -> None:
    taken = quote_offer(desk, account_id=customer, offer_id=offers(desk, customer).offers[0].id, role="rep")
    use(desk, customer, "3")
    again = revised(desk, taken.quote.id, note="as we spoke")
    assert again.quote.request.path is None
    # 20 × 50.00 × 12 at list, the incentive of 5% on what is added gone.
    assert (taken.quote.totals.arr, again.quote.totals.arr) == (D("11700.00"), D("12000.00"))  # type: ignore[union-attr]
