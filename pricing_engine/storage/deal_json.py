"""A deal as JSON and back; numbers are exact text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import orjson

from pricing_engine.scoring.deal import Deal, DealLine, Draw, Outcome
from pricing_engine.storage.tagged_values import mapping_from_plain, mapping_to_plain


def encode_deal(deal: Deal) -> str:
    """What a deal says beyond its id, account, days and outcome."""
    plain = {
        "facts": mapping_to_plain(deal.facts),
        "lines": [(line.product, line.family, _text(line.list), _text(line.net)) for line in deal.lines],
        "reason": deal.reason,
        "draw": None if deal.draw is None else [str(each) for each in deal.draw if each is not None],
    }
    return orjson.dumps(plain).decode()


def decode_deal(content: str, *, id: str, account: str, created: date, closed: date | None, outcome: str) -> Deal:
    """The deal `encode_deal` was given."""
    plain: dict[str, Any] = orjson.loads(content)
    lines = tuple(
        [DealLine(product, family, _number(list_), _number(net)) for product, family, list_, net in plain["lines"]]
    )
    draw = plain["draw"]
    return Deal(
        *(id, account, created, closed, Outcome(outcome), mapping_from_plain(plain["facts"]), lines, plain["reason"]),
        None if draw is None else Draw(*map(Decimal, draw)),
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
