"""Which of the media types we can answer with a caller would rather have, by the Accept header (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import Scope


def preferred(scope: Scope, offered: Sequence[str]) -> str:
    """The offered type with the highest weight; the first of equals, and of all where none is accepted."""
    ranges = [_read(part) for value in _values(scope) for part in value.split(",")]
    weights = [max((weight for media, weight in ranges if media == each), default=0) for each in offered]
    return offered[weights.index(max(weights))]


def _values(scope: Scope) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == b"accept"]


def _read(part: str) -> tuple[str, int]:
    """A media range and its weight in thousandths; one that cannot be read weighs nothing."""
    media, *parameters = (each.strip().lower() for each in part.split(";"))
    weight = next((each.removeprefix("q=") for each in parameters if each.startswith("q=")), "1")
    whole, _, decimals = weight.partition(".")
    digits = f"{whole}{decimals:0<3}"
    is_weight = whole in {"0", "1"} and len(decimals) <= 3 and digits.isascii() and digits.isdigit()
    return media, min(int(digits), 1000) if is_weight else 0
