"""A forecast of retention as a person reads it: the distribution, what it is made of, and whether to believe it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from babel import Locale
from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import add_amount_column, columns
from pricing_engine.cli.show_effect import points, share
from pricing_engine.cli.show_retention import sparkline
from pricing_engine.document.amounts import Amounts
from pricing_engine.money import ZERO
from pricing_engine.retention.backtest import LEAST_APART, BackTest, Verdict
from pricing_engine.retention.calendar import Follows
from pricing_engine.retention.forecast_definitions import FORECAST_DEFINITIONS
from pricing_engine.retention.rates import share as share_of
from pricing_engine.usecases.read_forecast import Distribution, Forecast, fraction

_TRIED_SHOWN: Final = 12
_NAMES: Final = {"nrr": "NRR", "grr": "GRR", "back_test": "Back-test"}
_SEEN: Final = {"churn": "leaves", "contraction": "takes less", "expansion": "takes more"}
_NEARER: Final = {
    Verdict.BEATS: "P50 is nearer than each segment's rate of the window before.",
    Verdict.DOES_NOT_BEAT: "P50 is no nearer than each segment's rate of the window before: that serves better here.",
    Verdict.CANNOT_TELL: f"Which is nearer nobody can tell from fewer than {LEAST_APART} windows that stand apart.",
}


def forecast_parts(found: Forecast, locale: Locale) -> list[RenderableType]:
    """The forecast or why there is none, the calendar and open quotes, and what they mean."""
    amounts = Amounts(found.currency, locale)
    window = f"{amounts.day(found.window.opening)} to {amounts.day(found.window.closing)}"
    return [
        Text(f"Forecast of retention from {window}, in {found.currency.code}", style="bold"),
        Text(
            f"{found.customers} customers have {amounts.money(found.opening)}; "
            f"the ledger has {found.history_months} whole months"
        ),
        Text(""),
        *_forecast(found, amounts),
        Text("\nRenewal calendar: ARR of contracts whose term ends", style="bold"),
        _calendar(found, amounts),
        Text(f"\n{_quotes(found, amounts)}"),
        *_back_test(found.distribution, amounts),
        Text("\nWhat the figures mean", style="bold"),
        *[Text(f"  {_NAMES.get(name, name.title())}: {meaning}") for name, meaning in FORECAST_DEFINITIONS.items()],
    ]


def _forecast(found: Forecast, amounts: Amounts) -> Iterator[RenderableType]:
    if found.distribution is None:
        yield Text("There is no forecast, as history says too little:", style="bold")
        yield from [Text(f"  {reason}") for reason in found.abstains]
        return
    yield _bands(found.distribution, amounts)
    yield Text(f"\nExpected by {found.asked.by}" if found.asked.by else "\nExpected", style="bold")
    yield _expected(found.distribution, amounts)
    yield Text("\nLearnt from the ledger", style="bold")
    yield _learnt(found.distribution, amounts)


def _bands(found: Distribution, amounts: Amounts) -> RenderableType:
    table = columns()
    table.add_column("")
    for name in ("P10", "P50", "P90"):
        add_amount_column(table, name)
    for name, band in (("NRR", found.nrr), ("GRR by customer", found.grr)):
        table.add_row(name, *[Text(share(each, amounts), style="bold") for each in (band.p10, band.p50, band.p90)])
    table.add_row("Kept", *[amounts.money(each) for each in (found.kept.p10, found.kept.p50, found.kept.p90)])
    return table


def _expected(found: Distribution, amounts: Amounts) -> RenderableType:
    table = columns()
    table.add_column("Segment", overflow="fold")
    for name in ("Customers", "Opening", "Churn", "Contraction", "Expansion", "Kept", "NRR"):
        add_amount_column(table, name)
    for name, each in found.segments.items():
        sums = each.opening, each.churn, each.contraction, each.expansion, each.kept
        nrr = share(share_of(each.kept, each.opening), amounts)
        table.add_row(name, str(each.customers), *[amounts.money(amount) for amount in sums], nrr)
    return table


def _learnt(found: Distribution, amounts: Amounts) -> RenderableType:
    table = columns()
    table.add_column("A customer")
    for name in ("Seen", "Expected in a year", "Uncertain by"):
        add_amount_column(table, name)
    for kind, each in found.learnt.items():
        times = f"{amounts.number(each.rate.quantize(Decimal('0.01')))} times"
        table.add_row(_SEEN[kind.value], str(each.seen), times, f"±{amounts.percent(each.varies)}")
    return table


def _calendar(found: Forecast, amounts: Amounts) -> RenderableType:
    if not any(each.contracts for each in found.calendar):
        return Text("no term ends in these months")
    table = columns()
    table.add_column("To", no_wrap=True)
    shown = [follows for follows in Follows if any(each.by_follows[follows] for each in found.calendar)]
    for name in ("Contracts", "ARR", *[follows.value.replace("_", " ").capitalize() for follows in shown]):
        add_amount_column(table, name)
    table.add_column("")
    bars = sparkline([each.arr for each in found.calendar])
    for each, bar in zip(found.calendar, bars, strict=True):
        parts = [amounts.money(arr) if (arr := each.by_follows[follows]) else "" for follows in shown]
        table.add_row(amounts.day(each.closing), str(each.contracts), amounts.money(each.arr), *parts, bar)
    return table


def _quotes(found: Forecast, amounts: Amounts) -> str:
    if not found.quotes:
        return "No quotes are open."
    moved = [each.arr for each in found.quotes if each.arr is not None]
    more, less = sum([max(each, ZERO) for each in moved], ZERO), sum([min(each, ZERO) for each in moved], ZERO)
    lacking = len(found.quotes) - len(moved)
    return (
        f"{len(found.quotes)} quotes are open, beside the forecast: {amounts.money(more)} and {amounts.money(less)}, "
        f"{points(share_of(found.quoted, found.opening))} points of NRR, if all are accepted"
        + (f"; {lacking} cannot be booked as they are." if lacking else ".")
    )


def _back_test(found: Distribution | None, amounts: Amounts) -> Iterator[RenderableType]:
    if found is None:
        return
    test = found.back_test
    last = f", the last {_TRIED_SHOWN} of {len(test.tried)}" if len(test.tried) > _TRIED_SHOWN else ""
    yield Text(f"\nBack-test: the same forecast made on past days{last}", style="bold")
    if test.coverage is None:
        yield Text("no past day has a year of history before it and a whole window after it")
        return
    yield _tried(test, amounts)
    yield Text(
        f"Between P10 and P90 the truth was on {amounts.percent(fraction(test.coverage))} of {len(test.tried)} days "
        f"(80% is right). Windows overlap: {test.apart} of those compared stand apart."
    )
    yield Text(_errors(test, amounts) + _NEARER[test.verdict])


def _tried(test: BackTest, amounts: Amounts) -> RenderableType:
    table = columns()
    table.add_column("Made on", no_wrap=True)
    for name in ("P10", "P50", "P90", "Came", "Window before"):
        add_amount_column(table, name)
    table.add_column("")
    for each in test.tried[-_TRIED_SHOWN:]:
        shown = [share(fraction(nrr), amounts) for nrr in (*each.band, each.truth)]
        last = share(None if each.last is None else fraction(each.last), amounts)
        table.add_row(amounts.day(each.origin), *shown, last, "" if each.band.has(each.truth) else "outside")
    return table


def _errors(test: BackTest, amounts: Amounts) -> str:
    if test.error is None or test.error_of_last is None:
        return ""
    return (
        f"Mean error of P50 {amounts.percent(fraction(test.error))}, "
        f"of the rates of the window before {amounts.percent(fraction(test.error_of_last))}. "
    )
