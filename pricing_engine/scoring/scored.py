"""What scoring says of a quote, as it is kept with it: score, guidance, the chance to win, and the model behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from pricing_engine.scoring.guidance import Drawn, Guidance, LineGuidance
from pricing_engine.scoring.model import Part
from pricing_engine.scoring.scorecard import Score


class Scored(NamedTuple):
    """`model` is the hash of the one that was live (None: only rules speak), `parts` those of it that were used.

    Units: `win_probability` is a fraction (None: no model that beats the base rate).
    """

    model: str | None
    parts: tuple[Part, ...]
    score: Score | None
    guidance: Guidance | None
    lines: tuple[LineGuidance, ...]
    win_probability: Decimal | None = None
    drawn: Drawn | None = None
