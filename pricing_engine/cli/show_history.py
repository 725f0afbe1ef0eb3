"""Bookings as a person reads them: everything that was booked for an account, and what is still to take force."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale
from rich.console import RenderableType
from rich.text import Text

from pricing_engine.cli.amounts import stored_money
from pricing_engine.cli.quote_view import ONE_DAY, add_amount_column, columns, source_of
from pricing_engine.usecases.records import Booking


def history_part(account_id: str, bookings: Sequence[Booking], locale: Locale) -> RenderableType:
    """The table, or a sentence when nothing was booked."""
    if not bookings:
        return Text(f"nothing was booked for {account_id}")
    table = columns()
    for name in ("Booked", "What", "In force from"):
        table.add_column(name, no_wrap=True)
    add_amount_column(table, "ARR from then")
    table.add_column("To (last day)", no_wrap=True)
    table.add_column("Contract", overflow="fold")
    for booking in bookings:
        by = Text(f"\n  by {booking.booked_by}", style="dim")
        of = Text(f"\n  {source_of(booking.kind, booking.quote_id)}", style="dim")
        table.add_row(
            Text.assemble(f"{booking.booked_at:%Y-%m-%d %H:%M}", by),
            booking.kind,
            f"{booking.effective}",
            _arr(booking, locale),
            f"{booking.ends - ONE_DAY}",
            Text.assemble(f"{booking.contract_id}, version {booking.version}", of),
        )
    return table


def later_words(booking: Booking, locale: Locale) -> str:
    """The day a booking takes force, what it is, and what the contract is worth from then on: short, to stay a line."""
    known = f"version {booking.version}, booked {booking.booked_at:%Y-%m-%d}"
    return f"from {booking.effective}: {booking.kind}, ARR {_arr(booking, locale)}; {known}"


def _arr(booking: Booking, locale: Locale) -> str:
    return stored_money(booking.arr, booking.currency, locale)
