"""What a quote does to retention, as it is shown and kept (N10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pricing_engine.money import Currency
from pricing_engine.retention.effect import Effect
from pricing_engine.retention.movements import ArrMovement
from pricing_engine.retention.rates import Window


@dataclass(frozen=True, slots=True)
class QuoteEffect:
    """What a quote does over a window, by whom it is seen: the account, its segments by attribute, and the book.

    `moved` is what it moves itself, in the currency `moved_in`; the effects are in the reporting currency, at the rates
    of the opening day. `declined` says what happens without it. `probability` is how likely whoever asked takes its
    acceptance to be; None: nobody has said. `at` is when it was worked out: as the book goes on, so do effects on it.
    """

    quote_id: str
    window: Window
    currency: Currency
    declined: str
    moved: Sequence[ArrMovement]
    moved_in: Currency
    account: Effect
    segments: Mapping[tuple[str, str], Effect]
    book: Effect
    probability: Decimal | None
    at: datetime
