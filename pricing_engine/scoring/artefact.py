"""A trained model as it is kept: its parts, what they were trained on, and whether each may be used (S10)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

import orjson

from pricing_engine.errors import DomainError
from pricing_engine.scoring.deal import Deal
from pricing_engine.scoring.evaluation import Coverage, Leak, PolicyValue, Verdict, WinEvaluation
from pricing_engine.scoring.model import Model
from pricing_engine.scoring.typed_json import from_plain, to_plain

FORMAT: Final = 1


class ArtefactUnreadable(DomainError):
    """This is not the artefact of a model, or not as it was written."""

    code = "scoring-artefact-unreadable"


@dataclass(frozen=True, slots=True)
class Trained:
    """On what a model was trained: `deals`, of which so many were decided and won, created and closed between days.

    `on` is the day of the training; `data` the hash of the deals; `versions` those of the programs that fitted it.
    """

    on: date
    deals: int
    decided: int
    won: int
    since: date | None
    until: date | None
    data: str
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Artefact:
    """A model with all that is known about it. `facts` are those the chance to win is told from.

    `win` is None where there were too few deals to judge a chance to win, `coverage` where there were for no peers at
    the cut; `policies` are worths in the simulator; `said` is what a reader has to know besides.
    """

    model: Model
    verdicts: tuple[Verdict, ...]
    trained: Trained
    facts: tuple[str, ...]
    leaks: tuple[Leak, ...]
    win: WinEvaluation | None
    said: tuple[str, ...] = ()
    coverage: Coverage | None = None
    policies: tuple[PolicyValue, ...] = ()


def write_artefact(artefact: Artefact) -> str:
    """Its canonical JSON: names in order, floats as Python repeats them, Decimals and days as text."""
    return _canonical({"format": FORMAT, **to_plain(artefact)})


def read_artefact(content: str) -> Artefact:
    """The artefact `write_artefact` was given.

    Raises: ArtefactUnreadable, also where its content does not have its hash.
    """
    try:
        plain = json.loads(content)
        if plain.pop("format") != FORMAT:
            raise ValueError("of another format")
        artefact: Artefact = from_plain(Artefact, plain)
        has_its_hash = hash_of(artefact) == artefact.model.hash
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise ArtefactUnreadable(
            f"this is not the artefact of a scoring model that this version can read: {error}",
            fix="train the model again",
        ) from None
    if not has_its_hash:
        raise ArtefactUnreadable(
            f"the content of scoring model {artefact.model.hash} does not have its hash", fix="train the model again"
        )
    return artefact


def sealed(artefact: Artefact) -> Artefact:
    """The same under the hash of its content."""
    return replace(artefact, model=replace(artefact.model, hash=hash_of(artefact)))


def hash_of(artefact: Artefact) -> str:
    """The sha256 of the canonical JSON without the hash."""
    unnamed = replace(artefact, model=replace(artefact.model, hash=""))
    return sha256(write_artefact(unnamed).encode()).hexdigest()


def hash_of_deals(deals: Iterable[Deal]) -> str:
    """The sha256 of the deals, which are in order, in canonical form: one line of JSON for each."""
    found = sha256()
    for deal in deals:
        plain = (
            *deal[:5],
            dict(deal.facts),
            [tuple(each) for each in deal.lines],
            deal.reason,
            deal.draw and [*deal.draw],
        )
        found.update(orjson.dumps(plain, default=_number, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
    return found.hexdigest()


def _number(number: Decimal) -> dict[str, str]:
    return {"decimal": str(number)}  # "10" as a word is another fact


def _canonical(plain: Any) -> str:
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
