"""Differences between two groups of accounts with their intervals, by statsmodels (N13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import ModuleType
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pricing_engine.errors import DomainError

Numbers = NDArray[np.float64]

LEAST_ACCOUNTS: Final = 20
LEAST_MOVED: Final = 5
_MOST_LEFT_OUT_ONE_BY_ONE: Final = 1_000


class StatisticsUnavailable(DomainError):
    """This installation cannot work out intervals."""

    code = "statistics-unavailable"


class Interval(NamedTuple):
    """By how much the accounts hit differ from like ones, and between which bounds, as fractions; None: not known."""

    difference: Decimal
    lower: Decimal | None
    upper: Decimal | None

    @property
    def excludes_nothing(self) -> bool:
        """Whether no difference at all is outside it."""
        return self.lower is not None and self.upper is not None and not self.lower <= 0 <= self.upper


@dataclass(frozen=True, slots=True)
class Sample:
    """Cases one after the other: whose each is, whether it was hit, and its weight.

    `accounts` are numbers of accounts; `spells` of the times of an account that no two cases of it share.
    """

    accounts: NDArray[np.int64]
    spells: NDArray[np.int64]
    is_hit: NDArray[np.bool_]
    weights: Numbers

    def mean(self, values: Numbers, *, hit: bool) -> np.float64:
        """The weighted mean of a group."""
        chosen = self.is_hit == hit
        return np.float64(np.average(values[chosen], weights=self.weights[chosen]))

    def counts_as(self, *, hit: bool) -> np.float64:
        """How many accounts of equal weight would say as much: fewer where weights differ or one is there again."""
        return self._size(self.accounts, hit=hit)

    def spells_count_as(self, *, hit: bool) -> np.float64:
        """The same of spells: whoever was there for another has not left in the one before, so each tells anew."""
        return self._size(self.spells, hit=hit)

    def _size(self, owners: NDArray[np.int64], *, hit: bool) -> np.float64:
        """Kish's effective size (Survey Sampling, 1965), with all cases of an owner taken as one."""
        chosen = self.is_hit == hit
        by_owner = np.bincount(owners[chosen], weights=self.weights[chosen])
        return np.float64(by_owner.sum() ** 2 / np.square(by_owner).sum())

    @property
    def is_small(self) -> bool:
        """Whether either group is too small to tell anything."""
        return bool(min(self.counts_as(hit=True), self.counts_as(hit=False)) < LEAST_ACCOUNTS)


def sample_of(
    accounts: Sequence[str], spells: Sequence[tuple[str, int]], is_hit: Sequence[bool], weights: Sequence[float]
) -> Sample:
    """The sample of cases."""
    return Sample(
        _numbered(accounts), _numbered(spells), np.array(is_hit, dtype=np.bool_), np.array(weights, dtype=np.float64)
    )


def _numbered(names: Sequence[Any]) -> NDArray[np.int64]:
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names], dtype=np.int64)


def of_shares(sample: Sample, values: Numbers, *, level: Decimal, least_moved: int = LEAST_MOVED) -> Interval:
    """The difference of mean shares, by weighted regression; its errors leave out one account after the other (CRV3).

    No bounds in a small sample, nor where fewer accounts moved than `least_moved`: they would be too near.
    Source: MacKinnon, Nielsen and Webb, Fast and reliable jackknife and bootstrap methods (2023).
    """
    difference = sample.mean(values, hit=True) - sample.mean(values, hit=False)
    moved = len(np.unique(sample.accounts[values != 0]))
    if sample.is_small or moved < least_moved:
        return Interval(rounded(difference), None, None)
    design = np.column_stack([np.ones(len(values)), sample.is_hit])
    # What leaving out does to thousands is what any clustered error says, and it takes the square of their number.
    kind = "cluster-crv3" if sample.accounts.max() < _MOST_LEFT_OUT_ONE_BY_ONE else "cluster"
    fit = (
        _module("regression.linear_model")
        .WLS(values, design, weights=sample.weights)
        .fit(cov_type=kind, cov_kwds={"groups": sample.accounts}, use_t=True)
    )
    lower, upper = fit.conf_int(alpha=_alpha(level))[1]
    return Interval(rounded(difference), rounded(lower), rounded(upper))


def of_counts(sample: Sample, values: Numbers, *, level: Decimal) -> Interval:
    """The difference of the shares of accounts of which something is so, by Newcombe's interval; each is 0 or 1.

    It keeps its level where few are so, and where none is, which a regression does not. No bounds in a small sample.
    Source: Newcombe, Interval estimation for the difference between independent proportions, method 10 (1998).
    """
    hit, like = (sample.mean(values, hit=each) for each in (True, False))
    if sample.is_small:
        return Interval(rounded(hit - like), None, None)
    sizes = sample.spells_count_as(hit=True), sample.spells_count_as(hit=False)
    lower, upper = _module("stats.proportion").confint_proportions_2indep(
        hit * sizes[0], sizes[0], like * sizes[1], sizes[1], method="newcomb", compare="diff", alpha=_alpha(level)
    )
    return Interval(rounded(hit - like), rounded(lower), rounded(upper))


def rounded(number: Any) -> Decimal:
    """A fraction with six decimals, and no sign on nothing."""
    return Decimal(f"{number:.6f}") + 0


def check_available() -> None:
    """Raises: StatisticsUnavailable without the extra `statistics`."""
    _module("stats.proportion")


def _alpha(level: Decimal) -> Any:
    return np.float64(1 - level)


def _module(name: str) -> ModuleType:
    from importlib import import_module

    try:
        return import_module(f"statsmodels.{name}")
    except ImportError:
        raise StatisticsUnavailable(
            "intervals are worked out by statsmodels, which is not installed here",
            fix="install pricing-engine[statistics]",
        ) from None
