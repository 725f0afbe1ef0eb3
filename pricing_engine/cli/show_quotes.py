"""A list of quotes as a person reads it: a few lines each, so that ids stay whole on a screen of 100 columns."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale
from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.amounts import stored_money
from pricing_engine.cli.quote_view import add_amount_column, columns, words
from pricing_engine.usecases.records import QuoteSummary


def quotes_part(quotes: Sequence[QuoteSummary], locale: Locale) -> RenderableType:
    """The table, or a sentence when there are none."""
    if not quotes:
        return Text("there are no such quotes")
    table = columns()
    table.add_column("Quote", no_wrap=True)
    table.add_column("State", no_wrap=True)
    add_amount_column(table, "ARR")
    table.add_column("Valid until", no_wrap=True)
    table.add_column("Made", overflow="fold")
    for quote in quotes:
        arr = "no price yet" if quote.arr is None else stored_money(quote.arr, quote.currency, locale)
        table.add_row(
            _below(quote.id, quote.account_id, quote.external_ref),
            _below(words(quote.state), words(quote.type), f"version {quote.version}"),
            _below(arr, f"from {quote.effective_date}"),
            "" if quote.valid_until is None else quote.valid_until.isoformat(),
            _below(f"{quote.created_at:%Y-%m-%d}", f"by {quote.created_by}"),
        )
    return table


def _below(first: str, *more: str | None) -> Text:
    """A line, and what is less often looked for below it."""
    return Text.assemble(first, *[(f"\n{line}", "dim") for line in more if line is not None])
