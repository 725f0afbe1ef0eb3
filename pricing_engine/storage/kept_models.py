"""Models that quotes are scored with, read once per process: what never changes need not be read again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pricing_engine.scoring.artefact import ArtefactUnreadable, read_artefact
from pricing_engine.scoring.model import Model, Part
from pricing_engine.storage import scoring_models
from pricing_engine.storage.session import Session

MOST_KEPT: Final = 8

_Key = tuple[str, str, tuple[Part, ...]]


@dataclass(frozen=True, slots=True)
class KeptModels:
    """The live parts of models by tenant and hash; those read longest ago make room."""

    kept: dict[_Key, Model | None] = field(default_factory=dict)

    def get(self, session: Session, hash: str, parts: tuple[Part, ...]) -> Model | None:
        """Some parts of a stored model; None where this version cannot read it, for no quote is refused over a score.

        Raises: ModelNotFound.
        """
        key = session.tenant, hash, parts
        try:
            return self.kept[key]  # looked up once: another thread may make room at any moment
        except KeyError:
            found = _read(scoring_models.load(session, hash).content, parts)
        if len(self.kept) >= MOST_KEPT:
            # Of two threads that make room at once, one finds it made.
            self.kept.pop(next(iter(self.kept), key), None)
        self.kept[key] = found
        return found


def _read(content: str, parts: tuple[Part, ...]) -> Model | None:
    try:
        return read_artefact(content).model.only(parts)
    except ArtefactUnreadable:
        return None
