"""Targets of retention are of segments there are, one at a time for each, and do not contradict each other."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from pricing_engine.expressions import Kind
from pricing_engine.money import ONE
from pricing_engine.retention.segments import BUILT_IN, COHORT, DISCOUNTS, NO_VALUE, SIZES, TERM
from pricing_engine.retention.targets import Measure, Target, parts_of_nrr
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.compile.retention_targets import compile_targets
from pricing_engine.rulebook.documents.fields import write_percent
from pricing_engine.rulebook.documents.retention_targets import RetentionTargetsDocument, TargetShape
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.rulebook import VocabularyName
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean

_MOST_RATE = Decimal("9.999999")
_LEAST_RATE = Decimal("0.3")
_LEAST_POINTS = Decimal("0.0025")
"""Below these it is likelier that somebody wrote a fraction, or the growth alone, than that they mean it."""


class _Form(NamedTuple):
    """How the values of something are written."""

    pattern: re.Pattern[str]
    fix: str


_FORMS: Final = {
    "cohort": _Form(COHORT, "write the quarter customers began in: 2026-Q1"),
    "term": _Form(TERM, "write how long contracts are agreed for: 12 months"),
}
_BANDS: Final = {"size": tuple(SIZES), "discount": tuple(DISCOUNTS)}


class _Placed(NamedTuple):
    """A target as it counts, and as it is written."""

    target: Target
    shape: TargetShape
    place: Path

    @property
    def figure(self) -> Path:
        """Where what it is to come to is written."""
        return (*self.place, "target" if self.target.measure.driver is None else "points_per_year")


def check_retention_targets(subject: Subject) -> Iterator[Fault]:
    """E801 to E804, W805 and W806."""
    loaded = subject.repository.retention_targets
    if loaded is None:
        return
    written = loaded.shape.targets()
    placed = [
        _Placed(target, shape, place)
        for target, (place, _, _, shape) in zip(compile_targets(loaded), written, strict=True)
    ]
    by_segment: dict[object, list[_Placed]] = defaultdict(list)
    for each in placed:
        by_segment[each.target.segment].append(each)
        yield from _names(loaded, each, subject)
        yield from _replaced(loaded, each, subject)
        yield from _slips(loaded, each)
    for of_one in by_segment.values():
        twice = list(_twice(loaded, of_one))
        yield from twice or _contradictions(loaded, of_one)


def _names(loaded: Loaded[RetentionTargetsDocument], each: _Placed, subject: Subject) -> Iterator[Fault]:
    if not subject.index.knows_all("vocabulary"):
        return
    attributes = {name.key: name for name in subject.vocabulary.values() if name.source == "account"}
    for by, value in each.target.segment:
        path = (*each.place, "segment", by)
        if by not in attributes and by not in BUILT_IN:
            fix = did_you_mean(by, [*BUILT_IN, *attributes])
            yield loaded.fault("E802", path, f"the book is not told apart by {by}", fix, on_key=True)
        elif by in _FORMS and value != NO_VALUE and not _FORMS[by].pattern.fullmatch(value):
            yield loaded.fault("E803", path, f"{value} is no {by}", _FORMS[by].fix)
        elif (known := _values(by, attributes)) and value not in (*known, NO_VALUE):
            yield loaded.fault("E803", path, f"{by} is never {value}", did_you_mean(value, known))


def _replaced(loaded: Loaded[RetentionTargetsDocument], each: _Placed, subject: Subject) -> Iterator[Fault]:
    """A product that another replaces is no line of its own (N2)."""
    product = dict(each.target.segment).get("product")
    if product not in subject.index.products:
        return
    for id_, successor in subject.index.products.items():
        if product in successor.shape.replaces:
            what = f"{product} is one line with {id_}, which replaces it"
            yield loaded.fault("E803", (*each.place, "segment", "product"), what, f"write {id_}")


def _values(by: str, attributes: Mapping[str, VocabularyName]) -> Sequence[str]:
    """All values that a segment can be called by; empty where nobody can say."""
    if by in BUILT_IN:
        return _BANDS.get(by, ())
    name = attributes[by].name
    return ("true", "false") if name.kind is Kind.YES_NO else name.values


def _slips(loaded: Loaded[RetentionTargetsDocument], each: _Placed) -> Iterator[Fault]:
    """What can be meant, and hardly is."""
    measure, target = each.target.measure, each.target.target
    if measure.driver is None and target < _LEAST_RATE:
        is_gross = measure is Measure.GRR  # it never grows
        meant = "that much may be lost" if is_gross else "it is to grow by that"
        fix = f'write "{write_percent(ONE - target if is_gross else ONE + target)}" if {meant}'
        yield loaded.fault(
            "W806", each.figure, f"a rate of {write_percent(target)} is what is left of the ARR there was", fix
        )
    elif measure.driver is not None and 0 < abs(target) < _LEAST_POINTS:
        what = f"{_points(target)} points are {write_percent(abs(target))} of the ARR there was"
        yield loaded.fault("W806", each.figure, what, f'write "{_points(target * 100)}" if that is meant')
    elif measure is Measure.RETENTION and target > 0:
        what = "retention above 0 is more won back than lost"
        yield loaded.fault("W806", each.figure, what, f'write "{_points(-target)}" if that much may be lost')


def _twice(loaded: Loaded[RetentionTargetsDocument], of_one: Sequence[_Placed]) -> Iterator[Fault]:
    by_measure: dict[Measure, list[_Placed]] = defaultdict(list)
    for each in of_one:
        by_measure[each.target.measure].append(each)
    for measure, found in by_measure.items():
        for earlier, later in pairwise(sorted(found, key=lambda each: each.target.start)):
            until, start = earlier.shape.until, later.target.start
            if earlier.target.start == start or (until is not None and until > start):
                what = f"there is another target of {measure} on {start}{_of(later.target)}"
                fix = "remove one of the two; without until the first ends where the next begins"
                related = (loaded.related(earlier.place, "the other is here"),)
                yield loaded.fault("E801", (*later.place, "from"), what, fix, related=related)


def _contradictions(loaded: Loaded[RetentionTargetsDocument], of_one: Sequence[_Placed]) -> Iterator[Fault]:
    """What cannot be reached together, each told on the first day it is so."""
    told: set[tuple[str, str]] = set()
    for day in sorted({each.target.start for each in of_one}):
        now = {each.target.measure: each for each in of_one if each.target.is_in_force(day)}
        for fault in (_above(loaded, now), _not_its_parts(loaded, now, day)):
            if fault is not None and (fault.code, fault.path) not in told:
                told.add((fault.code, fault.path))
                yield fault


def _above(loaded: Loaded[RetentionTargetsDocument], now: Mapping[Measure, _Placed]) -> Fault | None:
    gross, net = now.get(Measure.GRR), now.get(Measure.NRR)
    if gross is None:
        return None
    most = ONE if net is None else min(ONE, net.target.target)
    if gross.target.target <= most:
        return None
    what = f"GRR leaves growth out, so it never reaches {write_percent(gross.target.target)}"
    if most < 1:
        what += f" with NRR at {write_percent(most)}"
    related = () if net is None else (loaded.related(net.place, "NRR is here"),)
    return loaded.fault("E804", gross.figure, what, f'write at most "{write_percent(most)}"', related=related)


def _not_its_parts(loaded: Loaded[RetentionTargetsDocument], now: Mapping[Measure, _Placed], day: date) -> Fault | None:
    net, parts = now.get(Measure.NRR), parts_of_nrr([each.target for each in now.values()])
    if net is None or parts is None or net.target.target == parts:
        return None
    drivers = [each for measure, each in now.items() if measure.driver is not None]
    sum_ = ", ".join(f"{each.target.measure} {_points(each.target.target)}" for each in drivers)
    rates = write_percent(net.target.target), write_percent(parts)
    what = f"from {day} NRR is to be {rates[0]}, and its drivers make it {rates[1]}: {sum_} points"
    related = tuple(loaded.related(each.place, f"{each.target.measure} is here") for each in drivers)
    fix = "change what a driver is to bring"
    if 0 <= parts <= _MOST_RATE:  # else it is no rate that can be written
        fix = f'write "{rates[1]}", or {fix}'
    return loaded.fault("W805", net.figure, what, fix, related=related)


def _of(target: Target) -> str:
    """Of which segment, in words."""
    return "".join(f", {by} {value}" for by, value in target.segment)


def _points(fraction: Decimal) -> str:
    return f"{(fraction * 100).normalize():+f}"
