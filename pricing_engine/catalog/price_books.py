"""Dated list prices for one currency and market, and the one in force on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pricing_engine.catalog.prices import OnRequest, Price
from pricing_engine.catalog.rule import RuleRef
from pricing_engine.errors import DomainError
from pricing_engine.money import Currency


class PriceMissing(DomainError):
    """A price book has no entry in force for a charge on the day: never zero, never silence."""

    code = "price-missing"


@dataclass(frozen=True, slots=True)
class PriceEntry:
    """A list price in force from `start` until the day before `end` (None: for good)."""

    start: date
    end: date | None
    price: Price | OnRequest
    rule: RuleRef


@dataclass(frozen=True, slots=True)
class DatedPrices:
    """The entries of one charge, by date and without overlap."""

    entries: tuple[PriceEntry, ...]
    starts: tuple[date, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "starts", tuple(entry.start for entry in self.entries))
        if list(self.starts) != sorted(set(self.starts)):
            raise ValueError("dated prices must be in order of date")

    def in_force(self, day: date) -> PriceEntry | None:
        """The entry that applies on the day, or None."""
        index = bisect_right(self.starts, day) - 1
        if index < 0:
            return None
        entry = self.entries[index]
        return entry if entry.end is None or day < entry.end else None


@dataclass(frozen=True, slots=True)
class PriceBook:
    """List prices by charge key (`analytics.seats`: product or tier id, a dot, charge id).

    `markets` empty: every market that no other book of the currency names.
    """

    id: str
    currency: Currency
    markets: frozenset[str]
    prices: Mapping[str, DatedPrices]
    rule: RuleRef

    def in_force(self, key: str, day: date) -> PriceEntry:
        """The price entry of a charge on a day.

        Raises: PriceMissing, naming the charge, the book and the day.
        """
        dated = self.prices.get(key)
        entry = dated.in_force(day) if dated is not None else None
        if entry is None:
            raise PriceMissing(
                f"{key} has no price in price book {self.id} on {day}",
                fix=f"add a dated entry for {key} to {self.rule.file}",
                charge=key,
                price_book=self.id,
                on=day,
            )
        return entry
