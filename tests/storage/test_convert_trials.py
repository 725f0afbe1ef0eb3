"""Trials that are bought by rule when their days are over (P29)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from pricing_engine.contracts.value import arr_on
from pricing_engine.desk import Desk
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.quoting.request import Trial
from pricing_engine.usecases.convert_trials import convert_trials
from pricing_engine.usecases.create_account import create_account
from pricing_engine.usecases.list_quotes import list_quotes
from pricing_engine.usecases.publish_rulebook import publish_rulebook
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.read_contract import read_contract
from tests.storage.test_contract_use_cases import booked
from tests.storage.test_use_cases import FEBRUARY, an_ask
from tests.unit.rulebook.small_rules import changed, small_rules

TERMS = """\
kind: terms
id: standard
why: try it
trials:
  - {product: analytics, days: 30, limits: {users: 25}, then: convert}
"""
IN_BANDS = """\
model: graduated
      bands: [{up_to: 100, unit_price: "20.00"}, {unit_price: "17.00"}]"""
MARCH = date(2026, 3, 1)
ENDS = date(2026, 3, 31)


def tried(desk: Desk) -> str:
    """An account that tries Analytics from 1 March, for 30 days."""
    rules = small_rules({"terms/standard.yaml": TERMS})
    publish_rulebook(desk, rules, author="ada", activate=True, reason="first")
    account = create_account(desk, name="Try Ltd", currency="USD", attributes={"segment": "smb"}).account.id
    booked(desk, an_ask(account, tier="growth"))
    booked(desk, QuoteAsk(account, "rep", MARCH, (Trial("analytics", {"users": Decimal(10)}),)))
    return account


def on(desk: Desk, day: date) -> Desk:
    return replace(desk, now=lambda: datetime.combine(day, time(12), UTC))


def test_what_was_tried_is_bought_at_the_price_of_its_day(desk: Desk) -> None:
    account = tried(desk)
    assert convert_trials(on(desk, date(2026, 3, 30))) == ()
    (done,) = convert_trials(on(desk, ENDS))
    assert (done.product, done.is_bought, done.why) == ("analytics", True, "")
    (stored,) = read_contract(desk, account_id=account, on=ENDS).contracts
    # 10 users of CRM at 50.00 and 10 of Analytics at 20.00 a month, and 10% for two products.
    assert stored.quote_id == done.quote_id
    assert arr_on(stored.contract, ENDS) > arr_on(stored.contract, FEBRUARY)
    assert stored.contract.conversions == ()
    assert convert_trials(on(desk, ENDS)) == ()


def test_one_that_cannot_be_bought_by_itself_is_left_to_somebody_once(desk: Desk) -> None:
    account = tried(desk)
    on_request = changed("price_books/usd.yaml", IN_BANDS, "on_request: true")
    publish_rulebook(desk, on_request, author="ada", activate=True, reason="prices are under review")
    (done,) = convert_trials(on(desk, ENDS))
    assert not done.is_bought
    assert done.quote_id is not None
    assert "is refused: price-on-request" in done.why
    assert list_quotes(desk, account_id=account).items[0].state is QuoteState.DRAFT
    assert convert_trials(on(desk, ENDS)) == ()
