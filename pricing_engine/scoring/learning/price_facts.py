"""Which facts are the price in other words: none of them may tell the chance to win (S6)."""

from __future__ import annotations

from typing import Final

import numpy as np

from pricing_engine.scoring.learning.columns import Column, Columns, NumberColumn

_ALIKE: Final = 0.95
_NEAR: Final = 1e-3
_MONTHS: Final = 12
_LEAST: Final = 20


def price_facts(columns: Columns) -> frozenset[str]:
    """The facts that are the net amount or the discount of the deals, as such, per month or in hundredths.

    Reps give larger discounts to harder buyers: from such a fact a model would learn that a lower price loses deals, or
    that a higher one wins them, and somebody would pull that lever.
    """
    return frozenset([each.fact for each in columns.facts if _is_price(each, columns)])


def _is_price(column: Column, columns: Columns) -> bool:
    if not isinstance(column, NumberColumn):
        return False
    net, off, at_list = columns.net.values, columns.discount.values, columns.list.values
    prices = (net, net / _MONTHS, off, off * 100, 1 - off, (1 - off) * 100, at_list - net)
    known = column.is_known & columns.discount.is_known
    discounted = known & (off != 0)  # where nothing is off, net is list, which is no price
    if discounted.sum() < _LEAST:
        return False
    values = column.values[discounted]
    return any(float(np.isclose(values, price[discounted], rtol=_NEAR, atol=0).mean()) >= _ALIKE for price in prices)
