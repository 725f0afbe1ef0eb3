"""What each fault code of an expression means and how to avoid it; the rulebook's catalogue of faults includes this."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage
from pricing_engine.expressions.codes_of_meaning import NAMES, UNITS
from pricing_engine.expressions.codes_of_text import GRAMMAR, TEXT

CODES: Mapping[str, CodePage] = {**TEXT, **GRAMMAR, **NAMES, **UNITS}
