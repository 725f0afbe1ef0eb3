"""Rates and drivers as rows of CSV, each beside its target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pricing_engine.retention.targets import Measure

_OF_A_TARGET: Final = ("target", "difference", "standing", "owner", "since", "until")
COLUMNS: Final = ("segment", "measure", "actual", *_OF_A_TARGET)


def figure_rows(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every rate and driver of the book and its segments in an answer of retention, one a row.

    A target has a row, too, where nobody is in its segment.
    """
    targets = {(each["segment"], each["measure"]): each for each in answer["targets"]["items"]}
    for found in (answer["whole"], *answer["segments"]):
        for measure in Measure:
            actual = found[measure] if measure.driver is None else found["points"][measure]
            segment = found.get("segment")
            yield _row(segment, measure, actual, targets.pop((segment, measure), {}))
        for driver in found["points"].keys() - set(Measure):  # what is unexplained has no target
            yield _row(segment, driver, found["points"][driver], {})
    for (segment, measure), target in targets.items():
        yield _row(segment, measure, None, target)


def _row(segment: str | None, measure: str, actual: str | None, target: Mapping[str, Any]) -> dict[str, Any]:
    return {"segment": segment, "measure": measure, "actual": actual} | {
        name: target.get(name) for name in _OF_A_TARGET
    }
