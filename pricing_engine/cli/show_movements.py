"""What a booking moves of recurring revenue, as people read it."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale

from pricing_engine.document.amounts import Amounts
from pricing_engine.money import Currency
from pricing_engine.retention.movements import ArrMovement


def movements_part(movements: Sequence[ArrMovement], currency: Currency, locale: Locale) -> str:
    """A line for each movement, those of later days with their day; one sentence where nothing moves."""
    if not movements:
        return "recurring revenue stays as it is"
    money = Amounts(currency, locale).money
    first = movements[0].day
    lines = []
    for each in movements:
        sign, cause = "+" if each.amount > 0 else "", each.cause.value.replace("_", " ")
        later = "" if each.day == first else f", from {each.day}"
        lines.append(f"  {sign}{money(each.amount)} a year: {each.line}, {cause}{later}")
    return "\n".join(lines)
