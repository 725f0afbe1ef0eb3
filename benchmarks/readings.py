"""What a workload comes to: figures of the engine beside a floor and a peer, and whether a target is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """What a ratio should be: at most a limit, or at least it."""

    limit: float
    at_least: bool = False

    def is_met(self, ratio: float) -> bool:
        """Whether the ratio is on the right side of the limit."""
        return ratio >= self.limit if self.at_least else ratio <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Reading:
    """One row of the report. Units: `engine`, `floor` and `peer` in `unit`.

    `by_rounds` is the ratio where it was taken round by round. `more` are further figures by name, with their units in
    the name.
    """

    workload: str
    unit: str
    engine: float
    floor: float | None = None
    peer: float | None = None
    target: Target | None = None
    by_rounds: float | None = None
    more: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Engine over floor, or None without a floor."""
        if self.by_rounds is not None:
            return self.by_rounds
        return self.engine / self.floor if self.floor else None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None when there is none."""
        if self.target is None or self.ratio is None:
            return None
        return self.target.is_met(self.ratio)

    def plain(self) -> dict[str, Any]:
        """The reading as JSON-ready data."""
        target = None if self.target is None else str(self.target)
        return asdict(self) | {"ratio": self.ratio, "target": target, "met": self.is_met}


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: `rounds` of about `seconds` each for every contender, or a short look at everything."""

    rounds: int
    seconds: float
    requests: int
    is_short: bool


FULL = Effort(rounds=25, seconds=0.05, requests=1_000, is_short=False)
SHORT = Effort(rounds=3, seconds=0.005, requests=200, is_short=True)
