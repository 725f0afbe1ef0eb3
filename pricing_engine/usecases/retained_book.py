"""The book as retention sees it: its ledger in one currency over a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from pricing_engine.contracts.contract import Contract
from pricing_engine.desk import Desk
from pricing_engine.money import Currency, exact_arithmetic, round_money
from pricing_engine.retention.ledger import Entry, converted, of_customers, returned_as_new, with_lapses
from pricing_engine.retention.rates import Window, returned_after
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.storage import ledger
from pricing_engine.storage.ledger import LedgerAccount
from pricing_engine.storage.session import Session

Convert = Callable[[str, Decimal], Decimal]
"""An amount of a currency in the reporting currency."""


@dataclass(frozen=True, slots=True)
class RetainedBook:
    """What is read once for all figures. `native` are the entries in their own currencies, `entries` in one (N3).

    `later` is what is signed and moves on days after the window (N18).
    """

    window: Window
    currency: Currency
    native: Sequence[Entry]
    entries: Sequence[Entry]
    accounts: Mapping[str, LedgerAccount]
    rulebook: Rulebook
    later: Decimal


def read_book(desk: Desk, window: Window) -> RetainedBook:
    """The book over a window, at the rates of its opening day.

    Raises: NoRulebookInForce; RateMissing for a currency that the rules in force do not convert on that day.
    """
    with desk.reading_still() as session, exact_arithmetic():
        rulebook = desk.rulebook_in_force(session, desk.today())
        stored = list(ledger.entries(session, by=window.closing))
        native = of_customers(with_lapses(stored, lapsed(desk, session, by=window.closing)))
        accounts = ledger.accounts(session)
        signed = ledger.signed_for_later(session, after=window.closing)
    with exact_arithmetic():
        convert = conversion_on(rulebook, window.opening)
        entries = list(converted(native, convert))
        later = sum([convert(code, amount) for code, amount in signed], rulebook.reporting_currency.zero)
    return RetainedBook(window, rulebook.reporting_currency, native, entries, accounts, rulebook, later)


def lapsed(desk: Desk, session: Session, *, by: date) -> dict[str, date]:
    """The contracts that have ended by a day, with the first day without them.

    Nobody knows of a term that has not ended yet whether it will be renewed, and one whose terms renew it by themselves
    is as good as renewed: both go on.
    """
    ended = ledger.ended(session, by=min(by, desk.today()))
    return {each.id: each.ends for each in ended if not _renews_itself(desk, session, each)}


def _renews_itself(desk: Desk, session: Session, contract: Contract) -> bool:
    pin = contract.terms
    if pin is None or contract.ends < contract.term.end:  # a term that was cut short was cancelled
        return False
    terms = next((each for each in desk.rulebook(session, pin.rulebook).terms if each.id == pin.id), None)
    return terms is not None and terms.renewal is not None and terms.renewal.auto


def with_returned_as_new(book: RetainedBook, gap_days: int | None) -> tuple[RetainedBook, Mapping[str, date]]:
    """The book with what customers have who were gone for longer told as new, and the days they left (N7)."""
    left = {} if gap_days is None else returned_after(book.entries, book.window, gap_days=gap_days)
    return replace(book, entries=list(returned_as_new(book.entries, left))), left


def conversion_on(rulebook: Rulebook, day: date) -> Convert:
    """What converts an amount to the reporting currency at the rates of a day.

    Rounds: half up to its minor unit.
    """
    return lambda currency, amount: round_money(
        amount * rulebook.rates.rate(currency, day), rulebook.reporting_currency
    )
