"""Grows the tree of comparable won deals: what told their discounts apart, as far as it is more than chance (S4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

import numpy as np

from pricing_engine.scoring.deal import Deal
from pricing_engine.scoring.guidance_rules import PeerSettings
from pricing_engine.scoring.learning.peer_cases import MILLION, UNKNOWN, Cases, Whole, cases_of
from pricing_engine.scoring.peers import LEAST_ACCOUNTS, Dimension, PeerNode, PeerTree

_FOUR_DECIMALS: Final = Decimal("0.0001")
_QUARTERS: Final = (Decimal("0.25"), Decimal("0.75"))


class _Split(NamedTuple):
    """A dimension with the buckets in which there is enough, and by how much it beats chance."""

    at: int
    buckets: Whole
    gain: Any


def learn_peers(deals: Iterable[Deal], settings: PeerSettings, *, as_of: date) -> PeerTree:
    """The tree of the deals won in the months up to a day; its root is None where they are too few.

    Each node is told apart by what tells its discounts apart best, if that is more than chance; a segment has at least
    `minimum` deals, of at least LEAST_ACCOUNTS accounts, and what is thinner stays with its parent. Each line counts
    once.
    Rounds: discounts to six decimals, then quantiles of them to four, half up.
    Source: S4.
    """
    cases = cases_of(deals, settings.by, months=settings.months, as_of=as_of)
    everything = np.arange(len(cases.deals))
    count = len(np.unique(cases.deals))
    if not _is_enough(count, len(np.unique(cases.accounts)), settings):
        return PeerTree(settings.minimum, count, None)
    return PeerTree(settings.minimum, count, _grow(cases, everything, tuple(range(len(settings.by))), settings))


def _is_enough(deals: Any, accounts: Any, settings: PeerSettings) -> Any:
    return (deals >= settings.minimum) & (accounts >= LEAST_ACCOUNTS)


def _grow(cases: Cases, chosen: Whole, left: tuple[int, ...], settings: PeerSettings) -> PeerNode:
    """The node of the chosen lines, and of what they are told apart by among the dimensions that are left."""
    split = max(_splits(cases, chosen, left, settings), key=lambda each: each.gain, default=None)
    if split is None or split.gain <= 0:
        return _node(cases, chosen, settings, None, {})
    of_chosen, names = cases.buckets[split.at][chosen], cases.names[split.at]
    rest = tuple([each for each in left if each != split.at])
    children = {
        names[bucket]: _grow(cases, chosen[of_chosen == bucket], rest, settings) for bucket in split.buckets.tolist()
    }
    return _node(cases, chosen, settings, settings.by[split.at], dict(sorted(children.items())))


def _node(
    cases: Cases, chosen: Whole, settings: PeerSettings, by: Dimension | None, children: dict[str, PeerNode]
) -> PeerNode:
    discounts, days = np.sort(cases.discounts[chosen]), cases.days[chosen]
    stretch, target, floor, low, high = (
        quantile(discounts, share) for share in (settings.stretch, settings.target, settings.floor, *_QUARTERS)
    )
    return PeerNode(
        *(len(np.unique(cases.deals[chosen])), len(np.unique(cases.accounts[chosen]))),
        *(date.fromordinal(int(days.min())), date.fromordinal(int(days.max()))),
        *(stretch, target, floor, low, high),
        _share(Decimal(int(discounts.sum())) / len(discounts)),
        *(by, children),
    )


def quantile(rising: Whole, share: Decimal) -> Decimal:
    """What this share of discounts lies below: between the two nearest, in proportion (type 7, as spreadsheets do).

    Source: Hyndman and Fan, Sample Quantiles in Statistical Packages (1996).
    """
    place = share * (len(rising) - 1)
    below = int(place)
    low, high = int(rising[below]), int(rising[min(below + 1, len(rising) - 1)])
    return _share(low + (place - below) * (high - low))


def _share(millionths: Decimal) -> Decimal:
    return (millionths / MILLION).quantize(_FOUR_DECIMALS, ROUND_HALF_UP)


def _splits(cases: Cases, chosen: Whole, left: tuple[int, ...], settings: PeerSettings) -> Iterator[_Split]:
    ranks, accounts = _ranks(cases.discounts[chosen]), cases.accounts[chosen]
    for at in left:
        buckets = cases.buckets[at][chosen] - UNKNOWN  # from 0 on, which is not known
        count = len(cases.names[at]) + 1
        deals_in, accounts_in = (_owners_in(buckets, owners, count) for owners in (cases.deals[chosen], accounts))
        is_thick = _is_enough(deals_in, accounts_in, settings)
        is_thick[0] = False
        if is_thick.any():
            groups = np.where(is_thick, np.arange(count), 0)[buckets]  # the thin ones are one group, as they stay
            yield _Split(at, np.flatnonzero(is_thick) + UNKNOWN, _gain(ranks, groups, accounts, count, len(left)))


def _owners_in(buckets: Whole, owners: Whole, count: int) -> Whole:
    """How many deals or accounts are in each bucket."""
    return np.bincount(np.unique(owners * count + buckets) % count, minlength=count)


def _ranks(values: Whole) -> Any:
    """The place of each, from 0 to 1; equal ones share their middle place. One far off weighs no more than others."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return ((last - (counts - 1) / 2) / len(values))[inverse]


def _gain(ranks: Any, groups: Whole, accounts: Whole, count: int, tried: int) -> Any:
    """By how much groups explain the places of discounts, less what chance would explain; below 0: no more than that.

    All lines of an account in a group are one observation, for they are not independent of each other. The gain is
    that of the extended Bayesian information criterion: it asks more the more groups, and the more dimensions tried.
    Source: Schwarz (1978); Chen and Chen, Extended Bayesian information criteria (2008).
    """
    keys, inverse = np.unique(accounts * count + groups, return_inverse=True)
    means, of_group = np.bincount(inverse, weights=ranks) / np.bincount(inverse), keys % count
    sizes = np.bincount(of_group)
    there = int((sizes > 0).sum())
    if there < 2:
        return -np.inf
    center = means.mean()
    whole = np.square(means - center).sum()
    explained = (np.square(np.bincount(of_group, weights=means) - sizes * center) / np.maximum(sizes, 1)).sum()
    within = max(whole - explained, 1e-12)
    cost = (there - 1) * np.log(len(means)) + 2 * np.log(tried)
    return len(means) * np.log(max(whole, 1e-12) / within) - cost
