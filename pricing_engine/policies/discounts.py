"""Discount policies: what is taken off by rule, from which lines, how much, until when, and how policies stack."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pricing_engine.catalog.products import Selector
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.expressions import Expression
from pricing_engine.money import ZERO


class Pick(StrEnum):
    """Which policies of one group count: the largest reduction, or all of them."""

    BEST = "best"
    SUM = "sum"


class Base(StrEnum):
    """What a group's percentages are of: the running net, or the list price."""

    COMPOUND = "compound"
    ADDITIVE = "additive"


ADDITIVE: Final = Base.ADDITIVE
"""Named, as `RECURRING` in `catalog/products.py` is: it is asked for by every line and group."""


@dataclass(frozen=True, slots=True)
class DiscountGroup:
    """A stacking group; the rulebook's order of groups is the order they apply in (P18, P19)."""

    id: str
    pick: Pick
    base: Base


@dataclass(frozen=True, slots=True)
class Percent:
    """The same share of every line. Units: fraction."""

    fraction: Decimal


@dataclass(frozen=True, slots=True)
class Amount:
    """A fixed amount, shared over the lines it selects by their running net; it stops at what is left (P3).

    Units: reporting currency, per year for recurring lines, once for one-time lines.
    """

    amount: Decimal


QUANTITY = "quantity"
"""`Schedule.by` for the line's own quantity; every other value is a number the vocabulary names."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Shares by bands of a number: from `start` on, `fraction` is taken off; nothing below the first start."""

    by: str
    bands: tuple[tuple[Decimal, Decimal], ...]

    def fraction_at(self, number: Decimal) -> Decimal:
        """The share at a number, 0 below the first band. Shape: bands are (start, fraction) in rising order."""
        found = ZERO
        for start, fraction in self.bands:
            if number < start:
                break
            found = fraction
        return found


Size = Percent | Amount | Schedule


class Clawback(StrEnum):
    """Whether a discount already enjoyed is taken back when its condition is lost."""

    NONE = "none"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class DiscountPolicy:
    """A discount by rule.

    `when` is tested once, when the discount is granted; `hold` (`while:` in the file) and a schedule travel with
    the contract (P22). `months` and `ends_on` make it a promotion with an end (P20). `requested_from`/
    `requested_until` are the half-open window of as-of dates in which it is granted. `is_dated` says whether any
    day limits it. `path` is the upsell path whose offers alone are granted it (None: any quote is).
    """

    id: str
    group: str
    applies_to: Selector
    size: Size
    rule: RuleRef
    when: Expression | None = None
    hold: Expression | None = None
    months: int | None = None
    ends_on: date | None = None
    requested_from: date | None = None
    requested_until: date | None = None
    stacks_with_bundles: bool = False
    reprice_on_lost: bool = True
    clawback: Clawback = Clawback.NONE
    reprice_on_improved: bool = False
    path: str | None = None
    is_dated: bool = field(init=False, compare=False)

    def __post_init__(self) -> None:
        dates = (self.months, self.ends_on, self.requested_from, self.requested_until)
        object.__setattr__(self, "is_dated", any(each is not None for each in dates))

    def is_requested_in_time(self, as_of: date) -> bool:
        """Whether a quote asked for on this day may have it."""
        return (self.requested_from is None or self.requested_from <= as_of) and (
            self.requested_until is None or as_of < self.requested_until
        )
