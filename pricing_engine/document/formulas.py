"""Formulas of the terms in words, as far as they are about what the customer knows."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from pricing_engine.document import wording
from pricing_engine.document.figures import words
from pricing_engine.document.view import View
from pricing_engine.expressions import Expression

_SHOWN: Final = frozenset({"change"})
"""The origins a customer knows: what the change itself comes to. Anything else may be about us."""
_REMAINING_FEES: Final = "remaining_fees"
_TOKEN: Final = re.compile(r"[A-Za-z_]\w*|\d+(?:\.\d+)?%?|\S")


def is_what_remains(formula: Expression) -> bool:
    """Whether the formula is simply what remains to be paid."""
    return formula.text.strip() == _REMAINING_FEES


def formula_in_words(view: View, formula: Expression) -> str | None:
    """A formula with its names as words and its numbers as the locale writes them; None where it may not be shown."""
    vocabulary = view.terms_rulebook.vocabulary
    if any(name not in vocabulary or vocabulary[name].source not in _SHOWN for name in formula.names):
        return None
    found = _TOKEN.findall(formula.text)
    tokens = [_token(view, token, found[max(place - 1, 0) : place + 2]) for place, token in enumerate(found)]
    return re.sub(r"\s+([,)])", r"\1", re.sub(r"\(\s+", "(", " ".join(tokens))).strip()


def _token(view: View, token: str, around: list[str]) -> str:
    """One name, number or sign; a factor of 1 at most is a share."""
    if token.endswith("%"):
        return view.figures.share(Decimal(token[:-1]) / 100)
    if token[0].isdigit():
        if "*" in around and Decimal(token) <= 1:
            return view.figures.share(Decimal(token))
        return view.figures.number(Decimal(token))
    return wording.FORMULA_WORDS.get(token, words(token) or token)
