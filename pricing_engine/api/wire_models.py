"""What the models of requests share: strictness, mappings by ids of rules, and words of the schema pydantic lacks."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from pricing_engine.api.wire_numbers import Price, Quantity
from pricing_engine.api.wire_text import RuleId

MAX_METRICS: Final = 50
LONGEST_TERM: Final = 120

NO_OTHER_NAMES: Final[JsonDict] = {"additionalProperties": False}
"""For the schema of a mapping: names of another form are refused, which pydantic does and does not say."""

Months = Annotated[int, Field(ge=1, le=LONGEST_TERM)]
Quantities = Annotated[dict[RuleId, Quantity], Field(max_length=MAX_METRICS, json_schema_extra=NO_OTHER_NAMES)]
UnitPrices = Annotated[dict[RuleId, Price], Field(max_length=MAX_METRICS, json_schema_extra=NO_OTHER_NAMES)]


def has_one(name: str) -> JsonDict:
    """The schema of an object in which a field is there, not null and not empty."""
    return {"required": [name], "properties": {name: {"not": {"enum": [None, {}, []]}}}}


class WireModel(BaseModel):
    """What a caller sends: nothing coerced, nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
