"""Whether past deals show what a discount does to the chance to win, and if so how much (S6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pricing_engine.money import ONE, ZERO
from pricing_engine.scoring.deal import Deal, Draw, Outcome
from pricing_engine.scoring.guidance_rules import PeerSettings
from pricing_engine.scoring.learning.intervals import voices
from pricing_engine.scoring.learning.logits import Fit, NotFitted
from pricing_engine.scoring.learning.logits import with_instrument as fit_with_instrument
from pricing_engine.scoring.learning.logits import with_lot as fit_with_lot
from pricing_engine.scoring.price_response import Method, PriceResponse

Numbers = NDArray[np.float64]

LEAST_DEALS: Final = 200
LEAST_OF_EITHER: Final = 30
LEAST_ACCOUNTS: Final = 30
_ERRORS: Final = 1.959964
_CHOSEN: Final = "discounts that sellers chose do not show what they do, as harder buyers get larger ones"
_LARGEST_GROUPS: Final = 8


class NoResponse(NamedTuple):
    """Why the deals do not show it; guidance then stays with peers."""

    why: str


class _Sample(NamedTuple):
    """Decided deals: what was asked (as shares off list), whose they are, and whether they were won (1) or not (0)."""

    discounts: Numbers
    accounts: NDArray[np.int64]
    won: Numbers


def learn_response(
    deals: Sequence[Deal], settings: PeerSettings, *, as_of: date, instrument: str | None = None
) -> PriceResponse | NoResponse:
    """What a discount does, from prices that were drawn by lot, else from those a declared instrument moved.

    `instrument` is a fact, a number or yes/no, that moved prices and that buyers had no other reason to care for: that
    cannot be tested. Discounts that sellers chose never show it by themselves: harder buyers get larger ones.
    Raises: LearningUnavailable.
    """
    decided = [each for each in deals if each.is_decided and (each.closed or each.created) <= as_of]
    by_lot = _by_lot([each for each in decided if each.draw is not None])
    if isinstance(by_lot, PriceResponse):
        return by_lot
    if instrument is None:
        return NoResponse(f"{by_lot.why}, and no instrument is declared; {_CHOSEN}")
    moved = _by_instrument([each for each in decided if each.draw is None], settings, instrument)
    return moved if isinstance(moved, PriceResponse) else NoResponse(f"{by_lot.why}; {moved.why}")


def _by_lot(deals: Sequence[Deal]) -> PriceResponse | NoResponse:
    """Of deals whose price was drawn: each against what its lot gives on average, else weighed by how likely it was.

    Source: Borusyak and Hull, Nonrandom exposure to exogenous shocks (2023); Horvitz and Thompson (1952).
    """
    draws = [(deal, deal.draw) for deal in deals if deal.draw is not None]
    centred = [each for each in draws if each[1].expected is not None]
    is_centred = 2 * len(centred) >= len(draws)
    used = centred if is_centred else [each for each in draws if each[1].expected is None]
    sample = _sample([deal for deal, _ in used], [draw.discount for _, draw in used])
    if (few := _too_few(sample, "a price drawn by lot")) is not None:
        return few
    if not is_centred and not _is_one_lot([draw for _, draw in used]):
        return NoResponse("prices were drawn from lots that differ, and what each gives on average was not recorded")
    expected = np.array([draw.expected for _, draw in used], dtype=np.float64) if is_centred else None
    propensities = np.array([draw.propensity for _, draw in used], dtype=np.float64)
    fit = fit_with_lot(sample.discounts, sample.won, sample.accounts, expected=expected, propensities=propensities)
    told = _told(sample, fit, Method.DRAWN, None)
    if isinstance(told, NoResponse) or expected is None or not np.ptp(expected):
        return told
    return replace(told, reach=_share(np.quantile(np.abs(sample.discounts - expected), 0.95)))


def _is_one_lot(draws: Sequence[Draw]) -> bool:
    """Whether all were drawn from the same prices: then how likely each price was sums to 1."""
    likely: dict[Decimal, list[Decimal]] = {}
    for draw in draws:
        likely.setdefault(draw.discount, []).append(draw.propensity)
    total = sum([sum(each, ZERO) / len(each) for each in likely.values()], ZERO)
    return abs(total - ONE) <= Decimal("0.05")


def _by_instrument(deals: Sequence[Deal], settings: PeerSettings, instrument: str) -> PriceResponse | NoResponse:
    kept, moved = [], []
    for deal in deals:
        value = deal.facts.get(instrument)
        if isinstance(value, Decimal | bool) and deal.discount is not None:
            kept.append(deal)
            moved.append(float(value))
    sample = _sample(kept, [each.discount for each in kept])
    if (few := _too_few(sample, f"a discount and a number or yes/no in {instrument}")) is not None:
        return few
    fit = fit_with_instrument(
        *(sample.discounts, sample.won, sample.accounts),
        instrument=np.array(moved, dtype=np.float64),
        controls=_controls(kept, settings, instrument),
    )
    return _told(sample, fit, Method.INSTRUMENT, instrument)


def _sample(deals: Sequence[Deal], discounts: Sequence[Decimal | None]) -> _Sample:
    numbers: dict[str, int] = {}
    return _Sample(
        np.array(discounts, dtype=np.float64),
        np.array([numbers.setdefault(each.account, len(numbers)) for each in deals], dtype=np.int64),
        np.array([each.outcome is Outcome.WON for each in deals], dtype=np.float64),
    )


def _too_few(sample: _Sample, of: str) -> NoResponse | None:
    deals, won = len(sample.won), int(sample.won.sum())
    if not deals:
        return NoResponse(f"no decided deal has {of}")
    accounts = len(np.unique(sample.accounts))
    # Errors by account do not hold where one of them has most of the deals.
    says = voices(sample.accounts, np.ones(deals, dtype=np.bool_))
    if deals >= LEAST_DEALS and min(won, deals - won) >= LEAST_OF_EITHER and says >= LEAST_ACCOUNTS:
        return None
    alike = "" if accounts < LEAST_ACCOUNTS else f" (as uneven as these, they count as {int(says)})"
    return NoResponse(
        f"{deals} decided deals have {of}, {won} of them won, of {accounts} accounts{alike}; it takes {LEAST_DEALS}, "
        f"{LEAST_OF_EITHER} won and as many lost, of {LEAST_ACCOUNTS}"
    )


def _controls(deals: Sequence[Deal], settings: PeerSettings, instrument: str) -> list[Numbers]:
    """What the deals are told apart by, as 0 and 1 for each of the largest groups but the first."""
    columns = []
    for dimension in settings.by:
        if dimension.fact == instrument:
            continue
        buckets = np.array([dimension.bucket(each.facts.get(dimension.fact)) or "" for each in deals])
        names, counts = np.unique(buckets, return_counts=True)
        largest = names[np.argsort(-counts, kind="stable")][:_LARGEST_GROUPS]
        columns += [(buckets == name).astype(np.float64) for name in largest[1:]]
    return [each for each in columns if LEAST_OF_EITHER <= each.sum() <= len(deals) - LEAST_OF_EITHER]


def _told(sample: _Sample, fit: Fit | NotFitted, method: Method, instrument: str | None) -> PriceResponse | NoResponse:
    """The response of a fit, if it is one: a discount that wins more, with an interval that leaves out none at all."""
    if isinstance(fit, NotFitted):
        return NoResponse(fit.why)
    low, high = fit.effect - _ERRORS * fit.error, fit.effect + _ERRORS * fit.error
    if low <= 0:
        what = "more discount seems to win less" if fit.effect < 0 else "it may do nothing"
        return NoResponse(
            f"what ten points of discount do to the log-odds lies between {low / 10:+.2f} and {high / 10:+.2f} "
            f"({len(sample.won)} deals): {what}"
        )
    inner = np.quantile(sample.discounts, [0.025, 0.975])
    return PriceResponse(
        effect=float(fit.effect),
        error=float(fit.error),
        low=_share(inner[0]),
        high=_share(inner[1]),
        mean=_share(sample.discounts.mean()),
        base_rate=float(sample.won.mean()),
        deals=len(sample.won),
        accounts=len(np.unique(sample.accounts)),
        method=method,
        instrument=instrument,
    )


def _share(number: Any) -> Decimal:
    return Decimal(f"{number:.4f}")
