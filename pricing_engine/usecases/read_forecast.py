"""Read the coming retention of the book: a distribution with its back-test, renewal calendar and open quotes (N12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import numpy as np

from pricing_engine.desk import Desk
from pricing_engine.errors import DomainError
from pricing_engine.money import EXACT, Currency, round_money
from pricing_engine.retention.backtest import BackTest, back_test
from pricing_engine.retention.calendar import EndingMonth, calendar_of
from pricing_engine.retention.forecast import Outcomes, band_of, expected_events, lacks, outcomes_of
from pricing_engine.retention.hazards import Hazards, hazards_of
from pricing_engine.retention.movements import ArrKind
from pricing_engine.retention.panel import Floats, Moves, Panel, coming_terms, panel_of
from pricing_engine.retention.rates import Window, months_after
from pricing_engine.storage import renewals
from pricing_engine.usecases.coming_endings import endings_in, given_up_in
from pricing_engine.usecases.current_ledger import renews_itself
from pricing_engine.usecases.open_quotes import OpenQuote, open_quotes
from pricing_engine.usecases.retained_book import RetainedBook, book_in, conversion_on
from pricing_engine.usecases.retained_segments import SegmentUnknown, segments_of

_FOUR_DECIMALS: Final = Decimal("0.0001")
_NOT_OF_CUSTOMERS: Final = frozenset({"product", "size", "tier", "term", "discount"})
WHOLE: Final = "all"
MOST_SEGMENTS: Final = 200
"""Each is counted month by month, and of those that few customers are in nothing is learnt."""


class ForecastTooLate(DomainError):
    """A forecast cannot be made on a day that is still to come."""

    code = "forecast-too-late"


@dataclass(frozen=True, slots=True)
class ForecastAsked:
    """Which forecast: made on a day for the months after it, from segments told apart `by` (None: the book alone)."""

    on: date
    months: int = 12
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Quantiles:
    """What nine of ten, half and one of ten outcomes pass."""

    p10: Decimal
    p50: Decimal
    p90: Decimal


@dataclass(frozen=True, slots=True)
class Expected:
    """What customers have, and in the mean of all outcomes lose and gain. Units: the reporting currency, a year."""

    customers: int
    opening: Decimal
    churn: Decimal
    contraction: Decimal
    expansion: Decimal

    @property
    def kept(self) -> Decimal:
        """What they have at the end."""
        return self.opening + self.churn + self.contraction + self.expansion


@dataclass(frozen=True, slots=True)
class Learnt:
    """How often something happened, and is to happen to a customer in a year; `varies` is how much that differs between
    windows or is not known better, as a standard deviation over the mean."""

    seen: int
    rate: Decimal
    varies: Decimal


@dataclass(frozen=True, slots=True)
class Distribution:
    """The forecast. `kept` is what the customers of the day have at the end; `grr` is by customer."""

    nrr: Quantiles
    grr: Quantiles
    kept: Quantiles
    segments: Mapping[str, Expected]
    learnt: Mapping[ArrKind, Learnt]
    back_test: BackTest


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast, or why there is none (`abstains`), beside what is known of the window anyway.

    `opening` is what all `customers` have on the day.
    """

    asked: ForecastAsked
    window: Window
    currency: Currency
    customers: int
    opening: Decimal
    history_months: int
    abstains: Sequence[str]
    distribution: Distribution | None
    calendar: Sequence[EndingMonth]
    quotes: Sequence[OpenQuote]

    @property
    def quoted(self) -> Decimal:
        """What the open quotes move if all are accepted."""
        return sum([each.arr for each in self.quotes if each.arr is not None], self.currency.zero)


def read_forecast(desk: Desk, asked: ForecastAsked) -> Forecast:
    """The forecast, the same for the same book and day.

    Raises: ForecastTooLate; SegmentUnknown, also for what customers are not told apart by; NoRulebookInForce;
    RateMissing for a currency that the rules in force do not convert on that day.
    """
    if asked.on > desk.today():
        raise ForecastTooLate(
            f"until {asked.on} more will happen than the ledger shows today",
            fix=f"make the forecast on {desk.today()} or before, over more months",
            pointer="/on",
        )
    ends = [months_after(asked.on, number) for number in range(asked.months + 1)]
    window = Window(asked.on, ends[-1])
    with desk.reading_still() as session:
        book = book_in(desk, session, Window(asked.on, asked.on))
        convert = conversion_on(book.rulebook, asked.on)
        moves = _moves(book, asked.by)
        terms = renewals.terms(session, renews_itself=lambda pin: renews_itself(desk, session, pin))
        panel = panel_of(moves, terms, until=asked.on, currency=book.currency)
        endings = endings_in(desk, session, book, window)
        given_up = given_up_in(book, window, endings, panel.accounts, convert)
        quotes = open_quotes(
            desk, session, panel.customers, on=asked.on, by=window.closing, convert=convert, currency=book.currency
        )
    abstains = lacks(panel, months=asked.months)
    return Forecast(
        asked,
        window,
        book.currency,
        int((panel.arr[:, -1] > 0).sum()),
        book.ledger.money(book.ledger.amounts.sum()),
        panel.months,
        abstains,
        None if abstains else _distribution(panel, given_up, ends, book.currency),
        calendar_of(endings, ends),
        quotes,
    )


def _moves(book: RetainedBook, by: str | None) -> Moves:
    """The ledger up to the day, with the segment of each customer.

    Raises: SegmentUnknown.
    """
    ledger, columns = book.ledger.ledger, book.ledger.ledger.columns
    names, segments = ledger.named.accounts.names, [WHOLE]
    segment = np.zeros(len(names), np.int64)
    if by is not None:
        if refused := _NOT_OF_CUSTOMERS & {*by.split(",")}:
            raise SegmentUnknown(
                f"a forecast is of customers, and {min(refused)} does not tell them apart for all of their history",
                fix="ask by currency, market, cohort or an attribute of accounts; what a customer has counts anyway",
                pointer="/by",
            )
        found, begun = segments_of(book, by), book.ledger.has_begun
        segments = [*found.names]
        if len(segments) > MOST_SEGMENTS:
            raise SegmentUnknown(
                f"{by} tells {len(segments)} segments apart, and a forecast learns of {MOST_SEGMENTS} at most",
                fix="ask by fewer things, or by such as many customers share",
                pointer="/by",
            )
        segment[columns.account[ledger.by_line.starts[begun]]] = found.of_line[begun]
    return Moves(names, columns.account, columns.day, book.ledger.amounts, segments, segment)


def _distribution(panel: Panel, given_up: Floats, ends: Sequence[date], currency: Currency) -> Distribution:
    months, on = len(ends) - 1, ends[0]
    coming = coming_terms(panel, on=on, ends=ends[1:])
    hazards = hazards_of(panel, months=months)
    outcomes = outcomes_of(panel, hazards, coming, given_up, seed=on.toordinal())
    opening = panel.arr[:, -1]
    events = expected_events(hazards, panel, opening, coming)
    customers = (opening > 0).sum()
    return Distribution(
        _quantiles(outcomes.nrr),
        _quantiles(outcomes.grr),
        _quantiles(outcomes.nrr * opening.sum(), currency.quantum),
        _expected(panel, outcomes, currency),
        {kind: _learnt(hazards, kind, each.sum() / customers * 12 / months) for kind, each in events.items()},
        back_test(panel, months=months),
    )


def _expected(panel: Panel, outcomes: Outcomes, currency: Currency) -> Mapping[str, Expected]:
    opening = panel.arr[:, -1]
    found = {}
    for number, name in enumerate(panel.segments):
        own = (panel.segment == number) & (opening > 0)
        if own.any():
            sums = opening[own].sum(), -outcomes.churn[own].sum(), -outcomes.contraction[own].sum()
            amounts = [_money(each, currency) for each in (*sums, outcomes.expansion[own].sum())]
            found[name] = Expected(int(own.sum()), *amounts)
    return found


def _learnt(hazards: Hazards, kind: ArrKind, rate: float) -> Learnt:
    hazard = hazards.by_kind[kind]
    return Learnt(hazard.events, fraction(rate), fraction(hazard.variation**0.5))


def _quantiles(outcomes: Floats, quantum: Decimal = _FOUR_DECIMALS) -> Quantiles:
    return Quantiles(*[Decimal(each).quantize(quantum, ROUND_HALF_UP, EXACT) for each in band_of(outcomes)])


def fraction(number: float) -> Decimal:
    """What was counted or drawn, as it is shown. Rounds: half up to 4 decimals: it is known no better."""
    return Decimal(number).quantize(_FOUR_DECIMALS, ROUND_HALF_UP, EXACT)


def _money(amount: float, currency: Currency) -> Decimal:
    return round_money(Decimal(amount), currency)
