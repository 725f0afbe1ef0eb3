"""What a quote does to retention, as a person reads it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from babel import Locale
from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import add_amount_column, columns
from pricing_engine.document.amounts import Amounts
from pricing_engine.retention.effect import Effect
from pricing_engine.retention.movements import Driver
from pricing_engine.usecases.read_quote_effect import QuoteEffect

NOT_DEFINED: Final = "—"


def effect_parts(found: QuoteEffect, locale: Locale) -> list[RenderableType]:
    """Accepted against declined for the account, its segments and the book; then what the quote moves."""
    amounts = Amounts(found.currency, locale)
    window = f"{amounts.day(found.window.opening)} to {amounts.day(found.window.closing)}"
    table = columns()
    table.add_column("Of", overflow="fold")
    has_flat = found.account.flat is not None
    flat = ("Against flat",) if has_flat else ()
    for name in ("Accepted", "Declined", "NRR", *flat, *(driver.value.title() for driver in Driver), "GRR"):
        add_amount_column(table, name)
    named = {f"{by} {segment}": each for (by, segment), each in found.segments.items()}
    for name, effect in ({"the account": found.account} | named | {"the book": found.book}).items():
        table.add_row(name, *_row(effect, amounts, has_flat=has_flat))
    return [
        Text(f"What {found.quote_id} does to retention from {window}, in {found.currency.code}", style="bold"),
        Text(f"Without it {found.declined}."),
        Text(""),
        table,
        Text("  NRR accepted and declined; the rest are points of NRR, and of GRR in the last column"),
        *_growth(found.book.growth_difference),
        Text("\nWhat it moves", style="bold"),
        _moved(found, locale),
    ]


def _growth(difference: Decimal | None) -> list[RenderableType]:
    return [] if difference is None else [Text(f"  Rule of 40, at the same margin: {points(difference)} points")]


def _row(effect: Effect, amounts: Amounts, *, has_flat: bool) -> list[str]:
    against = [points(effect.against_flat)] if has_flat else []
    return [
        *(share(effect.accepted.nrr, amounts), share(effect.declined.nrr, amounts), points(effect.nrr_difference)),
        *against,
        *(points(each) for each in effect.points.values()),
        points(effect.grr_difference),
    ]


def _moved(found: QuoteEffect, locale: Locale) -> RenderableType:
    table = columns(header=False)
    for _ in range(3):
        table.add_column()
    add_amount_column(table)
    amounts = Amounts(found.moved_in, locale)
    for each in found.moved:
        driver = f", {each.driver.value}" if each.driver is not None else ""
        told = f"{each.cause.value.replace('_', ' ')}{driver}"
        table.add_row(amounts.day(each.day), each.line, told, amounts.money(each.amount))
    return table


def share(fraction: Decimal | None, amounts: Amounts) -> str:
    """A rate as a percentage; a dash where there is none."""
    return NOT_DEFINED if fraction is None else amounts.percent(fraction)


def points(fraction: Decimal | None) -> str:
    """A difference of rates in points with its sign; a dash where there is none."""
    return NOT_DEFINED if fraction is None else f"{fraction * 100:+.2f}"
