"""Read what a change of price did to customers: the accounts it hit against like ones that it did not hit (N13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pricing_engine.desk import Desk
from pricing_engine.money import Currency, exact_arithmetic
from pricing_engine.retention.behaviour import Behaviour, behaviour_of
from pricing_engine.retention.behaviour_cases import Book, Design
from pricing_engine.retention.behaviour_history import histories_of, terms_of
from pricing_engine.retention.price_events import DEFAULT_AROUND, DEFAULT_MONTHS, Direction, PriceEvent
from pricing_engine.retention.rates import Window
from pricing_engine.retention.segments import segment_value, size_band
from pricing_engine.storage.booked_terms import booked_terms
from pricing_engine.usecases.retained_book import book_in


@dataclass(frozen=True, slots=True)
class AskedBehaviour:
    """Which events: those of the `months` that end with a day, with so many months `around` each."""

    event: PriceEvent
    direction: Direction
    closing: date
    months: int = DEFAULT_MONTHS
    around: int = DEFAULT_AROUND


@dataclass(frozen=True, slots=True)
class ReadBehaviour:
    """The comparison, with amounts in one currency, at the rates of the last day."""

    asked: AskedBehaviour
    currency: Currency
    found: Behaviour


def read_behaviour(desk: Desk, asked: AskedBehaviour) -> ReadBehaviour:
    """The comparison, read from the ledger and the terms of contracts. What is after today, nobody knows yet.

    Raises: StatisticsUnavailable without the extra `statistics`; NoRulebookInForce; RateMissing.
    """
    window = Window.ending(asked.closing, months=asked.months)
    until = min(asked.closing, desk.today())
    with desk.reading_still() as session:
        # At the rates of the last day: what is compared are shares, and long ago there may have been no rates.
        book = book_in(desk, session, Window(until, until))
        terms = terms_of(booked_terms(session, by=until))
    with exact_arithmetic():
        compared = Book(
            histories_of(book.entries),
            terms,
            size_band,
            {id_: segment_value(account.market) for id_, account in book.accounts.items()},
        )
        design = Design(asked.event, asked.direction, window, asked.around, until)
        return ReadBehaviour(asked, book.currency, behaviour_of(compared, design))
