"""Behaviour read of contracts that were booked, on SQLite and PostgreSQL (N13)."""

from __future__ import annotations

from datetime import date

from pricing_engine.desk import Desk
from pricing_engine.quoting.request import Cancel, Renew, Set
from pricing_engine.retention.behaviour import Behaviour, Outcome, Verdict
from pricing_engine.retention.behaviour_cases import LeftOut
from pricing_engine.retention.behaviour_history import terms_of
from pricing_engine.retention.price_events import Direction, PriceEvent
from pricing_engine.storage.booked_terms import booked_terms
from pricing_engine.usecases.read_behaviour import AskedBehaviour, read_behaviour
from tests.rulebooks import D
from tests.storage.retained_book import START, agree, crm, customer, on_day, with_rules
from tests.unit.rulebook.small_rules import FILES

TODAY = date(2027, 8, 1)
PRICES = FILES["price_books/usd.yaml"].replace("from: 2027-01-01, why: list 2027", "from: 2026-11-15, why: list 2027")


def read(desk: Desk, event: PriceEvent, closing: date = TODAY) -> Behaviour:
    return read_behaviour(on_day(desk, TODAY), AskedBehaviour(event, Direction.RISE, closing)).found


def test_a_renewal_at_a_higher_list_is_compared_with_one_of_the_same_quarter_before_it(desk: Desk) -> None:
    with_rules(desk, **{"price_books/usd.yaml": PRICES})
    # 10 users at 50.00 a month are 6,000 a year. List rises to 52.00 between the renewals of October and of December.
    for name, months in (("dearer", 11), ("flat", 9), ("gone", 12)):
        account = customer(desk, name)
        agree(desk, account, START, crm(10), term_months=months)
        if name == "dearer":
            agree(desk, account, date(2026, 12, 15), Renew())
        if name == "flat":
            agree(desk, account, date(2026, 10, 15), Renew())
            agree(desk, account, date(2027, 2, 1), Set("crm", {"users": D(14)}))
    found = read(desk, PriceEvent.LIST_CHANGE)
    assert (found.hit.accounts, found.hit.arr, found.hit.changed) == (1, D(6000), D("0.040000"))
    assert (found.like.accounts, found.like.arr, found.like.changed) == (1, D(6000), None)
    # 4 users more at 52.00 a month: 2,496 of 6,000. What the ten cost more since is a change of price.
    assert found.like.after == {Outcome.CHURN: 0, Outcome.CONTRACTION: 0, Outcome.EXPANSION: D("0.416000")}
    assert found.hit.after == {Outcome.CHURN: 0, Outcome.CONTRACTION: 0, Outcome.EXPANSION: 0}
    assert found.left_at_end_of_term == 1
    assert (found.verdict, found.is_alike_before) == (Verdict.FEW_ACCOUNTS, None)


def test_what_comes_after_today_is_not_over_whatever_day_is_asked_for(desk: Desk) -> None:
    with_rules(desk)
    account = customer(desk, "renews")
    agree(desk, account, START, crm(10), term_months=18)
    agree(desk, account, date(2027, 7, 15), Renew())
    for closing in (TODAY, date(2028, 12, 31)):
        found = read(desk, PriceEvent.LIST_CHANGE, closing)
        assert found.left_out[LeftOut.NOT_OVER] == 1
        assert (found.hit.cases, found.hit.after, found.verdict) == (0, None, Verdict.FEW_ACCOUNTS)


def test_of_nobody_nothing_is_told(desk: Desk) -> None:
    with_rules(desk)
    found = read(desk, PriceEvent.PROMOTION_END)
    assert (found.verdict, found.hit.cases, found.like.cases) == (Verdict.NO_EVENTS, 0, 0)


def test_currencies_are_at_the_rates_of_the_last_day(desk: Desk) -> None:
    """Two years ago, when the window opens, there were none."""
    rates = 'kind: fx_rates\nrates:\n  - {from: 2026-01-01, EUR: "1.10"}\n  - {from: 2027-02-01, EUR: "1.20"}\n'
    eur = PRICES.replace("id: usd\ncurrency: USD", "id: eur\ncurrency: EUR")
    with_rules(desk, **{"fx_rates.yaml": rates, "price_books/usd.yaml": PRICES, "price_books/eur.yaml": eur})
    for name, renews in (("dearer", date(2026, 12, 15)), ("flat", date(2026, 10, 15))):
        account = customer(desk, name, currency="EUR", market="DE")
        agree(desk, account, START, crm(10), term_months=renews.month - 1)
        agree(desk, account, renews, Renew())
    found = read(desk, PriceEvent.LIST_CHANGE)
    assert (found.hit.arr, found.like.arr) == (D(7200), D(7200))  # 6,000 at 1.20


def test_a_cancellation_is_told_from_what_ends_later(desk: Desk) -> None:
    with_rules(desk)
    account = customer(desk, "gone")
    agree(desk, account, START, crm(10))
    agree(desk, account, date(2026, 6, 1), Cancel())
    with desk.reading() as session:
        terms = terms_of(booked_terms(session, by=TODAY))
    assert terms.end_within(account, date(2026, 5, 1), TODAY)
    assert not terms.end_within(account, date(2026, 6, 1), TODAY)
