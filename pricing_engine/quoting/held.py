"""What pricing a change starts from: the contract, and the rulebook versions its lines and terms are pinned to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pricing_engine.contracts.contract import Contract
from pricing_engine.rulebook.rulebook import Rulebook


class Held(NamedTuple):
    """A contract with every rulebook version it refers to (`Contract.rulebooks`), by hash."""

    contract: Contract
    rulebooks: Mapping[str, Rulebook]
