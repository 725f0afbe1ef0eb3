"""Which attributes of an account rules ask about, and each read in the type the vocabulary gives its name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeVar

from pricing_engine.expressions import Kind, Name
from pricing_engine.rulebook.documents.fields import read_number, read_percent
from pricing_engine.rulebook.documents.shape import shown
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.suggest import did_you_mean

T = TypeVar("T")


class UnfitValue(ValueError):
    """The value does not have the type of its name."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


def attribute_names(rulebook: Rulebook) -> dict[str, Name]:
    """The names of the vocabulary that come from the account, by attribute."""
    return {entry.key: entry.name for entry in rulebook.vocabulary.values() if entry.source == "account"}


def read_attribute(value: object, name: Name) -> str | Decimal | bool | date:
    """The value, a percentage as its fraction.

    Raises: UnfitValue, with what to write instead.
    """
    match name.kind:
        case Kind.ENUM:
            return _word(value, name)
        case Kind.TEXT:
            return _needed(value if isinstance(value, str) else None, value, name, "a text")
        case Kind.YES_NO:
            return _needed(value if isinstance(value, bool) else None, value, name, "true or false")
        case Kind.RATIO:
            return _needed(read_percent(value), value, name, 'a percentage such as "15%"')
        case Kind.DATE:
            return _needed(_date(value), value, name, "a date such as 2026-01-31")
        case _:
            return _needed(read_number(value), value, name, "a plain number of at least 0")


def _word(value: object, name: Name) -> str:
    if isinstance(value, str) and value in name.values:
        return value
    raise UnfitValue(f"{shown(value)} is no value of {name.id}", did_you_mean(str(value), name.values))


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _needed(read: T | None, value: object, name: Name, needed: str) -> T:
    if read is None:
        raise UnfitValue(f"{shown(value)} does not fit {name.id}", f"write {needed}")
    return read
