"""Whether an expression gives what its field of the rule needs."""

from dataclasses import replace

from pricing_engine.expressions.conditions import refuse_condition
from pricing_engine.expressions.ranges import ANY
from pricing_engine.expressions.tree import NameRef
from pricing_engine.expressions.typed import Checking, Typed, as_date, described, refuse_percentage
from pricing_engine.expressions.units import is_whole
from pricing_engine.expressions.vocabulary import TEXTUAL, WHOLE, Kind

# What fits where it is not the very kind: a number without a unit serves as a ratio, a count of months as months.
_ALSO_FITS: dict[Kind, frozenset[Kind]] = {
    Kind.NUMBER: frozenset({Kind.NUMBER, Kind.RATIO, Kind.COUNT, Kind.MONTHS}),
    Kind.RATIO: frozenset({Kind.RATIO, Kind.NUMBER}),
    Kind.MONTHS: frozenset({Kind.MONTHS, Kind.COUNT}),
    Kind.ENUM: TEXTUAL,
    Kind.TEXT: TEXTUAL,
}


def check_result(result: Typed, expect: Kind, checking: Checking) -> Typed:
    """The result, in the unit its field needs."""
    if result.kind is None:
        return result
    if expect is Kind.YES_NO:
        refuse_condition(result, checking)
        return result
    if expect is Kind.DATE and result.kind is Kind.TEXT and result.bare:
        return as_date(result, checking)
    if not _fits(result, expect):
        what = f"this gives {described(result)}; the rule needs {expect.value}"
        return checking.refuse(result.node, "E072", what, _hint(result, expect))
    if expect is Kind.RATIO:
        refuse_percentage(result, Typed(NameRef("result"), Kind.RATIO, range=ANY), checking)
    return replace(result, kind=expect)


def _fits(result: Typed, expect: Kind) -> bool:
    if result.bare and result.numeric:
        return expect not in TEXTUAL | {Kind.DATE} and (expect not in WHOLE or is_whole(result))
    return result.kind in _ALSO_FITS.get(expect, frozenset({expect}))


def _hint(result: Typed, expect: Kind) -> str:
    if expect in WHOLE and result.numeric:
        return "make it whole: `ceil(x)` or `floor(x)`"
    if expect is Kind.MONEY and result.numeric:
        return "multiply it with an amount"
    if result.kind is Kind.MONEY:
        return "divide it by an amount, as in `ratio_of(amount, 100000, 0)`"
    if result.kind is Kind.YES_NO:
        return "choose with it: `a if condition else b`"
    return f"write something that gives {expect.value}"
