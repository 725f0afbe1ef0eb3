"""Formulas of the terms in words, as far as they are about what the customer knows."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from pricing_engine.document import wording
from pricing_engine.document.figures import words
from pricing_engine.document.view import View
from pricing_engine.expressions import Expression
from pricing_engine.terms.terms import Fee

_SHOWN: Final = frozenset({"change"})
"""The origins a customer knows: what the change itself comes to. Anything else may be about us."""
_TOKEN: Final = re.compile(r"[A-Za-z_]\w*|\d+(?:\.\d+)?%?|\S")


def fee_in_words(view: View, fee: Fee) -> str | None:
    """The formula of a fee; None where it goes by what is not the customer's to know."""
    return formula_in_words(view, fee.formula)


def formula_in_words(view: View, formula: Expression) -> str | None:
    """A formula with its names as words and its numbers as the locale writes them; None where it may not be shown."""
    vocabulary = view.terms_rulebook.vocabulary
    if any(name not in vocabulary or vocabulary[name].source not in _SHOWN for name in formula.names):
        return None
    tokens = [_token(view, token) for token in _TOKEN.findall(formula.text)]
    return re.sub(r"\s+([,)])", r"\1", re.sub(r"\(\s+", "(", " ".join(tokens))).strip()


def _token(view: View, token: str) -> str:
    if token.endswith("%"):
        return view.figures.share(Decimal(token[:-1]) / 100)
    if token[0].isdigit():
        return view.figures.number(Decimal(token))
    return wording.FORMULA_WORDS.get(token, words(token) or token)
