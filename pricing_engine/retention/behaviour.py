"""What a change of price did to customers: the accounts it hit against like accounts that it did not hit (N13)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np

from pricing_engine.money import ZERO
from pricing_engine.periods import add_months
from pricing_engine.retention.behaviour_cases import (
    Book,
    Case,
    Design,
    LeftOut,
    hit_cases,
    left_at_end_of_term,
    like_cases,
)
from pricing_engine.retention.behaviour_statistics import (
    Interval,
    Numbers,
    Sample,
    check_available,
    of_counts,
    of_shares,
    rounded,
    sample_of,
)
from pricing_engine.retention.rates import Window, share

LEVEL: Final = Decimal("0.95")
BEFORE_LEVEL: Final = Decimal("0.90")
"""Of all intervals together; each of so many is made at a level so much nearer to 1 (Bonferroni)."""


class Outcome(StrEnum):
    """What may become of an account."""

    CHURN = "churn"
    CONTRACTION = "contraction"
    EXPANSION = "expansion"


class Verdict(StrEnum):
    """What can be told; all but the first mean that it cannot be told what the event did."""

    EFFECT = "effect"
    NO_EVENTS = "no_events"
    FEW_ACCOUNTS = "few_accounts"
    DIFFERED_BEFORE = "differed_before"
    MAY_BE_NOTHING = "may_be_nothing"

    @property
    def can_tell(self) -> bool:
        """Whether the event is said to have done something."""
        return self is Verdict.EFFECT


class Group(NamedTuple):
    """A group of accounts: how many, in how many cases, as how many equal ones they count, and what they had before.

    `changed` is by how much the event moved the price of those hit, on average, as a fraction of what they had.
    `before` and `after` are means over its cases, of shares of what each had; nobody has churned before, as none of
    those could be hit. Like accounts weigh as much as those hit of their stratum. None of an empty group.
    """

    accounts: int
    cases: int
    counts_as: Decimal
    arr: Decimal
    changed: Decimal | None
    before: Mapping[Outcome, Decimal] | None
    after: Mapping[Outcome, Decimal] | None


class Behaviour(NamedTuple):
    """What became of the accounts hit and of like ones, and what of it can be laid to the event.

    `before` are the differences before the day, `differences` those after less those before. `left_out` counts cases
    that were hit by why they are not compared; `hit_later` like cases that were hit in the months after;
    `left_at_end_of_term` accounts that did not renew in the days compared, of which nobody knows why.
    """

    design: Design
    hit: Group
    like: Group
    left_out: Mapping[LeftOut, int]
    hit_later: int
    left_at_end_of_term: int
    before: Mapping[Outcome, Interval]
    differences: Mapping[Outcome, Interval]
    verdict: Verdict

    @property
    def is_alike_before(self) -> bool | None:
        """Whether both groups moved alike before, as far as can be seen; None where groups are too small to see."""
        if all(each.lower is None for each in self.before.values()):
            return None
        return _is_alike(self.before)


def behaviour_of(book: Book, design: Design) -> Behaviour:
    """The comparison.

    Raises: StatisticsUnavailable without the extra `statistics`.
    """
    check_available()
    hits = hit_cases(book, design)
    likes = list(like_cases(book, hits, design))
    matched = {each.stratum for each in likes}
    hit = [each for each in hits.cases if each.stratum in matched]
    out = hits.left_out + Counter({LeftOut.NOTHING_LIKE: len(hits.cases) - len(hit)})
    cases = _cases(hit, likes, design.months)
    before, differences = _compared(cases) if hit else ({}, {})
    return Behaviour(
        design,
        _group(cases, hit, is_hit=True),
        _group(cases, likes, is_hit=False),
        {reason: out[reason] for reason in LeftOut},
        sum(each.is_hit_later for each in likes),
        left_at_end_of_term(book, _days_compared(design)),
        before,
        differences,
        _verdict(cases, before, differences) if hits.cases or out else Verdict.NO_EVENTS,
    )


class _Cases(NamedTuple):
    """The cases hit and then the like ones, with what became of each by outcome."""

    sample: Sample
    before: Mapping[Outcome, Numbers]
    after: Mapping[Outcome, Numbers]


def _cases(hit: Sequence[Case], likes: Sequence[Case], months: int) -> _Cases:
    """Like cases weigh in each stratum as much as those hit, so that both groups are of the same strata."""
    among_hit, among_likes = (Counter([each.stratum for each in group]) for group in (hit, likes))
    weights = [1] * len(hit) + [among_hit[each.stratum] / among_likes[each.stratum] for each in likes]
    cases = [*hit, *likes]
    spells = [*_spells(hit, months), *_spells(likes, months)]
    is_hit = [True] * len(hit) + [False] * len(likes)
    return _Cases(
        sample_of([each.account for each in cases], spells, is_hit, weights),
        {
            Outcome.CONTRACTION: _numbers([each.before.contraction for each in cases]),
            Outcome.EXPANSION: _numbers([each.before.expansion for each in cases]),
        },
        {
            Outcome.CHURN: _numbers([each.has_left for each in cases]),
            Outcome.CONTRACTION: _numbers([each.after.contraction for each in cases]),
            Outcome.EXPANSION: _numbers([each.after.expansion for each in cases]),
        },
    )


def _spells(cases: Sequence[Case], months: int) -> Iterator[tuple[str, int]]:
    """The spell of each case: one account's cases are of one where the months after them overlap.

    Shape: the cases of an account stand together, in order of time.
    """
    number, account, until = 0, "", date.min
    for each in cases:
        if each.account != account or each.day > until:
            number += 1
        account, until = each.account, add_months(each.day, months)
        yield account, number


def _numbers(values: Sequence[Decimal] | Sequence[bool]) -> Numbers:
    return np.array(values, dtype=np.float64)


def _compared(cases: _Cases) -> tuple[dict[Outcome, Interval], dict[Outcome, Interval]]:
    """The differences before, and those after less those before."""
    level = _each_of(len(cases.before), BEFORE_LEVEL)
    # Bounds that are too near to each other where few moved make for doubt, which does no harm here.
    before = {
        name: of_shares(cases.sample, values, level=level, least_moved=0) for name, values in cases.before.items()
    }
    level = _each_of(len(cases.after), LEVEL)
    differences = {Outcome.CHURN: of_counts(cases.sample, cases.after[Outcome.CHURN], level=level)}
    for name, values in cases.before.items():
        differences[name] = of_shares(cases.sample, cases.after[name] - values, level=level)
    return before, differences


def _each_of(number: int, level: Decimal) -> Decimal:
    """The level of each of so many intervals that hold together at a level (Bonferroni)."""
    return 1 - (1 - level) / number


def _group(cases: _Cases, group: Sequence[Case], *, is_hit: bool) -> Group:
    sample = cases.sample
    means = [
        {name: rounded(sample.mean(values, hit=is_hit)) for name, values in each.items()} if group else None
        for each in (cases.before, cases.after)
    ]
    return Group(
        len({each.account for each in group}),
        len(group),
        rounded(sample.counts_as(hit=is_hit)) if group else ZERO,
        sum([each.arr for each in group], ZERO),
        share(sum([each.changed for each in group], ZERO), Decimal(len(group))) if is_hit else None,
        *means,
    )


def _days_compared(design: Design) -> Window:
    """The days of the window of which the months after are over."""
    opening, closing = design.window
    return Window(opening, max(opening, min(closing, add_months(design.until, -design.months))))


def _verdict(cases: _Cases, before: Mapping[Outcome, Interval], differences: Mapping[Outcome, Interval]) -> Verdict:
    if not differences or cases.sample.is_small:
        return Verdict.FEW_ACCOUNTS
    if not _is_alike(before):
        return Verdict.DIFFERED_BEFORE
    return Verdict.MAY_BE_NOTHING if _is_alike(differences) else Verdict.EFFECT


def _is_alike(differences: Mapping[Outcome, Interval]) -> bool:
    return not any(each.excludes_nothing for each in differences.values())
