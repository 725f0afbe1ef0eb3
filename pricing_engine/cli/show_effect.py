"""What a quote does to retention, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from babel import Locale
from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.quote_view import add_amount_column, columns
from pricing_engine.document.amounts import Amounts
from pricing_engine.retention.effect import Effect
from pricing_engine.retention.expected import NO_PROBABILITY, expected_of
from pricing_engine.retention.quote_effect import QuoteEffect

NOT_DEFINED: Final = "—"


def effect_parts(found: QuoteEffect, locale: Locale) -> list[RenderableType]:
    """Accepted against declined for the account, its segments and the book, what to expect, and what is moved."""
    amounts = Amounts(found.currency, locale)
    window = f"{amounts.day(found.window.opening)} to {amounts.day(found.window.closing)}"
    table = columns()
    table.add_column("Of", overflow="fold")
    has_flat = found.account.flat is not None
    flat = ("Against flat",) if has_flat else ()
    for name in ("Accepted", "Declined", "NRR", *flat, *(driver.value.title() for driver in found.book.points), "GRR"):
        add_amount_column(table, name)
    named = {f"{by} {segment}": each for (by, segment), each in found.segments.items()}
    effects = {"the account": found.account} | named | {"the book": found.book}
    for name, effect in effects.items():
        table.add_row(name, *_row(effect, amounts, has_flat=has_flat))
    return [
        Text(f"What {found.quote_id} does to retention from {window}, in {found.currency.code}", style="bold"),
        Text(f"Without it {found.declined}."),
        Text(""),
        table,
        Text("  NRR accepted and declined; the rest are points of NRR, and of GRR in the last column"),
        *_growth(found.book.growth_difference),
        *_expected(effects, found.probability, amounts),
        *_lines(found, amounts),
        Text("\nWhat it moves", style="bold"),
        _moved(found, locale),
    ]


def _expected(effects: Mapping[str, Effect], probability: Decimal | None, amounts: Amounts) -> Iterator[RenderableType]:
    """What to expect of each, and how much that is above what happens without the quote."""
    if probability is None:
        yield Text(f"  {NO_PROBABILITY}; --probability says it")
        return
    yield Text(f"\nExpected, at a probability of {probability:f} that it is accepted", style="bold")
    table = columns()
    table.add_column("Of", overflow="fold")
    for name in ("NRR", "Above declined", "GRR", "Above declined"):
        add_amount_column(table, name)
    for name, effect in effects.items():
        each = expected_of(effect, probability)
        net = share(each.nrr, amounts), points(each.nrr_difference)
        table.add_row(name, *net, share(each.grr, amounts), points(each.grr_difference))
    yield table


def _lines(found: QuoteEffect, amounts: Amounts) -> Iterator[RenderableType]:
    """By product line and driver: the quote moves nobody else's, so the lines of the book are the account's."""
    if not found.book.lines:
        return
    yield Text("\nPoints of NRR by product and driver", style="bold")
    table = columns()
    table.add_column("Product", overflow="fold")
    table.add_column("Driver")
    for name in ("ARR", "Of the account", "Of the book"):
        add_amount_column(table, name)
    for own, book in zip(found.account.lines, found.book.lines, strict=True):
        of_both = points(own.points), points(book.points)
        table.add_row(own.product_line, own.driver.value, amounts.money(own.amount), *of_both)
    yield table


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
