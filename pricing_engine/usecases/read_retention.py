"""Read net and gross revenue retention of the book: of a window, by month, and of any segment of it (N1–N9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.money import ZERO, Currency, exact_arithmetic, round_money
from pricing_engine.retention.bridge import Bridge, bridge_of, bridges_of, months_of, points_by_driver
from pricing_engine.retention.ledger import Entry, converted, of_customers, with_lapses
from pricing_engine.retention.movements import Driver
from pricing_engine.retention.rates import Position, Rates, Window, positions_of, rates_of, returned_after
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.storage import ledger
from pricing_engine.storage.ledger import LedgerAccount

BY_PRODUCT: Final = "product"
_OF_ACCOUNT: Final[Mapping[str, Callable[[LedgerAccount], str | None]]] = {
    "currency": lambda account: account.currency,
    "market": lambda account: account.market,
}
_UNKNOWN: Final = "(none)"


class SegmentUnknown(DomainError):
    """The book is not told apart by this."""

    code = "segment-unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures: `by` is what segments are told apart by (None: the whole book alone).

    A customer that had nothing for more than `gap_days` and came back counts as lost and as new; None: never (N7).
    """

    closing: date
    months: int = 12
    by: str | None = None
    gap_days: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The rates of some customers or product lines, the bridge, and how far each driver moved NRR, as fractions."""

    rates: Rates
    bridge: Bridge
    points: Mapping[Driver, Decimal | None]


@dataclass(frozen=True, slots=True)
class Retention:
    """The figures of a window in one currency, at the rates of its opening day (N3).

    `currency_effect` is what the closing would be worth more at the rates of its own day. `months` are the bridges of
    the window's months by their last days; segments sum to the whole.
    """

    asked: Asked
    window: Window
    currency: Currency
    whole: Figures
    segments: Mapping[str, Figures]
    months: Sequence[tuple[date, Bridge]]
    currency_effect: Decimal


def read_retention(desk: Desk, asked: Asked) -> Retention:
    """The figures, read from the ledger.

    Raises: SegmentUnknown; NoRulebookInForce; RateMissing for a currency that the rules in force do not convert on the
    opening or closing day.
    """
    window = Window.ending(asked.closing, months=asked.months)
    with desk.reading_still() as session, exact_arithmetic():
        rulebook = desk.rulebook_in_force(session, desk.today())
        stored = list(ledger.entries(session, by=window.closing))
        native = of_customers(with_lapses(stored, ledger.ended(session, by=window.closing)))
        accounts = ledger.accounts(session)
    with exact_arithmetic():
        in_one = list(converted(native, conversion_on(rulebook, window.opening)))
        key = _segment_key(asked.by, accounts, rulebook)
        segments: dict[str, list[Entry]] = {}
        if key is not None:
            for each in in_one:
                segments.setdefault(key(each), []).append(each)
        months = months_of(window, months=asked.months)
        bridges = bridges_of(in_one, months)
        return Retention(
            asked,
            window,
            rulebook.reporting_currency,
            _figures(in_one, window, asked.gap_days),
            {name: _figures(found, window, asked.gap_days) for name, found in sorted(segments.items())},
            [(month.closing, bridge) for month, bridge in zip(months, bridges, strict=True)],
            _currency_effect(native, rulebook, window),
        )


def conversion_on(rulebook: Rulebook, day: date) -> Callable[[str, Decimal], Decimal]:
    """What converts an amount to the reporting currency at the rates of a day.

    Rounds: half up to its minor unit.
    """
    return lambda currency, amount: round_money(
        amount * rulebook.rates.rate(currency, day), rulebook.reporting_currency
    )


def _figures(entries: Sequence[Entry], window: Window, gap_days: int | None) -> Figures:
    positions = positions_of(entries, window)
    returned = frozenset[str]() if gap_days is None else returned_after(entries, window, gap_days=gap_days)
    rates = rates_of(positions, returned_as_new=returned)
    cohort = frozenset([account for account, lines in positions.items() if _had(lines)])
    return Figures(rates, bridge_of(entries, window), points_by_driver(entries, window, cohort, rates.opening))


def _had(lines: Mapping[str, Position]) -> bool:
    return bool(sum([each.opening for each in lines.values()], ZERO))


def _segment_key(
    by: str | None, accounts: Mapping[str, LedgerAccount], rulebook: Rulebook
) -> Callable[[Entry], str] | None:
    """What an entry's segment is called.

    Raises: SegmentUnknown.
    """
    if by is None:
        return None
    if by == BY_PRODUCT:
        return lambda entry: entry.product_line
    if by in _OF_ACCOUNT:
        read = _OF_ACCOUNT[by]
        return lambda entry: read(accounts[entry.account]) or _UNKNOWN
    attributes = sorted({each.key for each in rulebook.vocabulary.values() if each.source == "account"})
    if by not in attributes:
        known = [BY_PRODUCT, *_OF_ACCOUNT, *attributes]
        raise SegmentUnknown(
            f"accounts have no attribute {by}",
            fix=did_you_mean(by, known, if_none=f"ask by one of {', '.join(known)}"),
            pointer="/by",
        )
    return lambda entry: segment_value(accounts[entry.account].attributes.get(by))


def segment_value(value: object) -> str:
    """What a segment is called after the value of an attribute."""
    if value is None:
        return _UNKNOWN
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _currency_effect(native: Sequence[Entry], rulebook: Rulebook, window: Window) -> Decimal:
    """What there is at the closing, at the rates of that day, less the same at those of the opening (N3)."""
    closing: dict[str, Decimal] = {}
    for each in native:
        closing[each.currency] = closing.get(each.currency, ZERO) + each.amount
    then, now = conversion_on(rulebook, window.opening), conversion_on(rulebook, window.closing)
    return sum(
        [now(code, amount) - then(code, amount) for code, amount in closing.items()], rulebook.reporting_currency.zero
    )
