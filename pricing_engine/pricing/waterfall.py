"""The price waterfall: list price and each step down or up to net, with its rule, reason and amounts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Final, NamedTuple, cast

from pricing_engine.catalog.products import PERIODS_PER_YEAR, Timing
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import EXACT, ONE, Currency, round_money, unit_price


class StepKind(StrEnum):
    """The steps in the order they apply (P18).

    `agreed` are discretionary discounts of an earlier quote that still hold; `repricing` is what it costs that a
    condition of the contract's prices no longer holds, or holds again (P22).
    """

    LIST = "list"
    BUNDLE = "bundle"
    TRIAL = "trial"
    POLICY = "policy"
    UPLIFT = "uplift"
    AGREED = "agreed"
    DISCRETIONARY = "discretionary"
    CAP = "cap"
    REPRICING = "repricing"
    TERM = "term"
    ROUNDING = "rounding"


# As `RECURRING` in `catalog/products.py`: each step of each line names its kind.
LIST: Final = StepKind.LIST
BUNDLE: Final = StepKind.BUNDLE
TRIAL: Final = StepKind.TRIAL
POLICY: Final = StepKind.POLICY
UPLIFT: Final = StepKind.UPLIFT
AGREED: Final = StepKind.AGREED
DISCRETIONARY: Final = StepKind.DISCRETIONARY
CAP: Final = StepKind.CAP
REPRICING: Final = StepKind.REPRICING
TERM: Final = StepKind.TERM
ROUNDING: Final = StepKind.ROUNDING


class Step(NamedTuple):
    """One step of a waterfall; a named tuple because a quote makes thousands (quality.md). Units: major units."""

    kind: StepKind
    rule: RuleRef
    before: Decimal
    after: Decimal

    @property
    def amount(self) -> Decimal:
        """What the step adds (negative: takes off)."""
        return self.after - self.before


# The constructor of a named tuple is a Python function; this one is not, and costs a third less.
make_step = cast("Callable[[tuple[StepKind, RuleRef, Decimal, Decimal]], Step]", partial(tuple.__new__, Step))
"""A step from a tuple of its fields."""


class Segment(NamedTuple):
    """A part of the term in which the line's price does not change.

    `list` and `net` are per year for recurring and usage lines and in all for one-time lines, unrounded;
    `share` is how many years' worth of them the segment is billed for (1 for one-time lines).
    `holding` are the steps by which the price is made now where `steps` tell how it came from an earlier one (P22);
    else there are none.
    """

    start: date
    end: date
    share: Fraction
    quantity: Decimal
    list: Decimal
    net: Decimal
    steps: tuple[Step, ...]
    holding: tuple[Step, ...] = ()


make_segment = cast(
    "Callable[[tuple[date, date, Fraction, Decimal, Decimal, Decimal, tuple[Step, ...], tuple[Step, ...]]], Segment]",
    partial(tuple.__new__, Segment),
)
"""A segment from a tuple of its fields."""


class PricedLine(NamedTuple):
    """One charge of one product over the term, in words that need no rulebook to be read.

    Its closing steps turn the yearly amounts into the term's. `net_per_year` and `list_per_year` are those of
    the segment in force on the effective date, rounded (0 for one-time lines); `list_term` and `net_term` are
    over the whole term, each rounded once (P2). `months` is the charge period (None: one-time).
    A line that is on request and was given no price has no segments, and all its amounts are 0 and mean nothing.
    """

    id: str
    product: str
    name: str
    tier: str | None
    charge: str
    timing: Timing
    months: int | None
    metric: str | None
    bundle: str | None
    quantity: Decimal
    segments: tuple[Segment, ...]
    closing: tuple[Step, ...]
    list_per_year: Decimal
    net_per_year: Decimal
    list_term: Decimal
    net_term: Decimal
    usage_estimate: Decimal | None

    def per_period(self, per_year: Decimal, currency: Currency) -> Decimal:
        """A yearly amount of this line for one charge period; a one-time amount is what it is.

        Rounds: half up to the currency's minor unit.
        """
        return round_money(EXACT.divide(per_year, self._periods), currency)

    def unit_prices(self, list_per_year: Decimal, net_per_year: Decimal) -> tuple[Decimal, Decimal] | None:
        """Yearly amounts of this line for one charge period and unit; None for a line of no units.

        Rounds: each half up to 6 decimals. For showing only: a price is never rebuilt from it (P2).
        """
        if not self.quantity:
            return None
        units = EXACT.multiply(self._periods, self.quantity)
        list_unit = unit_price(list_per_year, units)
        if list_per_year == net_per_year:
            return list_unit, list_unit
        net_unit = unit_price(net_per_year, units)
        return list_unit, net_unit

    @property
    def _periods(self) -> Decimal:
        return ONE if self.months is None else PERIODS_PER_YEAR[self.months]

    @property
    def is_priced(self) -> bool:
        """False for a line that is on request and was given no price (P5)."""
        return bool(self.segments)
