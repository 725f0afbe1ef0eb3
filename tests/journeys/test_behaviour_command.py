"""`pricing-engine retention behaviour` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pricing_engine.api.wire_behaviour import BehaviourOut
from tests.journeys.conftest import Run

COMMAND = ("retention", "behaviour", "--event")


def test_a_book_without_events_says_that_nobody_was_hit(demo_database: Path, run: Run) -> None:
    shown = run(*COMMAND, "uplift", "--on", "2026-06-30")
    assert shown.exit_code == 0
    lines = shown.stdout.splitlines()
    assert lines[0] == "What uplift (rise) did from Jun 30, 2024 to Jun 30, 2026, 6 months before and after"
    assert lines[1] == "Cannot tell: nobody was hit in the window"
    assert "Cannot be told: Who left when told of a price" in shown.stdout


def test_json_is_the_answer_of_the_api(demo_database: Path, run: Run) -> None:
    asked = ("--direction", "fall", "--on", "2026-06-30", "--months", "12", "--around", "3", "--json")
    answered = run(*COMMAND, "discount_change", *asked)
    assert answered.exit_code == 0
    BehaviourOut.model_validate_json(answered.stdout)
    found = json.loads(answered.stdout)
    assert (found["event"], found["direction"], found["opening"]) == ("discount_change", "fall", "2025-06-30")
    assert (found["months"], found["around"], found["because"]) == (12, 3, "no_events")


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (("price_rise",), "'--event'"),
        (("uplift", "--direction", "up"), "'--direction'"),
        (("uplift", "--around", "0"), "'--around'"),
        (("uplift", "--on", "2026-02-30"), "--on"),
    ],
)
def test_wrong_usage_is_named(arguments: tuple[str, ...], where: str, run: Run) -> None:
    refused = run(*COMMAND, *arguments)
    assert refused.exit_code == 2
    assert where in refused.output
