"""A past or open deal: the facts known when it was quoted, what was offered, and how it ended (S5, S11, S12)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from pricing_engine.money import ONE, ZERO

Fact = str | Decimal | bool
Facts = Mapping[str, Fact | None]
"""What was known, by name; None or left out: it was not. Numbers are Decimals, amounts in the reporting currency."""

FAMILY: Final = "family"
PRODUCT: Final = "product"
LIST_PER_YEAR: Final = "list_per_year"
TERM_MONTHS: Final = "term_months"
MARKET: Final = "market"
DISCOUNT: Final = "discount"
"""Facts that every quote has beside those of the vocabulary; the first two are a line's."""

FACTS_OF_EVERY_QUOTE: Final = frozenset({FAMILY, PRODUCT, LIST_PER_YEAR, TERM_MONTHS, MARKET})
"""Those that deals can be told apart by: the discount is what is asked about."""


class Outcome(StrEnum):
    """How a deal ended, if it has."""

    WON = "won"
    LOST = "lost"
    OPEN = "open"


class DealLine(NamedTuple):
    """One product of a deal.

    Units: reporting currency, per year of recurring lines, once for one-time lines; None: not recorded.
    """

    product: str
    family: str | None = None
    list: Decimal | None = None
    net: Decimal | None = None

    @property
    def discount(self) -> Decimal | None:
        """The share off list that was offered; below 0 above list. None where either amount is not known."""
        return None if self.net is None or not self.list else ONE - self.net / self.list


class Draw(NamedTuple):
    """That the price was drawn by lot (S8): the discount drawn, and how likely this one was.

    `expected` is what this deal's lot gives on average, which the discount is looked at against: where it differs from
    deal to deal, it is what was known of the buyer. None: not recorded, which is good only for a lot that all share.
    """

    discount: Decimal
    propensity: Decimal
    expected: Decimal | None = None


class Deal(NamedTuple):
    """One deal. `account` groups deals of one customer; `facts` are as they were when it was `created`."""

    id: str
    account: str
    created: date
    closed: date | None
    outcome: Outcome
    facts: Facts
    lines: tuple[DealLine, ...]
    reason: str = ""
    draw: Draw | None = None

    @property
    def is_decided(self) -> bool:
        """Whether it was won or lost."""
        return self.outcome is not Outcome.OPEN

    @property
    def list(self) -> Decimal | None:
        """What all lines come to at list; None where one is not known."""
        return _sum([line.list for line in self.lines])

    @property
    def net(self) -> Decimal | None:
        """What all lines were offered at; None where one is not known."""
        return _sum([line.net for line in self.lines])

    @property
    def discount(self) -> Decimal | None:
        """The share off list over all lines; None where an amount is not known."""
        listed, net = self.list, self.net
        return None if net is None or not listed else ONE - net / listed


def _sum(amounts: list[Decimal | None]) -> Decimal | None:
    known = [each for each in amounts if each is not None]
    return sum(known, ZERO) if known and len(known) == len(amounts) else None
