"""What a quote does to retention as JSON text, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from pricing_engine.money import Currency
from pricing_engine.retention.effect import Effect, LinePoints
from pricing_engine.retention.movements import ArrKind, ArrMovement, Cause, Driver
from pricing_engine.retention.quote_effect import QuoteEffect
from pricing_engine.retention.rates import Rates, Window
from pricing_engine.storage.exact_numbers import maybe_text


def encode_effect(found: QuoteEffect) -> str:
    """The effect, of whatever probability: that is told anew whenever it is asked for."""
    plain = {
        "window": [*found.window],
        "currency": (found.currency.code, found.currency.digits),
        "declined": found.declined,
        "moved": [[*each[:-1], str(each.amount)] for each in found.moved],
        "moved_in": (found.moved_in.code, found.moved_in.digits),
        "account": _plain(found.account),
        "segments": [[*key, _plain(each)] for key, each in found.segments.items()],
        "book": _plain(found.book),
    }
    return orjson.dumps(plain).decode()


def decode_effect(text: str, *, quote_id: str, at: datetime) -> QuoteEffect:
    """The effect `encode_effect` was given."""
    plain = orjson.loads(text)
    return QuoteEffect(
        quote_id=quote_id,
        window=Window(*map(date.fromisoformat, plain["window"])),
        currency=Currency(*plain["currency"]),
        declined=plain["declined"],
        moved=tuple([_movement(*each) for each in plain["moved"]]),
        moved_in=Currency(*plain["moved_in"]),
        account=_effect(plain["account"]),
        segments={(by, segment): _effect(each) for by, segment, each in plain["segments"]},
        book=_effect(plain["book"]),
        probability=None,
        at=at,
    )


def _plain(effect: Effect) -> dict[str, Any]:
    return {
        "accepted": _plain_rates(effect.accepted),
        "declined": _plain_rates(effect.declined),
        "flat": None if effect.flat is None else _plain_rates(effect.flat),
        "points": {driver.value: maybe_text(points) for driver, points in effect.points.items()},
        "lines": [[line, driver, str(amount), maybe_text(points)] for line, driver, amount, points in effect.lines],
    }


def _effect(plain: dict[str, Any]) -> Effect:
    return Effect(
        accepted=_rates(plain["accepted"]),
        declined=_rates(plain["declined"]),
        flat=None if plain["flat"] is None else _rates(plain["flat"]),
        points={Driver(driver): _maybe(points) for driver, points in plain["points"].items()},
        lines=tuple(
            [
                LinePoints(line, Driver(driver), Decimal(amount), _maybe(points))
                for line, driver, amount, points in plain["lines"]
            ]
        ),
    )


def _plain_rates(rates: Rates) -> list[str | int]:
    return [each if isinstance(each, int) else str(each) for each in rates]


def _rates(plain: Sequence[Any]) -> Rates:
    *amounts, customers, lost = plain
    return Rates._make([*map(Decimal, amounts), customers, lost])


def _maybe(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _movement(day: str, line: str, product: str, kind: str, driver: str | None, cause: str, amount: str) -> ArrMovement:
    drives = None if driver is None else Driver(driver)
    return ArrMovement(date.fromisoformat(day), line, product, ArrKind(kind), drives, Cause(cause), Decimal(amount))
