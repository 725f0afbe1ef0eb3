"""The listed functions, how many arguments each takes, and how a call of it is written."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function is called; `most` is None where any number of arguments may follow."""

    written: str
    fewest: int
    most: int | None


SIGNATURES: Mapping[str, Signature] = {
    "min": Signature("min(a, b, …)", 2, None),
    "max": Signature("max(a, b, …)", 2, None),
    "abs": Signature("abs(x)", 1, 1),
    "floor": Signature("floor(x)", 1, 1),
    "ceil": Signature("ceil(x)", 1, 1),
    "clamp": Signature("clamp(x, low, high)", 3, 3),
    "round_to": Signature("round_to(x, step)", 2, 2),
    "ratio_of": Signature("ratio_of(part, whole, otherwise)", 3, 3),
    "known": Signature("known(name)", 1, 1),
    "either": Signature("either(name, default)", 2, 2),
    "usage_share": Signature('usage_share("metric")', 1, 1),
    "lookup": Signature('lookup("table", key)', 2, 2),
    "months_between": Signature("months_between(first, last)", 2, 2),
}
FUNCTION_NAMES = frozenset(SIGNATURES)
