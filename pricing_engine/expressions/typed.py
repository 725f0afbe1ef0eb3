"""What the check knows of a part of an expression, and the rules by which two parts may meet."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from pricing_engine.expressions.faults import ExpressionFault, Span, did_you_mean, fault_at
from pricing_engine.expressions.ranges import ANY, Range, either_of
from pricing_engine.expressions.tree import Choice, Constant, Node
from pricing_engine.expressions.vocabulary import NUMERIC, TEXTUAL, WORDS_OF_KINDS, Kind, Scope

# A ratio worked out by the engine (use of a limit, part of a whole) may exceed 1; above ten it reads as a percentage.
HIGHEST_LIKELY_RATIO = Decimal(10)
_WITHOUT_MONEY = NUMERIC - {Kind.MONEY}


@dataclass(frozen=True, slots=True)
class Typed:
    """A checked part: its node, unit and range.

    Shape: `kind` is None when a fault was already reported, so that one mistake is not reported twice; `bare` means
    made of literals only, so that it takes the unit of what it meets; `fixed` means that no fact can change it;
    `likely` is the highest literal a ratio of unknown range may meet before the literal reads as a percentage.
    """

    node: Node
    kind: Kind | None
    range: Range = ANY
    values: tuple[str, ...] = ()
    bare: bool = False
    fixed: bool = False
    likely: Decimal = Decimal(1)

    @property
    def numeric(self) -> bool:
        """Whether this is a number of any unit."""
        return self.kind in NUMERIC


@dataclass(slots=True)
class Checking:
    """The scope of one check and the faults gathered so far."""

    scope: Scope
    faults: list[ExpressionFault] = field(default_factory=list)

    def refuse(self, node: Node, code: str, what: str, fix: str) -> Typed:
        """A part of unknown kind, with the fault noted."""
        return self.refuse_at(node.at, node, code, what, fix)

    def refuse_at(self, at: Span, node: Node, code: str, what: str, fix: str) -> Typed:
        """The same, for a fault that stands elsewhere than its node."""
        self.faults.append(fault_at(at, code, what, fix))
        return Typed(node, None)


def described(part: Typed) -> str:
    """The unit of a part in words, for messages."""
    if part.bare:
        return "a text" if part.kind is Kind.TEXT else "a plain number"
    return WORDS_OF_KINDS[part.kind] if part.kind else "something unknown"


@dataclass(frozen=True, slots=True)
class Met:
    """Two parts brought to one unit; `kind` is None when they cannot be."""

    left: Typed
    right: Typed
    kind: Kind | None
    bare: bool = False

    @property
    def range(self) -> Range:
        """The smallest range that holds both."""
        return either_of(self.left.range, self.right.range)


def meet(left: Typed, right: Typed, node: Node, checking: Checking) -> Met:
    """Both parts in one unit: what comparing, adding, choosing between and taking the smaller of two values need."""
    if left.kind is None or right.kind is None:
        return Met(left, right, None)
    if left.numeric and right.numeric:
        return _meet_numbers(left, right, node, checking)
    if Kind.DATE in (left.kind, right.kind) and {left.kind, right.kind} <= {Kind.DATE, Kind.TEXT}:
        left, right = as_date(left, checking), as_date(right, checking)
        return Met(left, right, Kind.DATE if left.kind and right.kind else None)
    if left.kind in TEXTUAL and right.kind in TEXTUAL:
        return _meet_texts(left, right, node, checking)
    if left.kind is right.kind:
        return Met(left, right, left.kind)
    return Met(left, right, refuse_clash(left, right, node, checking).kind)


def refuse_clash(left: Typed, right: Typed, node: Node, checking: Checking) -> Typed:
    """The fault of two values that have nothing in common."""
    what = f"{described(left)} meets {described(right)}"
    if Kind.YES_NO in (left.kind, right.kind):
        return checking.refuse(node, "E081", what, "use a yes/no by itself, with `not`, or in `x if yes_no else y`")
    fix = "write numbers without quotes, texts and dates in quotes"
    return checking.refuse(node, "E079", what, fix)


def _meet_numbers(left: Typed, right: Typed, node: Node, checking: Checking) -> Met:
    if refuse_percentage(left, right, checking) or refuse_percentage(right, left, checking):
        return Met(left, right, None)
    if left.bare or right.bare:
        return Met(left, right, right.kind if left.bare else left.kind, left.bare and right.bare)
    if left.kind is right.kind:
        return Met(left, right, left.kind)
    if Kind.NUMBER in (left.kind, right.kind) and {left.kind, right.kind} <= _WITHOUT_MONEY:
        return Met(left, right, Kind.NUMBER)
    what = f"{described(left)} meets {described(right)}"
    fix = "bring both to one unit: a ratio or count times money is money, money over money is a number"
    return Met(left, right, checking.refuse(node, "E073", what, fix).kind)


def refuse_percentage(literal: Typed, ratio: Typed, checking: Checking) -> bool:
    """Whether a literal that meets a ratio looks like a percentage; if so the fault is noted."""
    if not literal.bare or ratio.bare or ratio.kind is not Kind.RATIO or not literal.range.holds_one_value():
        return False
    value = literal.range.low.copy_abs()
    declared = [end.copy_abs() for end in (ratio.range.low, ratio.range.high) if end.is_finite()]
    limit = max(ratio.likely, *declared) if declared else ratio.likely
    if value <= limit:
        return False
    shown = f"{literal.range.low:f}" if literal.range.low.is_finite() else "this"
    what = f"a ratio is between 0 and {limit:f}; {shown} looks like a percentage"
    scaled = literal.range.low.scaleb(-2)
    fix = (
        f"write {scaled.normalize():f} for {shown}%"
        if value <= 100 * limit
        else "write the share as a decimal: 0.15 for 15%"
    )
    checking.refuse(literal.node, "E082", what, fix)
    return True


def _meet_texts(left: Typed, right: Typed, node: Node, checking: Checking) -> Met:
    if left.bare and right.bare:
        return Met(left, right, Kind.TEXT, bare=True)
    if left.bare or right.bare:
        named, literal = (right, left) if left.bare else (left, right)
        wrong = [] if named.kind is Kind.TEXT else unknown_values(literal, named.values, checking)
        return Met(left, right, None if wrong else named.kind)
    if left.kind is right.kind and left.values == right.values:
        return Met(left, right, left.kind)
    what = "two texts whose values are declared differently"
    return Met(left, right, checking.refuse(node, "E079", what, "compare each with a constant").kind)


def unknown_values(literal: Typed, values: tuple[str, ...], checking: Checking) -> list[str]:
    """The text literals of a part that the enum does not declare, each noted as a fault."""
    wrong = [constant for constant in text_literals(literal.node) if constant.value not in values]
    for constant in wrong:
        what = f'"{constant.value}" is not a value of this enum'
        checking.refuse(constant, "E078", what, did_you_mean(str(constant.value), values).replace("`", '"'))
    return [str(constant.value) for constant in wrong]


def text_literals(node: Node) -> tuple[Constant, ...]:
    """The text literals that a part made of literals may give."""
    match node:
        case Constant(value=str()):
            return (node,)
        case Choice():
            return text_literals(node.then) + text_literals(node.otherwise)
        case _:
            return ()


def as_date(part: Typed, checking: Checking) -> Typed:
    """The part as a date: a quoted ISO date is read, a date stays itself."""
    if part.kind is Kind.DATE or part.kind is None:
        return part
    if not part.bare:
        return checking.refuse(
            part.node, "E079", f"{described(part)} where a date is needed", "use a date name or literal"
        )
    node = _with_dates(part.node, checking)
    return replace(part, node=node, kind=Kind.DATE, bare=False) if node else Typed(part.node, None)


def _with_dates(node: Node, checking: Checking) -> Node | None:
    match node:
        case Constant(value=str() as text):
            return _iso_date(node, text, checking)
        case Choice():
            then, otherwise = _with_dates(node.then, checking), _with_dates(node.otherwise, checking)
            return replace(node, then=then, otherwise=otherwise) if then and otherwise else None
        case _:
            return None


def _iso_date(node: Constant, text: str, checking: Checking) -> Constant | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # Python also reads 20260301 and 2026-W09-7; one spelling is enough.
    if day is None or day.isoformat() != text:
        checking.refuse(node, "E086", f'"{text}" is not a date', 'write year-month-day, as in "2026-03-01"')
        return None
    return Constant(day, node.at)
