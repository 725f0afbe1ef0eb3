"""Read how quotes were made: by the rules alone, within policy, how fast, and with what given beside them (N16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from pricing_engine.desk import Desk
from pricing_engine.money import ZERO, Currency, exact_arithmetic
from pricing_engine.quoting.approvals import quote_discretion
from pricing_engine.quoting.contract_change import Movement, QuoteType
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Add, QuoteRequest, Set
from pricing_engine.retention.discipline import Discipline, Handled, discipline_of
from pricing_engine.retention.rates import Window
from pricing_engine.storage import quote_lists
from pricing_engine.usecases.retained_book import Convert, conversion_on

_GIVEN_UP = frozenset({Movement.REMOVED, Movement.REDUCED})


@dataclass(frozen=True, slots=True)
class ReadDiscipline:
    """The figures of the quotes that were presented in a window, whatever became of them."""

    window: Window
    currency: Currency
    figures: Discipline


def read_discipline(desk: Desk, window: Window) -> ReadDiscipline:
    """How the quotes that were presented in a window were made.

    Raises: NoRulebookInForce; RateMissing for a currency that the rules in force do not convert on the opening day.
    """
    with desk.reading_still() as session, exact_arithmetic():
        rulebook = desk.rulebook_in_force(session, desk.today())
        convert = conversion_on(rulebook, window.opening)
        first, last = (_after(day) for day in window)
        found = quote_lists.presented(session, since=first, before=last)
        handled = [_handled(stored.quote, stored.created_at, at, convert) for stored, at in found]
    return ReadDiscipline(window, rulebook.reporting_currency, discipline_of(handled))


def _after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _handled(quote: Quote, created_at: datetime, presented_at: datetime, convert: Convert) -> Handled:
    change, request = quote.change, quote.request
    is_growth = change is None or change.type is QuoteType.RENEWAL or change.arr_after >= change.arr_before
    return Handled(
        is_growth,
        bool(request.discounts or request.waivers or any(_prices_given(request))),
        bool(quote.approval_levels),
        _off_list(quote),
        quote_discretion(quote.lines),
        _repriced(quote, convert),
        tuple([waiver.what for waiver in request.waivers]),
        max(0, int((presented_at - created_at).total_seconds() // 60)),
    )


def _prices_given(request: QuoteRequest) -> Iterator[object]:
    for change in request.changes:
        if isinstance(change, Add | Set):
            yield change.unit_prices
            yield from (step.unit_prices for step in change.ramp)


def _off_list(quote: Quote) -> Decimal:
    totals = quote.totals
    return (totals.list - totals.net) / totals.list if totals is not None and totals.list else ZERO


def _repriced(quote: Quote, convert: Convert) -> Decimal | None:
    """What repricing adds where a part is given up and a part stays; None where nothing is given up so."""
    change = quote.change
    if change is None or change.type is not QuoteType.AMENDMENT:
        return None
    if not any(line.movement in _GIVEN_UP for line in change.lines):
        return None
    return convert(quote.currency.code, sum([line.repricing for line in change.lines], ZERO))
