"""The book as retention sees it: its ledger in one currency over a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from pricing_engine.desk import Desk
from pricing_engine.money import Currency, exact_arithmetic, round_money
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.rates import Window
from pricing_engine.retention.told import Ledger
from pricing_engine.retention.valued import ValuedLedger, signed_for_later, valued
from pricing_engine.rulebook.rulebook import RateMissing, Rulebook
from pricing_engine.storage.kept_ledgers import KeptLedger
from pricing_engine.storage.ledger import LedgerAccount
from pricing_engine.storage.session import Session
from pricing_engine.usecases.current_ledger import current_ledger

Convert = Callable[[str, Decimal], Decimal]
"""An amount of a currency in the reporting currency."""


@dataclass(frozen=True)
class RetainedBook:
    """What is read once for all figures."""

    window: Window
    kept: KeptLedger
    rulebook: Rulebook

    @property
    def currency(self) -> Currency:
        """The reporting currency."""
        return self.rulebook.reporting_currency

    @property
    def accounts(self) -> Mapping[str, LedgerAccount]:
        """All accounts that have moved, by id."""
        return self.kept.accounts

    @cached_property
    def ledger(self) -> ValuedLedger:
        """The ledger up to the closing, at the rates of the opening day (N3).

        Raises: RateMissing for a currency that the rules in force do not convert on that day.
        """
        return self.valued(self.kept.ledger)

    @property
    def later(self) -> Decimal:
        """What is signed and moves on days after the window (N18).

        Raises: RateMissing.
        """
        convert = _converting(self._rate, self.currency)
        signed = signed_for_later(self.kept.ledger, after=self.window.closing)
        return sum([convert(code, amount) for code, amount in signed.items()], self.currency.zero)

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """Every movement up to the closing, by account and day: for what looks at customers one by one."""
        with exact_arithmetic():
            return self.ledger.entries(self.ledger.in_time)

    def valued(self, ledger: Ledger) -> ValuedLedger:
        """A ledger as that of the book.

        Raises: RateMissing.
        """
        return valued(ledger, self.currency, self._rate, until=self.window.closing)

    def _rate(self, code: str) -> Decimal:
        """What one unit of a currency is worth in all figures of the window.

        Raises: RateMissing, as a figure without some of its customers would be another one.
        """
        try:
            return self.rulebook.rates.rate(code, self.window.opening)
        except RateMissing as missing:
            first = self.rulebook.rates.first_day(code)
            later = "" if first is None else f", or ask for a window that opens on {first} or later"
            raise RateMissing(
                f"{missing.what}, the day the window opens: its figures are at the rates of that day",
                fix=f"add an entry to fx_rates.yaml that is in force then{later}",
                currency=code,
                on=self.window.opening,
                first=first,
            ) from None


def read_book(desk: Desk, window: Window) -> RetainedBook:
    """The book over a window.

    Raises: NoRulebookInForce.
    """
    with desk.reading_still() as session:
        return book_in(desk, session, window)


def book_in(desk: Desk, session: Session, window: Window) -> RetainedBook:
    """As `read_book`, as a session sees it."""
    rulebook = desk.rulebook_in_force(session, desk.today())
    kept = current_ledger(desk, session, rulebook)
    return RetainedBook(window, kept, rulebook)


def conversion_on(rulebook: Rulebook, day: date) -> Convert:
    """What converts an amount to the reporting currency at the rates of a day.

    Rounds: half up to its minor unit.
    """
    return _converting(lambda currency: rulebook.rates.rate(currency, day), rulebook.reporting_currency)


def _converting(rate: Callable[[str], Decimal], reporting: Currency) -> Convert:
    return lambda currency, amount: round_money(amount * rate(currency), reporting)
