"""When a delivery that failed is tried again: soon at first, then ever later, for three days in all."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
TRIES: Final = len(PAUSES) + 1
SPREAD: Final = 0.2


def pause_after(tries_left: int, *, jitter: float) -> timedelta:
    """How long to wait after a try that failed, when `tries_left` are left after it.

    Units: `jitter` from 0 to 1 makes it up to a fifth longer, so that what failed together is not tried together.
    """
    done = max(0, TRIES - tries_left - 1)
    return PAUSES[min(done, len(PAUSES) - 1)] * (1 + SPREAD * jitter)
