"""The rules' condition and formula language: start at `compile_expression`."""

from pricing_engine.expressions.codes import CODES
from pricing_engine.expressions.compiler import Expression, compile_expression, range_of
from pricing_engine.expressions.faults import ExpressionFault, ExpressionRefused
from pricing_engine.expressions.vocabulary import NUMERIC, TEXTUAL, WORDS_OF_KINDS, Kind, LookupTable, Name, Scope

__all__ = [
    "CODES",
    "NUMERIC",
    "TEXTUAL",
    "WORDS_OF_KINDS",
    "Expression",
    "ExpressionFault",
    "ExpressionRefused",
    "Kind",
    "LookupTable",
    "Name",
    "Scope",
    "compile_expression",
    "range_of",
]
