"""Which targets are moved by lot, and by how much: a lot that a deal draws once and cannot draw again (S8)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Final

from pricing_engine.money import ONE, ZERO
from pricing_engine.scoring.deal import Draw
from pricing_engine.scoring.guidance import Drawn, Guidance, LineGuidance
from pricing_engine.scoring.guidance_rules import Exploration

_ARMS: Final = (-ONE, Decimal("-0.5"), ZERO, Decimal("0.5"), ONE)
"""Moves that are equally likely, as shares of the most a target is moved."""
_LOTS: Final = 2**64


def draw_move(exploration: Exploration, guided: Sequence[LineGuidance], *, key: Sequence[str]) -> Drawn | None:
    """By how much all targets of a deal are moved; None where it is not one of those tried, or has no room to move.

    `key` is what stays the same of a deal however often it is quoted (a secret of the tenant, its account, and its
    reference or else its day): the same key draws the same, so nobody draws again. No line leaves its band from stretch
    to floor; moves that would are cut to what is left, and are as likely as all that were cut to the same.
    """
    digest = sha256("".join([f"{len(each)}:{each}" for each in key]).encode()).digest()
    if int.from_bytes(digest[:8]) >= exploration.share * _LOTS:
        return None
    room = _room(guided)
    if room is None or room[0] == room[1]:
        return None
    arms = [min(max(each * exploration.within, room[0]), room[1]) for each in _ARMS]
    moved = arms[int.from_bytes(digest[8:16]) * len(arms) // _LOTS]
    return Drawn(moved, Decimal(arms.count(moved)) / len(arms), sum(arms, ZERO) / len(arms))


def _room(guided: Sequence[LineGuidance]) -> tuple[Decimal, Decimal] | None:
    """How far all lines together can be moved down and up; None where one has no band."""
    down, up = -ONE, ONE
    for _, (floor, target, stretch, *_) in guided:
        if floor is None or target is None or stretch is None:
            return None
        down, up = max(down, stretch - target), min(up, floor - target)
    return (down, up) if guided else None


def as_draw(drawn: Drawn, target: Decimal) -> Draw:
    """How what was drawn is kept with the deal, for training: `target` is the quote's as it was moved."""
    return Draw(target, drawn.propensity, target - drawn.moved + drawn.expected)


def explored(guided: Sequence[LineGuidance], drawn: Drawn) -> tuple[LineGuidance, ...]:
    """The same guidance with every target moved as was drawn."""
    return tuple([LineGuidance(line, _aimed(guidance, drawn.moved)) for line, guidance in guided])


def _aimed(guidance: Guidance, moved: Decimal) -> Guidance:
    assert guidance.target is not None, "nothing is drawn for a line without a target"
    return guidance._replace(target=guidance.target + moved)
