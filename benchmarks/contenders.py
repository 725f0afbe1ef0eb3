"""The engine and its floor, ready to call, for a quote of so many lines; importing this opens no service."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache

from benchmarks.catalogue import COVERED_DAYS, DAYS_IN_YEAR, a_catalogue, a_request, quantities
from benchmarks.floor import price_floor
from pricing_engine.quoting.assemble import assemble_quote
from pricing_engine.quoting.quote import Quote
from pricing_engine.rulebook.rulebook import Rulebook


@cache
def catalogue_of(products: int) -> Rulebook:
    """The rulebook of so many modules; compiled once per run."""
    return a_catalogue(products)


def engine_of(lines: int) -> Callable[[], Quote]:
    """Quoting so many lines: from the request to the quote with waterfall, invoices, findings and totals."""
    request, rulebook = a_request(lines), catalogue_of(max(lines, 20))
    return lambda: assemble_quote(request, rulebook=rulebook, quote_id="quo_bench")


def floor_of(lines: int) -> Callable[[], tuple[list[object], Decimal, list[Decimal]]]:
    """The floor of the same quote."""
    users = quantities(lines)
    return lambda: price_floor(users, covered=COVERED_DAYS, whole=DAYS_IN_YEAR)


def check_same_total(lines: int) -> Decimal:
    """The net total, to which engine and floor come alike.

    Raises: AssertionError when they do not, for then the floor prices something else.
    """
    totals, (_, floor_total, _) = engine_of(lines)().totals, floor_of(lines)()
    assert totals is not None
    assert totals.net == floor_total, f"engine {totals.net}, floor {floor_total}"
    return floor_total
