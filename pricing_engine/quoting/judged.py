"""What of a quote is up for discussion, and the facts that deals are told apart by when it is made (S5, S11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.pricing.line_item import LineItem
from pricing_engine.pricing.waterfall import PricedLine
from pricing_engine.quoting.sale import Sale
from pricing_engine.scoring.deal import LIST_PER_YEAR, MARKET, TERM_MONTHS, Fact, Facts

_KINDS: Final = frozenset({str, Decimal, bool})


class Judged(NamedTuple):
    """The lines of a quote that are up for discussion, with their items, and the facts conditions were tested on."""

    sale: Sale
    items: Sequence[LineItem]
    lines: Sequence[PricedLine]
    facts: Mapping[str, Any]


def deal_facts(judged: Judged) -> Facts:
    """Attributes of the account, what the vocabulary knows of it before a price is made, and what every deal has.

    Of one name the last counts. What was taken off is no fact: a price is what is asked, not what the deal is (S6).
    Units: `list_per_year` in the reporting currency: of the lines that recur, or of all, once, where none does;
    what is only tried is none.
    """
    sale = judged.sale
    account = sale.request.account
    known: dict[str, Any] = {**account.attributes, **judged.facts}
    facts: dict[str, Fact | None] = {name: value for name, value in known.items() if type(value) in _KINDS}
    for late in sale.rulebook.list_arr_names:
        facts.pop(late, None)
    facts[LIST_PER_YEAR] = _size(judged) * sale.reporting_rate
    facts[TERM_MONTHS] = Decimal(sale.request.term_months)
    facts[MARKET] = account.market
    return facts


def list_arr_of(judged: Judged) -> Decimal:
    """ARR at list of lines that have a price, as `granting.list_arr` has it before there are lines.

    Units: reporting currency.
    """
    items = {item.id: item for item in judged.items}
    total = ZERO
    for line in judged.lines:
        if line.months is not None and line.is_priced and items[line.id].charge.of_lines is None:
            total += line.segments[0].list
    return total * judged.sale.reporting_rate


def _size(judged: Judged) -> Decimal:
    tried = [item.id for item in judged.items if item.trial_until is not None]
    lines = [line for line in judged.lines if line.id not in tried] if tried else judged.lines
    per_year = sum([line.list_per_year for line in lines], ZERO)
    return per_year or sum([line.list_term for line in lines if line.months is None], ZERO)
