"""The one way in: `compile_expression` turns a rule's text into a checked, fast `Expression` or says what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Context
from typing import Any

from pricing_engine.expressions.check import check
from pricing_engine.expressions.closures import compile_tree
from pricing_engine.expressions.grammar import read
from pricing_engine.expressions.ranges import Range
from pricing_engine.expressions.scan import scan
from pricing_engine.expressions.tree import Node, names_in
from pricing_engine.expressions.vocabulary import Kind, Scope

_ENDS = Context(prec=40)


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked condition or formula; `evaluate` takes facts to a Decimal, bool, str or date.

    Shape: `names` are the vocabulary names it reads; `tree` is its checked meaning, for proofs and explanations. Two
    expressions are equal when text and meaning are; the closure is left out, and is made again after unpickling.
    """

    text: str
    kind: Kind
    names: frozenset[str]
    tree: Node
    evaluate: Callable[[Mapping[str, Any]], Any] = field(compare=False, repr=False)

    def __reduce__(self) -> tuple[Callable[[str, Kind, Node], "Expression"], tuple[str, Kind, Node]]:
        return (_expression, (self.text, self.kind, self.tree))


def compile_expression(text: str, scope: Scope, *, expect: Kind) -> Expression:
    """The expression, checked against `scope` and ready to be evaluated any number of times.

    Units: the value is in the unit of `expect`; a money value is in the reporting currency.
    Raises: ExpressionRefused with every fault of the first stage that found one: text, then grammar, then meaning.
    """
    scan(text)
    return _expression(text, expect, check(read(text), scope, expect=expect).node)


def range_of(text: str, scope: Scope, *, expect: Kind) -> Range:
    """Every value that an expression can take while names keep to their declared ranges; perhaps wider, never narrower.

    Rounds: the ends to 40 digits, so that 60 sixtieths are 1 and not a trace more.
    Raises: ExpressionRefused, as `compile_expression`.
    """
    found = check(read(text), scope, expect=expect).range
    return Range(_ENDS.plus(found.low), _ENDS.plus(found.high))


def _expression(text: str, kind: Kind, tree: Node) -> Expression:
    return Expression(text=text, kind=kind, names=names_in(tree), tree=tree, evaluate=compile_tree(tree))
