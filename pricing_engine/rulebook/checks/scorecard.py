"""A scorecard whose factors stay within their weights gives 0 to 100, and every band of it can be reached."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from pricing_engine.expressions import Kind, range_of
from pricing_engine.expressions.ranges import ONE, ZERO, Range
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.scorecard import FactorShape, ScorecardDocument
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.scoring.scorecard import points_of

_ALL = Decimal(100)
_TEN = Decimal(10)
_MOST_DIGITS = 12
_MISSED = frozenset({"request.market", "quote.tier"})
"""Origins that a request may leave open, as it may any attribute of an account."""

Scorecard = Loaded[ScorecardDocument]


def check_scorecard(subject: Subject) -> Iterator[Fault]:
    """E901 to E904, W905 and W906."""
    loaded = subject.repository.scorecard
    if loaded is None:
        return
    shape, spans, faults = loaded.shape, list[Range](), list[Fault]()
    for i, factor in enumerate(shape.factors):
        path: Path = ("factors", i, "value")
        compiled = subject.compiled.get((loaded.file, path))
        if compiled is None:
            continue
        span = range_of(factor.value, subject.scopes.scored, expect=Kind.NUMBER)
        faults += _within(loaded, path, span, is_fixed=not compiled.names)
        spans.append(_with_missing(span, compiled.names, subject))
    faults += [*_weights(loaded), *_bands(loaded)]
    yield from faults
    if not faults and len(spans) == len(shape.factors):
        yield from _never(loaded, spans)
        yield from _out_of_reach(loaded, spans)


def _within(loaded: Scorecard, path: Path, span: Range, *, is_fixed: bool) -> Iterator[Fault]:
    if is_fixed or span.holds_one_value():
        what = "this is the same for every deal, so it tells none from another"
        yield loaded.fault("E903", path, what, "write a formula over what differs between deals, or remove the factor")
    elif span.low < ZERO or span.high > ONE:
        what = f"this may come to {_shown(span)}, and a factor gives 0 to 1"
        yield loaded.fault("E902", path, what, "wrap it in clamp(…, 0, 1)")


def _shown(span: Range) -> str:
    low, high = _rounded(span.low, ROUND_FLOOR), _rounded(span.high, ROUND_CEILING)
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else f"{high} or less" if high else "any number"


def _rounded(end: Decimal, rounding: str) -> str:
    """An end in five digits, rounded outwards so that what is outside 0 to 1 looks like it; "" where it is open."""
    if not end.is_finite():
        return ""
    shown = Context(prec=5, rounding=rounding).plus(end).normalize()
    return f"{shown:f}" if abs(shown.adjusted()) < _MOST_DIGITS else str(shown)


def _with_missing(span: Range, names: frozenset[str], subject: Subject) -> Range:
    """What is not known gives no points."""
    asked = [each for id_, each in subject.vocabulary.items() if id_ in names and not each.name.optional]
    may_miss = any(each.source == "account" or each.origin in _MISSED for each in asked)
    return Range(min(span.low, ZERO), span.high) if may_miss else span


def _weights(loaded: Scorecard) -> Iterator[Fault]:
    total = sum([factor.weight for factor in loaded.shape.factors], ZERO)
    if total != _ALL:
        off = f"{abs(total - _ALL).normalize():f} {'less' if total > _ALL else 'more'}"
        what = f"the weights sum to {total.normalize():f}, and not to 100"
        yield loaded.fault("E901", ("factors",), what, f"give {off} in all", on_key=True)


def _bands(loaded: Scorecard) -> Iterator[Fault]:
    first: dict[Decimal, int] = {}
    for i, band in enumerate(loaded.shape.bands):
        earlier = first.setdefault(band.start, i)
        if earlier != i:
            related = (loaded.related(("bands", earlier), "the other is here"),)
            what = f"another band begins at {band.start.normalize():f}"
            yield loaded.fault("E904", ("bands", i, "from"), what, "remove one of the two", related=related)
    if ZERO not in first:
        what = f"a score below {min(first).normalize():f} is called nothing"
        yield loaded.fault("E904", ("bands",), what, "add a band from 0", on_key=True)


def _never(loaded: Scorecard, spans: Sequence[Range]) -> Iterator[Fault]:
    for i, (factor, span) in enumerate(zip(loaded.shape.factors, spans, strict=True)):
        path: Path = ("factors", i, "value")
        least, most = _points(factor, span)
        if most < factor.weight:
            what = f"no deal gets more than {most} of the {factor.weight.normalize():f} points of {factor.id}"
            yield loaded.fault("W905", path, what, "let the best deal come to 1")
        elif least * _TEN > factor.weight:
            what = f"every deal gets at least {least} of the {factor.weight.normalize():f} points of {factor.id}"
            yield loaded.fault("W905", path, what, "let the worst deal come to 0")


def _out_of_reach(loaded: Scorecard, spans: Sequence[Range]) -> Iterator[Fault]:
    ends = [_points(factor, span) for factor, span in zip(loaded.shape.factors, spans, strict=True)]
    least, most = (sum(column, ZERO) for column in zip(*ends, strict=True))
    above: Decimal | None = None
    for i, band in sorted(enumerate(loaded.shape.bands), key=lambda each: -each[1].start):
        if band.start > most or (above is not None and above <= least):
            what = f"no deal is {band.name}: scores are from {least} to {most}"
            fix = "move where it begins, or remove it"
            yield loaded.fault("W906", ("bands", i, "from"), what, fix)
        above = band.start


def _points(factor: FactorShape, span: Range) -> tuple[Decimal, Decimal]:
    return points_of(factor.weight, span.low), points_of(factor.weight, span.high)
