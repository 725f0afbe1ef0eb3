"""Lines of a contract that most changes to it leave as they are: what they came to once is used for every change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

    __slots__ = ("_first_day", "_last", "_lines", "_under")

    def __init__(self) -> None:
        self._under: tuple[object, ...] = ()
        self._first_day: date | None = None
        self._lines: dict[str, _Known] = {}
        self._last: tuple[Sequence[LineItem], PricingTerms, Pricing] | None = None

    def price(self, items: Sequence[LineItem], terms: PricingTerms, past: Past | None = None) -> Pricing:
        """The price of every line, as `price` makes it."""
        if past is not None:
            return price(items, terms, past)
        self._learn()
        known = self._among(items, terms) if self._lines else NOT_KNOWN
        pricing = price(items, terms, known=known)
        if not pricing.findings and len(known) < len(terms.settled):
            self._last = items, terms, pricing
        return pricing

    def listed(self, items: Sequence[LineItem], on: date) -> tuple[Decimal, Sequence[LineItem]]:
        """What the lines that are known from a day on cost at list a year on that day, together, and the others."""
        self._learn()
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

    def _among(self, items: Sequence[LineItem], terms: PricingTerms) -> Mapping[str, PricedLine]:
        if _are_tied(items, terms) or self._under != _of_all_lines(terms):
            return NOT_KNOWN
        lines, granted, caps = self._lines, terms.granted.by_line, terms.caps
        return {
            id_: each.line
            for item in items
            if (each := lines.get(id_ := item.id)) is not None
            and each.item is item
            and each.granting == granted[id_]
            and each.cap == caps.get(id_)
        }

    def _learn(self) -> None:
        """Remembers what was priced last, now that more is: most contracts are priced for one change only."""
        if self._last is None:
            return
        (items, terms, pricing), self._last = self._last, None
        if _are_tied(items, terms):
            return
        under = _of_all_lines(terms)
        if under != self._under:
            self._under, self._first_day, self._lines = under, terms.term.start, {}
        granted, caps = terms.granted.by_line, terms.caps
        for item, line in zip(items, pricing.lines, strict=True):
            known = self._lines.get(item.id)
            if known is not None and known.line is line:
                continue
            if item.id in terms.settled and item.bundle is None and line.is_priced:
                self._lines[item.id] = _Known(item, granted[item.id], caps.get(item.id), line)


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
