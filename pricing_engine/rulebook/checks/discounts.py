"""Discounts are sizes that make sense: at most all of it, schedules that rise, by a number known when they apply."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from pricing_engine.expressions import NUMERIC, WORDS_OF_KINDS, Kind
from pricing_engine.policies.discounts import QUANTITY
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.discount_policy import DiscountPolicyDocument, ScheduleShape
from pricing_engine.rulebook.documents.discretion import DiscretionDocument
from pricing_engine.rulebook.documents.fields import write_percent
from pricing_engine.rulebook.documents.shape import Shape
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean

_Fraction = tuple[Loaded[Shape], Path, Decimal | None]
"""A share of something, with its place."""


def check_discounts(subject: Subject) -> Iterator[Fault]:
    """E217, E401, E402, E408, E412, W413 and W414."""
    for loaded, path, fraction in _fractions(subject):
        if fraction is not None and fraction > 1:
            what = f"{write_percent(fraction)} is more than all of it"
            yield loaded.fault("E402", path, what, 'write at most "100%"')
    for policy in subject.repository.discounts:
        yield from _nothing(policy)
        schedule = policy.shape.schedule
        if schedule is not None:
            yield from _schedule(policy, schedule)
            yield from _measure(policy, schedule, subject)


def _fractions(subject: Subject) -> Iterator[_Fraction]:
    repository = subject.repository
    for policy in repository.discounts:
        yield policy, ("percent",), policy.shape.percent
        for i, band in enumerate(policy.shape.schedule.bands if policy.shape.schedule else ()):
            yield policy, ("schedule", "bands", i, "percent"), band.percent
    for bundle in repository.bundles:
        yield bundle, ("price", "off_list"), bundle.shape.price.off_list
    if repository.discretion is not None:
        yield from _of_discretion(repository.discretion)
    for path in repository.upsell_paths:
        incentive = path.shape.incentive
        yield path, ("offer", "incentive", "percent"), incentive.percent if incentive else None
    for terms in repository.terms:
        for i, guarantee in enumerate(terms.shape.guarantees):
            yield terms, ("guarantees", i, "credit"), guarantee.credit


def _of_discretion(discretion: Loaded[DiscretionDocument]) -> Iterator[_Fraction]:
    shape = discretion.shape
    yield discretion, ("max_total_discount",), shape.max_total_discount
    if shape.floor is not None:
        yield discretion, ("floor", "net_ratio"), shape.floor.net_ratio
        yield discretion, ("floor", "or_margin"), shape.floor.margin
    for i, limit in enumerate(shape.limits):
        yield discretion, ("limits", i, "line_max"), limit.line_max
        yield discretion, ("limits", i, "quote_max"), limit.quote_max


def _schedule(policy: Loaded[DiscountPolicyDocument], schedule: ScheduleShape) -> Iterator[Fault]:
    for i, (before, band) in enumerate(pairwise(schedule.bands), start=1):
        if band.start.number <= before.start.number:
            what = "the starts of the bands must rise"
            yield policy.fault("E401", ("schedule", "bands", i, "from"), what, "write the bands in rising order")
        elif band.percent < before.percent:
            what = f"more {schedule.by} gives less: {write_percent(band.percent)} after {write_percent(before.percent)}"
            fix = "write percentages that rise; leave it only if it is meant"
            yield policy.fault("W413", ("schedule", "bands", i, "percent"), what, fix)


def _nothing(policy: Loaded[DiscountPolicyDocument]) -> Iterator[Fault]:
    shape = policy.shape
    bands = shape.schedule.bands if shape.schedule is not None else ()
    field = next(field for field in ("percent", "amount", "schedule") if getattr(shape, field) is not None)
    if not (shape.percent or shape.amount or any(band.percent for band in bands)):
        what = f"{shape.id} takes nothing off"
        yield policy.fault("W414", (field,), what, "write its size, or delete the file")


def _measure(policy: Loaded[DiscountPolicyDocument], schedule: ScheduleShape, subject: Subject) -> Iterator[Fault]:
    path: Path = ("schedule", "by")
    if schedule.by == QUANTITY:
        yield from _units(policy, schedule, is_ratio=False)
        return
    scope = subject.scopes.target
    if schedule.by in scope.elsewhere:
        what = f"{schedule.by} is not known here; it is known at {scope.elsewhere[schedule.by]}"
        yield policy.fault("E412", path, what, "use a number known before, such as one from quote.list_arr")
        return
    known = scope.names.get(schedule.by)
    if known is None:
        if subject.index.knows_all("vocabulary"):
            numbers = [id_ for id_, name in scope.names.items() if name.kind in NUMERIC]
            fix = did_you_mean(schedule.by, [*numbers, QUANTITY])
            yield policy.fault("E217", path, f"the vocabulary has no {schedule.by}", fix)
        return
    if known.kind not in NUMERIC:
        what = f"{schedule.by} is {WORDS_OF_KINDS[known.kind]}, not a number"
        yield policy.fault("E408", path, what, "use a name that is a number, or quantity")
    elif known.optional:
        what = f"{schedule.by} may be missing, and a schedule needs it"
        yield policy.fault("E408", path, what, "use a name that is always known")
    else:
        yield from _units(policy, schedule, is_ratio=known.kind is Kind.RATIO)


def _units(policy: Loaded[DiscountPolicyDocument], schedule: ScheduleShape, *, is_ratio: bool) -> Iterator[Fault]:
    for i, band in enumerate(schedule.bands):
        if band.start.is_percent != is_ratio:
            what = f"{schedule.by} is {'a ratio' if is_ratio else 'not a ratio'}"
            fix = 'write from: "20%"' if is_ratio else "write a number without %"
            yield policy.fault("E408", ("schedule", "bands", i, "from"), what, fix)
