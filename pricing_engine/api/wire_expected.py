"""The expected effect of a quote over the API: how likely its acceptance is said to be, and what then to expect."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from pricing_engine.api.wire_answers import Answer, Digits

_PROBABILITY: Final = re.compile(r"0(?:\.[0-9]{1,6})?|1(?:\.0{1,6})?", re.ASCII)


def probability_of(text: str) -> Decimal | None:
    """The probability that a text says: from 0 to 1, to at most six decimals; None where it says none."""
    return Decimal(text) if _PROBABILITY.fullmatch(text) else None


def _read(value: object) -> Decimal:
    found = probability_of(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("not-a-probability", 'a fraction from 0 to 1 such as "0.6"')
    return found


Probability = Annotated[
    Decimal,
    PlainValidator(_read),
    WithJsonSchema({"type": "string", "pattern": f"^(?:{_PROBABILITY.pattern})$", "examples": ["0.6"]}),
]


class ExpectedOut(Answer):
    """Accepted and declined weighed by the probability, and how much that is above declined; as fractions."""

    nrr: Annotated[Digits | None, Field(description="Null where there was nothing at the opening, as all of these.")]
    grr: Digits | None
    nrr_difference: Digits | None
    grr_difference: Digits | None
