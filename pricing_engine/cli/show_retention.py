"""Retention as a person reads it: the rates, what moved them, month by month and segment by segment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from babel import Locale
from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import add_amount_column, columns
from pricing_engine.cli.show_effect import points, share
from pricing_engine.cli.show_targets import targets_parts
from pricing_engine.document.amounts import Amounts
from pricing_engine.retention.bridge import Bridge
from pricing_engine.retention.definitions import BOTTOM_QUARTILE_NRR, DEFINITIONS, TOP_QUARTILE_NRR
from pricing_engine.retention.movements import ArrKind
from pricing_engine.usecases.read_retention import Figures, Retention
from pricing_engine.usecases.retained_targets import against_targets

_BARS: Final = "▁▂▃▄▅▆▇█"


def retention_parts(found: Retention, locale: Locale) -> list[RenderableType]:
    """The figures of a window, with what they mean."""
    amounts = Amounts(found.currency, locale)
    window = f"{amounts.day(found.window.opening)} to {amounts.day(found.window.closing)}"
    return [
        Text(f"Retention from {window}, in {found.currency.code}", style="bold"),
        Text(""),
        *_rates(found.whole, amounts),
        *targets_parts(against_targets(found), amounts),
        Text("\nWhat moved it", style="bold"),
        _bridge(found.whole, amounts),
        *_segments(found, amounts),
        Text("\nBy month", style="bold"),
        _months(found, amounts),
        Text(f"\nWith what is signed and not in force yet (CARR): {amounts.money(found.contracted)}"),
        Text(f"Currency effect, in no figure above: {amounts.money(found.currency_effect)}"),
        Text("\nWhat the figures mean", style="bold"),
        *[Text(f"  {_NAMES.get(name, name)}: {meaning}") for name, meaning in DEFINITIONS.items()],
        Text(
            f"  For context: NRR of B2B SaaS companies, top quartile {amounts.percent(TOP_QUARTILE_NRR)}, "
            f"bottom quartile {amounts.percent(BOTTOM_QUARTILE_NRR)}."
        ),
    ]


_NAMES: Final = {
    "nrr": "NRR",
    "grr": "GRR",
    "grr_by_account": "GRR by account",
    "arr": "ARR",
    "currency": "Currency",
    "points": "Drivers",
}


def _rates(figures: Figures, amounts: Amounts) -> Iterator[RenderableType]:
    rates = figures.rates
    yield Text(
        f"NRR {share(rates.nrr, amounts)}   GRR {share(rates.grr, amounts)}   "
        f"GRR by account {share(rates.grr_by_account, amounts)}",
        style="bold",
    )
    yield Text(
        f"{rates.customers} customers at the opening, {rates.lost} of them with nothing at the closing; points of NRR: "
        + ", ".join(f"{driver.value} {points(each)}" for driver, each in figures.points.items())
    )


def _bridge(figures: Figures, amounts: Amounts) -> RenderableType:
    table = columns(header=False)
    table.add_column()
    add_amount_column(table)
    bridge = figures.bridge
    table.add_row("Opening", amounts.money(bridge.opening))
    for each in bridge.moved:
        driver = f", {each.driver.value}" if each.driver is not None else ""
        told = f"  {each.kind.value}: {each.cause.value.replace('_', ' ')}{driver}"
        table.add_row(told, amounts.money(each.amount))
    table.add_row(Text("Closing", style="bold"), amounts.money(bridge.closing))
    return table


def _segments(found: Retention, amounts: Amounts) -> Iterator[RenderableType]:
    if not found.segments:
        return
    yield Text(f"\nBy {found.asked.by}", style="bold")
    table = columns()
    table.add_column("Segment", overflow="fold")
    for name in ("NRR", "GRR", "Opening", "Kept", "New", "Customers", "Lost"):
        add_amount_column(table, name)
    for segment, each in found.segments.items():
        rates = each.rates
        table.add_row(
            *(segment, share(rates.nrr, amounts), share(rates.grr, amounts), amounts.money(rates.opening)),
            *(amounts.money(rates.kept), amounts.money(rates.new), str(rates.customers), str(rates.lost)),
        )
    yield table


def _months(found: Retention, amounts: Amounts) -> RenderableType:
    table = columns()
    table.add_column("To", no_wrap=True)
    for name in ("New", "Expansion", "Contraction", "Churn", "Reactivation", "Closing"):
        add_amount_column(table, name)
    table.add_column("")
    bars = sparkline([bridge.closing for _, bridge in found.months])
    for (closing, bridge), bar in zip(found.months, bars, strict=True):
        table.add_row(amounts.day(closing), *_kinds(bridge, amounts), amounts.money(bridge.closing), bar)
    return table


def _kinds(bridge: Bridge, amounts: Amounts) -> list[str]:
    return [amounts.money(amount) if (amount := bridge.of_kind(kind)) else "" for kind in ArrKind]


def sparkline(numbers: Sequence[Decimal]) -> str:
    """A bar for each number, its height between that of the least and the most."""
    if not numbers:
        return ""
    least, most = min(numbers), max(numbers)
    steps = len(_BARS) - 1
    return "".join([_BARS[int((each - least) / (most - least) * steps) if most > least else steps] for each in numbers])
