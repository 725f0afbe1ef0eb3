"""One invoice of a schedule, as the JSON a caller gets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from pricing_engine.pricing.billing import Invoice

_ONE_DAY: Final = timedelta(days=1)


def invoice_json(invoice: Invoice) -> dict[str, Any]:
    """The invoice as JSON-ready data."""
    return {
        "day": invoice.day,
        "start": invoice.start,
        "end": invoice.end,
        "last_day": invoice.end - _ONE_DAY,
        "total": str(invoice.total),
        "lines": [{"line": line, "amount": str(amount)} for line, amount in invoice.lines],
    }
