"""The vectors of shared/vectors, and the register of adapters, which turn one shape of input into a call of the engine.

An adapter converts text to Decimals, dates and units and calls the engine; the arithmetic is the engine's. A word or a
key that no adapter knows is an error that prints the shape.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

Given = Mapping[str, Any]
Figure = Decimal | date | Fraction | tuple[Decimal, ...]
Answer = Figure | Mapping[str, Figure]
Adapter = Callable[[Given], Answer]
Meaning = TypeVar("Meaning")
AnAdapter = TypeVar("AnAdapter", bound=Adapter)


class UnknownShape(Exception):
    """An input that says something no adapter has been taught to read."""


@dataclass(frozen=True, slots=True)
class Vector:
    """One published figure."""

    id: str
    kind: str
    given: Given
    published: object

    @property
    def expected(self) -> Answer:
        """The published figure."""
        return read_expected(self.published)

    @property
    def shape(self) -> str:
        """The kind and the sorted keys of the input."""
        return f"{self.kind}({' '.join(sorted(self.given))})"


@dataclass(frozen=True, slots=True)
class Rule:
    """Which shapes an adapter reads: inputs with all of `needs` and nothing beyond `needs` and `may`."""

    kind: str
    needs: frozenset[str]
    may: frozenset[str]
    adapter: Adapter

    def reads(self, vector: Vector) -> bool:
        """Whether the adapter is for this vector."""
        keys = frozenset(vector.given)
        return vector.kind == self.kind and self.needs <= keys <= self.needs | self.may


RULES: list[Rule] = []


def adapts(kind: str, needs: str, may: str = "") -> Callable[[AnAdapter], AnAdapter]:
    """Registers the adapter for the shapes of a kind that have these keys, in words separated by blanks."""

    def register(adapter: AnAdapter) -> AnAdapter:
        RULES.append(Rule(kind, frozenset(needs.split()), frozenset(may.split()), adapter))
        return adapter

    return register


def adapter_of(vector: Vector) -> Adapter:
    """The one adapter for a vector's shape.

    Raises: UnknownShape when there is none, or more than one.
    """
    found = [rule.adapter for rule in RULES if rule.reads(vector)]
    if len(found) != 1:
        raise UnknownShape(
            f"{len(found)} adapters read {vector.id}, whose shape is {vector.shape}: {dict(vector.given)}"
        )
    return found[0]


def choose(word: object, meanings: Mapping[str, Meaning]) -> Meaning:
    """What a word of an input means.

    Raises: UnknownShape when it is not among the meanings.
    """
    if not isinstance(word, str) or word not in meanings:
        raise UnknownShape(f"{word!r} is none of {sorted(meanings)}")
    return meanings[word]


def only_keys(given: Given, *known: str) -> Given:
    """The mapping itself, when it has no other keys.

    Raises: UnknownShape when it has.
    """
    if not set(given) <= set(known):
        raise UnknownShape(f"{sorted(given)} has more than {sorted(known)}")
    return given


def number(text: object) -> Decimal:
    """The Decimal that a text or a number of the file writes, digit for digit."""
    if not isinstance(text, str | int | Decimal) or isinstance(text, bool):
        raise UnknownShape(f"{text!r} is no number")
    return Decimal(text)


def optional_number(given: Given, key: str) -> Decimal | None:
    """The number under a key, or None."""
    return number(given[key]) if key in given else None


def count(text: object) -> int:
    """The whole number a text writes."""
    return int(str(text))


def day(text: object) -> date:
    """The date a text writes."""
    return date.fromisoformat(str(text))


def percent(text: object) -> Decimal:
    """The fraction that a number of percent is."""
    return number(text).scaleb(-2)


def percent_written(fraction: Decimal) -> Decimal:
    """The number of percent that a fraction is."""
    return fraction.scaleb(2)


def read_vectors(path: Path) -> Iterator[Vector]:
    """The vectors of one file, in its order."""
    for raw in json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal):
        yield Vector(raw["id"], raw["kind"], raw["input"], raw["expected"])


def for_each(given: Given, key: str, answer: Callable[[Decimal], Decimal]) -> Decimal | tuple[Decimal, ...]:
    """The answer to the number under a key, or to each of several."""
    value = given[key]
    return tuple(answer(number(each)) for each in value) if isinstance(value, list) else answer(number(value))


def read_expected(written: object) -> Answer:
    """The published figure: a number, a date, several numbers, or several figures by name."""
    if isinstance(written, dict):
        return {name: read_figure(each) for name, each in written.items()}
    return read_figure(written)


def read_figure(written: object) -> Figure:
    """One figure."""
    if isinstance(written, Sequence) and not isinstance(written, str):
        return tuple(Decimal(str(part)) for part in written)
    text = str(written)
    return date.fromisoformat(text) if text.count("-") == 2 else Decimal(text)
