"""What each listed function takes and gives: units, ranges and the arguments it refuses."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce

from pricing_engine.expressions import ranges
from pricing_engine.expressions.faults import did_you_mean
from pricing_engine.expressions.ranges import ZERO, Range
from pricing_engine.expressions.tree import Call, Constant, Lookup, Node, UsageShare
from pricing_engine.expressions.typed import (
    HIGHEST_LIKELY_RATIO,
    Checking,
    Typed,
    as_date,
    described,
    meet,
    text_literals,
)
from pricing_engine.expressions.units import kind_of_quotient, refuse_non_number
from pricing_engine.expressions.vocabulary import TEXTUAL, Kind, LookupTable

Arguments = tuple[Typed, ...]
_FROM_ZERO = Range(low=ZERO)


def check_plain_call(node: Call, arguments: Arguments, checking: Checking) -> Typed:
    """The result of a function whose arguments are ordinary values."""
    if node.function == "months_between":
        return _check_months_between(node, arguments, checking)
    wrong = [refuse_non_number(argument, checking) for argument in arguments]
    if any(wrong):
        return Typed(node, None)
    checked = _NUMBER_FUNCTIONS[node.function](node, arguments, checking)
    return replace(
        checked,
        node=Call(node.function, tuple(argument.node for argument in arguments), node.at),
        fixed=all(argument.fixed for argument in arguments),
        likely=max(checked.likely, *(argument.likely for argument in arguments)),
    )


def _meet_all(node: Call, arguments: Arguments, checking: Checking) -> Typed:
    kind_so_far = arguments[0]
    for argument in arguments[1:]:
        met = meet(kind_so_far, argument, node, checking)
        likelier = max(kind_so_far.likely, argument.likely)
        kind_so_far = replace(kind_so_far, kind=met.kind, bare=met.bare, range=met.range, likely=likelier)
    return kind_so_far


def _check_smallest(node: Call, arguments: Arguments, checking: Checking) -> Typed:
    span = reduce(ranges.smallest, (argument.range for argument in arguments))
    return replace(_meet_all(node, arguments, checking), range=span)


def _check_largest(node: Call, arguments: Arguments, checking: Checking) -> Typed:
    span = reduce(ranges.largest, (argument.range for argument in arguments))
    return replace(_meet_all(node, arguments, checking), range=span)


def _check_abs(node: Call, arguments: Arguments, checking: Checking) -> Typed:
    return replace(arguments[0], range=ranges.magnitude(arguments[0].range))


def _check_whole(node: Call, arguments: Arguments, checking: Checking) -> Typed:
    operand = arguments[0]
    kind = Kind.COUNT if operand.kind in (Kind.NUMBER, Kind.RATIO) and not operand.bare else operand.kind
    return replace(operand, kind=kind, range=ranges.whole(operand.range, node.function))


def _check_clamp(node: Call, arguments: Arguments, checking: Checking) -> Typed:
    _, low, high = arguments
    if low.range.low > high.range.high:
        what = "the lower limit lies above the upper one"
        return checking.refuse(low.node, "E087", what, "write clamp(x, low, high)")
    within = ranges.smallest(ranges.largest(arguments[0].range, low.range), high.range)
    return replace(_meet_all(node, arguments, checking), range=within)


def _check_round_to(node: Call, arguments: Arguments, checking: Checking) -> Typed:
    operand, step = arguments
    if not isinstance(step.node, Constant) or step.range.low <= 0:
        what = "the step is not a constant above zero"
        return checking.refuse(step.node, "E087", what, "write the step as a number: round_to(x, 0.05)")
    met = meet(operand, step, node, checking)
    return replace(operand, kind=met.kind, range=ranges.widened(operand.range, step.range.high))


def _check_ratio_of(node: Call, arguments: Arguments, checking: Checking) -> Typed:
    part, whole, otherwise = arguments
    of_one_unit = part.bare or whole.bare or part.kind is whole.kind
    kind = Kind.RATIO if of_one_unit else kind_of_quotient(node, part, whole, checking)
    never_negative = part.range.low >= 0 and whole.range.low >= 0
    quotient = Typed(node, kind, range=_FROM_ZERO if never_negative else ranges.ANY, likely=HIGHEST_LIKELY_RATIO)
    met = meet(quotient, otherwise, otherwise.node, checking)
    return replace(quotient, kind=met.kind, range=met.range)


_NUMBER_FUNCTIONS: Mapping[str, Callable[[Call, Arguments, Checking], Typed]] = {
    "min": _check_smallest,
    "max": _check_largest,
    "abs": _check_abs,
    "floor": _check_whole,
    "ceil": _check_whole,
    "clamp": _check_clamp,
    "round_to": _check_round_to,
    "ratio_of": _check_ratio_of,
}


def _check_months_between(node: Call, arguments: Arguments, checking: Checking) -> Typed:
    days: list[Typed] = []
    for argument in arguments:
        if argument.kind in (Kind.DATE, Kind.TEXT, None):
            days.append(as_date(argument, checking))
        else:
            what = f"{described(argument)} where a date is needed"
            days.append(checking.refuse(argument.node, "E085", what, "use a date name or a date in quotes"))
    kind = Kind.MONTHS if all(day.kind for day in days) else None
    fixed = all(day.fixed for day in days)
    return Typed(Call(node.function, tuple(day.node for day in days), node.at), kind, fixed=fixed)


def check_usage_share(node: Call, checking: Checking) -> Typed:
    """The share of a limit in use: a ratio from zero, above one where a limit is exceeded."""
    argument = node.arguments[0]
    if not isinstance(argument, Constant) or argument.value not in checking.scope.metrics:
        return _refuse_unknown_text(argument, "E067", "a metric with a limit", checking.scope.metrics, checking)
    share = UsageShare(str(argument.value), node.at)
    return Typed(share, Kind.RATIO, range=_FROM_ZERO, likely=HIGHEST_LIKELY_RATIO)


def check_lookup(node: Call, key: Typed, checking: Checking) -> Typed:
    """The value of a table for a key that always has one."""
    argument = node.arguments[0]
    table = checking.scope.tables.get(str(argument.value)) if isinstance(argument, Constant) else None
    if table is None:
        return _refuse_unknown_text(argument, "E068", "a lookup table", checking.scope.tables, checking)
    if key.kind is None:
        return Typed(node, None)
    if key.kind not in TEXTUAL:
        what = f"{described(key)} as the key of `{table.id}`"
        return checking.refuse(key.node, "E085", what, f"its keys are {table.key.value}")
    if _refuse_missing_rows(table, key, checking):
        return Typed(node, None)
    values = [*table.rows.values(), *([] if table.default is None else [table.default])]
    return Typed(Lookup(table, key.node, node.at), table.value, range=Range(min(values), max(values)), fixed=key.fixed)


def _refuse_unknown_text(argument: Node, code: str, needed: str, known: Iterable[str], checking: Checking) -> Typed:
    """The fault of a literal that should name something of the rulebook; what may be written is shown in quotes."""
    text = str(argument.value) if isinstance(argument, Constant) else ""
    shown = f'"{text}"' if text else "this"
    return checking.refuse(argument, code, f"{shown} is not {needed}", did_you_mean(text, known, mark='"'))


def _refuse_missing_rows(table: LookupTable, key: Typed, checking: Checking) -> bool:
    if table.default is not None:
        return False
    if key.kind is Kind.TEXT and not key.bare:
        what = f"`{table.id}` has no default, and a text may be anything"
        checking.refuse(key.node, "E069", what, "give the table a default")
        return True
    possible = [str(constant.value) for constant in text_literals(key.node)] if key.bare else list(key.values)
    missing = [value for value in possible if value not in table.rows]
    if missing:
        shown = ", ".join(f'"{value}"' for value in missing[:5])
        checking.refuse(key.node, "E069", f"`{table.id}` has no row for {shown}", "add the rows or a default")
    return bool(missing)
