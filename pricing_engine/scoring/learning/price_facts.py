"""Which facts are the price in other words: none of them may tell the chance to win (S6)."""

from __future__ import annotations

from typing import Final

import numpy as np

from pricing_engine.scoring.deal import TERM_MONTHS
from pricing_engine.scoring.learning.columns import Column, Columns, NumberColumn, Numbers

_ALIKE: Final = 0.95
_NEAR: Final = 1e-3
_POINT: Final = 0.01
_LEAST: Final = 20


def price_facts(columns: Columns) -> frozenset[str]:
    """The facts that are the net amount or the discount of the deals, in whatever unit, and rounded or not.

    That is a discount to a point, as a fraction or in hundredths, and a net amount as such, a month, over the term,
    with a tax or in a currency: always the same multiple of it.

    Reps give larger discounts to harder buyers: from such a fact a model would learn that a lower price loses deals, or
    that a higher one wins them, and somebody would pull that lever.
    """
    return frozenset([each.fact for each in columns.facts if _is_price(each, columns)])


def _is_price(column: Column, columns: Columns) -> bool:
    if not isinstance(column, NumberColumn):
        return False
    off, at_list = columns.discount.values, columns.list.values
    known = column.is_known & columns.discount.is_known
    discounted = known & (off != 0)  # where nothing is off, net is list, which is no price
    if discounted.sum() < _LEAST:
        return False
    values, off, net = (each[discounted] for each in (column.values, off, columns.net.values))
    if any(
        float((np.abs(values - share * unit) <= _POINT * unit).mean()) >= _ALIKE
        for share in (off, 1 - off)
        for unit in (1, 100)
    ):
        return True
    terms = [each for each in columns.facts if each.fact == TERM_MONTHS and isinstance(each, NumberColumn)]
    over = (np.ones(len(net)), *(each.values[discounted] for each in terms if each is not column))
    amounts = (net, at_list[discounted] - net)
    return any(
        _is_multiple(values, amount * each) and not _is_multiple(values, at_list[discounted] * each)
        for amount in amounts
        for each in over
    )


def _is_multiple(values: Numbers, amounts: Numbers) -> bool:
    """Whether most values are the same multiple of these amounts."""
    there = (amounts != 0) & ~np.isnan(amounts) & (values != 0)
    if there.sum() < _LEAST:
        return False
    times = values[there] / amounts[there]
    return float(np.isclose(times, np.median(times), rtol=_NEAR, atol=0).sum()) >= _ALIKE * len(values)
