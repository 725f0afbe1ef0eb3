"""Accounts as JSON: `AccountIn` to create one, with attributes whose kind is plain to see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Discriminator, Field, Tag

from pricing_engine.api.wire_models import NO_OTHER_NAMES, WireModel
from pricing_engine.api.wire_numbers import Day, Usage
from pricing_engine.api.wire_text import CurrencyCode, MarketCode, Name, Reference, RuleId

MAX_ATTRIBUTES: Final = 50


class DecimalAttribute(WireModel):
    """A number among an account's attributes."""

    decimal: Usage


class DateAttribute(WireModel):
    """A day among an account's attributes."""

    date: Day


def _kind_of(value: object) -> str:
    """Which form of an attribute is meant, so that a fault is told about that form alone."""
    if isinstance(value, DecimalAttribute) or (isinstance(value, dict) and "decimal" in value):
        return "decimal"
    if isinstance(value, DateAttribute | dict):
        return "date"
    return "bool" if isinstance(value, bool) else "text"


Attribute = Annotated[
    Annotated[Name, Tag("text")]
    | Annotated[bool, Tag("bool")]
    | Annotated[DecimalAttribute, Tag("decimal")]
    | Annotated[DateAttribute, Tag("date")],
    Discriminator(_kind_of),
]


class AccountIn(WireModel):
    """Who can be quoted."""

    name: Name
    currency: CurrencyCode
    market: Annotated[MarketCode | None, Field(description="ISO 3166 country code.")] = None
    external_id: Annotated[Reference | None, Field(description="Your own id; unique.")] = None
    attributes: Annotated[
        dict[RuleId, Attribute],
        Field(max_length=MAX_ATTRIBUTES, description="What rules may ask about.", json_schema_extra=NO_OTHER_NAMES),
    ] = Field(default_factory=dict)


def attributes_of(account: AccountIn) -> dict[str, str | bool | Decimal | date]:
    """The attributes as the core has them."""
    return {name: _value(attribute) for name, attribute in account.attributes.items()}


def _value(attribute: str | bool | DecimalAttribute | DateAttribute) -> str | bool | Decimal | date:
    match attribute:
        case DecimalAttribute(decimal=number):
            return number
        case DateAttribute(date=day):
            return day
        case _:
            return attribute
