"""The forecast of a real book on SQLite and PostgreSQL: what is known of the coming months, and that it abstains."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pricing_engine.desk import Desk
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.quoting.request import Cancel, Change, Reinstate, Remove, Renew
from pricing_engine.retention.calendar import Follows
from pricing_engine.retention.panel import Term
from pricing_engine.storage import contracts, renewals
from pricing_engine.usecases.book_quote import book_quote
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.read_forecast import Forecast, ForecastAsked, ForecastTooLate, read_forecast
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.retained_segments import SegmentUnknown
from tests.storage.retained_book import START, TERMS, agree, analytics, ask, crm, customer, on_day, sold, with_rules
from tests.unit.rulebook.small_rules import FILES

TODAY, ENDS = date(2026, 12, 1), date(2027, 1, 15)
AUTO = TERMS.replace("basis: list", "basis: list, auto: true")


@pytest.fixture
def ready(desk: Desk) -> Desk:
    return with_rules(desk)


@pytest.fixture
def book(ready: Desk) -> dict[str, str]:
    return sold(ready)


def forecast(desk: Desk, **more: Any) -> Forecast:
    return read_forecast(on_day(desk, TODAY), ForecastAsked(TODAY, **more))


def ahead(desk: Desk, account: str, *changes: Change) -> str:
    """A quote asked for today that takes force when the term ends."""
    return request_quote(on_day(desk, TODAY), ask=QuoteAsk(account, "rep", ENDS, changes), by="ada").quote.id


def test_a_young_book_abstains_and_still_says_what_ends_and_what_is_open(ready: Desk, book: dict[str, str]) -> None:
    more = ask(ready, book["grows"], TODAY, crm(10))
    found = forecast(ready)
    assert found.distribution is None
    assert [reason.split(",")[0] for reason in found.abstains] == [
        "the ledger has 10 whole months by that day",
        "4 customers have something on that day",
        "customers left or took less 0 times",
    ]
    # Three terms of 6,000 end on 15 January; the fourth runs for another year.
    months = {each.closing: (each.contracts, each.arr) for each in found.calendar if each.contracts}
    assert months == {date(2027, 2, 1): (3, Decimal("18000.00"))}
    assert found.calendar[1].by_follows[Follows.OPEN] == 18000
    assert (len(found.calendar), found.calendar[-1].closing) == (12, date(2027, 12, 1))
    (quote,) = found.quotes
    assert (quote.quote_id, quote.state, quote.type) == (more, QuoteState.DRAFT, QuoteType.AMENDMENT)
    assert quote.arr == found.quoted == 6000


def test_what_follows_a_term_is_told_apart_as_it_is_known_on_the_day(ready: Desk, book: dict[str, str]) -> None:
    renewal, loss = ahead(ready, book["renews"], Renew()), ahead(ready, book["lapses"], Cancel())
    # List is 6,240 by now; the loss of 6,000 moves most, and so is first.
    assert [(each.quote_id, each.arr) for each in forecast(ready).quotes] == [(loss, -6000), (renewal, 240)]
    for quote_id in (renewal, loss):
        book_quote(on_day(ready, TODAY), quote_id=quote_id, by="ada")
    found = forecast(ready)
    assert found.quotes == []
    assert {follows.value: int(arr) for follows, arr in found.calendar[1].by_follows.items()} == {
        "open": 6000,
        "renews_itself": 0,
        "renewed": 6000,
        "given_up": 6000,
    }
    # What was booked today was not known the day before.
    before = read_forecast(on_day(ready, TODAY), ForecastAsked(date(2026, 11, 30)))
    assert before.calendar[1].by_follows[Follows.OPEN] == 18000


def test_what_is_given_up_is_lost_when_it_ends_whatever_terms_it_has(ready: Desk, book: dict[str, str]) -> None:
    """A term of years is cancelled within the window; another is renewed first, and cancelled only after it."""

    def agreed(account: str, day: date, change: Change) -> None:
        asked = QuoteAsk(book[account], "rep", day, (change,))
        quote_id = request_quote(on_day(ready, TODAY), ask=asked, by="ada").quote.id
        book_quote(on_day(ready, TODAY), quote_id=quote_id, by="ada")

    agreed("gives up", date(2027, 3, 10), Cancel())
    agreed("renews", ENDS, Renew())
    agreed("renews", date(2028, 1, 15), Cancel())
    agreed("grows", ENDS, Renew())
    agreed("grows", date(2027, 11, 15), Cancel())
    found = {
        each.closing: {follows: int(arr) for follows, arr in each.by_follows.items() if arr}
        for each in forecast(ready).calendar
        if each.contracts
    }
    assert found == {
        date(2027, 2, 1): {Follows.OPEN: 6000, Follows.RENEWED: 6000},
        date(2027, 4, 1): {Follows.GIVEN_UP: 24840},
        date(2027, 12, 1): {Follows.GIVEN_UP: 6000},
    }


def test_who_gives_up_all_is_lost_to_the_cent(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Products are converted one by one: of a contract converted whole a cent would stay, and a customer."""
    rates = 'kind: fx_rates\nrates:\n  - {from: 2026-01-01, EUR: "1.10001"}\n'
    eur = FILES["price_books/usd.yaml"].replace("id: usd\ncurrency: USD", "id: eur\ncurrency: EUR")
    with_rules(desk, **{"fx_rates.yaml": rates, "price_books/eur.yaml": eur})
    account = customer(desk, "gives up", currency="EUR", market="DE")
    agree(desk, account, START, crm(9), analytics(7))
    book_quote(on_day(desk, TODAY), quote_id=ahead(desk, account, Cancel()), by="ada")
    monkeypatch.setattr("pricing_engine.usecases.read_forecast.lacks", lambda panel, *, months: [])
    found = forecast(desk)
    assert found.calendar[1].by_follows[Follows.GIVEN_UP] == found.opening
    assert found.distribution is not None
    (expected,) = found.distribution.segments.values()
    assert (expected.churn, expected.kept) == (-found.opening, 0)


def test_what_cannot_be_booked_any_more_moves_nothing(ready: Desk, book: dict[str, str]) -> None:
    stale = ask(ready, book["grows"], TODAY, crm(10))
    agree(ready, book["grows"], TODAY, crm(10))
    refused = ask(ready, book["lapses"], TODAY, analytics(7), contract_id="new")  # it needs the other product
    account = customer(ready, "bought the other")
    first = ask(ready, account, TODAY, crm(10))
    agree(ready, account, TODAY, crm(12))
    found = forecast(ready)
    assert {each.quote_id: each.arr for each in found.quotes} == {stale: None, refused: None, first: None}
    assert found.quoted == 0


def test_a_quote_that_has_expired_is_open_on_no_day(ready: Desk, book: dict[str, str]) -> None:
    ask(ready, book["grows"], date(2026, 11, 1), crm(10), valid_until=date(2026, 11, 20))
    found = read_forecast(on_day(ready, TODAY), ForecastAsked(date(2026, 11, 15)))
    assert found.quotes == []


def test_who_has_lapsed_is_no_customer_and_what_has_lapsed_comes_back_whole(desk: Desk) -> None:
    book = sold(with_rules(desk, TERMS.replace("\ncancellation", "\nreinstatement: {within_days: 90}\ncancellation")))
    agree(desk, book["lapses"], date(2026, 6, 1), crm(7), term_months=24, contract_id="new")
    day = date(2027, 2, 1)
    with desk.reading() as session:
        (lapsed, _) = [each.contract.id for each in contracts.of_account(session, book["lapses"], on=TODAY)]
    back = ask(desk, book["lapses"], day, Reinstate(), contract_id=lapsed)
    ask(desk, book["renews"], day, crm(7))
    before = read_forecast(on_day(desk, day), ForecastAsked(day))
    # List is 6,240 a year by now. Who has nothing left is not among those whose retention it is.
    assert (before.customers, [(each.quote_id, each.arr) for each in before.quotes]) == (2, [(back, 6240)])
    book_quote(on_day(desk, day), quote_id=back, by="ada")
    assert read_forecast(on_day(desk, day), ForecastAsked(day)).opening == before.opening + 6240


def test_a_part_that_is_given_up_already_is_lost_in_every_outcome(
    ready: Desk, book: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pricing_engine.usecases.read_forecast.lacks", lambda panel, *, months: [])
    before = forecast(ready)
    asked = QuoteAsk(book["gives up"], "rep", date(2027, 3, 10), (Remove("analytics"),))
    quote_id = request_quote(on_day(ready, TODAY), ask=asked, by="ada").quote.id
    book_quote(on_day(ready, TODAY), quote_id=quote_id, by="ada")
    found = forecast(ready)
    assert found.distribution is not None
    assert before.distribution is not None
    # Nobody has ever grown here, so that nobody does. 20 users of analytics are 4,320 a year.
    assert before.distribution.kept.p90 == found.opening
    assert found.distribution.kept.p90 == found.opening - 4320


def test_months_after_the_last_of_a_month_end_with_it_as_those_of_the_back_test_do(
    ready: Desk, book: dict[str, str]
) -> None:
    on = date(2026, 6, 30)
    found = read_forecast(on_day(ready, TODAY), ForecastAsked(on, months=3))
    assert [each.closing for each in found.calendar] == [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)]
    assert found.window.closing == date(2026, 9, 30)


def test_a_term_that_renews_itself_is_told_apart(desk: Desk) -> None:
    sold(with_rules(desk, AUTO))
    assert forecast(desk).calendar[1].by_follows == {
        Follows.OPEN: 0,
        Follows.RENEWS_ITSELF: 18000,
        Follows.RENEWED: 0,
        Follows.GIVEN_UP: 0,
    }


def test_terms_are_known_from_when_they_were_booked_until_others_took_their_place(
    ready: Desk, book: dict[str, str]
) -> None:
    book_quote(on_day(ready, TODAY), quote_id=ahead(ready, book["renews"], Renew()), by="ada")
    book_quote(on_day(ready, TODAY), quote_id=ahead(ready, book["lapses"], Cancel()), by="ada")
    with ready.reading_still() as session:
        found = list(renewals.terms(session, renews_itself=lambda pin: pin is not None and pin.id == "other"))
    names = {account: name for name, account in book.items()}
    assert sorted((names[each.account], each) for each in found) == [
        ("gives up", Term(book["gives up"], date(2028, 1, 15), START)),
        ("grows", Term(book["grows"], ENDS, START)),
        ("lapses", Term(book["lapses"], ENDS, START)),
        ("renews", Term(book["renews"], ENDS, START, renewed=TODAY)),
        ("renews", Term(book["renews"], date(2028, 1, 15), TODAY)),
    ]


def test_a_term_that_was_cancelled_is_due_until_then_and_no_more(ready: Desk, book: dict[str, str]) -> None:
    day = date(2026, 10, 1)
    agree(ready, book["lapses"], date(2026, 6, 1), crm(7), term_months=24, contract_id="new")
    with ready.reading() as session:
        (cancelled, _) = [each.contract.id for each in contracts.of_account(session, book["lapses"], on=day)]
    agree(ready, book["lapses"], day, Cancel(), contract_id=cancelled)
    with ready.reading_still() as session:
        found = list(renewals.terms(session, renews_itself=lambda _: False))
    assert [each for each in found if each.account == book["lapses"]] == [
        Term(book["lapses"], ENDS, START, replaced=day),
        Term(book["lapses"], date(2028, 6, 1), date(2026, 6, 1)),
    ]


def test_a_term_is_under_the_terms_of_its_contract(ready: Desk, book: dict[str, str]) -> None:
    with ready.reading_still() as session:
        found = list(renewals.terms(session, renews_itself=lambda pin: pin is not None and pin.id == "standard"))
    assert [each.renews_itself for each in found] == [True] * len(book)


def test_what_cannot_be_asked_is_refused(ready: Desk, book: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert forecast(ready, by="segment,cohort").customers == len(book)
    for by in ("product", "segment,size", "colour"):
        with pytest.raises(SegmentUnknown):
            forecast(ready, by=by)
    with pytest.raises(ForecastTooLate):
        read_forecast(on_day(ready, TODAY), ForecastAsked(date(2026, 12, 2)))
    monkeypatch.setattr("pricing_engine.usecases.read_forecast.MOST_SEGMENTS", 1)
    assert forecast(ready, by="cohort").customers == len(book)
    with pytest.raises(SegmentUnknown, match="segment tells 2 segments apart"):
        forecast(ready, by="segment")
