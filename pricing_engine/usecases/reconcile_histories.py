"""Compare what tables of revenue said of each month with the ledger, and with contracts where there are both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

import numpy as np

from pricing_engine.desk import Desk
from pricing_engine.money import ONE, ZERO, Currency, exact_arithmetic, round_money
from pricing_engine.retention.columns import DECIMALS
from pricing_engine.retention.customer_ledger import CustomerLedger, customer_ledgers
from pricing_engine.retention.histories import history_id
from pricing_engine.retention.ledger import Entry
from pricing_engine.retention.reconciliation import Compared, Contradiction, MonthTotal, Reconciliation
from pricing_engine.retention.told import Ledger
from pricing_engine.retention.valued import valued
from pricing_engine.storage import histories
from pricing_engine.storage.histories import StoredMonth
from pricing_engine.usecases.current_ledger import current_ledger
from pricing_engine.usecases.retained_book import Convert, conversion_on

SOURCE: Final = "histories"
_LEDGER, _CONTRACTS, _LEFT_OUT = "ledger-differs", "contracts-differ", "left-out-since"
_WHY: Final = {
    _LEDGER: "what was imported of a month is what the ledger has on its first day, until contracts take over",
    _CONTRACTS: "since then contracts are the ledger, and a table that goes on says the same of each month",
    _LEFT_OUT: "who had revenue in the last month imported of it, and no contract since, is in later tables too",
}


def reconcile_histories(desk: Desk, *, on: date) -> Reconciliation:
    """Every month up to a day in which an imported history and the ledger differ, and the totals of each month.

    Months are compared to the cent, in the accounts' currencies; what is at stake is told in the reporting currency.
    Raises: NoRulebookInForce; RateMissing.
    """
    with desk.reading_still() as session, exact_arithmetic():
        rulebook = desk.rulebook_in_force(session, desk.today())
        kept = current_ledger(desk, session, rulebook).ledger
        months = [each for each in histories.months(session) if each.month.month <= on]
        native = _native(kept, {each.account_id for each in months}, on)
        compared = _Comparing(customer_ledgers(native), conversion_on(rulebook, on), desk.currency_digits)
        latest = max((each.month.month for each in months), default=on)
        for _, found in groupby(months, lambda each: each.account_id):
            compared.account(list(found), latest)
    totals = [
        MonthTotal(month, code, each.customers, each.imported, each.in_ledger)
        for (month, code), each in sorted(compared.totals.items())
    ]
    return Reconciliation(on, rulebook.reporting_currency, list(compared.kinds.values()), compared.found, totals)


def _native(kept: Ledger, accounts: Iterable[str], on: date) -> list[Entry]:
    """What the ledger has of some accounts up to a day, in their own currencies."""
    native = valued(kept, Currency("", DECIMALS), lambda _: ONE, until=on)
    numbers = [kept.named.accounts.get(each, -1) for each in accounts]
    places = native.in_time
    return native.entries(places[np.isin(kept.columns.account[places], numbers)])


@dataclass(slots=True)
class _Total:
    """What tables and the ledger say of a month, in a currency."""

    customers: int = 0
    imported: Decimal = ZERO
    in_ledger: Decimal = ZERO


@dataclass(slots=True)
class _Comparing:
    """What was compared so far, against the ledger by account in its own currency."""

    customers: Mapping[str, CustomerLedger]
    convert: Convert
    digits: Mapping[str, int]
    kinds: dict[str, Compared] = field(
        default_factory=lambda: {check: Compared(SOURCE, check, why) for check, why in _WHY.items()}
    )
    found: list[Contradiction] = field(default_factory=list)
    totals: dict[tuple[date, str], _Total] = field(default_factory=dict)

    def account(self, months: Sequence[StoredMonth], latest: date) -> None:
        """Compares the months of an account, all its product lines together."""
        account, code = months[0].account_id, months[0].currency
        customer = self.customers.get(account, CustomerLedger())
        taken_over = _first_contract(account, customer)
        currency = Currency(code, self.digits[code])
        last = months[0]
        for month, lines in _by_month(months):
            imported = sum([each.month.per_year(currency) for each in lines], currency.zero)
            in_ledger = round_money(customer.whole.on(month), currency)
            total = self.totals.setdefault((month, code), _Total())
            total.customers += bool(imported or in_ledger)
            total.imported += imported
            total.in_ledger += in_ledger
            is_taken = taken_over is not None and taken_over <= month
            self._compare(_CONTRACTS if is_taken else _LEDGER, lines[0], imported, in_ledger)
            last = lines[0]
        if taken_over is None:
            self.kinds[_LEFT_OUT].tested += 1
            arr = round_money(customer.whole.on(latest), currency)
            if last.month.month < latest and arr:
                what = f"the last month imported is {last.month.month:%Y-%m}, tables go on to {latest:%Y-%m}"
                self._say(_LEFT_OUT, last, arr, f"{what}; its {arr} {code} a year are still counted")

    def _compare(self, check: str, line: StoredMonth, imported: Decimal, in_ledger: Decimal) -> None:
        self.kinds[check].tested += 1
        if imported != in_ledger:
            said = f"{line.month.month:%Y-%m}: the table comes to {imported} {line.currency} a year, the ledger to"
            self._say(check, line, abs(imported - in_ledger), f"{said} {in_ledger}")

    def _say(self, check: str, line: StoredMonth, amount: Decimal, what: str) -> None:
        stake = self.convert(line.currency, amount)
        place = line.account_id, "", line.file, line.line
        self.found.append(self.kinds[check].add(Contradiction(SOURCE, check, *place, stake, what)))


def _first_contract(account: str, customer: CustomerLedger) -> date | None:
    """The first day on which contracts of an account are worth something."""
    own = history_id(account)
    days = [
        day
        for contract, positions in customer.contracts.items()
        if contract != own
        for day, amount in zip(positions.days, positions.amounts, strict=True)
        if amount
    ]
    return min(days, default=None)


def _by_month(months: Iterable[StoredMonth]) -> Iterator[tuple[date, list[StoredMonth]]]:
    by_month: dict[date, list[StoredMonth]] = {}
    for each in months:
        by_month.setdefault(each.month.month, []).append(each)
    yield from sorted(by_month.items())
