"""An invoice of a schedule as JSON and back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pricing_engine.pricing.billing import Invoice, InvoiceLine


def plain_invoice(invoice: Invoice) -> tuple[Any, ...]:
    """The invoice's fields by position, amounts as text."""
    day, start, end, lines, total = invoice
    return day, start, end, [(line, str(amount)) for line, amount in lines], str(total)


def read_invoice(plain: list[Any]) -> Invoice:
    """The invoice `plain_invoice` was given."""
    day, start, end, lines, total = plain
    return Invoice(
        day=date.fromisoformat(day),
        start=date.fromisoformat(start),
        end=date.fromisoformat(end),
        lines=tuple(InvoiceLine(line, Decimal(amount)) for line, amount in lines),
        total=Decimal(total),
    )
