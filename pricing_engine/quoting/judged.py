"""What of a quote is up for discussion, and the facts that deals are told apart by when it is made (S5, S11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.pricing.line_item import LineItem
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.approvals import share_off_list
from pricing_engine.quoting.sale import Sale
from pricing_engine.scoring.deal import DISCOUNT, LIST_PER_YEAR, MARKET, TERM_MONTHS, Fact, Facts

_KINDS: Final = (str, Decimal, bool)


class Judged(NamedTuple):
    """The lines of a quote that are up for discussion, with their items, and the facts conditions were tested on."""

    sale: Sale
    items: Sequence[LineItem]
    lines: Sequence[PricedLine]
    facts: Mapping[str, Any]


def deal_facts(judged: Judged) -> Facts:
    """Attributes of the account, what the vocabulary knows of it before a price is made, and what every deal has.

    Of one name the last counts.
    Units: `list_per_year` in the reporting currency: of the lines that recur, or of all, once, where none does.
    """
    sale = judged.sale
    account, late = sale.request.account, sale.rulebook.list_arr_names
    facts: dict[str, Fact | None] = {
        name: value
        for found in (account.attributes, judged.facts)
        for name, value in found.items()
        if isinstance(value, _KINDS) and name not in late
    }
    facts[LIST_PER_YEAR] = _size(judged.lines) * sale.reporting_rate
    facts[TERM_MONTHS] = Decimal(sale.request.term_months)
    facts[DISCOUNT] = share_off_list(judged.lines)
    facts[MARKET] = account.market
    return facts


def _size(lines: Sequence[PricedLine]) -> Decimal:
    per_year = sum([line.list_per_year for line in lines], ZERO)
    return per_year or sum([line.list_term for line in lines if line.months is None], ZERO)
