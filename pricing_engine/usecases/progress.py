"""How what takes long tells how far it is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Is told what is done, how much of it, and of how much in all; 0: that is not known yet."""


def unseen(_what: str, _done: int, _whole: int) -> None:
    """Nobody looks."""
