"""Offers as they are found: each with its price against what there is, and what would bring the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from json import JSONEncoder
from typing import Any, Final, NamedTuple

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.quoting.quote import Quote
from pricing_engine.quoting.request import Add, ChangeTier, QuoteRequest, Trial, op_of
from pricing_engine.quoting.weighed import Weighed

OFFER_ID: Final = "offer"
"""The id of a quote that is only offered."""

_SOURCE_DIGITS: Final = 12
_CONTENT_DIGITS: Final = 20
_written: Final = JSONEncoder(separators=(",", ":")).encode


class OfferKind(StrEnum):
    """What an offer is of."""

    CAPACITY = "capacity"
    ADD_ON = "add_on"
    TIER = "tier"
    CROSS_SELL = "cross_sell"
    BUNDLE = "bundle"
    TRIAL = "trial"


class Offer(NamedTuple):
    """Something the account may try or buy. `source` is the path, bundle or trial it comes from.

    `weighed` is what it comes to; `say` the sentence to offer it with; `days` those of a trial. `saving` is what it
    costs less a year than the same without bundle and incentive (negative: more; None: it is not sold without).
    """

    id: str
    source: str
    kind: OfferKind
    rule: RuleRef
    name: str
    say: str
    weighed: Weighed
    saving: Decimal | None
    days: int | None = None

    @property
    def request(self) -> QuoteRequest:
        """What it asks for."""
        return self.weighed.request

    @property
    def arr_difference(self) -> Decimal:
        """ARR against what there is; of a first sale all of it."""
        return self.weighed.arr_difference

    @property
    def due_now(self) -> Decimal:
        """What would be invoiced at once."""
        return self.weighed.due_now

    @property
    def quote(self) -> Quote:
        """The very quote it was priced by, written out."""
        return self.weighed.write_out(OFFER_ID)


class Withheld(NamedTuple):
    """An offer whose condition holds and that cannot be made, with the code of what stands in its way.

    `id`, `name` and `request` are those the offer would have had: a source may have several, one for each choice.
    """

    id: str
    source: str
    kind: OfferKind
    rule: RuleRef
    name: str
    request: QuoteRequest
    code: str
    what: str


class Unlock(NamedTuple):
    """What brings the next offer, or a lower price: `more` of a metric on top of what there is. Units: its unit."""

    source: str
    metric: str
    has: Decimal
    needs: Decimal
    more: Decimal
    what: str


class Offers(NamedTuple):
    """Everything an account may try or buy on a day, best first; `skipped` says by source why others are not for it.

    `contract` is the one that is changed (None: all are new sales).
    """

    account_id: str
    contract: str | None
    as_of: date
    effective_date: date
    rulebook: str
    currency: str
    offers: tuple[Offer, ...]
    withheld: tuple[Withheld, ...]
    unlocks: tuple[Unlock, ...]
    skipped: Mapping[str, str]


def offer_id(source: str, request: QuoteRequest) -> str:
    """The id of what is offered to whom: the same as long as the same is offered, whatever it costs.

    Its first part is that of the source, by which an offer that is gone is told from one that never was.
    """
    contract = request.contract.id if request.contract is not None else ""
    content = _written(
        [
            *(request.account.id, contract, request.tier, request.bundles, request.path),
            [_plain(change) for change in request.changes],
        ]
    )
    return f"off_{source_mark(source)}_{sha256(content.encode()).hexdigest()[:_CONTENT_DIGITS]}"


def asked_for(request: QuoteRequest) -> str:
    """What an offer asks for, as it is typed: `add analytics:users=100, add api`; of a first sale also its tier."""
    parts = [_typed(change) for change in request.changes]
    return ", ".join(parts if request.tier is None else [*parts, f"tier {request.tier}"])


@lru_cache(maxsize=1024)
def source_mark(source: str) -> str:
    """The part of an offer's id that says where it comes from."""
    return sha256(source.encode()).hexdigest()[:_SOURCE_DIGITS]


def _typed(change: object) -> str:
    op, what, *numbers = _plain(change)
    quantities = ",".join(f"{metric}={number}" for each in numbers for metric, number in each.items())
    return f"{str(op).replace('_', ' ')} {what}{':' if quantities else ''}{quantities}"


def _plain(change: object) -> list[Any]:
    """A change as plain data, its numbers without trailing zeros."""
    match change:
        case Add(product=product, quantities=quantities) | Trial(product=product, quantities=quantities):
            numbers = {metric: f"{number.normalize():f}" for metric, number in sorted(quantities.items())}
            return [op_of(change), product, numbers]
        case ChangeTier(tier=tier):
            return [op_of(change), tier]
        case _:
            raise TypeError(f"{change} is no change that is offered")
