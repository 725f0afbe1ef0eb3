"""Lines of a contract that most changes to it leave as they are: what they came to once is used for every change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pricing_engine.money import ZERO
from pricing_engine.pricing.line_item import Granting, LineItem, PricingTerms, TotalCap
from pricing_engine.pricing.price import NOT_KNOWN, Past, Pricing, price
from pricing_engine.pricing.waterfall import PricedLine


class _Known(NamedTuple):
    """What a line came to, and what it was made from beside what all lines share."""

    item: LineItem
    granting: Granting
    cap: TotalCap | None
    line: PricedLine


class KnownLines:
    """Prices the targets of one contract, its agreed lines anew only where something about them is different.

    A line is known again by the very item it was priced from, granted the same under the same terms, while nothing
    ties it to others: so it is what pricing it anew would make.
    """

    __slots__ = ("_first_day", "_lines", "_under")

    def __init__(self) -> None:
        self._under: tuple[object, ...] = ()
        self._first_day: date | None = None
        self._lines: dict[str, _Known] = {}

    def price(self, items: Sequence[LineItem], terms: PricingTerms, past: Past | None = None) -> Pricing:
        """The price of every line, as `price` makes it."""
        if past is not None or _are_tied(items, terms):
            return price(items, terms, past)
        under = _of_all_lines(terms)
        if under != self._under:
            self._under, self._first_day, self._lines = under, terms.term.start, {}
        granted, caps = terms.granted.by_line, terms.caps
        lines = self._lines
        known = {
            id_: each.line
            for item in items
            if (each := lines.get(id_ := item.id)) is not None
            and each.item is item
            and each.granting == granted[id_]
            and each.cap == caps.get(id_)
        }
        pricing = price(items, terms, known=known or NOT_KNOWN)
        if len(known) < len(terms.settled) and not pricing.findings:
            for item, line in zip(items, pricing.lines, strict=True):
                if item.id in terms.settled and item.id not in known and item.bundle is None and line.is_priced:
                    lines[item.id] = _Known(item, granted[item.id], caps.get(item.id), line)
        return pricing

    def listed(self, items: Sequence[LineItem], on: date) -> tuple[Decimal, Sequence[LineItem]]:
        """What the lines that are known from a day on cost at list a year on that day, together, and the others."""
        if not self._lines or self._first_day != on:
            return ZERO, items
        lines, listed, others = self._lines, ZERO, []
        for item in items:
            known = lines.get(item.id)
            if known is not None and known.item is item:
                listed += known.line.segments[0].list
            else:
                others.append(item)
        return listed, others


def _are_tied(items: Sequence[LineItem], terms: PricingTerms) -> bool:
    """Whether a line that is in no bundle may cost more or less because of another.

    So it does where an amount or a discount asked for is off both, or it is a percentage of the other.
    """
    if terms.asks or terms.granted.amount_groups:
        return True
    return any([item.charge.of_lines is not None for item in items])


def _of_all_lines(terms: PricingTerms) -> tuple[object, ...]:
    """What the price of every line depends on, whatever it is granted."""
    return (
        *(terms.currency, terms.term, terms.billing_months, terms.proration, terms.anchor),
        *(terms.max_total_discount, terms.cap_rule),
    )
