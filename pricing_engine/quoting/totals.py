"""The totals of a quote: sums of rounded lines, and the few figures derived from them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pricing_engine.catalog.products import ONE_TIME
from pricing_engine.money import ZERO, Currency, round_money
from pricing_engine.pricing.billing import Invoice
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.quote import Totals


def total_lines(
    lines: Sequence[PricedLine], invoices: Sequence[Invoice], *, term_months: int, currency: Currency
) -> Totals:
    """The totals of lines that all have a price.

    Rounds: MRR and ACV once, half up; everything else is a sum of rounded amounts (P2).
    """
    list_total = net_total = arr = one_time = ZERO
    for line in lines:
        list_total += line.list_term
        net_total += line.net_term
        arr += line.net_per_year
        if line.timing is ONE_TIME:
            one_time += line.net_term
    recurring = net_total - one_time
    zero = ZERO.quantize(currency.quantum)
    return Totals(
        list=list_total + zero,
        discount=list_total - net_total + zero,
        net=net_total + zero,
        arr=arr + zero,
        mrr=round_money(arr / 12, currency),
        acv=round_money(recurring * 12 / Decimal(term_months), currency),
        tcv=net_total + zero,
        one_time=one_time + zero,
        first_invoice=(invoices[0].total if invoices else ZERO) + zero,
    )
