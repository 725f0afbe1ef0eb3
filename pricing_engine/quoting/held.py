"""What pricing a change starts from: the contract, and the rulebook versions its lines and terms are pinned to."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from pricing_engine.contracts.contract import Contract
from pricing_engine.pricing.known_lines import KnownLines
from pricing_engine.rulebook.rulebook import Rulebook

P = ParamSpec("P")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Held:
    """A contract with every rulebook version it refers to (`Contract.rulebooks`), by hash.

    A request may weigh many changes of one contract: what is the same for all of them is made once. `known` are what
    its lines came to so far.
    """

    contract: Contract
    rulebooks: Mapping[str, Rulebook]
    known: KnownLines = field(default_factory=KnownLines, init=False, compare=False, repr=False)
    _made: dict[Hashable, tuple[object, Any]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def once(self, make: Callable[Concatenate[Held, P], Made], *given: P.args, **named: P.kwargs) -> Made:
        """What a pure function makes of what is held, made anew only where it is given something else than before."""
        known = self._made.get(make)
        if known is None or known[0] != given:
            known = self._made[make] = given, make(self, *given, **named)
        made: Made = known[1]
        return made
