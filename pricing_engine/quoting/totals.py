"""The totals of a quote: sums of rounded lines, and the few figures derived from them."""

from __future__ import annotations

from collections.abc import Sequence

from pricing_engine.money import Currency, round_money
from pricing_engine.pricing.billing import Invoice
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.quote import Totals


def total_lines(
    lines: Sequence[PricedLine], first: Sequence[Invoice], *, years: tuple[int, int] | None, currency: Currency
) -> Totals:
    """The totals of lines that all have a price; `first` are the invoices that are sent first.

    Shape: `years` are those of the lines, a numerator and a denominator; None where the value of a year is ARR.
    Rounds: MRR and ACV once, half up; everything else is a sum of rounded amounts (P2).
    """
    zero = currency.zero
    list_total = net_total = arr = one_time = zero
    for line in lines:
        list_total += line.list_term
        net_total += line.net_term
        arr += line.net_per_year
        if line.months is None:
            one_time += line.net_term
    acv = arr
    if years is not None:
        numerator, denominator = years
        acv = round_money((net_total - one_time) * denominator / numerator, currency) if numerator else zero
    return Totals(
        list_total,
        list_total - net_total,
        net_total,
        arr,
        round_money(arr / 12, currency),
        acv,
        net_total,
        one_time,
        sum([invoice.total for invoice in first], zero),
    )
