"""The months of an account's product lines: what a table says, what is there already, and what is missing between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from pricing_engine.imports.book.problems import Problem, Wrong
from pricing_engine.imports.revenue.mapping import RevenueMappingDocument
from pricing_engine.imports.revenue.rows import Said
from pricing_engine.money import ZERO
from pricing_engine.periods import add_months
from pricing_engine.retention.histories import ALL_PRODUCTS, LineMonth

GIVEN: Final = "given"
_ORIGINS: Final = {"zero": "zero", "carry": "carried"}


class Filled(NamedTuple):
    """A month to be kept, and whether the table gave it or has nothing that is taken for something (`origin`)."""

    product: str
    month: LineMonth
    origin: str
    line: int | None


@dataclass(slots=True)
class Lines:
    """What is new of an account's lines, how many months are there already, and what is wrong or says otherwise."""

    fresh: list[Filled] = field(default_factory=list)
    there: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Span:
    """The table that rows are of: its name, and the months between which it has anything that has come."""

    file: str
    mapping: RevenueMappingDocument
    first: date
    last: date

    def problem(self, said: Said, wrong: Wrong, *, refuses: bool = True) -> Problem:
        """What is wrong with a cell."""
        return Problem(self.file, said.line, said.column, said.value, *wrong, refuses)


def lines_of(said: Sequence[Said], there: Mapping[str, Sequence[LineMonth]], span: Span) -> Lines:
    """What an account's rows bring beside the months that are `there`, by product.

    A line goes on from its first month to the table's last one, without a gap; a month that is missing is what the
    mapping says that it is.
    """
    found = Lines()
    by_product: dict[str, dict[date, Said]] = {}
    for each in said:
        if each.month > span.last:
            what = f"{_told(each.month)} has not come yet"
            found.problems.append(span.problem(each, Wrong("month-ahead", what, "leave forecasts out")))
        first = by_product.setdefault(each.product, {}).setdefault(each.month, each)
        if first is not each:
            what = f"{_told(each.month)} of {each.product} is in line {first.line} already"
            fix = "add both up, or map product where they are of different ones"
            found.problems.append(span.problem(each, Wrong("month-twice", what, fix)))
    for product, months in by_product.items():
        _add_line(found, product, months, there.get(product, ()), span)
    for product, known in there.items():
        if product not in by_product and said:
            _add_line(found, product, {}, known, span)
    if (problem := _counted_twice(found.fresh, there, span)) is not None:
        found.problems.append(problem)
    return found


def _counted_twice(fresh: Sequence[Filled], there: Mapping[str, Sequence[LineMonth]], span: Span) -> Problem | None:
    """That a month would have revenue of all products and beside it of some: the whole, and again its parts."""
    whole, parts = set[date](), set[date]()
    known = [(product, month) for product, months in there.items() for month in months]
    for product, month in [*known, *((each.product, each.month) for each in fresh)]:
        if month.mrr:
            (whole if product == ALL_PRODUCTS else parts).add(month.month)
    twice = [each for each in fresh if each.month.mrr and each.month.month in whole & parts]
    if not twice:
        return None
    first = min(twice, key=lambda each: (each.line is None, each.month.month))
    what = f"{_told(first.month.month)} would have revenue of {ALL_PRODUCTS} and of products beside it"
    fix = "what is written stays: go on with the products it was imported with, or without"
    return Problem(span.file, first.line or 1, "", "", "products-beside-all", what, fix)


def _add_line(found: Lines, product: str, said: Mapping[date, Said], there: Sequence[LineMonth], span: Span) -> None:
    found.problems += _compared(product, said, there, span)
    found.there += sum([span.first <= each.month <= span.last for each in there])
    before = there[-1] if there else None
    begins = min(said, default=None) if before is None else add_months(before.month, 1)
    while begins is not None and begins <= span.last:
        each = said.get(begins)
        if each is not None:
            before = LineMonth(begins, each.mrr, each.quantity)
            found.fresh.append(Filled(product, before, GIVEN, each.line))
        elif before is not None and (problem := _missing(product, begins, said, span)) is not None:
            found.problems.append(problem)
        elif before is not None:
            is_carried = span.mapping.missing_months == "carry"
            before = before._replace(month=begins) if is_carried else LineMonth(begins, ZERO)
            found.fresh.append(Filled(product, before, _ORIGINS[span.mapping.missing_months], None))
        begins = add_months(begins, 1)


def _missing(product: str, month: date, said: Mapping[date, Said], span: Span) -> Problem | None:
    """That a month is missing, where the mapping refuses that; at the last row before it."""
    if span.mapping.missing_months != "refuse":
        return None
    earlier = [each for each in said.values() if each.month < month]
    line = max(earlier, key=lambda each: each.month).line if earlier else 1
    what = f"{_told(month)} of {product} is missing, and the table goes on to {_told(span.last)}"
    fix = "fill it in; or say under missing_months that it is zero, or what was before is carried"
    return Problem(span.file, line, "", "", "month-missing", what, fix)


def _compared(product: str, said: Mapping[date, Said], there: Sequence[LineMonth], span: Span) -> Iterator[Problem]:
    """Where the table says otherwise than what was imported of a month before: that stays as it is."""
    if not there:
        return
    known = {each.month: each for each in there}
    for month, each in sorted(said.items()):
        kept = known.get(month)
        if kept is None and month < there[0].month and each.mrr:
            what = f"the history of {product} begins with {_told(there[0].month)}, and this is before it"
            fix = "leave it out: what is written is never changed, so nothing can be put in front of it"
            yield span.problem(each, Wrong("before-known", what, fix))
        elif kept is not None and (kept.mrr != each.mrr or _differ(kept.quantity, each.quantity)):
            yield span.problem(each, _restated(product, kept, f"{each.mrr}{_units(each.quantity)}"), refuses=False)
    if span.mapping.missing_months == "zero":
        for kept in there:
            if kept.mrr and span.first <= kept.month <= span.last and kept.month not in said:
                yield Problem(span.file, 1, "", "", *_restated(product, kept, "nothing"), False)


def _restated(product: str, kept: LineMonth, now: str) -> Wrong:
    what = f"{_told(kept.month)} of {product} was imported as {kept.mrr}{_units(kept.quantity)}, and is {now} now"
    return Wrong("restated", what, "what was imported stays; find out which of them is right")


def _differ(one: Decimal | None, other: Decimal | None) -> bool:
    return one is not None and other is not None and one != other


def _units(quantity: Decimal | None) -> str:
    return "" if quantity is None else f" for {quantity}"


def _told(month: date) -> str:
    return f"{month:%Y-%m}"
