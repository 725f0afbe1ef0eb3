"""A quote as the command line prints it."""

from __future__ import annotations

from io import StringIO

from babel import Locale
from rich.console import Console

from pricing_engine.cli.quote_view import QuoteView
from pricing_engine.cli.screen import least_width
from pricing_engine.cli.show_quote import quote_parts
from pricing_engine.document.amounts import Amounts
from pricing_engine.quoting.quote import Quote

EN = Locale.parse("en_US")


def printed(
    priced: Quote, *, width: int = 100, waterfall: bool = False, role: str = "rep", in_colour: bool = False
) -> str:
    """The text of all parts; `in_colour` with the codes a terminal gets."""
    view = QuoteView(priced, None, role, Amounts(priced.currency, EN), width)
    parts = tuple(quote_parts(view, waterfall=waterfall))
    file = StringIO()
    console = Console(
        file=file,
        width=max(width, *map(least_width, parts)),
        markup=False,
        highlight=False,
        force_terminal=in_colour,
        color_system="standard" if in_colour else None,
    )
    for part in parts:
        console.print(part)
    return file.getvalue()
