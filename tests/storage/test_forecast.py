"""The forecast of a real book on SQLite and PostgreSQL: what is known of the coming months, and that it abstains."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pricing_engine.desk import Desk
from pricing_engine.quoting.contract_change import QuoteType
from pricing_engine.quoting.quote import QuoteState
from pricing_engine.quoting.request import Cancel, Change, Renew
from pricing_engine.retention.calendar import Follows
from pricing_engine.retention.panel import Term
from pricing_engine.storage import renewals
from pricing_engine.usecases.book_quote import book_quote
from pricing_engine.usecases.quote_ask import QuoteAsk
from pricing_engine.usecases.read_forecast import Forecast, ForecastAsked, ForecastTooLate, read_forecast
from pricing_engine.usecases.request_quote import request_quote
from pricing_engine.usecases.retained_segments import SegmentUnknown
from tests.storage.retained_book import START, TERMS, ask, crm, on_day, sold, with_rules

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
